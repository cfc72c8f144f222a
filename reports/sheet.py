"""The sheet a report is written on: A4 across, TH SarabunPSK on every font slot, a plain table.

python-docx sets the Latin font only; Thai needs the complex-script font, size, weight and language
on each run, or Word draws another font (thai.md, DOCX).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as Sheet
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.text.paragraph import Paragraph

FONT = "TH SarabunPSK"
BODY_POINTS = 16.0
_SLOTS = ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia")


def blank_sheet(title: str) -> Sheet:
    """Return an empty document, A4 across, with the office's font as its default."""
    sheet = Document()
    section = sheet.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    for style in sheet.styles.element.findall(qn("w:style")):
        old = style.find(qn("w:rPr"))
        if old is not None:
            style.remove(old)
    defaults = sheet.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault"))
    for child in list(defaults):
        defaults.remove(child)
    defaults.append(_run_properties(BODY_POINTS, ""))
    properties = sheet.core_properties
    properties.author, properties.title = "สำนักงานรัฐมนตรี", title
    properties.comments = properties.last_modified_by = ""
    return sheet


def add_line(
    sheet: Sheet, text: str, *, points: float = BODY_POINTS, weight: str = "", centred: str = ""
) -> Paragraph:
    """Add a paragraph; `weight` is "bold" or "", `centred` is "centred" or ""."""
    paragraph = sheet.add_paragraph()
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = 0
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(paragraph, text, points=points, weight=weight)
    return paragraph


def add_table(
    sheet: Sheet,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths_cm: Sequence[float],
    *,
    words: int,
    last_row: str = "",
) -> None:
    """Add a ruled table whose head repeats on each page.

    Args:
        sheet: the document.
        head: the column heads.
        rows: texts, each as long as `head`.
        widths_cm: column widths.
        words: how many columns from the left hold words; the others hold centred numbers.
        last_row: "bold" for a row of totals.
    """
    table = sheet.add_table(rows=0, cols=len(head))
    table.style = "Table Grid"
    table.autofit = False
    # LibreOffice goes by the grid, Word by the cells: both are set.
    for column, width in zip(table.columns, widths_cm, strict=True):
        column.width = Cm(width)
    for number, texts in enumerate([head, *rows]):
        row = table.add_row()
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
        if number == 0:
            row._tr.get_or_add_trPr().append(_element("w:tblHeader"))
        bold = number == 0 or (last_row and number == len(rows))
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Cm(widths_cm[place])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = 0
            if place >= words or number == 0:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            write(paragraph, text, weight="bold" if bold else "")


def write(
    paragraph: Paragraph, text: str, *, points: float = BODY_POINTS, weight: str = ""
) -> None:
    """Add a run in the office's font to a paragraph."""
    run = paragraph.add_run(text)
    run._element.insert(0, _run_properties(points, weight))


def _run_properties(points: float, weight: str) -> Any:
    properties = _element("w:rPr")
    fonts = _element("w:rFonts")
    for slot in _SLOTS:
        fonts.set(qn(slot), FONT)
    properties.append(fonts)
    if weight:
        properties.append(_element("w:b"))
        properties.append(_element("w:bCs"))
    size = str(int(points * 2))
    properties.append(_element("w:sz", val=size))
    properties.append(_element("w:szCs", val=size))
    properties.append(_element("w:lang", val="en-US", eastAsia="th-TH", bidi="th-TH"))
    return properties


def _element(tag: str, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made
