"""How many lines form A takes, so that the summary can be cut to what one page holds.

Counted on renders of the form: TH SarabunPSK 16 gives some 72 letters (marks above and below take
no width) on a line of 15 cm and 33 lines on a page of the office's margins.
"""

from __future__ import annotations

import re

from drafting.content import Line, LineKind, MemoContent

LETTERS_A_LINE = 72
LINES_A_PAGE = 33.5
# Title, minister, numbers, ตรวจเสนอ, เพื่อโปรด, signature and the spaces between headings.
_FIXED_LINES = 13.0
_MARKS = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")


def lines_of(text: str, letters: int = LETTERS_A_LINE) -> int:
    """Return how many lines a text takes."""
    return -(-len(_MARKS.sub("", text)) // letters)


def excess_letters(content: MemoContent) -> int:
    """Return by how many letters form A overflows its page; 0 where it fits."""
    used = _FIXED_LINES + lines_of(content.subject) + lines_of(content.sender)
    for section in (
        content.summary,
        content.earlier,
        content.considerations,
        content.proposals,
    ):
        used += _section_lines(section)
    return max(0, int((used - LINES_A_PAGE) * LETTERS_A_LINE))


def _section_lines(lines: tuple[Line, ...]) -> int:
    if not lines:
        return 1
    heading = 0 if len(lines) == 1 and lines[0].kind is LineKind.PLAIN else 1
    return heading + sum(lines_of(line.text) for line in lines)
