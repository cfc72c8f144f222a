"""What a reader is told about a file, and how far it may go."""

from __future__ import annotations

from datetime import date

from pydantic import ConfigDict, Field, SkipValidation

from correspondence.reading import Frozen
from extractors.fields import MailHead
from extractors.scans.traces import Traces


class ReadingLimits(Frozen):
    """Limits of one file; what lies beyond is named in the outcome or a warning.

    Attributes:
        bytes: size of the file, and of anything unpacked from it.
        pages: pages read; the rest gives the warning `pages_left_out`.
        pixels: pixels of one page image.
        depth: levels of nesting inside a document (tables in tables, elements in HTML).
        characters: characters of one page's text.
        ocr_pages: pages recognised by OCR; the rest gives the warning `ocr_pages_left_out`.
        ocr_seconds: real time of one page in OCR.
        convert_seconds: real time of a conversion by the office program.
    """

    bytes: int = Field(default=50 << 20, gt=0)
    pages: int = Field(default=200, gt=0)
    pixels: int = Field(default=40_000_000, gt=0)
    depth: int = Field(default=40, gt=0)
    characters: int = Field(default=500_000, gt=0)
    ocr_pages: int = Field(default=30, ge=0)
    ocr_seconds: float = Field(default=45, gt=0)
    convert_seconds: float = Field(default=60, gt=0)


class ReadingRequest(Frozen):
    """Everything a reader knows besides the bytes and the file name.

    Attributes:
        received_on: day of receipt in Bangkok, for dates without a year.
        mail: head of the mail when the bytes are its body or came with it.
        passwords: tried in turn on an encrypted file; never logged.
        ocr: whether images may be recognised; False reads text layers only.
        traces: where to keep how pages were recognised; None keeps nothing.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    received_on: date | None = None
    mail: MailHead | None = None
    limits: ReadingLimits = ReadingLimits()
    passwords: tuple[str, ...] = Field(default=(), repr=False)
    ocr: bool = True
    traces: SkipValidation[Traces] | None = Field(default=None, exclude=True, repr=False)
