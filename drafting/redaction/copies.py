"""The redacted copy of a letter as a new document made from its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from correspondence.errors import SarabanError
from correspondence.reading import Extraction, Frozen
from correspondence.thai_digits import thai_digits
from drafting.clean_text import drop_hostile
from drafting.forms.build import LetterSheet
from drafting.redaction.number_forms import Hidden
from drafting.redaction.personal import black_out
from drafting.rendering import fill_form

_MOST_LINES = 3_000
_LONGEST_LINE = 4_000
_BLANKS = re.compile(r"[ \u00a0]{9,}")


class RedactionIncomplete(SarabanError):
    """Something that had to be hidden was still found in a copy; no copy is handed out."""

    code = "redaction_incomplete"

    def __init__(self) -> None:
        """Say it without saying what."""
        super().__init__(
            "A redacted copy still held what had to be hidden.",
            thai="สำเนายังมีข้อมูลส่วนบุคคลเหลืออยู่ จึงไม่ออกสำเนา",
            remedy="Black it out by hand, or name the words with --hide.",
        )


class TextCopy(Frozen):
    """A copy's lines, and how many places of each kind were hidden."""

    lines: tuple[str, ...]
    counts: dict[Hidden, int]


def copy_text(extraction: Extraction, names: Iterable[str]) -> TextCopy:
    """Return a letter's lines, page after page, without the complainant's personal data.

    Raises:
        RedactionIncomplete: a second look found something left.
    """
    known = tuple(names)
    lines: list[str] = []
    counts: Counter[Hidden] = Counter()
    for page in extraction.pages:
        blacked = black_out(page.text, known)
        counts.update(span.kind for span in blacked.spans)
        if _is_left(blacked.text, known):
            raise RedactionIncomplete
        lines.extend(_plain(line) for line in blacked.text.split("\n"))
        lines.append("")
    return TextCopy(lines=tuple(lines[:_MOST_LINES]), counts=dict(counts))


def _is_left(text: str, known: tuple[str, ...]) -> bool:
    """Tell whether a second look finds something; what is black already is nothing."""
    return any(
        any(sign.isalnum() for sign in text[span.start : span.end])
        for span in black_out(text, known).spans
    )


def copy_docx(copy: TextCopy, register_number: str) -> bytes:
    """Return the copy as a new .docx; nothing of the original file is in it."""
    values = {"secrecy": "", "register_number": thai_digits(register_number), "lines": copy.lines}
    return fill_form(LetterSheet.REDACTED_COPY, values, None, 1.0)


def _plain(line: str) -> str:
    # Columns that a page sets by blanks fall apart in another font: two tabs keep them apart.
    return _BLANKS.sub("\t\t", drop_hostile(line.rstrip("\r")[:_LONGEST_LINE]))
