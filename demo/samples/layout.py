"""The layout marks of a sample's text: where each line of an office letter stands on the page.

!! ด่วนที่สุด          urgency mark, bold, left
ที่ ศธ … || สำนัก…     number at the left, agency at the right; `|| …` is the right alone
^^ ๕ พฤศจิกายน ๒๕๖๙    centred; `^^ **…**` bold and large
<tab>ด้วย …            paragraph with its first line indented
## (นาย …)             signature block: centred in the right half
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """Where a line stands."""

    MARK = "mark"
    SPLIT = "split"
    CENTRE = "centre"
    TITLE = "title"
    PARAGRAPH = "paragraph"
    SIGNATURE = "signature"
    PLAIN = "plain"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One line or paragraph; `right` is filled only where `place` is SPLIT."""

    place: Place
    text: str
    right: str = ""


_TITLES = ("บันทึกข้อความ", "หมายเรียก", "คำสั่ง", "NOTE VERBALE", "ข่าวประชาสัมพันธ์")


def letter_lines(text: str) -> tuple[LetterLine, ...]:
    """Return the lines of a sample's text with their places."""
    return tuple(_letter_line(line) for line in text.splitlines())


def plain_text(text: str) -> str:
    """Return a sample's text as a reader of the page would write it down, without marks."""
    lines = (f"{line.text} {line.right}".strip() for line in letter_lines(text))
    return "\n".join(lines)


def _letter_line(line: str) -> LetterLine:
    if line.startswith("!!"):
        return LetterLine(Place.MARK, line[2:].strip())
    if line.startswith("##"):
        return LetterLine(Place.SIGNATURE, line[2:].strip())
    if line.startswith("^^"):
        centred = line[2:].strip()
        bold = centred.startswith("**")
        centred = centred.strip("*")
        title = bold or centred.startswith(_TITLES)
        return LetterLine(Place.TITLE if title else Place.CENTRE, centred)
    if "||" in line:
        left, right = line.split("||", 1)
        return LetterLine(Place.SPLIT, left.strip(), right.strip())
    if line.startswith("\t"):
        return LetterLine(Place.PARAGRAPH, line.strip())
    return LetterLine(Place.PLAIN if line.strip() else Place.BLANK, line.rstrip())
