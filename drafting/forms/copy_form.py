"""The redacted copy of a letter: its lines as text, with what was hidden as ███."""

from __future__ import annotations

from docx.document import Document as Sheet
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from drafting.forms.rows import tag
from drafting.forms.sheet import blank_sheet, write

TITLE = "สำเนา (ปกปิดข้อมูลส่วนบุคคล)"


def copy_form() -> Sheet:
    """Return the template of a redacted copy with its docxtpl tags."""
    sheet = blank_sheet()
    title = sheet.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(title, TITLE, bold="bold")
    number = sheet.add_paragraph()
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number.paragraph_format.space_after = Pt(10)
    write(number, "เลขทะเบียนรับที่ {{ register_number }}")
    tag(sheet, "if mark")
    unconfirmed = sheet.add_paragraph()
    unconfirmed.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(unconfirmed, "{{ mark }}", bold="bold")
    tag(sheet, "endif")
    tag(sheet, "for line in lines")
    line = sheet.add_paragraph()
    line.paragraph_format.tab_stops.add_tab_stop(Cm(2.5))
    write(line, "{{ line }}")
    tag(sheet, "endfor")
    return sheet
