"""Lines of text on a page: letters chained along the baseline, marks put with their letters.

Text recognition of a whole page takes rows of tone marks for lines of their own and loses cells of
tables; a line that is cut out here holds its own pieces of ink and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from extractors.scan_cleaner import Pixels
from extractors.scans.ink import AREA, HEIGHT, LEFT, TOP, WIDTH, Ink, usual_letter

# All in heights of a letter without marks (ก).
_LEAST_LETTER, _TALLEST_LETTER, _WIDEST_LETTER = 0.5, 2.4, 8.0
_REACH = 7.0
_COLUMN_GAP = 2.5
_ABOVE, _BELOW = 1.35, 0.95
_DIRT = 0.012
_MARGIN = 0.4
# What is longer and thinner than any letter is a bit of a ruled line.
_TALL_RULE, _WIDE_RULE, _THIN_RULE = 1.9, 2.6, 0.22
# Heights of letters that make one size of print.
_ALIKE = 1.55
_MOST_LETTERS = 12_000
_MOST_LINES = 400
_WIDEST_IMAGE = 8000

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class TextLine:
    """A line of text, or its part in one column.

    Attributes:
        pieces: the numbers of its pieces in the ink.
        letter: height of its plain letters, in pixels.
        row: number of the row it stands in, from the top; parts of one row share it.
        left, top, right, bottom: its place, in pixels.
    """

    pieces: Numbers
    letter: float
    row: int
    left: int
    top: int
    right: int
    bottom: int


def find_lines(ink: Ink) -> list[TextLine]:
    """Return the lines of a page, rows from the top and their parts from the left."""
    letter = usual_letter(ink.boxes)
    if not letter:
        return []
    boxes = ink.boxes.astype(np.float64)
    letters = _letters(boxes, letter)
    if not len(letters):
        return []
    sizes = _local_sizes(boxes, letters, letter)
    keep = boxes[letters, HEIGHT] >= _LEAST_LETTER * sizes
    letters, sizes = letters[keep], sizes[keep]
    chains = _chain(boxes, letters, sizes)
    chains = _without_mark_rows(boxes, chains)
    rows = _rows(boxes, chains)[:_MOST_LINES]
    members = _with_marks(boxes, rows)
    found: list[TextLine] = []
    for row, (own, size) in enumerate(zip(members, (chain.size for chain in rows), strict=True)):
        found += [_line(boxes, part, size, row) for part in _columns(boxes, own, size)]
    return found


def cut_out(ink: Ink, line: TextLine, letter: float) -> tuple[Pixels, int]:
    """Return the image of a line with nothing but its own ink, and its first column on the page.

    Args:
        ink: the page's ink.
        line: the line.
        letter: height of a plain letter in the image, in pixels.
    """
    margin = round(_MARGIN * line.letter)
    height, width = ink.page.shape
    left, top = max(0, line.left - margin), max(0, line.top - margin)
    right, bottom = min(width, line.right + margin), min(height, line.bottom + margin)
    labels = ink.labels[top:bottom, left:right]
    own = np.isin(labels, line.pieces).astype(np.uint8)
    own = np.asarray(cv2.dilate(own, np.ones((3, 3), np.uint8)), dtype=np.uint8)
    image = np.where(own > 0, ink.page[top:bottom, left:right], 255).astype(np.uint8)
    # Specks taken for a line across the page would become an image without bounds.
    scale = min(letter / line.letter, _WIDEST_IMAGE / image.shape[1])
    kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    resized = cv2.resize(image, None, fx=scale, fy=scale, interpolation=kind)
    return np.asarray(resized, dtype=np.uint8), left


@dataclass(slots=True, eq=False)
class _Chain:
    """Letters that follow each other on one baseline."""

    letters: Numbers
    size: float
    left: float
    right: float
    top: float
    base: float


def _letters(boxes: NDArray[np.float64], letter: float) -> Numbers:
    """Return the pieces that may be letters of the page's text, large or small print."""
    heights, widths = boxes[:, HEIGHT], boxes[:, WIDTH]
    likely = (heights >= 0.3 * letter) & (heights <= _TALLEST_LETTER * 2 * letter)
    likely &= (widths >= 0.1 * letter) & (widths <= _WIDEST_LETTER * letter)
    likely &= boxes[:, AREA] >= 0.02 * letter * letter
    likely &= ~_are_rules(boxes, letter)
    likely[0] = False
    found = np.flatnonzero(likely)
    if len(found) > _MOST_LETTERS:
        found = found[np.argsort(-boxes[found, AREA])[:_MOST_LETTERS]]
    return found[np.argsort(boxes[found, LEFT], kind="stable")]


def _are_rules(boxes: NDArray[np.float64], letter: float) -> NDArray[np.bool_]:
    heights, widths = boxes[:, HEIGHT], boxes[:, WIDTH]
    upright = (heights > _TALL_RULE * letter) & (widths < _THIN_RULE * letter)
    level = (widths > _WIDE_RULE * letter) & (heights < _THIN_RULE * letter)
    return np.asarray(upright | level)


