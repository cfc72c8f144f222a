"""Shares, averages and medians as reports print them: one decimal, halves up, blank for nothing.

All in whole numbers: binary floats must not decide what a report says.
"""

from __future__ import annotations

from collections.abc import Mapping


def percent_of(part: int, whole: int) -> float | None:
    """Return a share, 0 to 100 with one decimal; None for a share of nothing."""
    return _tenths(part * 100, whole)


def average_of(counted: Mapping[int, int]) -> float | None:
    """Return the average of values given as {value ≥ 0: how often}; None for none."""
    return _tenths(sum(value * often for value, often in counted.items()), sum(counted.values()))


def median_of(counted: Mapping[int, int]) -> float | None:
    """Return the median of values given as {value: how often}; None for none.

    Of an even number it is the middle of the two in the middle.
    """
    whole = sum(counted.values())
    if not whole:
        return None
    low, high = _nth(counted, (whole - 1) // 2), _nth(counted, whole // 2)
    return (low + high) / 2


def _tenths(part: int, whole: int) -> float | None:
    return (part * 20 + whole) // (2 * whole) / 10 if whole else None


def _nth(counted: Mapping[int, int], place: int) -> int:
    for value in sorted(counted):
        place -= counted[value]
        if place < 0:
            return value
    raise IndexError("fewer values than that")
