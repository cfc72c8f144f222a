"""The text layer of one PDF page through PDFium, rebuilt from where each character stands."""

from __future__ import annotations

import ctypes
import statistics
from dataclasses import dataclass, field
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium

_MARKS = frozenset("ัิีึืฺุู็่้๊๋์ํ๎") | {chr(code) for code in range(0xF701, 0xF71B)} - {"\uf70f"}
_SPACE_EMS = 0.18
_COLUMN_EMS = 1.6
_SAME_LINE_EMS = 0.3


@dataclass(slots=True)
class _Cluster:
    """A base character with its marks: origin, right edge and size in points."""

    text: str
    left: float
    right: float
    base: float
    size: float


@dataclass(slots=True)
class _Line:
    clusters: list[_Cluster] = field(default_factory=list)

    @property
    def base(self) -> float:
        return self.clusters[0].base

    @property
    def size(self) -> float:
        return max(cluster.size for cluster in self.clusters)

    @property
    def left(self) -> float:
        return min(cluster.left for cluster in self.clusters)

    @property
    def right(self) -> float:
        return max(cluster.right for cluster in self.clusters)


def raw_text(page: pypdfium2.PdfTextPage) -> str:
    """Return the text as PDFium orders it."""
    return str(page.get_text_range(errors="replace"))


def rebuilt_text(page: pypdfium2.PdfTextPage, characters: int) -> str | None:
    """Return the text in lines from top to bottom, every mark with the letter it stands on.

    PDFium breaks lines where the font changes and puts marks that were drawn apart elsewhere. What
    stands on one line is joined by its position; a wide gap (two columns of a letter's head)
    becomes three spaces. None where the page is turned or set in columns, which this order would
    interleave; `raw_text` is right there.

    Args:
        page: text page of PDFium.
        characters: characters looked at.
    """
    clusters = _read_clusters(page, characters)
    if clusters is None or not clusters:
        return None
    lines = _in_stream_lines(clusters)
    rows = _merge_rows(lines)
    if rows is None:
        return None
    return "\n".join(_line_text(row) for row in rows)


def _read_clusters(page: pypdfium2.PdfTextPage, characters: int) -> list[_Cluster] | None:
    clusters: list[_Cluster] = []
    astray: list[tuple[str, float, float]] = []
    x, y = ctypes.c_double(), ctypes.c_double()
    turned = 0
    count = min(page.count_chars(), characters)
    for index in range(count):
        if pdfium.FPDFText_IsGenerated(page, index) == 1:
            continue
        code = pdfium.FPDFText_GetUnicode(page, index)
        if not code:
            continue
        if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            # Halves of a pair stand as two characters; the raw text joins them.
            return None
        text = chr(code)
        if text in "\r\n":
            continue
        pdfium.FPDFText_GetCharOrigin(page, index, x, y)
        if text in _MARKS:
            left, _, right, _ = page.get_charbox(index)
            middle = (left + right) / 2 if right > left else x.value
            last = clusters[-1] if clusters else None
            if last and abs(last.base - y.value) < 0.5 * last.size and _stands_on(middle, last):
                last.text += text
            else:
                astray.append((text, middle, y.value))
            continue
        left, _, right, _ = page.get_charbox(index, loose=True)
        size = float(pdfium.FPDFText_GetFontSize(page, index)) or 10.0
        if abs(pdfium.FPDFText_GetCharAngle(page, index)) > 0.1:
            turned += 1
        left, right = min(x.value, left), max(right, x.value)
        if size < 2.0:
            size = max(2.0, (right - left) * 1.5)
        clusters.append(_Cluster(text, x.value, right, y.value, size))
    if turned > 0.05 * max(1, len(clusters)):
        return None
    for text, middle, base in astray:
        _place(text, middle, base, clusters)
    return clusters


def _stands_on(middle: float, cluster: _Cluster) -> bool:
    return cluster.left - 0.3 * cluster.size <= middle <= cluster.right + 0.15 * cluster.size


def _place(text: str, middle: float, base: float, clusters: list[_Cluster]) -> None:
    near = [
        cluster
        for cluster in clusters
        if abs(cluster.base - base) < 0.6 * cluster.size
        and _stands_on(middle, cluster)
        and not cluster.text.isspace()
    ]
    if near:
        best = min(near, key=lambda c: abs((c.left + c.right) / 2 - middle))
        best.text += text


def _in_stream_lines(clusters: list[_Cluster]) -> list[_Line]:
    lines = [_Line([clusters[0]])]
    for before, cluster in pairwise(clusters):
        tolerance = _SAME_LINE_EMS * max(before.size, cluster.size)
        if abs(before.base - cluster.base) > tolerance or cluster.left < before.left - tolerance:
            lines.append(_Line())
        lines[-1].clusters.append(cluster)
    return [line for line in lines if any(not c.text.isspace() for c in line.clusters)]


def _merge_rows(lines: list[_Line]) -> list[_Line] | None:
    """Join the pieces that share a baseline; None where too many do: the page has columns."""
    rows: list[_Line] = []
    for line in sorted(lines, key=lambda line: -line.base):
        row = rows[-1] if rows else None
        tolerance = _SAME_LINE_EMS * max(line.size, row.size if row else 0)
        if row and abs(row.base - line.base) <= tolerance:
            row.clusters.extend(line.clusters)
        else:
            rows.append(line)
    wide = sum(1 for row in rows if len(row.clusters) > 40 and _has_gutter(row))
    if wide >= 8 and wide > 0.4 * len(rows):
        return None
    for row in rows:
        row.clusters.sort(key=lambda cluster: cluster.left)
    return rows


def _has_gutter(row: _Line) -> bool:
    ordered = sorted(
        (c for c in row.clusters if not c.text.isspace()), key=lambda cluster: cluster.left
    )
    gaps = [b.left - a.right for a, b in pairwise(ordered)]
    return max(gaps, default=0.0) > 1.2 * row.size


def _line_text(line: _Line) -> str:
    pieces: list[str] = []
    end: float | None = None
    size = statistics.median(cluster.size for cluster in line.clusters)
    waiting = False
    for cluster in line.clusters:
        if cluster.text.isspace():
            waiting = True
            continue
        if end is not None:
            gap = cluster.left - end
            if gap > _COLUMN_EMS * size:
                pieces.append("   ")
            elif waiting or gap > _SPACE_EMS * size:
                pieces.append(" ")
        pieces.append(cluster.text)
        end = max(end or cluster.right, cluster.right)
        waiting = False
    return "".join(pieces)
