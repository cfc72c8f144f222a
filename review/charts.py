"""Bar charts as SVG: where each bar stands; colours are classes of the style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

WIDTH: Final = 640
_LABELS = 190
_NUMBERS = 52
_BAR = 15
_GAP = 3
_ROW_GAP = 11
_TOP = 8
_FULL = WIDTH - _LABELS - _NUMBERS
_LONGEST = 26


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: its value, its class, what it says, and where it leads (None: nowhere)."""

    value: float
    css: str
    words: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """Segments side by side, and what stands behind them."""

    segments: tuple[Segment, ...]
    number: str


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A label and its bars, one below the other."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A segment as it is drawn; lengths in the units of the chart's view box."""

    x: float
    y: float
    width: float
    height: float
    segment: Segment


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it is drawn, `y` its base line."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart ready to be drawn; `line` is the x of the target, None without one."""

    height: float
    labels: tuple[Words, ...]
    numbers: tuple[Words, ...]
    boxes: tuple[Box, ...]
    line: float | None = None
    axis: float = _LABELS
    width: int = WIDTH
    top: float = field(default=_TOP)


def draw_chart(
    rows: Sequence[ChartRow], *, full: float | None = None, target: float | None = None
) -> Chart:
    """Return a chart of horizontal bars.

    Args:
        rows: from top to bottom.
        full: the value of a bar of full length; the largest there is by default.
        target: a value at which a line stands.
    """
    sums = [sum(one.value for one in bar.segments) for row in rows for bar in row.bars]
    most = full or max(sums, default=0) or 1
    labels: list[Words] = []
    numbers: list[Words] = []
    boxes: list[Box] = []
    y: float = _TOP
    for row in rows:
        height = len(row.bars) * (_BAR + _GAP) - _GAP
        labels.append(Words(_LABELS - 8, y + height / 2 + 5, _cut(row.label)))
        for bar in row.bars:
            x: float = _LABELS
            for segment in bar.segments:
                width = round(segment.value / most * _FULL, 1)
                if segment.value:
                    boxes.append(Box(x, y, max(width, 1.5), _BAR, segment))
                x += width
            numbers.append(Words(round(x + 6, 1), y + _BAR - 2, bar.number))
            y += _BAR + _GAP
        y += _ROW_GAP - _GAP
    return Chart(
        height=y,
        labels=tuple(labels),
        numbers=tuple(numbers),
        boxes=tuple(boxes),
        line=None if target is None else round(_LABELS + target / most * _FULL, 1),
    )


def _cut(label: str) -> str:
    """Return a label that fits; the table beside the chart has it whole."""
    return label if len(label) <= _LONGEST else label[: _LONGEST - 1].rstrip() + "…"
