"""Numbers of a line: runs of digits and the marks inside them, each with how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from extractors.digits.glyphs import Glyph
from extractors.digits.model import ARABIC, CLASSES, MARKS, OTHER, THAI, Scores

# A glyph takes part in a number from here on; it is sure from there on.
_POSSIBLE = 0.4
_SURE_DIGIT = 0.85
_SURE_MARK = 0.6
# Between two digits beyond doubt stands a mark, hardly a letter.
_CERTAIN_DIGIT, _LIKELY_MARK = 0.95, 0.3
# In heights of a letter: glyphs farther apart are two numbers; nearer than this, one word.
_WIDEST_GAP = 0.5
_MARK_GAP = 0.5
_STEP = 1.15
_WORD_GAP = 0.22
_LOWEST = 0.5
_HIGHEST_FOOT = 0.3
_TINY = 1e-9
_OTHER = CLASSES.index(OTHER)


@dataclass(frozen=True, slots=True)
class Number:
    """A number on the page: its text as written, its columns, and how sure it is.

    Attributes:
        text: digits of one script with `/`, `.`, `,`, `-` or `:` inside.
        left: first column, in pixels.
        right: column after the last.
        letter: height of a plain letter of its line, in pixels.
        certainty: probability of the least certain character, 0 to 1.
        sure: every character is certain enough.
        in_word: a letter stands directly beside it.
        gaps: pixels without ink before and after it; None at the ends of the line.
    """

    text: str
    left: int
    right: int
    letter: float
    certainty: float
    sure: bool
    in_word: bool
    gaps: tuple[int | None, int | None] = (None, None)


def find_numbers(glyphs: Sequence[Glyph], chances: Scores) -> list[Number]:
    """Return the numbers of one line.

    Args:
        glyphs: glyphs of the line from the left.
        chances: their probabilities, a row each.
    """
    found: list[Number] = []
    digit = chances[:, :20].sum(axis=1) if len(glyphs) else np.zeros(0)
    mark = chances[:, 20:_OTHER].sum(axis=1) if len(glyphs) else np.zeros(0)
    digit = np.where([_stands_as_digit(glyph) for glyph in glyphs], digit, 0.0)
    part = [
        bool(glyph.alone and (digit[i] >= _POSSIBLE or mark[i] >= _POSSIBLE))
        for i, glyph in enumerate(glyphs)
    ]
    for i in range(1, len(glyphs) - 1):
        between = min(digit[i - 1], digit[i + 1]) >= _CERTAIN_DIGIT
        part[i] = part[i] or bool(glyphs[i].alone and between and mark[i] >= _LIKELY_MARK)
    begin = 0
    while begin < len(glyphs):
        end = begin + 1
        while (
            part[begin]
            and end < len(glyphs)
            and part[end]
            and _belong_together(glyphs[end - 1], glyphs[end])
        ):
            end += 1
        inside = [i for i in range(begin, end) if part[i] and digit[i] >= _POSSIBLE]
        if inside:
            found.append(_number(glyphs, chances, inside[0], inside[-1] + 1))
        begin = end
    return found


def _belong_together(left: Glyph, right: Glyph) -> bool:
    """Tell whether two neighbours are of one number; a thin 1 stands apart but in its column."""
    gap = right.left - left.right
    step = (right.left + right.right - left.left - left.right) / 2
    if min(left.height, right.height) < _LOWEST * right.letter:
        return gap <= _MARK_GAP * right.letter
    return gap <= _WIDEST_GAP * right.letter or step <= _STEP * right.letter


def _stands_as_digit(glyph: Glyph) -> bool:
    """Tell whether a glyph has a digit's height and stands on the line; quotation marks do not."""
    rise = glyph.baseline - (glyph.top + glyph.height)
    return glyph.height >= _LOWEST * glyph.letter and rise <= _HIGHEST_FOOT * glyph.letter


def _number(glyphs: Sequence[Glyph], chances: Scores, begin: int, end: int) -> Number:
    rows = chances[begin:end]
    digits = rows[:, :10] + rows[:, 10:20]
    marks_share = rows[:, 20:_OTHER].sum(axis=1)
    is_mark = marks_share > digits.sum(axis=1)
    logs = np.log(rows + _TINY)
    values = digits.argmax(axis=1)
    at = np.arange(len(rows))
    lean = (logs[at, values] - logs[at, values + 10])[~is_mark].sum()
    script = THAI if lean >= 0 else ARABIC
    marks = rows[:, 20:_OTHER].argmax(axis=1)
    text = "".join(
        MARKS[m] if single else script[v]
        for single, m, v in zip(is_mark, marks, values, strict=True)
    )
    certain = np.where(is_mark, rows[:, 20:_OTHER].max(axis=1), digits.max(axis=1))
    for i in range(1, len(rows) - 1):
        between = min(digits[i - 1].max(), digits[i + 1].max()) >= _CERTAIN_DIGIT
        if is_mark[i] and between and marks_share[i] >= _LIKELY_MARK:
            certain[i] = rows[i, 20:_OTHER].max() / marks_share[i]
    limits = np.where(is_mark, _SURE_MARK, _SURE_DIGIT)
    first, last = glyphs[begin], glyphs[end - 1]
    right = max(glyph.right for glyph in glyphs[begin:end])
    gaps = (
        first.left - max(glyph.right for glyph in glyphs[:begin]) if begin else None,
        glyphs[end].left - right if end < len(glyphs) else None,
    )
    return Number(
        text=text,
        left=first.left,
        right=right,
        letter=first.letter,
        certainty=float(certain.min()),
        sure=bool((certain >= limits).all()) and _is_plain(text),
        in_word=_touches(glyphs, chances, begin - 1, first.left)
        or _touches(glyphs, chances, end, last.right),
        gaps=gaps,
    )


def _is_plain(text: str) -> bool:
    """Tell whether no two marks follow each other, as in no number."""
    return not any(a in MARKS and b in MARKS for a, b in pairwise(text))


def _touches(glyphs: Sequence[Glyph], chances: Scores, index: int, edge: int) -> bool:
    """Tell whether the glyph at an index is a letter standing directly at a column."""
    if not 0 <= index < len(glyphs):
        return False
    glyph = glyphs[index]
    gap = max(glyph.left - edge, edge - glyph.right)
    is_letter = glyph.height >= 0.5 * glyph.letter and chances[index, 20:_OTHER].sum() < _POSSIBLE
    return bool(is_letter and gap < _WORD_GAP * glyph.letter)
