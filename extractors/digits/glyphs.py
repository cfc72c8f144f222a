"""Glyphs of a page: connected pieces of ink, sorted into lines, measured against the letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractors.scans.cleaner import Pixels
from extractors.scans.ink import Ink

# Sizes in heights of a letter without marks (ก): what can be a digit or a mark inside a number.
_TALLEST = 2.2
# Digits that touch are one piece: they are taken apart later.
_WIDEST = 4.5
_SMALLEST = 0.1
_LEAST_AREA = 0.008
_BELOW, _ABOVE = 0.75, 1.7
_FEW = 6
_DOT = 0.34


@dataclass(frozen=True, slots=True)
class Band:
    """Where a line of text runs, in pixels of the page."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Glyph:
    """A piece of ink in its line. Pixels; `ink` is 0 or 1, `letter` the height of a plain letter.

    `alone` tells that nothing stands above or below it, as with every digit.
    """

    left: int
    top: int
    width: int
    height: int
    baseline: float
    letter: float
    alone: bool
    ink: Pixels

    @property
    def right(self) -> int:
        """The first column right of the glyph."""
        return self.left + self.width


def find_glyphs(ink: Ink, lines: Sequence[NDArray[np.int64]]) -> list[list[Glyph]]:
    """Return the glyphs of every line from the left; marks over and under letters are left out.

    Args:
        ink: the ink of a cleaned, straight page.
        lines: the numbers of the pieces of each line.
    """
    usual = _usual_letter(ink, lines)
    return [_line_glyphs(ink, inside, usual) for inside in lines]


def pieces_in(ink: Ink, band: Band) -> NDArray[np.int64]:
    """Return the numbers of the pieces whose middle lies in a band."""
    boxes = ink.boxes
    across = boxes[:, 0] + boxes[:, 2] / 2
    down = boxes[:, 1] + boxes[:, 3] / 2
    inside = (across >= band.left) & (across <= band.right)
    inside &= (down >= band.top) & (down <= band.bottom)
    inside[0] = False
    return np.flatnonzero(inside)


def _usual_letter(ink: Ink, members: Sequence[NDArray[np.int64]]) -> float:
    """Return the usual height of a letter on the page, 0 for a page without ink."""
    heights = [_letter_heights(ink.boxes[inside]) for inside in members]
    found = np.concatenate(heights) if heights else np.zeros(0)
    return float(np.median(found)) if len(found) else 0.0


