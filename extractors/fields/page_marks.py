"""What a page carries besides its letter: page numbers, repeated heads and feet, catchwords.

They stay in the page's text; the field readers read the letter as if it stood on one long sheet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractors.fields.letter_lines import Line

# Lines from the top or the bottom of a page among which its furniture stands.
_MARGIN = 3
_LEAST_LENGTH = 3
_DASHED_NUMBER = re.compile(r"^[-–—]{1,2}\s?\d{1,3}\s?[-–—]{1,2}$")
_NUMBER = re.compile(
    r"^(?:หน้า(?:ที่)?\s?[-–—]?\s?\d{1,4}(?:\s?(?:จาก|ของ|/|ใน)\s?(?:ทั้งหมด\s?)?\d{1,4})?(?:\s?หน้า)?"
    r"|page\s?\d{1,4}(?:\s?(?:of|/)\s?\d{1,4})?|/\s?\d{1,3}\.?)$",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"^\(?(?P<number>\d{1,3})\)?(?:\s?/\s?(?P<total>\d{1,3}))?$")
# The first words of the next page at the end of one (ระเบียบงานสารบรรณ, คำต่อเนื่อง).
_CATCHWORD = re.compile(r"^/\s?(?P<words>\S.{0,60}?)\s?(?P<dots>(?:\.\s?){2,}|…)?$")
_DIGITS = re.compile(r"\d+")


def drop_page_marks(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of the letter itself, in order.

    Dropped are page numbers (- ๒ -, หน้า ๒ จาก ๓, a bare number that counts the page), catchwords
    (/ดังนั้น ...), and lines that stand at the top or bottom of most pages: of a repeated head
    the first stays, of a repeated foot the last.

    Args:
        lines: all lines, page after page.
    """
    pages = [list(found) for _, found in groupby(lines, key=lambda line: line.page)]
    kept: list[Line] = []
    heads = _repeated([page[: _margin(page)] for page in pages])
    feet = _repeated([page[len(page) - _margin(page) :] for page in pages])
    for index, page in enumerate(pages):
        following = pages[index + 1] if index + 1 < len(pages) else None
        own = [
            line
            for place, line in enumerate(page)
            if not (
                _is_number(line, place, page, len(pages))
                or _is_catchword(line, place, page, following)
                or (index > 0 and place < _margin(page) and _key(line) in heads)
                or (following and place >= len(page) - _margin(page) and _key(line) in feet)
            )
        ]
        if index and own and own[0] is not page[0]:
            own[0] = replace(own[0], gap=0)
        kept.extend(own)
    return kept


def _margin(page: Sequence[Line]) -> int:
    """Return how many lines are a page's head or foot: never the same line both."""
    return min(_MARGIN, len(page) // 2)


def _repeated(margins: list[list[Line]]) -> frozenset[str]:
    """Return what stands in the margin of most pages, and of two at least."""
    counted = Counter(key for margin in margins for key in {_key(line) for line in margin})
    return frozenset(
        key
        for key, count in counted.items()
        if count >= 2 and 2 * count > len(margins) and len(key) >= _LEAST_LENGTH
    )


def _key(line: Line) -> str:
    """Return the line without blanks, its numbers all alike: a head may count the pages."""
    return _DIGITS.sub("#", "".join(line.text.split()))


def _is_number(line: Line, place: int, page: list[Line], pages: int) -> bool:
    if _DASHED_NUMBER.match(line.text):
        return True
    if min(place, len(page) - 1 - place) >= _MARGIN - 1:
        return False
    if _NUMBER.match(line.text):
        return True
    bare = _BARE_NUMBER.match(line.text)
    if bare is None or pages < 2:
        return False
    return int(bare["number"]) == line.page and int(bare["total"] or pages) >= line.page


def _is_catchword(line: Line, place: int, page: list[Line], following: list[Line] | None) -> bool:
    found = _CATCHWORD.match(line.text)
    if found is None:
        return False
    if found["dots"]:
        return True
    if not following or place < len(page) - _MARGIN:
        return False
    words = "".join(found["words"].split())
    return any("".join(line.text.split()).startswith(words) for line in following[:_MARGIN])
