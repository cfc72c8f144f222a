"""บันทึกข้อความ that covers a matter forwarded to an agency, by form 2 of the Regulation."""

from __future__ import annotations

from docx.document import Document as Sheet
from docx.shared import Pt

from drafting.forms.body import body_of, closing_block
from drafting.forms.rows import NUMBERED, head_table, labelled, tag, wrapped
from drafting.forms.sheet import TEXT_WIDTH_CM, blank_sheet, write

LABELS = ("บันทึกข้อความ", "ส่วนราชการ", "ที่", "วันที่", "เรื่อง", "เรียน")


def covering_form() -> Sheet:
    """Return the template of the covering memo with its docxtpl tags."""
    sheet = blank_sheet()
    head_table(sheet, LABELS[0], 29)
    labelled(sheet, (LABELS[1], "{{ unit_line }}", TEXT_WIDTH_CM), points=20)
    labelled(
        sheet,
        (LABELS[2], "{{ letter_number }}", 8.0),
        (LABELS[3], "{{ letter_date }}", TEXT_WIDTH_CM),
        points=20,
    )
    wrapped(sheet, LABELS[4], "{{ subject }}", 1.7, points=20)
    wrapped(sheet, LABELS[5], "{{ addressee }}", 1.7)
    body_of(sheet)
    _enclosed(sheet)
    closing_block(sheet, "")
    return sheet


def _enclosed(sheet: Sheet) -> None:
    """Add what goes with the memo, where anything does."""
    tag(sheet, "for line in enclosures")
    paragraph = sheet.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(6)
    write(paragraph, "{% if loop.first %}สิ่งที่ส่งมาด้วย  {% endif %}" + NUMBERED)
    tag(sheet, "endfor")
