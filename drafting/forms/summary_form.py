"""Form A, บันทึกสรุปเรื่อง: the standard summary of one incoming paper (office.md)."""

from __future__ import annotations

from docx.document import Document as Sheet
from docx.shared import Pt

from drafting.forms.rows import (
    dotted_to,
    head_table,
    labelled,
    labelled_cells,
    section,
    signature,
    wrapped,
)
from drafting.forms.sheet import TEXT_WIDTH_CM, blank_sheet, set_lines, write

LABELS = (
    "บันทึกสรุปเรื่อง",
    "นำเสนอ รมว.ศธ. (ระบุชื่อ)",
    "เรื่อง",
    "จาก",
    "เอกสารเลขที่",
    "ลงวันที่",
    "เลข สร",
    "สรุปประเด็นสำคัญ",
    "เรื่องเดิม (ถ้ามี)",
    "ตรวจเสนอ",
    "ข้อพิจารณา/ข้อกฎหมาย",
    "ข้อเสนอ",
    "เพื่อโปรด",
    "หัวหน้าสำนักงานรัฐมนตรี",
)


def summary_form() -> Sheet:
    """Return the template of form A with its docxtpl tags."""
    sheet = blank_sheet()
    head_table(sheet, LABELS[0], 24)
    labelled(sheet, ("นำเสนอ {{ minister }} (ระบุชื่อ)", "{{ minister_name }}", TEXT_WIDTH_CM))
    wrapped(sheet, LABELS[2], "{{ subject }}", 1.6)
    wrapped(sheet, LABELS[3], "{{ sender }}", 1.6)
    labelled_cells(
        sheet,
        (LABELS[4], "document_number", 6.4),
        (LABELS[5], "document_date", 5.3),
        ("เลข {{ office_code }}", "register_number", TEXT_WIDTH_CM - 11.7),
    )
    section(sheet, LABELS[7], "summary")
    section(sheet, LABELS[8], "earlier")
    _checked(sheet)
    section(sheet, LABELS[10], "considerations")
    section(sheet, LABELS[11], "proposals")
    labelled(sheet, (LABELS[12], "{{ purpose }}", TEXT_WIDTH_CM))
    signature(sheet, "{{ signer_position }}")
    cells = (cell for table in sheet.tables[1:] for row in table.rows for cell in row.cells)
    set_lines((*sheet.paragraphs[1:], *(p for cell in cells for p in cell.paragraphs)))
    return sheet


def _checked(sheet: Sheet) -> None:
    """Add ตรวจเสนอ: initials and dates of those who check, left to the pen."""
    paragraph = sheet.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(4)
    dotted_to(paragraph, 5.6, 8.6, 12.6, TEXT_WIDTH_CM)
    write(paragraph, LABELS[9], bold="bold")
    write(paragraph, "  เจ้าหน้าที่\t วันที่\t หัวหน้ากลุ่ม\t วันที่\t")
