"""Spreadsheets (.xlsx, .xls, .ods) as text: a line a row, cells apart, empty rows left out."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from correspondence.errors import UnreadableInput
from correspondence.vocabulary import ReadOutcome
from extractors.formats.archives import refuse_bomb
from extractors.formats.protocol import FormatReading, native_reading
from extractors.request import ReadingRequest

# As wide a gap as the field readers take for a column.
_GAP = "    "
_ROWS = 20_000

Cell = int | float | str | bool | time | date | datetime | timedelta


def read(data: bytes, request: ReadingRequest) -> FormatReading:
    """Return all sheets as one page; see `FormatReader`."""
    refuse_bomb(data, request)
    return read_xls(data, request)


def read_xls(data: bytes, request: ReadingRequest) -> FormatReading:
    """Return all sheets of the old binary format as one page; see `FormatReader`."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        lines = list(_lines(workbook))
    except (CalamineError, OSError, ValueError):
        raise UnreadableInput(ReadOutcome.DAMAGED, "The spreadsheet cannot be opened.") from None
    return native_reading("\n".join(lines), request)


def _lines(workbook: CalamineWorkbook) -> Iterator[str]:
    left = _ROWS
    for name in workbook.sheet_names:
        rows = workbook.get_sheet_by_name(name).to_python(nrows=left)
        left -= len(rows)
        texts = [_GAP.join(filter(None, map(_text, row))) for row in rows]
        yield from filter(None, texts)
        if left <= 0:
            return


def _text(cell: Cell) -> str:
    """Return a cell as a person sees it: whole numbers without a fraction."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
