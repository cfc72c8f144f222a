"""Long lists of ids in parts: a statement takes only so many parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

Value = TypeVar("Value")

_SIZE = 500


def chunks(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """Yield all values in order, some hundred at a time; nothing for an empty list."""
    return (values[start : start + _SIZE] for start in range(0, len(values), _SIZE))
