"""Give results back in the order of their requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

Result = TypeVar("Result")


def in_order(numbered: Iterable[tuple[int, Result]]) -> Iterator[Result]:
    """Yield results by their index from 0, each as soon as all before it have come."""
    early: dict[int, Result] = {}
    expected = 0
    for index, result in numbered:
        early[index] = result
        while expected in early:
            yield early.pop(expected)
            expected += 1