def _letter_heights(boxes: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the heights of what is no mark: the upper part of all heights of a line."""
    heights = boxes[:, 3].astype(np.float64)
    heights = heights[boxes[:, 4] >= 12]
    if not len(heights):
        return heights
    return np.asarray(heights[heights >= 0.6 * np.percentile(heights, 75)])


def _line_glyphs(ink: Ink, inside: NDArray[np.int64], usual: float) -> list[Glyph]:
    boxes = ink.boxes[inside]
    heights = _letter_heights(boxes)
    if not len(heights) or usual <= 0:
        return []
    own = float(np.median(heights))
    trusted = len(heights) >= _FEW or not 0.6 < own / usual < 1.6
    letter = own if trusted else usual
    bottoms = boxes[:, 1] + boxes[:, 3]
    big = (boxes[:, 3] >= 0.6 * letter) & (boxes[:, 3] <= 1.7 * letter)
    if not big.any():
        return []
    base = float(np.median(bottoms[big]))
    # A line that still leans a little has its baseline where its own neighbours stand.
    across = boxes[:, 0] + boxes[:, 2] / 2
    near = big & (np.abs(bottoms - base) <= 0.35 * letter)
    slope = 0.0
    if near.sum() >= 2 * _FEW:
        slope, base = (float(v) for v in np.polyfit(across[near], bottoms[near], 1))
    found = []
    # The two dots of a colon are one glyph.
    lower = _lower_dots(boxes, letter)
    for row in np.argsort(boxes[:, 0], kind="stable"):
        if int(row) in lower.values() or _lies_inside(boxes, int(row), letter):
            continue
        numbers = [int(row), lower[int(row)]] if int(row) in lower else [int(row)]
        left, top, width, height, area = _joined(boxes[numbers])
        baseline = base + slope * float(across[row])
        if not _fits(width, height, area, letter) or not (
            baseline - _ABOVE * letter <= top + height / 2 <= baseline + _BELOW * letter
        ):
            continue
        alone = len(numbers) == 2 or _stands_alone(boxes, int(row), letter)
        labels = ink.labels[top : top + height, left : left + width]
        crop = labels == inside[numbers[0]]
        for other in numbers[1:]:
            crop |= labels == inside[other]
        found.append(
            Glyph(left, top, width, height, baseline, letter, alone, crop.astype(np.uint8))
        )
    return found


def _joined(boxes: NDArray[np.int32]) -> tuple[int, int, int, int, int]:
    """Return left, top, width, height and area of pieces taken together."""
    left, top = int(boxes[:, 0].min()), int(boxes[:, 1].min())
    right = int((boxes[:, 0] + boxes[:, 2]).max())
    bottom = int((boxes[:, 1] + boxes[:, 3]).max())
    return left, top, right - left, bottom - top, int(boxes[:, 4].sum())


def _lower_dots(boxes: NDArray[np.int32], letter: float) -> dict[int, int]:
    """Return, by the row of the upper dot of a colon, the row of its lower dot."""
    small = np.maximum(boxes[:, 2], boxes[:, 3]) <= _DOT * letter
    small &= boxes[:, 4] >= _LEAST_AREA * letter * letter
    dots = np.flatnonzero(small)
    middles = boxes[:, 0] + boxes[:, 2] / 2
    found: dict[int, int] = {}
    for upper in dots:
        for under in dots:
            fall = boxes[under, 1] - boxes[upper, 1]
            aside = abs(middles[upper] - middles[under])
            if 0.3 * letter <= fall <= 1.1 * letter and aside <= 0.15 * letter:
                found[int(upper)] = int(under)
    return found


def _lies_inside(boxes: NDArray[np.int32], row: int, letter: float) -> bool:
    """Tell whether a piece lies inside the box of a letter, as the loose curl of a ๖ does."""
    left, top, width, height, _ = boxes[row]
    around = (boxes[:, 0] <= left) & (boxes[:, 0] + boxes[:, 2] >= left + width)
    around &= (boxes[:, 1] <= top) & (boxes[:, 1] + boxes[:, 3] >= top + height)
    around &= (boxes[:, 3] <= _TALLEST * letter) & (boxes[:, 2] <= 1.2 * letter)
    around &= boxes[:, 3] > height
    around[row] = False
    return bool(around.any())


def _fits(width: int, height: int, area: int, letter: float) -> bool:
    return (
        height <= _TALLEST * letter
        and width <= _WIDEST * letter
        and max(width, height) >= _SMALLEST * letter
        and area >= _LEAST_AREA * letter * letter
    )


def _stands_alone(boxes: NDArray[np.int32], row: int, letter: float) -> bool:
    """Tell whether no other piece of the line stands over or under this one."""
    left, _, width, height, _ = boxes[row]
    over = np.minimum(boxes[:, 0] + boxes[:, 2], left + width) - np.maximum(boxes[:, 0], left)
    ink = boxes[:, 4] >= 2 * _LEAST_AREA * letter * letter
    shared = over > 0.45 * np.minimum(boxes[:, 2], width)
    # Small specks beside a letter are dirt, not marks.
    weight = boxes[:, 3] >= 0.15 * height
    # What lies inside its box is a loose part of it.
    top = boxes[row, 1]
    shared &= (boxes[:, 1] < top) | (boxes[:, 1] + boxes[:, 3] > top + height)
    shared[row] = False
    return not bool((shared & ink & weight).any())
