"""Marks over and under letters, dots and signs: each put with the row it belongs to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extractors.scans.chains import Baseline, Boxes, Chain, Numbers, are_rules
from extractors.scans.ink import HEIGHT, LEFT, TOP, WIDTH

# All in heights of a letter without marks (ก).
_DIRT = 0.012
_TALLEST_MARK, _WIDEST_MARK = 2.5, 6.0
# How far a mark may stand from the letter it belongs to: first those that touch it nearly, then
# tone marks over vowels and whatever floats higher.
_REACHES = (0.35, 0.9)
_HIGHEST, _LOWEST, _IN_LINE = 2.4, 1.1, 1.3
# What stands under a letter stands close; what is far below belongs to the next line.
_UNDER = 1.5
_COLUMN_SLACK = 0.15
# A dot, dash or quotation mark between letters, with nothing over or under it.
_ALONE = 0.3


def with_marks(boxes: Boxes, rows: Sequence[Chain]) -> list[Numbers]:
    """Return for each row its letters and every other piece that belongs to it.

    A mark belongs to the row of the letter, or of the mark, that it stands nearest to in its
    column: between close lines a tone mark is as near to the letters above it as to its own.
    """
    taken = are_rules(boxes, float(np.median([row.size for row in rows])) if rows else 1.0)
    taken[0] = True
    for row in rows:
        taken[row.letters] = True
    members = [_Members(boxes, row) for row in rows]
    left = np.array([row.left - 1.5 * row.size for row in rows])
    right = np.array([row.right + 1.5 * row.size for row in rows])
    size = np.array([row.size for row in rows])
    waiting = np.flatnonzero(~taken)
    for reach in _REACHES:
        found: list[tuple[int, int]] = []
        for piece in waiting:
            left_edge, _, width, height, area = boxes[piece]
            across = left_edge + width / 2
            near = (across >= left) & (across <= right) & (area >= _DIRT * size * size)
            near &= (height <= _TALLEST_MARK * size) & (width <= _WIDEST_MARK * size)
            costs = [(members[int(n)].distance(boxes[piece]), int(n)) for n in np.flatnonzero(near)]
            cost, nearest = min(costs, default=(np.inf, -1))
            if cost <= reach:
                found.append((int(piece), nearest))
        # Only now, so that no mark is drawn along by another of the same round.
        for number, nearest in found:
            members[nearest].add(boxes[number], number)
        done = {piece for piece, _ in found}
        waiting = np.array([piece for piece in waiting if int(piece) not in done], dtype=np.int64)
    return [member.numbers() for member in members]


class _Members:
    """The pieces of a row, and how far another stands from them in heights of a letter."""

    def __init__(self, boxes: Boxes, row: Chain) -> None:
        self._size = row.size
        self._baseline = Baseline(boxes, row)
        self._boxes = boxes[row.letters]
        self._numbers = [int(number) for number in row.letters]
        self._added: list[Boxes] = []

    def distance(self, piece: Boxes) -> float:
        """Return the gap to what stands over or under it, more for a piece under letters."""
        left, top, width, height = piece[:4]
        base = self._baseline.at(float(left + width / 2))
        middle = top + height / 2
        if not base - _HIGHEST * self._size <= middle <= base + _LOWEST * self._size:
            return np.inf
        own = self._boxes
        beside = np.minimum(own[:, LEFT] + own[:, WIDTH], left + width)
        beside = beside - np.maximum(own[:, LEFT], left)
        column = own[beside >= -_COLUMN_SLACK * self._size]
        within = base - _IN_LINE * self._size <= middle <= base + 0.3 * self._size
        if not len(column):
            return _ALONE if within else np.inf
        over = column[:, TOP] - (top + height)
        under = top - (column[:, TOP] + column[:, HEIGHT])
        gap = np.maximum(np.maximum(over, _UNDER * under), 0.0).min() / self._size
        return float(min(gap, _ALONE) if within else gap)

    def add(self, piece: Boxes, number: int) -> None:
        """Take a piece in."""
        self._boxes = np.vstack([self._boxes, piece])
        self._numbers.append(number)

    def numbers(self) -> Numbers:
        """Return the numbers of all pieces."""
        return np.array(self._numbers, dtype=np.int64)
