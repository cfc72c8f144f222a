"""Letters chained along their baselines to the rows of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from extractors.scans.ink import AREA, HEIGHT, LEFT, TOP, WIDTH

# All in heights of a letter without marks (ก).
_LEAST_LETTER, _TALLEST_LETTER, _WIDEST_LETTER = 0.5, 2.4, 8.0
_REACH = 7.0
# What is longer and thinner than any letter is a bit of a ruled line.
_TALL_RULE, _WIDE_RULE, _THIN_RULE = 1.9, 2.6, 0.22
# Heights of letters that make one size of print.
_ALIKE = 1.55
_MOST_LETTERS = 12_000

Boxes = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(slots=True, eq=False)
class Chain:
    """Letters that follow each other on one baseline."""

    letters: Numbers
    size: float
    left: float
    right: float
    top: float
    base: float


def find_rows(boxes: Boxes, letter: float) -> list[Chain]:
    """Return the letters of every row of a page, from the top.

    Args:
        boxes: a row a piece of ink: left, top, width, height, area; row 0 is the paper.
        letter: the usual height of a letter of the page.
    """
    letters = _letters(boxes, letter)
    if not len(letters):
        return []
    sizes = _local_sizes(boxes, letters, letter)
    keep = boxes[letters, HEIGHT] >= _LEAST_LETTER * sizes
    chains = _chain(boxes, letters[keep], sizes[keep])
    return _rows(boxes, _without_mark_rows(boxes, chains))


def _letters(boxes: Boxes, letter: float) -> Numbers:
    """Return the pieces that may be letters of the page's text, large or small print."""
    heights, widths = boxes[:, HEIGHT], boxes[:, WIDTH]
    likely = (heights >= 0.3 * letter) & (heights <= _TALLEST_LETTER * 2 * letter)
    likely &= (widths >= 0.1 * letter) & (widths <= _WIDEST_LETTER * letter)
    likely &= boxes[:, AREA] >= 0.02 * letter * letter
    likely &= ~are_rules(boxes, letter)
    likely[0] = False
    found = np.flatnonzero(likely)
    if len(found) > _MOST_LETTERS:
        found = found[np.argsort(-boxes[found, AREA])[:_MOST_LETTERS]]
    return found[np.argsort(boxes[found, LEFT], kind="stable")]


def are_rules(boxes: Boxes, letter: float) -> NDArray[np.bool_]:
    """Tell of each piece whether it is a bit of a ruled line."""
    heights, widths = boxes[:, HEIGHT], boxes[:, WIDTH]
    upright = (heights > _TALL_RULE * letter) & (widths < _THIN_RULE * letter)
    level = (widths > _WIDE_RULE * letter) & (heights < _THIN_RULE * letter)
    return np.asarray(upright | level)


def _local_sizes(boxes: Boxes, letters: Numbers, usual: float) -> Boxes:
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


def _chain(boxes: Boxes, letters: Numbers, sizes: Boxes) -> list[Chain]:
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


def _as_chain(boxes: Boxes, letters: Numbers, size: float) -> Chain:
    own = boxes[letters]
    bottoms = own[:, TOP] + own[:, HEIGHT]
    base = float(np.median(bottoms))
    return Chain(
        letters=letters,
        size=size,
        left=float(own[:, LEFT].min()),
        right=float((own[:, LEFT] + own[:, WIDTH]).max()),
        top=base - size,
        base=base,
    )


def _without_mark_rows(boxes: Boxes, chains: list[Chain]) -> list[Chain]:
    """Drop chains that are the tone marks or lower vowels of another; they are no lines.

    What is dropped here is put with its letters by `with_marks`.
    """
    return [
        chain
        for chain in chains
        if not any(_are_marks(boxes, chain, other) for other in chains if other is not chain)
    ]


def _are_marks(boxes: Boxes, chain: Chain, other: Chain) -> bool:
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


def _rows(boxes: Boxes, chains: list[Chain]) -> list[Chain]:
    """Join chains that stand on one baseline: words far apart, cells of a table."""
    rows: list[Chain] = []
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


def _base_at(boxes: Boxes, row: Chain, left: float) -> float:
    """Return the baseline of a row beside a column: that of its letters nearest to it."""
    own = boxes[row.letters]
    ends = own[:, LEFT] + own[:, WIDTH]
    near = np.argsort(np.abs(ends - left))[:12]
    return float(np.median(own[near, TOP] + own[near, HEIGHT]))


class Baseline:
    """Where the letters of a row stand, by column: a straight line where there are enough."""

    def __init__(self, boxes: Boxes, row: Chain) -> None:
        """Fit it to the letters of a row."""
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
        """Return the baseline at a column."""
        return self._start + self._slope * across
