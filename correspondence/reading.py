"""What reading a file yields: pages, letter fields, attachments (JSON contract of `extract`)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from correspondence.vocabulary import (
    LetterKind,
    ReadMethod,
    ReadOutcome,
    RestrictedKind,
    Secrecy,
)


class Frozen(BaseModel):
    """Base of every value that passes between rooms: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Box(Frozen):
    """A place on a page in shares of its width and height, 0 to 1 from the top left corner."""

    left: float = Field(ge=0, le=1)
    top: float = Field(ge=0, le=1)
    right: float = Field(ge=0, le=1)
    bottom: float = Field(ge=0, le=1)


class TextPiece(Frozen):
    """A stretch of a page's text that stands in one place: a line, or its part in one column.

    Attributes:
        begin: offset of its first character in the page's text.
        end: offset after its last.
        box: where it stands.
        confidence: how sure its letters are, 0 to 1; 1 for a text layer.
        doubtful: offsets (begin, end) of what could be a wrong number.
    """

    begin: int = Field(ge=0)
    end: int = Field(ge=0)
    box: Box
    confidence: float = Field(default=1.0, ge=0, le=1)
    doubtful: tuple[tuple[int, int], ...] = ()


class PageText(Frozen):
    """Text of one page. `number` counts from 1; `quality` is 0 (useless) to 1 (trusted).

    `pieces` tell where the text stands, in order and apart; they are empty where the file has no
    pages with places (DOCX, HTML, mail). They do not leave the reading room as JSON, nor do
    `size` (width and height in any unit, of a page with places) and `turn` (degrees
    counter-clockwise by which its picture was turned to be read).
    """

    number: int = Field(ge=1)
    text: str
    method: ReadMethod
    quality: float = Field(ge=0, le=1)
    pieces: tuple[TextPiece, ...] = Field(default=(), exclude=True, repr=False)
    size: tuple[float, float] | None = Field(default=None, exclude=True, repr=False)
    turn: float = Field(default=0.0, exclude=True, repr=False)


class FieldValue(Frozen):
    """One letter field: normalised value, what stood on the page, where, and how sure.

    `value` is None where the letter has none. Dates are ISO (CE). `needs_check` marks a value
    that could be wrong and must be looked at by a person. `box` is where `raw` stands on `page`,
    None where the file has no places.
    """

    value: str | None = None
    raw: str | None = None
    page: int | None = None
    box: Box | None = None
    confidence: float = Field(default=0.0, ge=0, le=1)
    needs_check: bool = False

    def __bool__(self) -> bool:
        """Tell whether the letter has this field."""
        return self.value is not None


class StatedDeadline(FieldValue):
    """วันที่หนังสือกำหนด: ISO date or datetime (Asia/Bangkok, no offset) and the letter's phrase.

    `value` is None and `phrase` set where the letter gives only words (ภายใน ๗ วัน …).
    """

    phrase: str | None = None


class Reference(FieldValue):
    """อ้างถึง: an earlier letter; its number and its day (ISO, CE) where they can be told apart."""

    document_number: str | None = None
    document_date: str | None = None


class LetterFields(Frozen):
    """The fields of the JSON contract; every scalar is always present, `value` None if absent."""

    document_number: FieldValue = FieldValue()
    document_date: FieldValue = FieldValue()
    agency: FieldValue = FieldValue()
    subject: FieldValue = FieldValue()
    addressee: FieldValue = FieldValue()
    salutation: FieldValue = FieldValue()
    references: tuple[Reference, ...] = ()
    enclosures: tuple[FieldValue, ...] = ()
    urgency: FieldValue = FieldValue()
    secrecy: FieldValue = FieldValue()
    signer: FieldValue = FieldValue()
    signer_position: FieldValue = FieldValue()
    contact_phone: FieldValue = FieldValue()
    contact_email: FieldValue = FieldValue()
    stated_deadline: StatedDeadline = StatedDeadline()
    meeting_at: FieldValue = FieldValue()
    requested_action: FieldValue = FieldValue()
    amounts: tuple[FieldValue, ...] = ()


class RestrictedValue(Frozen):
    """What stands masked in the letter and may be kept in the restricted store only.

    Attributes:
        kind: what it is.
        page: the page it stands on; None for the subject, a name or an enclosure.
        value: a national number as read: 13 digits 0-9, where recognition erred 11 to 15.
    """

    kind: RestrictedKind
    page: int | None = None
    value: str = Field(repr=False)


class Extraction(Frozen):
    """One file read. `text` is the pages joined by a blank line; empty when `outcome` is secret.

    National numbers are masked in everything it says; `restricted` holds them apart and leaves
    the process neither as JSON nor in a log line.
    """

    file: str
    outcome: ReadOutcome
    media_type: str
    kind: LetterKind = LetterKind.UNKNOWN
    language: str = "th"
    pages: tuple[PageText, ...] = ()
    text: str = ""
    fields: LetterFields = LetterFields()
    attachments: tuple[Extraction, ...] = ()
    warnings: tuple[str, ...] = ()
    restricted: tuple[RestrictedValue, ...] = Field(default=(), exclude=True, repr=False)

    def withheld(self, grade: Secrecy) -> Extraction:
        """Return what may leave the reader for a marked letter: the grade, and nothing it says."""
        return Extraction(
            file=self.file,
            outcome=ReadOutcome.SECRET,
            media_type=self.media_type,
            language="",
            fields=LetterFields(secrecy=FieldValue(value=grade.value, confidence=1.0)),
        )


PAGE_BREAK = "\n\n"


def join_pages(pages: tuple[PageText, ...]) -> str:
    """Return the text of all pages, joined as `Extraction.text` is."""
    return PAGE_BREAK.join(page.text for page in pages)
