"""The two curves of a report: what answering less buys, and whether a probability is true.

Both are drawn from pairs of how sure the classifier was (0 to 1) and whether it was right.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from correspondence.reading import Frozen

BINS = 10
_MOST_POINTS = 60


class Sureness(NamedTuple):
    """How sure the best guess of one letter was, and whether it was right."""

    probability: float
    right: bool


class CoveragePoint(Frozen):
    """What one threshold for all categories would give.

    Attributes:
        threshold: letters at least this probable are answered.
        answered: their share of all letters, 0 to 1.
        precision: the share of them that is right, 0 to 1.
    """

    threshold: float
    answered: float
    precision: float


class ReliabilityBin(Frozen):
    """Letters of about the same probability; empty bins are left out.

    Attributes:
        low: the bin's least probability.
        high: where the next bin begins.
        letters: how many.
        probability: the mean of what was said, 0 to 1.
        right: the share that was right, 0 to 1.
    """

    low: float
    high: float
    letters: int
    probability: float
    right: float


def coverage_precision(sure: Sequence[Sureness]) -> tuple[CoveragePoint, ...]:
    """Return the curve from the surest letters to all of them, in at most 60 points.

    Letters of the same probability stand or fall together: a threshold cannot part them.
    """
    ranked = sorted(sure, key=lambda one: -one.probability)
    points: list[CoveragePoint] = []
    answered = right = 0
    for probability, group in groupby(ranked, key=lambda one: one.probability):
        same = list(group)
        answered += len(same)
        right += sum(one.right for one in same)
        points.append(
            CoveragePoint(
                threshold=round(probability, 4),
                answered=round(answered / len(ranked), 4),
                precision=round(right / answered, 4),
            )
        )
    if len(points) <= _MOST_POINTS:
        return tuple(points)
    step = (len(points) - 1) / (_MOST_POINTS - 1)
    return tuple(points[round(number * step)] for number in range(_MOST_POINTS))


def reliability(sure: Sequence[Sureness]) -> tuple[ReliabilityBin, ...]:
    """Return the letters in ten bins of equal width, the least probable first."""
    bins: dict[int, list[Sureness]] = {}
    for one in sure:
        bins.setdefault(min(BINS - 1, int(one.probability * BINS)), []).append(one)
    return tuple(
        ReliabilityBin(
            low=number / BINS,
            high=(number + 1) / BINS,
            letters=len(group),
            probability=round(sum(one.probability for one in group) / len(group), 4),
            right=round(sum(one.right for one in group) / len(group), 4),
        )
        for number, group in sorted(bins.items())
    )


def calibration_error(bins: Sequence[ReliabilityBin]) -> float:
    """Return the expected calibration error: the mean gap of the bins, weighed by letters."""
    letters = sum(one.letters for one in bins)
    gaps = sum(abs(one.right - one.probability) * one.letters for one in bins)
    return round(gaps / max(1, letters), 4)
