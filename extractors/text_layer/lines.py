"""Rows of a page from top to bottom, each of strips that stand apart from left to right."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extractors.text_layer.clusters import Cluster

COLUMN_GAP = "   "
_SPACE_EMS = 0.18
_COLUMN_EMS = 1.6
_SAME_LINE_EMS = 0.3
# Thai fonts draw second marks this high over the baseline, and vowels this far below it.
_ASCENT_EMS = 1.05
_DESCENT_EMS = 0.35


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle in points of the PDF page: y grows upwards."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Strip:
    """Text of a row without a wide gap, and where it stands."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Row:
    """Strips that are read as one line, from the left; `base` is the first baseline."""

    base: float
    strips: tuple[Strip, ...]

    @property
    def text(self) -> str:
        """The line: three spaces stand for a wide gap."""
        return COLUMN_GAP.join(strip.text for strip in self.strips)


@dataclass(slots=True)
class Line:
    """Clusters on one baseline."""

    clusters: list[Cluster] = field(default_factory=list)

    @property
    def base(self) -> float:
        """The baseline of the first cluster."""
        return self.clusters[0].base

    @property
    def size(self) -> float:
        """The largest size."""
        return max(cluster.size for cluster in self.clusters)


def stream_lines(clusters: Sequence[Cluster]) -> list[Line]:
    """Part clusters where the baseline changes or the pen goes back; there is one at least."""
    current = [clusters[0]]
    lines = [Line(current)]
    for before, cluster in pairwise(clusters):
        size = before.size if before.size > cluster.size else cluster.size
        tolerance = _SAME_LINE_EMS * size
        if (
            not -tolerance <= before.base - cluster.base <= tolerance
            or cluster.left < before.left - tolerance
        ):
            current = []
            lines.append(Line(current))
        current.append(cluster)
    return lines


def merge_lines(lines: Iterable[Line]) -> list[Line] | None:
    """Join what shares a baseline, top to bottom; None where too much does: columns of text."""
    rows: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.base):
        row = rows[-1] if rows else None
        tolerance = _SAME_LINE_EMS * max(line.size, row.size if row else 0)
        if row and abs(row.base - line.base) <= tolerance:
            row.clusters.extend(line.clusters)
        else:
            rows.append(line)
    for row in rows:
        row.clusters.sort(key=lambda cluster: cluster.left)
    wide = sum(1 for row in rows if len(row.clusters) > 40 and _has_gutter(row))
    if wide >= 8 and wide > 0.4 * len(rows):
        return None
    return rows


def _has_gutter(row: Line) -> bool:
    gaps = [b.left - a.right for a, b in pairwise(row.clusters)]
    return max(gaps, default=0.0) > 1.2 * row.size


def row_of(line: Line) -> Row:
    """Return the row of a line whose clusters are in order from the left."""
    strips: list[Strip] = []
    pieces: list[str] = []
    first = line.clusters[0]
    end = first.left
    size = _usual_size(line.clusters)
    for cluster in line.clusters:
        gap = cluster.left - end
        if gap > _COLUMN_EMS * size and pieces:
            strips.append(Strip("".join(pieces), _extent(first.left, end, line.base, size)))
            pieces, first = [], cluster
        elif pieces and (cluster.spaced or gap > _SPACE_EMS * size):
            pieces.append(" ")
        pieces.append(cluster.text)
        if cluster.right > end:
            end = cluster.right
    strips.append(Strip("".join(pieces), _extent(first.left, end, line.base, size)))
    return Row(line.base, tuple(strips))


def _usual_size(clusters: Sequence[Cluster]) -> float:
    sizes = {cluster.size for cluster in clusters}
    if len(sizes) == 1:
        return sizes.pop()
    return statistics.median(cluster.size for cluster in clusters)


def _extent(left: float, right: float, base: float, size: float) -> Place:
    return Place(left, base - _DESCENT_EMS * size, right, base + _ASCENT_EMS * size)


def extent_of(clusters: Sequence[Cluster]) -> Place:
    """Return the rectangle around clusters; there is one at least."""
    return Place(
        min(cluster.left for cluster in clusters),
        min(cluster.base - _DESCENT_EMS * cluster.size for cluster in clusters),
        max(cluster.right for cluster in clusters),
        max(cluster.base + _ASCENT_EMS * cluster.size for cluster in clusters),
    )


def join_places(places: Iterable[Place]) -> Place:
    """Return the rectangle around rectangles; there is one at least."""
    found = list(places)
    return Place(
        min(place.left for place in found),
        min(place.bottom for place in found),
        max(place.right for place in found),
        max(place.top for place in found),
    )
