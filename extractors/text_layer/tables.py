"""Ruled tables of a page: a row is one line of text, its cells from left to right."""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from extractors.text_layer.clusters import Cluster
from extractors.text_layer.lines import (
    Line,
    Place,
    Row,
    Strip,
    join_places,
    merge_lines,
    row_of,
    stream_lines,
)

# A page with more drawing than this is a picture; its lines are no table's.
_MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 6_000
_SHORTEST = 8.0
_SLACK = 2.5
# More lines in one cell are text set beside text, not a table's cell.
_MOST_CELL_LINES = 8
_FULL_LINE = 0.7


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruled line: where it stands across its direction, and from where to where it goes."""

    at: float
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Tables:
    """Rows of the tables of a page, and the clusters that stand in none."""

    rows: tuple[Row, ...]
    rest: Sequence[Cluster]


def find_tables(page: pypdfium2.PdfTextPage, clusters: Sequence[Cluster]) -> Tables:
    """Return what stands in the cells of ruled tables as rows.

    A cell has rules on all four sides, a row has two cells with text at least; text in a mere frame
    stays where it is.

    Args:
        page: text page of PDFium.
        clusters: the clusters of the page in the file's order.
    """
    level, upright = _rules(page.page.raw)
    if len(level) < 2 or len(upright) < 3:
        return Tables((), clusters)
    cells: dict[Place, list[Cluster]] = defaultdict(list)
    rest: list[Cluster] = []
    known: list[Place] = []
    lowest, highest = min(r.begin for r in upright), max(r.end for r in upright)
    for cluster in clusters:
        within = lowest < cluster.base < highest
        cell = _cell_of(cluster, known, level, upright) if within else None
        if cell is None:
            rest.append(cluster)
        else:
            cells[cell].append(cluster)
    rows: list[Row] = []
    for band in _bands(list(cells)):
        row = _table_row([cells[cell] for cell in band], band)
        if row is None:
            rest = [*rest, *(cluster for cell in band for cluster in cells[cell])]
        else:
            rows.append(row)
    if not rows:
        return Tables((), clusters)
    return Tables(tuple(rows), rest)


def _cell_of(
    cluster: Cluster, known: list[Place], level: Sequence[Rule], upright: Sequence[Rule]
) -> Place | None:
    x, y = (cluster.left + cluster.right) / 2, cluster.base + 0.25 * cluster.size
    for cell in known[:-4:-1]:
        if cell.left <= x <= cell.right and cell.bottom <= y <= cell.top:
            return cell
    left = max((r.at for r in upright if r.at <= x and _spans(r, y)), default=None)
    right = min((r.at for r in upright if r.at > x and _spans(r, y)), default=None)
    bottom = max((r.at for r in level if r.at <= y and _spans(r, x)), default=None)
    top = min((r.at for r in level if r.at > y and _spans(r, x)), default=None)
    if left is None or right is None or bottom is None or top is None:
        return None
    cell = Place(left, bottom, right, top)
    known.append(cell)
    return cell


def _spans(rule: Rule, place: float) -> bool:
    return rule.begin - _SLACK <= place <= rule.end + _SLACK


def _bands(cells: list[Place]) -> Iterator[list[Place]]:
    """Yield the cells that begin at one height, from the left; a tall cell goes with the first."""
    band: list[Place] = []
    for cell in sorted(cells, key=lambda cell: -cell.top):
        if band and band[0].top - cell.top > _SLACK:
            yield sorted(band, key=lambda cell: cell.left)
            band = []
        band.append(cell)
    if band:
        yield sorted(band, key=lambda cell: cell.left)


def _table_row(contents: list[list[Cluster]], band: list[Place]) -> Row | None:
    if len(band) < 2:
        return None
    strips: list[Strip] = []
    base = contents[0][0].base
    for clusters, cell in zip(contents, band, strict=True):
        lines = merge_lines(stream_lines(clusters))
        if lines is None or len(lines) > _MOST_CELL_LINES:
            return None
        base = max(base, lines[0].base)
        text = ""
        end = cell.left
        rows = [row_of(line) for line in lines]
        for line, row in zip(lines, rows, strict=True):
            written = " ".join(strip.text for strip in row.strips)
            wrapped = end > cell.left + _FULL_LINE * (cell.right - cell.left)
            text += written if not text or (wrapped and _continues(text, line)) else f" {written}"
            end = row.strips[-1].place.right
        place = join_places(strip.place for row in rows for strip in row.strips)
        strips.append(Strip(text, place))
    return Row(base, tuple(strips))


def _continues(text: str, line: Line) -> bool:
    """Tell whether a line goes on with the word before: Thai breaks lines without a blank."""
    first = line.clusters[0]
    return not first.spaced and _is_thai(text[-1]) and _is_thai(first.text[0])


def _is_thai(character: str) -> bool:
    return "ก" <= character <= "๎"


def _rules(page: pdfium.FPDF_PAGE) -> tuple[list[Rule], list[Rule]]:
    """Return the level and the upright rules of a page."""
    level: list[Rule] = []
    upright: list[Rule] = []
    count = pdfium.FPDFPage_CountObjects(page)
    segments = 0
    if count > _MOST_OBJECTS:
        return level, upright
    for index in range(count):
        found = pdfium.FPDFPage_GetObject(page, index)
        if pdfium.FPDFPageObj_GetType(found) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        segments += max(0, pdfium.FPDFPath_CountSegments(found))
        if segments > _MOST_SEGMENTS:
            return [], []
        for x0, y0, x1, y1 in _strokes(found):
            if abs(y0 - y1) <= 1.0 and abs(x0 - x1) >= _SHORTEST:
                level.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            elif abs(x0 - x1) <= 1.0 and abs(y0 - y1) >= _SHORTEST:
                upright.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    return level, upright


def _strokes(path: pdfium.FPDF_PAGEOBJECT) -> Iterator[tuple[float, float, float, float]]:
    """Yield the straight parts of a path in points of the page."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(path, matrix):
        return
    x, y = ctypes.c_float(), ctypes.c_float()
    begun = before = None
    for index in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        if not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            begun = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO and before is not None:
            yield (*before, *point)
        if pdfium.FPDFPathSegment_GetClose(segment) and begun is not None:
            yield (*point, *begun)
        before = point
