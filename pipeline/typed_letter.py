"""What a person typed of a letter that the machine cannot read, as a reading of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from pydantic import Field, field_validator, model_validator

from correspondence.clock import bangkok_day
from correspondence.errors import BlobDamaged
from correspondence.letter_parts import CarriedFile
from correspondence.reading import Extraction, Frozen, PageText, join_pages
from correspondence.thai_dates import parse_date
from correspondence.thai_digits import fold_digits
from correspondence.vocabulary import ReadMethod, ReadOutcome, Secrecy
from extractors.fields import distinct, read_fields, restrict_pages, restrict_words, secrecy_mark
from extractors.media import UNKNOWN, media_type
from intake.headers import clean_line
from pipeline.bootstrap import House
from registry.ledger import NO_BYTES
from registry.models import IntakeItem
from registry.registration import Reading

TYPED = "typed_by_hand"
_FIELDS = ("subject", "document_number", "document_date", "agency")
_LONGEST = 1_000


class TypedLetter(Frozen):
    """What a person typed of a letter: its text, or at least its subject.

    `text` has a form feed between pages. `sender` is who sent it, `agency` of which agency;
    `document_date` may be given as written, in B.E. or C.E. Control characters are dropped.
    """

    text: str = Field(default="", max_length=400_000, repr=False)
    subject: str | None = Field(default=None, max_length=_LONGEST, repr=False)
    sender: str | None = Field(default=None, max_length=_LONGEST, repr=False)
    document_number: str | None = Field(default=None, max_length=_LONGEST, repr=False)
    document_date: date | None = Field(default=None, repr=False)
    agency: str | None = Field(default=None, max_length=_LONGEST, repr=False)

    @field_validator("text", mode="before")
    @classmethod
    def _clean_text(cls, given: object) -> object:
        if not isinstance(given, str):
            return given
        lines = re.sub("\r\n?", "\n", unicodedata.normalize("NFC", given))
        return "".join(c for c in lines if c in "\n\t\f" or unicodedata.category(c) != "Cc")

    @field_validator("subject", "sender", "document_number", "agency", mode="before")
    @classmethod
    def _clean_line(cls, given: object) -> object:
        return (clean_line(given) or None) if isinstance(given, str) else given

    @field_validator("document_number")
    @classmethod
    def _as_read(cls, given: str | None) -> str | None:
        # As the reader gives numbers, so that the same number is found again.
        return fold_digits(given) if given else None

    @field_validator("document_date", mode="before")
    @classmethod
    def _day(cls, given: object) -> object:
        if not isinstance(given, str):
            return given
        day = parse_date(given)
        if day is None:
            raise ValueError("not a date")
        return day

    @model_validator(mode="after")
    def _says_something(self) -> TypedLetter:
        if not self.text.strip() and not (self.subject or "").strip():
            raise ValueError("the text or the subject is needed")
        return self


@dataclass(frozen=True, slots=True)
class TypedReading:
    """What was typed, masked and read; `grade` above open says that none of it may be kept."""

    grade: Secrecy
    reading: Reading
    fields: dict[str, str]


def read_typed(house: House, item: IntakeItem, typed: TypedLetter) -> TypedReading:
    """Return what a held item would be registered with; the item's bytes are its file.

    The gate's look for a secrecy mark and the masking of national numbers are those of any other
    reading.
    """
    texts = [text.strip() for text in typed.text.split("\f") if text.strip()]
    pages = tuple(
        PageText(number=number, text=text, method=ReadMethod.NATIVE, quality=1.0)
        for number, text in enumerate(texts, start=1)
    )
    grade = secrecy_mark(pages, subject=typed.subject, file_name=item.file_name)
    pages, restricted = restrict_pages(pages)
    words: dict[str, str] = {}
    for name in (*_FIELDS, "sender"):
        value = getattr(typed, name)
        if value is not None:
            words[name], found = restrict_words(str(value))
            restricted += found
    read = read_fields(pages, received_on=bangkok_day(item.arrived_at))
    kind = _media_type(house, item)
    extraction = Extraction(
        file=item.file_name,
        outcome=ReadOutcome.OK,
        media_type=kind,
        kind=read.kind,
        language=read.language,
        pages=pages,
        text=join_pages(pages),
        fields=read.fields,
        warnings=(TYPED,),
    )
    reading = Reading(
        extraction=extraction,
        carried=_carried(item, kind),
        sender_name=words.pop("sender", None),
        sender_address=None,
        content_sha256=None,
        restricted=distinct(restricted),
    )
    return TypedReading(grade, reading, words)


def _media_type(house: House, item: IntakeItem) -> str:
    if item.sha256 == NO_BYTES:
        return UNKNOWN
    try:
        return media_type(house.blobs.get(item.sha256))
    except BlobDamaged:
        # Often that is why a person types it; the file still is what came.
        return UNKNOWN


def _carried(item: IntakeItem, kind: str) -> tuple[CarriedFile, ...]:
    if item.sha256 == NO_BYTES:
        return ()
    # Its reading failed for this reason, where it has the name of one.
    outcomes = {outcome.value for outcome in ReadOutcome}
    outcome = item.reason_code if item.reason_code in outcomes else ReadOutcome.UNSUPPORTED.value
    file = CarriedFile(
        role="letter",
        file_name=item.file_name,
        media_type=kind,
        sha256=item.sha256,
        size=item.size,
        read_outcome=outcome,
    )
    return (file,)
