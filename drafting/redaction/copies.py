"""The redacted copy of a letter as a new document made from its text."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from pydantic import Field

from correspondence.errors import SarabanError
from correspondence.reading import Extraction, Frozen
from correspondence.thai_digits import thai_digits
from drafting.clean_text import drop_hostile
from drafting.forms.build import LetterSheet
from drafting.redaction.number_forms import Hidden
from drafting.redaction.personal import black_out, left_words
from drafting.rendering import fill_form

_MOST_LINES = 3_000
_LONGEST_LINE = 4_000
_MOST_WORDS = 500
_SIGNS = 10
_LOOKS = 4
UNCONFIRMED = "ร่างสำเนา ยังไม่มีผู้ตรวจยืนยัน ห้ามส่งออก"
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


class HiddenWord(Frozen):
    """What went from a copy: its kind, as it stood, how often. Nothing of it may be logged."""

    kind: Hidden
    text: str = Field(repr=False, max_length=_LONGEST_LINE)
    times: int


class TextCopy(Frozen):
    """A copy's lines, how many places of each kind were hidden, what went and what is doubtful.

    Attributes:
        lines: black where something was hidden.
        counts: places by kind.
        words: what was hidden, for the person who confirms the copy.
        left: names of schools, offices and officials that stay, for the same person.
    """

    lines: tuple[str, ...] = Field(repr=False)
    counts: dict[Hidden, int]
    words: tuple[HiddenWord, ...] = Field(default=(), repr=False)
    left: tuple[str, ...] = Field(default=(), repr=False)

    def fingerprint(self, painted: str) -> str:
        """Return ten signs that change with any line or any dot of the pages beside it.

        Args:
            painted: the digest of the painted pages, "" where the letter has none.
        """
        looked_at = "\n".join((*self.lines, painted))
        return hashlib.sha256(looked_at.encode()).hexdigest()[:_SIGNS]


def copy_text(extraction: Extraction, names: Iterable[str], shown: Iterable[str] = ()) -> TextCopy:
    """Return a letter's lines, page after page, without the complainant's personal data.

    Args:
        extraction: the letter.
        names: what `complainant_names` found, and what a person has added.
        shown: words a person has opened again.

    Raises:
        RedactionIncomplete: a second look found something left.
    """
    known, opened = tuple(names), tuple(shown)
    lines: list[str] = []
    counts: Counter[Hidden] = Counter()
    words: Counter[tuple[Hidden, str]] = Counter()
    for page in extraction.pages:
        blacked = black_out(page.text, known, opened)
        counts.update(span.kind for span in blacked.spans)
        words.update(
            (span.kind, " ".join(page.text[span.start : span.end].split())[:_LONGEST_LINE])
            for span in blacked.spans
        )
        text = _looked_at_again(blacked.text, known, opened)
        lines.extend(_plain(line) for line in text.split("\n"))
        lines.append("")
    return TextCopy(
        lines=tuple(lines[:_MOST_LINES]),
        counts=dict(counts),
        words=tuple(
            HiddenWord(kind=kind, text=text, times=times)
            for (kind, text), times in list(words.items())[:_MOST_WORDS]
        ),
        left=left_words(known)[:_MOST_WORDS],
    )


def _looked_at_again(text: str, known: tuple[str, ...], opened: tuple[str, ...]) -> str:
    """Return a black text in which one more look finds nothing; what is black already is nothing.

    Raises:
        RedactionIncomplete: every look finds more.
    """
    for _ in range(_LOOKS):
        again = black_out(text, known, opened)
        if not any(
            any(sign.isalnum() for sign in text[span.start : span.end]) for span in again.spans
        ):
            return text
        text = again.text
    raise RedactionIncomplete


def copy_docx(copy: TextCopy, register_number: str, mark: str = "") -> bytes:
    """Return the copy as a new .docx; nothing of the original file is in it.

    Args:
        copy: of the letter.
        register_number: of the letter, as it stands over the copy.
        mark: what stands over a copy nobody has confirmed yet.
    """
    values = {
        "secrecy": "", "register_number": thai_digits(register_number), "lines": copy.lines,
        "mark": mark,
    }  # fmt: skip
    return fill_form(LetterSheet.REDACTED_COPY, values, None, 1.0)


def _plain(line: str) -> str:
    # Columns that a page sets by blanks fall apart in another font: two tabs keep them apart.
    return _BLANKS.sub("\t\t", drop_hostile(line.rstrip("\r")[:_LONGEST_LINE]))
