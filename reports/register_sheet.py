"""The incoming register as a workbook: A4 across, repeated head row, page numbers, Thai font.

Rows go to disk as they are written, so a year of any size needs little memory. Every cell is
text: a subject that begins with `=` is a subject.
"""

from __future__ import annotations

import re
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.register_book import COLUMNS, TITLE, EntryKind, RegisterBook

FONT = "TH SarabunPSK"
POINTS = 14
# In characters of the default font; their sum fills A4 across at the margins below.
WIDTHS = (11, 16, 13, 25, 20, 42, 23, 21)
MAX_CELL = 2000
LINE_POINTS = 23
# Thai breaks between words, so a line is never quite full; marks above and below take no width.
_FILLED = 0.66
_MARKS = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
_A4 = 9
_THAI_CHARSET = 222
_MARGIN_INCH = 0.4
# What other programs take for the start of a formula when the cell is typed again.
_STARTERS = ("=", "+", "-", "@", "\t", "'")


def write_register(book: RegisterBook) -> bytes:
    """Return the register as .xlsx bytes."""
    target = BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as workbook:
        workbook.set_properties({"title": f"{TITLE} {book.period.thai}", "author": book.office})
        styles = _Styles(workbook)
        sheet = workbook.add_worksheet(str(book.period))
        _set_page(sheet, book)
        row = _write_head(sheet, styles, book)
        for heading, entry in book.by_day():
            if heading:
                sheet.set_row(row, LINE_POINTS)
                sheet.merge_range(row, 0, row, len(COLUMNS) - 1, heading, styles.day)
                row += 1
            cells = entry.cells()
            sheet.set_row(row, LINE_POINTS * _lines(cells))
            for column, text in enumerate(cells):
                # What became of a void number, and why, is not struck through.
                told = column >= len(cells) - 2 and entry.kind is EntryKind.VOIDED
                style = styles.cell(text, EntryKind.PLAIN if told else entry.kind)
                sheet.write_string(row, column, text[:MAX_CELL], style)
            row += 1
        sheet.write_string(row + 1, 0, book.foot, styles.foot)
    return target.getvalue()


def _lines(cells: tuple[str, ...]) -> int:
    """Return how many lines the highest cell of a row takes; programs do not all find out."""
    return max(
        -(-len(_MARKS.sub("", text)) // int(width * _FILLED)) or 1
        for text, width in zip(cells, WIDTHS, strict=True)
    )


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        font = {"font_name": FONT, "font_size": POINTS, "font_charset": _THAI_CHARSET}
        cell = {**font, "border": 1, "text_wrap": True, "valign": "top", "num_format": "@"}
        looks: dict[EntryKind, dict[str, object]] = {
            EntryKind.PLAIN: {},
            EntryKind.VOIDED: {"font_strikeout": True, "font_color": "#6b6b6b"},
            EntryKind.HIDDEN: {"italic": True},
        }
        self._plain = {k: workbook.add_format({**cell, **look}) for k, look in looks.items()}
        self._quoted = {
            k: workbook.add_format({**cell, **look, "quote_prefix": True})
            for k, look in looks.items()
        }
        self.title = workbook.add_format({**font, "font_size": 18, "bold": True, "align": "center"})
        self.under = workbook.add_format({**font, "font_size": 16, "align": "center"})
        self.head = workbook.add_format(
            {**cell, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#ececec"}
        )
        self.day = workbook.add_format({**cell, "bold": True, "bg_color": "#f7f7f7"})
        self.foot = workbook.add_format(font)

    def cell(self, text: str, kind: EntryKind) -> Format:
        """Return the format of a cell; one that looks like a formula is quoted as well."""
        return (self._quoted if text.startswith(_STARTERS) else self._plain)[kind]


def _set_page(sheet: Worksheet, book: RegisterBook) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=_MARGIN_INCH, right=_MARGIN_INCH, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_footer(
        f'&L&"{FONT}"&12{TITLE} {book.period.thai}&R&"{FONT}"&12หน้า &P จาก &N',
        {"margin": 0.3},
    )
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    # Title, office and period stand above; only the head row comes again on every page.
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 0)


def _write_head(sheet: Worksheet, styles: _Styles, book: RegisterBook) -> int:
    """Write what stands above the entries and return the row of the first."""
    last = len(COLUMNS) - 1
    sheet.set_row(0, 1.4 * LINE_POINTS)
    sheet.merge_range(0, 0, 0, last, TITLE, styles.title)
    sheet.set_row(1, 1.2 * LINE_POINTS)
    sheet.merge_range(1, 0, 1, last, f"{book.office}  {book.period.thai}", styles.under)
    sheet.set_row(2, 2 * LINE_POINTS)
    for column, name in enumerate(COLUMNS):
        sheet.write_string(2, column, name, styles.head)
    return 3
