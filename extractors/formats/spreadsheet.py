"""Spreadsheets (.xlsx, .xls, .ods) as text: a line a row, cells apart, empty rows left out."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
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
# A sheet is laid out from its first cell to its last, empty ones between them too.
_CELLS = 20_000_000
_PIECE = 1 << 20
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")

Cell = int | float | str | bool | time | date | datetime | timedelta


def read(data: bytes, request: ReadingRequest) -> FormatReading:
    """Return all sheets as one page; see `FormatReader`."""
    refuse_bomb(data, request)
    _refuse_vast_sheets(data)
    return read_xls(data, request)


def read_xls(data: bytes, request: ReadingRequest) -> FormatReading:
    """Return all sheets of the old binary format as one page; see `FormatReader`."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        lines = list(_lines(workbook))
    except (CalamineError, OSError, ValueError):
        raise UnreadableInput(ReadOutcome.DAMAGED, "The spreadsheet cannot be opened.") from None
    return native_reading("\n".join(lines), request)


def _refuse_vast_sheets(data: bytes) -> None:
    """Refuse a .xlsx with two cells so far apart that the sheet between them fills the memory.

    Raises:
        UnreadableInput: damaged, or a sheet of more than 20 million cells.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and _extent(archive, name) > _CELLS:
                    raise UnreadableInput(ReadOutcome.TOO_LARGE, "A sheet has too many cells.")
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, zlib.error):
        raise UnreadableInput(ReadOutcome.DAMAGED, "The spreadsheet cannot be opened.") from None


def _extent(archive: zipfile.ZipFile, name: str) -> int:
    """Return the number of cells from A1 to the last row and column that a cell names."""
    last_row, last_columns, rest = 0, {b""}, b""
    with archive.open(name) as sheet:
        while piece := sheet.read(_PIECE):
            places = _PLACE.findall(rest + piece)
            last_row = max(last_row, *(int(row) for _, row in places), 0)
            last_columns |= {column for column, _ in places}
            rest = piece[-20:]
    return last_row * max(map(_column_number, last_columns))


def _column_number(letters: bytes) -> int:
    """Return the number of a column from its letters: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


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
