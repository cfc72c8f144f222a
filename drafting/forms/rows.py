"""Rows the forms are made of: headings, dotted lines, loops over points, signature."""

from __future__ import annotations

from docx.document import Document as Sheet
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from drafting.forms.sheet import RED, TEXT_WIDTH_CM, element, lower, write

# The Regulation on Correspondence: urgency in red, no smaller than 32 points.
URGENCY_POINTS = 32
# Width of the number of an indented line.
NUMBER_CM = 1.1
# A line of a list, with its number where it has one.
NUMBERED = "{% if line.number %}{{ line.number }} {% endif %}{{ line.text }}"
# Width of a dotted blank for the pen, in full stops.
PEN = "." * 26


def dotted_to(paragraph: Paragraph, *stops_cm: float) -> None:
    """Give a paragraph tab stops with a dotted leader, centimetres from the margin."""
    for stop in stops_cm:
        # A right-hand stop in mid-line would draw the next label back over the dots.
        side = WD_TAB_ALIGNMENT.RIGHT if stop == stops_cm[-1] else WD_TAB_ALIGNMENT.LEFT
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(stop), side, WD_TAB_LEADER.DOTS)


def tag(sheet: Sheet, statement: str) -> None:
    """Add a paragraph that holds only a docxtpl statement and vanishes when rendered."""
    write(sheet.add_paragraph(), "{%p " + statement + " %}")


def head_table(sheet: Sheet, title: str, points: float) -> None:
    """Add the head: the Garuda's slot, the form's title, the urgency mark."""
    table = plain_table(sheet, (4.4, 7.2, 4.4))
    row = table.rows[0]
    height = element("w:trHeight", val=str(int(1.6 * 567)), hRule="atLeast")
    row._tr.get_or_add_trPr().append(height)
    for cell in row.cells:
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    write(row.cells[0].paragraphs[0], "{{ garuda }}")
    middle = row.cells[1].paragraphs[0]
    middle.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(middle, title, points=points, bold="bold")
    right = row.cells[2].paragraphs[0]
    right.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    write(right, "{{ urgency }}", points=URGENCY_POINTS, bold="bold", colour=RED)


def labelled(sheet: Sheet, *pairs: tuple[str, str, float], points: float = 16.0) -> None:
    """Add one line of labels, each with its value and dots up to a stop in centimetres.

    It stays with the line below: a signature never stands alone on a page.
    """
    paragraph = sheet.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    dotted_to(paragraph, *(stop for _, _, stop in pairs))
    for index, (label, value, _) in enumerate(pairs):
        write(paragraph, ("  " if index else "") + label, points=points, bold="bold")
        write(paragraph, "  " + value)
        write(paragraph, "\t")
    paragraph.paragraph_format.space_after = Pt(2)


def labelled_cells(sheet: Sheet, *cells: tuple[str, str, float]) -> None:
    """Add labels with dotted values side by side; a long value wraps inside its own width."""
    table = plain_table(sheet, tuple(width for _, _, width in cells))
    for cell, (label, value, width) in zip(table.rows[0].cells, cells, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(2)
        write(paragraph, label, bold="bold")
        # LibreOffice draws no tab leader inside a cell: an absent value leaves written dots.
        dots = "." * int((width - 2.6) * 8)
        write(paragraph, " {{ " + value + " or '" + dots + "' }}")


def wrapped(sheet: Sheet, label: str, value: str, indent_cm: float, points: float = 16.0) -> None:
    """Add a label whose value may take several lines, hung under its beginning."""
    paragraph = sheet.add_paragraph()
    paragraph.paragraph_format.left_indent = Cm(indent_cm)
    paragraph.paragraph_format.first_line_indent = Cm(-indent_cm)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(indent_cm))
    dotted_to(paragraph, TEXT_WIDTH_CM)
    write(paragraph, label, points=points, bold="bold")
    write(paragraph, "\t" + value)
    write(paragraph, "\t")
    paragraph.paragraph_format.space_after = Pt(2)


def heading(sheet: Sheet, label: str) -> None:
    """Add a bold heading that stays with the line below it."""
    paragraph = sheet.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_before = Pt(3)
    write(paragraph, label, bold="bold")


def dotted_line(sheet: Sheet, indent_cm: float = 0.0) -> None:
    """Add an empty dotted line for the pen."""
    paragraph = sheet.add_paragraph()
    paragraph.paragraph_format.left_indent = Cm(indent_cm)
    dotted_to(paragraph, TEXT_WIDTH_CM)
    write(paragraph, "\t")


