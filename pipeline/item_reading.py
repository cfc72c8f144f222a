"""What a child process is asked and what may leave it: one item's reading, and its limits."""

from __future__ import annotations

import hashlib

from pydantic import Field

from correspondence.errors import SarabanError
from correspondence.letter_parts import CarriedFile, LetterPart
from correspondence.mail_thread import MailThread
from correspondence.page_layout import PageLayout
from correspondence.reading import Extraction, Frozen, RestrictedValue
from correspondence.vocabulary import ReadOutcome
from sandbox.limits import Limits

# Imported in the child only: the parent never loads a parser.
JOB = "pipeline.reading_job:read_item"
MAIL = "message/rfc822"
# A warning, with the place of the file among those that the letter carries, from 1.
ANOTHER_LETTER = "perhaps_another_letter"

# A file above this is not taken into memory whole; the reader then says `too_large`.
MAX_FILE_BYTES = 64 * 2**20

READING_LIMITS = Limits(
    wall_seconds=300, cpu_seconds=300, memory_bytes=4 * 2**30, recycle_after=100
)


class Automatic(Frozen):
    """Why a mail counts as automatic."""

    code: str
    thai: str
    english: str


class Refusal(Frozen):
    """Why an item is no letter until a person has looked, by name and in both languages."""

    code: str
    thai: str
    english: str
    outcome: ReadOutcome = ReadOutcome.DAMAGED

    @classmethod
    def of(cls, fault: SarabanError, outcome: ReadOutcome) -> Refusal:
        """Return the refusal that a named fault stands for."""
        return cls(code=fault.code, thai=fault.thai, english=fault.english, outcome=outcome)


class ItemReading(Frozen):
    """What leaves the child.

    `further` are other letters of the first one's case, `apart` letters of cases of their own.
    `restricted` is the one part with unmasked national numbers: for the restricted store only.
    `Extraction` does not carry it from process to process, nor `layouts`, where the pages' text
    stands.
    """

    extraction: Extraction
    carried: tuple[CarriedFile, ...] = ()
    sender_name: str | None = None
    sender_address: str | None = None
    message_id: str | None = None
    content_sha256: str | None = None
    automatic: Automatic | None = None
    refusal: Refusal | None = None
    further: tuple[LetterPart, ...] = ()
    apart: tuple[LetterPart, ...] = ()
    thread: MailThread = MailThread()
    restricted: tuple[RestrictedValue, ...] = Field(default=(), repr=False)
    layouts: tuple[PageLayout, ...] = Field(default=(), repr=False)


def carry(role: str, data: bytes, read: Extraction) -> CarriedFile:
    """Return what is noted of one file: `letter` or `enclosure`, its hash, how it was read."""
    return CarriedFile(
        role=role,
        file_name=read.file,
        media_type=read.media_type,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        read_outcome=read.outcome.value,
    )


def refuse(blank: Extraction, refusal: Refusal) -> ItemReading:
    """Return the reading of an item of which nothing but its `blank` head is told, and why."""
    extraction = blank.model_copy(update={"outcome": refusal.outcome, "warnings": (refusal.code,)})
    return ItemReading(extraction=extraction, refusal=refusal)