def _local_sizes(boxes: NDArray[np.float64], letters: Numbers, usual: float) -> NDArray[np.float64]:
    """Return for each piece the height of the letters it stands among.

    The upper half of the heights of what stands beside it; marks beside marks are put right later.
    """
    top, height = boxes[letters, TOP], boxes[letters, HEIGHT]
    left, right = boxes[letters, LEFT], boxes[letters, LEFT] + boxes[letters, WIDTH]
    bottom = top + height
    order = np.argsort(top, kind="stable")
    tops = top[order]
    tallest = float(height.max())
    sizes = np.empty(len(letters))
    for index in range(len(letters)):
        begin = np.searchsorted(tops, top[index] - tallest)
        end = np.searchsorted(tops, bottom[index])
        near = order[begin:end]
        over = np.minimum(bottom[near], bottom[index]) - np.maximum(top[near], top[index])
        beside = over >= 0.5 * np.minimum(height[near], height[index])
        beside &= (left[near] - right[index] <= 8 * usual) & (
            left[index] - right[near] <= 8 * usual
        )
        own = np.sort(height[near[beside]])
        own = own[own >= 0.6 * own[3 * len(own) // 4]]
        sizes[index] = own[len(own) // 2]
    return sizes


def _chain(
    boxes: NDArray[np.float64], letters: Numbers, sizes: NDArray[np.float64]
) -> list[_Chain]:
    """Join each letter to the nearest one left of it that stands on its baseline."""
    top, height = boxes[letters, TOP], boxes[letters, HEIGHT]
    left, right = boxes[letters, LEFT], boxes[letters, LEFT] + boxes[letters, WIDTH]
    bottom = top + height
    pairs: list[tuple[int, int]] = []
    for index in range(1, len(letters)):
        size = sizes[index]
        begin = int(np.searchsorted(left, left[index] - (_REACH + _WIDEST_LETTER) * size))
        before = np.arange(begin, index)
        if not len(before):
            continue
        over = np.minimum(bottom[before], bottom[index]) - np.maximum(top[before], top[index])
        gap = left[index] - right[before]
        fits = over >= 0.55 * np.minimum(height[before], height[index])
        fits &= (gap <= _REACH * size) & (gap >= -1.0 * size)
        fits &= (sizes[before] <= _ALIKE * size) & (size <= _ALIKE * sizes[before])
        candidates = before[fits]
        if len(candidates):
            aside = np.abs(bottom[candidates] - bottom[index])
            cost = np.maximum(gap[fits], 0) + 0.7 * aside
            pairs.append((index, int(candidates[cost.argmin()])))
    groups = _connected(len(letters), pairs)
    return [_as_chain(boxes, letters[group], float(np.median(sizes[group]))) for group in groups]


def _connected(count: int, pairs: Sequence[tuple[int, int]]) -> list[Numbers]:
    ends = np.array(pairs, dtype=np.int64).reshape(len(pairs), 2)
    graph = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)


def _as_chain(boxes: NDArray[np.float64], letters: Numbers, size: float) -> _Chain:
    own = boxes[letters]
    bottoms = own[:, TOP] + own[:, HEIGHT]
    base = float(np.median(bottoms))
    return _Chain(
        letters=letters,
        size=size,
        left=float(own[:, LEFT].min()),
        right=float((own[:, LEFT] + own[:, WIDTH]).max()),
        top=base - size,
        base=base,
    )


def _without_mark_rows(boxes: NDArray[np.float64], chains: list[_Chain]) -> list[_Chain]:
    """Drop chains that are the tone marks or lower vowels of another; they are no lines.

    What is dropped here is put with its letters by `_with_marks`.
    """
    return [
        chain
        for chain in chains
        if not any(_are_marks(boxes, chain, other) for other in chains if other is not chain)
    ]


def _are_marks(boxes: NDArray[np.float64], chain: _Chain, other: _Chain) -> bool:
    """Tell whether a chain stands right over or under the letters of another, as no line does.

    Between two lines there is room for marks, so more than half a letter.
    """
    if len(chain.letters) > len(other.letters):
        return False
    if chain.left < other.left - other.size or chain.right > other.right + other.size:
        return False
    own = boxes[chain.letters]
    top, size = float(own[:, TOP].min()), other.size
    tallest = float(np.median(own[:, HEIGHT]))
    # A tone mark over a vowel floats higher than two marks that touch.
    reach = 0.45 if tallest > 0.65 * size else 1.0
    over = (
        tallest < 1.1 * size
        and other.top - reach * size <= chain.base <= other.base - 0.25 * size
        and top >= other.top - 1.6 * size
    )
    under = (
        tallest < 0.75 * size
        and other.base - 0.3 * size <= top <= other.base + 0.4 * size
        and chain.base <= other.base + size
    )
    inside = tallest < 0.75 * size and other.top <= top and chain.base <= other.base
    return over or under or inside


def _rows(boxes: NDArray[np.float64], chains: list[_Chain]) -> list[_Chain]:
    """Join chains that stand on one baseline: words far apart, cells of a table."""
    rows: list[_Chain] = []
    for chain in sorted(chains, key=lambda chain: chain.left):
        fitting = [
            row
            for row in rows
            if row.right - 0.5 * chain.size <= chain.left
            and abs(_base_at(boxes, row, chain.left) - chain.base)
            <= 0.3 * min(row.size, chain.size)
            and max(row.size, chain.size) <= _ALIKE * min(row.size, chain.size)
        ]
        if not fitting:
            rows.append(chain)
            continue
        row = min(fitting, key=lambda row: abs(_base_at(boxes, row, chain.left) - chain.base))
        joined = np.concatenate([row.letters, chain.letters])
        wide = row if len(row.letters) >= len(chain.letters) else chain
        rows[rows.index(row)] = _as_chain(boxes, joined, wide.size)
    return sorted(rows, key=lambda row: row.base)


def _base_at(boxes: NDArray[np.float64], row: _Chain, left: float) -> float:
    """Return the baseline of a row beside a column: that of its letters nearest to it."""
    own = boxes[row.letters]
    ends = own[:, LEFT] + own[:, WIDTH]
    near = np.argsort(np.abs(ends - left))[:12]
    return float(np.median(own[near, TOP] + own[near, HEIGHT]))


def _with_marks(boxes: NDArray[np.float64], rows: Sequence[_Chain]) -> list[Numbers]:
    """Return for each row its letters and every other piece that stands nearest to it."""
    taken = _are_rules(boxes, float(np.median([row.size for row in rows])) if rows else 1.0)
    taken[0] = True
    for row in rows:
        taken[row.letters] = True
    size = np.array([row.size for row in rows])
    left, right = np.array([row.left for row in rows]), np.array([row.right for row in rows])
    bases = [_Baseline(boxes, row) for row in rows]
    added: list[list[int]] = [[] for _ in rows]
    for piece in np.flatnonzero(~taken):
        x, y, width, height, area = boxes[piece]
        middle, across = y + height / 2, x + width / 2
        near = (across >= left - 1.5 * size) & (across <= right + 1.5 * size)
        near &= (height <= 2.5 * size) & (width <= 6 * size) & (area >= _DIRT * size * size)
        for_these = np.flatnonzero(near)
        best, nearest = -1, np.inf
        for number in for_these:
            base = bases[number].at(float(across))
            far = _distance(float(middle), base, float(size[number]))
            if far <= 1 and far < nearest:
                best, nearest = int(number), far
        if best >= 0:
            added[best].append(int(piece))
    return [
        np.concatenate([row.letters, np.array(more, dtype=np.int64)])
        for row, more in zip(rows, added, strict=True)
    ]


def _distance(middle: float, base: float, size: float) -> float:
    """Return how far a mark stands from its letters, 1 where it may just belong to them."""
    if middle < base - size:
        return (base - size - middle) / (_ABOVE * size)
    return max(0.0, middle - base) / (_BELOW * size)


class _Baseline:
    """Where the letters of a row stand, by column: a straight line where there are enough."""

    def __init__(self, boxes: NDArray[np.float64], row: _Chain) -> None:
        own = boxes[row.letters]
        across = own[:, LEFT] + own[:, WIDTH] / 2
        bottoms = own[:, TOP] + own[:, HEIGHT]
        near = np.abs(bottoms - row.base) <= 0.5 * row.size
        self._slope, self._start = 0.0, row.base
        if near.sum() >= 12 and row.right - row.left > 10 * row.size:
            self._slope, self._start = (
                float(v) for v in np.polyfit(across[near], bottoms[near], 1)
            )

    def at(self, across: float) -> float:
        return self._start + self._slope * across


def _columns(boxes: NDArray[np.float64], own: Numbers, size: float) -> list[Numbers]:
    """Part a row where it has a wide gap."""
    own = own[np.argsort(boxes[own, LEFT], kind="stable")]
    ends = np.maximum.accumulate(boxes[own, LEFT] + boxes[own, WIDTH])
    gaps = boxes[own[1:], LEFT] - ends[:-1]
    return np.split(own, np.flatnonzero(gaps > _COLUMN_GAP * size) + 1)


def _line(boxes: NDArray[np.float64], own: Numbers, size: float, row: int) -> TextLine:
    part = boxes[own]
    return TextLine(
        pieces=own,
        letter=size,
        row=row,
        left=int(part[:, LEFT].min()),
        top=int(part[:, TOP].min()),
        right=int((part[:, LEFT] + part[:, WIDTH]).max()),
        bottom=int((part[:, TOP] + part[:, HEIGHT]).max()),
    )
