"""The text layer of one PDF page through PDFium, rebuilt from where each character stands."""

from __future__ import annotations

import ctypes
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium

_MARKS = frozenset("ัิีึืฺุู็่้๊๋์ํ๎") | {chr(code) for code in range(0xF701, 0xF71B)} - {"\uf70f"}
_LEADING_VOWELS = frozenset("เแโใไ")
_SPACE_EMS = 0.18
_COLUMN_EMS = 1.6
_SAME_LINE_EMS = 0.3
_LINE_ENDS = frozenset("\r\n")
_BLANKS = (
    _LINE_ENDS | frozenset("\t \u00a0\u202f\u3000") | frozenset(map(chr, range(0x2000, 0x200B)))
)
# PDFium's sign for a hyphen before the end of a line: a number there (LPA-/69) would lose it.
_LINE_HYPHENS = frozenset("\ufffe\x02")
_RAW_HYPHEN = re.compile("(?<=[0-9A-Za-z๐-๙])[\ufffe\x02]")
_SURROGATES = frozenset(map(chr, range(0xD800, 0xE000)))
# What decoding puts for halves of a pair, and characters that took two indexes.
_REPLACED = frozenset("\ufffd")
_ANGLE_EVERY = 8


@dataclass(slots=True)
class _Cluster:
    """A base character with its marks: origin, right edge and size in points.

    `spaced` where the file has a blank before it.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    spaced: bool = False


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
    return _RAW_HYPHEN.sub("-", str(page.get_text_range(errors="replace")))


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
    glyphs = _Glyphs(page)
    turned = looked_at = 0
    spaced = False
    for index, text in enumerate(glyphs.characters(min(page.count_chars(), characters))):
        if text in _BLANKS:
            # A blank that the file draws parts its neighbours in the file's order: where it was
            # drawn says nothing (the lost ring of a Word file's ำ stands behind its า).
            spaced = spaced or (text not in _LINE_ENDS and not glyphs.is_generated(index))
            continue
        if text in _LINE_HYPHENS:
            if not glyphs.is_hyphen(index):
                spaced = True
                continue
            text = "-"
        if text == "\0":
            continue
        if text in _SURROGATES:
            # Halves of a pair stand as two characters; the raw text joins them.
            return None
        if text in _MARKS:
            middle, y = glyphs.mark_place(index)
            bearer = _bearer(middle, y, clusters)
            if bearer:
                bearer.text += text
            else:
                astray.append((text, middle, y))
            continue
        if index % _ANGLE_EVERY == 0:
            looked_at += 1
            turned += glyphs.is_turned(index)
        x, y, right, size = glyphs.place(index)
        clusters.append(_Cluster(text, x, right, y, size, spaced))
        spaced = False
    if turned > 0.05 * looked_at:
        return None
    for text, middle, base in astray:
        _place(text, middle, base, clusters)
    return clusters


class _Glyphs:
    """What PDFium says of the characters of a page, through few calls: they are most of the time.

    Distances in points; `index` counts the page's characters.
    """

    def __init__(self, page: pypdfium2.PdfTextPage) -> None:
        self._text_page = page
        self._page = page.raw
        self._numbers = [ctypes.c_double() for _ in range(4)]
        self._pointers = [ctypes.byref(number) for number in self._numbers]
        self._box = pdfium.FS_RECTF()
        self._box_pointer = ctypes.byref(self._box)
        self._sizes: dict[float, float] = {}

    def characters(self, count: int) -> Sequence[str]:
        """Return one string for each index: a character, a half of a pair, or NUL for none."""
        text = str(self._text_page.get_text_range(0, count, errors="replace"))
        if len(text) == count and _REPLACED.isdisjoint(text):
            return text
        return [chr(pdfium.FPDFText_GetUnicode(self._page, index)) for index in range(count)]

    def is_generated(self, index: int) -> bool:
        """Tell whether PDFium put the character there and the file does not have it."""
        return bool(pdfium.FPDFText_IsGenerated(self._page, index) == 1)

    def is_hyphen(self, index: int) -> bool:
        """Tell whether the character is a hyphen at the end of a line."""
        return bool(pdfium.FPDFText_IsHyphen(self._page, index) == 1)

    def is_turned(self, index: int) -> bool:
        """Tell whether the character does not stand upright."""
        return abs(float(pdfium.FPDFText_GetCharAngle(self._page, index))) > 0.1

    def mark_place(self, index: int) -> tuple[float, float]:
        """Return the middle of what is drawn of a mark, and its baseline."""
        left, right = self._numbers[:2]
        pdfium.FPDFText_GetCharOrigin(self._page, index, *self._pointers[:2])
        x, y = left.value, right.value
        if not pdfium.FPDFText_GetCharBox(self._page, index, *self._pointers):
            return x, y
        return ((left.value + right.value) / 2 if right.value > left.value else x), y

    def place(self, index: int) -> tuple[float, float, float, float]:
        """Return origin, baseline, right edge of the character's place, and its font's size."""
        pointers, box = self._pointers, self._box
        pdfium.FPDFText_GetCharOrigin(self._page, index, pointers[0], pointers[1])
        x, y = self._numbers[0].value, self._numbers[1].value
        if not pdfium.FPDFText_GetLooseCharBox(self._page, index, self._box_pointer):
            return x, y, x, 10.0
        right = max(box.right, x)
        # Characters of one size have places of one height.
        height = round(box.top - box.bottom, 2)
        size = self._sizes.get(height)
        if size is None:
            size = float(pdfium.FPDFText_GetFontSize(self._page, index)) or 10.0
            self._sizes[height] = size
        return x, y, right, size if size >= 2.0 else max(2.0, (right - x) * 1.5)


def _bearer(middle: float, base: float, clusters: list[_Cluster]) -> _Cluster | None:
    """Return the cluster that a mark belongs to: the last, or the one before if it is over that.

    PDFium may give a letter before the second mark of the letter it follows (นั้น as นัน้).
    """
    for cluster in clusters[-2:] if _is_behind(middle, clusters) else clusters[-1:]:
        if abs(cluster.base - base) < 0.5 * cluster.size and _stands_on(middle, cluster):
            return cluster
    return None


def _is_behind(middle: float, clusters: list[_Cluster]) -> bool:
    if len(clusters) < 2 or middle >= clusters[-1].left:
        return False
    return clusters[-2].left <= middle and _stands_on(middle, clusters[-2])


def _stands_on(middle: float, cluster: _Cluster) -> bool:
    return cluster.left - 0.3 * cluster.size <= middle <= cluster.right + 0.15 * cluster.size


def _place(text: str, middle: float, base: float, clusters: list[_Cluster]) -> None:
    near = [
        cluster
        for cluster in clusters
        if abs(cluster.base - base) < 0.6 * cluster.size and _stands_on(middle, cluster)
    ]
    if near:
        # No mark stands on เ, and a mark of the letter before may reach over the next one.
        best = min(
            near,
            key=lambda c: (
                c.text[0] in _LEADING_VOWELS,
                c.left > middle,
                abs((c.left + c.right) / 2 - middle),
            ),
        )
        best.text += text


def _in_stream_lines(clusters: list[_Cluster]) -> list[_Line]:
    lines = [_Line([clusters[0]])]
    for before, cluster in pairwise(clusters):
        tolerance = _SAME_LINE_EMS * max(before.size, cluster.size)
        if abs(before.base - cluster.base) > tolerance or cluster.left < before.left - tolerance:
            lines.append(_Line())
        lines[-1].clusters.append(cluster)
    return lines


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
    ordered = sorted(row.clusters, key=lambda cluster: cluster.left)
    gaps = [b.left - a.right for a, b in pairwise(ordered)]
    return max(gaps, default=0.0) > 1.2 * row.size


def _line_text(line: _Line) -> str:
    pieces: list[str] = []
    end: float | None = None
    size = statistics.median(cluster.size for cluster in line.clusters)
    for cluster in line.clusters:
        if end is not None:
            gap = cluster.left - end
            if gap > _COLUMN_EMS * size:
                pieces.append("   ")
            elif cluster.spaced or gap > _SPACE_EMS * size:
                pieces.append(" ")
        pieces.append(cluster.text)
        end = max(end or cluster.right, cluster.right)
    return "".join(pieces)