def section(sheet: Sheet, label: str, name: str) -> None:
    """Add a heading with its lines: run in where it has one, dotted for the pen where none."""
    tag(sheet, f"if {name} | length == 1 and {name}[0].kind == 'plain'")
    one = sheet.add_paragraph()
    one.paragraph_format.space_before = Pt(3)
    write(one, label, bold="bold")
    write(one, "  {{ " + name + "[0].text }}")
    tag(sheet, f"elif not {name}")
    labelled(sheet, (label, "", TEXT_WIDTH_CM))
    tag(sheet, "else")
    heading(sheet, label)
    _lines(sheet, name, 0.0)
    tag(sheet, "endif")


def points_of(sheet: Sheet, name: str, indent_cm: float = 1.0) -> None:
    """Add a loop over the lines of a section, or a dotted line where there are none.

    Each line has `kind` (numbered, plain, item), `number` and `text`.
    """
    _lines(sheet, name, indent_cm)
    tag(sheet, f"if not {name}")
    dotted_line(sheet, indent_cm)
    tag(sheet, "endif")


def _lines(sheet: Sheet, name: str, indent_cm: float) -> None:
    """Add the lines of a section: hung under its heading, or, indented, as official memos run.

    There the number stands in, and the lines below it go back to the margin.
    """
    tag(sheet, f"for line in {name}")
    tag(sheet, "if line.kind == 'numbered'")
    if indent_cm:
        _running(sheet, "{{ line.number }}\t{{ line.text }}", indent_cm, NUMBER_CM)
    else:
        _hung(sheet, "{{ line.number }}\t{{ line.text }}", 0.0, 0.8)
    tag(sheet, "elif line.kind == 'item'")
    if indent_cm:
        _running(sheet, "{{ line.text }}", indent_cm + NUMBER_CM, 0.0)
    else:
        _hung(sheet, "{{ line.text }}", 0.8, 0.7)
    tag(sheet, "else")
    if indent_cm:
        _running(sheet, "{{ line.text }}", indent_cm, 0.0)
    else:
        _hung(sheet, "{{ line.text }}", 0.0, 0.0)
    tag(sheet, "endif")
    tag(sheet, "endfor")


def _hung(sheet: Sheet, text: str, left_cm: float, hang_cm: float) -> None:
    paragraph = sheet.add_paragraph()
    form = paragraph.paragraph_format
    form.left_indent = Cm(left_cm + hang_cm)
    form.first_line_indent = Cm(-hang_cm) if hang_cm else None
    if hang_cm:
        form.tab_stops.add_tab_stop(Cm(left_cm + hang_cm))
    form.widow_control = True
    # Distributed as Thai typists do; Latin text would be torn apart by plain justification.
    paragraph._element.get_or_add_pPr().append(element("w:jc", val="thaiDistribute"))
    write(paragraph, text)


def _running(sheet: Sheet, text: str, indent_cm: float, number_cm: float) -> None:
    paragraph = sheet.add_paragraph()
    form = paragraph.paragraph_format
    form.first_line_indent = Cm(indent_cm)
    if number_cm:
        form.tab_stops.add_tab_stop(Cm(indent_cm + number_cm))
    form.widow_control = True
    paragraph._element.get_or_add_pPr().append(element("w:jc", val="thaiDistribute"))
    write(paragraph, text)


def signature(sheet: Sheet, position: str) -> None:
    """Add the block to be signed: name and date are left to the pen."""
    lines = (
        f"(ลงชื่อ){PEN}",
        f"({PEN * 2})",
        position,
        "วันที่......./......................../.........",
    )
    for index, line in enumerate(lines):
        paragraph = sheet.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        form = paragraph.paragraph_format
        form.left_indent = Cm(7)
        form.keep_with_next = index < len(lines) - 1
        form.space_before = Pt(10 if index == 0 else 0)
        write(paragraph, line)


def plain_table(sheet: Sheet, widths_cm: tuple[float, ...]) -> Table:
    """Return a one-row table without borders, flush with the margins.

    A document that begins with one and has comments is opened by LibreOffice with a line more
    above it: a line of no height stands there in every document.
    """
    if not sheet.paragraphs and not sheet.tables:
        lower(sheet.add_paragraph())
    table: Table = sheet.add_table(rows=1, cols=len(widths_cm))
    table.autofit = False
    properties = table._tbl.tblPr
    properties.find(qn("w:tblW")).addnext(element("w:tblInd", w="0", type="dxa"))
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w="0", type="dxa"))
    properties.find(qn("w:tblLayout")).addnext(margins)
    for column, cell, width in zip(table.columns, table.rows[0].cells, widths_cm, strict=True):
        # LibreOffice goes by the grid, Word by the cell.
        column.width = cell.width = Cm(width)
    return table
