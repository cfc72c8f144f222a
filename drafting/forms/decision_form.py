"""Form B, บันทึกข้อความ: office to minister, when approval or a decision is asked (office.md)."""

from __future__ import annotations

from docx.document import Document as Sheet
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from drafting.forms.body import INDENT_CM
from drafting.forms.rows import head_table, labelled, points_of, signature, tag, wrapped
from drafting.forms.sheet import TEXT_WIDTH_CM, blank_sheet, element, set_lines, write

LABELS = (
    "บันทึกข้อความ",
    "ส่วนราชการ",
    "ที่",
    "วันที่",
    "เรื่อง",
    "เรียน",
    "๑.",
    "๒. สร. ขอเรียนข้อมูลเพื่อประกอบการพิจารณา ดังนี้",
    "๓. สร. ได้พิจารณาแล้วเห็นว่า",
    "๔. เห็นควร",
    "จึงเรียนมาเพื่อโปรด",
    "หัวหน้าสำนักงานรัฐมนตรี",
)


# ๒.๑ stands a little further in than ๒.
SUB_CM = 3.1
# Height of the lines with labels of 20 points.
LABEL_POINTS = 23.0


def decision_form() -> Sheet:
    """Return the template of form B with its docxtpl tags."""
    sheet = blank_sheet()
    head_table(sheet, LABELS[0], 29)
    labelled(sheet, (LABELS[1], "{{ office_line }}", TEXT_WIDTH_CM), points=20)
    labelled(
        sheet,
        (LABELS[2], "{{ office }} {{ memo_number }}", 8.0),
        (LABELS[3], "{{ memo_date }}", TEXT_WIDTH_CM),
        points=20,
    )
    wrapped(sheet, LABELS[4], "{{ subject }}", 1.7, points=20)
    wrapped(sheet, LABELS[5], "{{ minister }} {{ minister_name }}", 1.7)
    _text(sheet, "๑. {{ matter }}")
    points_of(sheet, "summary", SUB_CM)
    _text(sheet, "๒. {{ office }} ขอเรียนข้อมูลเพื่อประกอบการพิจารณา ดังนี้", heads="yes")
    points_of(sheet, "facts", SUB_CM)
    tag(sheet, "if proposals")
    _text(sheet, "๓. {{ office }} ได้พิจารณาแล้วเห็นว่า", heads="yes")
    points_of(sheet, "proposals", SUB_CM)
    _text(sheet, "จึงเห็นควร{{ verb }} ตามที่ {{ asker }} เสนอ")
    tag(sheet, "else")
    _text(
        sheet,
        "๓. {{ office }} ได้พิจารณาแล้วเห็นว่า {{ view }} จึงเห็นควร{{ verb }} ตามที่ {{ asker }} เสนอ",
    )
    tag(sheet, "endif")
    _text(sheet, "๔. เห็นควร{{ verb }} ตามที่ {{ office }} เสนอในข้อ ๓")
    closing = _text(sheet, "จึงเรียนมาเพื่อโปรด{{ verb }} ตามข้อ ๔ หรือสุดแต่จะกรุณามีดำริ")
    closing.paragraph_format.keep_with_next = True
    signature(sheet, "{{ signer_position }}")
    first, labels = 1, 4
    set_lines(sheet.paragraphs[first : first + labels], LABEL_POINTS)
    set_lines(sheet.paragraphs[first + labels :])
    return sheet


def _text(sheet: Sheet, text: str, *, heads: str = "") -> Paragraph:
    """Add a paragraph; one that `heads` others stays on their page."""
    paragraph = sheet.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Cm(INDENT_CM)
    paragraph.paragraph_format.space_before = Pt(4)
    paragraph.paragraph_format.keep_with_next = bool(heads) or None
    paragraph._element.get_or_add_pPr().append(element("w:jc", val="thaiDistribute"))
    write(paragraph, text)
    return paragraph
