"""Marks over and under letters, dots and signs: each put with the row it belongs to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extractors.scans.chains import Baseline, Boxes, Chain, Numbers, are_rules
from extractors.scans.ink import HEIGHT, LEFT, TOP, WIDTH

# All in heights of a letter without marks (ก).
_DIRT = 0.012
_TALLEST_MARK, _WIDEST_MARK = 2.5, 6.0
# How far a mark may stand from what it belongs to. First come vowels over letters, and nothing
# under any: a tone mark over such a vowel may be as near to the letters of the line above.
_OVER_LETTERS = 0.35
_REACHES = (_OVER_LETTERS, 0.5, 0.9)
_HIGHEST, _LOWEST, _IN_LINE = 2.4, 1.1, 1.3
# What stands under a letter stands close; what is far below belongs to the next line.
_UNDER = 0.8
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
    for turn, reach in enumerate(_REACHES):
        found: list[tuple[int, _Members]] = []
        for piece in waiting:
            left_edge, _, width, height, area = boxes[piece]
            across = left_edge + width / 2
            near = (across >= left) & (across <= right) & (area >= _DIRT * size * size)
            near &= (height <= _TALLEST_MARK * size) & (width <= _WIDEST_MARK * size)
            rows_near = [members[int(number)] for number in np.flatnonzero(near)]
            costs = [(row.distance(boxes[piece], turn), at) for at, row in enumerate(rows_near)]
            cost, at = min(costs, default=(np.inf, -1))
            if cost > reach:
                continue
            if not turn and any(row.carries(boxes[piece], cost) for row in rows_near):
                continue
            found.append((int(piece), rows_near[at]))
        # Only now, so that no mark is drawn along by another of the same round.
        for number, owner in found:
            owner.add(boxes[number], number)
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

    def distance(self, piece: Boxes, turn: int) -> float:
        """Return the gap to what stands over or under it; over letters only at the first turn."""
        left, top, width, height = piece[:4]
        base = self._baseline.at(float(left + width / 2))
        middle = top + height / 2
        if not base - _HIGHEST * self._size <= middle <= base + _LOWEST * self._size:
            return np.inf
        over, under = self._column(piece)
        within = base - _IN_LINE * self._size <= middle <= base + 0.3 * self._size
        if not turn:
            over, under = over[under <= 0], under[under <= 0]
        if not len(over):
            return _ALONE if within else np.inf
        gap = np.maximum(np.maximum(over, _UNDER * under), 0.0).min() / self._size
        return float(min(gap, _ALONE) if within else gap)

    def _column(self, piece: Boxes) -> tuple[Boxes, Boxes]:
        """Return by how much a piece stands over, and under, each of what is in its column."""
        left, top, width, height = piece[:4]
        own = self._boxes
        beside = np.minimum(own[:, LEFT] + own[:, WIDTH], left + width)
        beside = beside - np.maximum(own[:, LEFT], left)
        column = own[beside >= -_COLUMN_SLACK * self._size]
        return column[:, TOP] - (top + height), top - (column[:, TOP] + column[:, HEIGHT])

    def carries(self, piece: Boxes, gap: float) -> bool:
        """Tell whether a piece stands under letters of the row, nearer than a gap."""
        _, under = self._column(piece)
        under = under[under > -_COLUMN_SLACK * self._size]
        return bool(len(under)) and float(max(under.min(), 0.0)) < gap * self._size

    def add(self, piece: Boxes, number: int) -> None:
        """Take a piece in."""
        self._boxes = np.vstack([self._boxes, piece])
        self._numbers.append(number)

    def numbers(self) -> Numbers:
        """Return the numbers of all pieces."""
        return np.array(self._numbers, dtype=np.int64)
