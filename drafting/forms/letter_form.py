"""หนังสือภายนอก: the letter the office writes, by form 1 of the Regulation on Correspondence."""

from __future__ import annotations

from docx.document import Document as Sheet
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from drafting.forms.body import body_of, closing_block
from drafting.forms.rows import NUMBERED, URGENCY_POINTS, plain_table, tag
from drafting.forms.sheet import RED, TEXT_WIDTH_CM, blank_sheet, element, write

# The Regulation's Garuda on a letter is 3 cm high.
GARUDA_CM = 3.0
_SLOT_CM = 3.0
# The date and the closing begin at the middle of the page.
MIDDLE_CM = 7.5
LABELS = ("ที่", "เรื่อง", "เรียน")


def letter_form() -> Sheet:
    """Return the template of an outgoing letter with its docxtpl tags."""
    sheet = blank_sheet()
    # The Garuda stands 1.5 cm below the edge; later pages begin under their number.
    sheet.sections[0].top_margin = Cm(1.5)
    _head(sheet)
    date = sheet.add_paragraph()
    date.paragraph_format.left_indent = Cm(MIDDLE_CM)
    date.paragraph_format.space_before = Pt(6)
    write(date, "{{ letter_date or '" + "." * 44 + "' }}")
    _labelled(sheet, LABELS[1], "{{ subject }}")
    _labelled(sheet, LABELS[2], "{{ addressee or '" + "." * 60 + "' }}")
    _list(sheet, "อ้างถึง", "references", 1.5)
    _list(sheet, "สิ่งที่ส่งมาด้วย", "enclosures", 2.8)
    body_of(sheet)
    closing_block(sheet, "ขอแสดงความนับถือ")
    _foot(sheet)
    return sheet


def _head(sheet: Sheet) -> None:
    """Add the Garuda with ที่ and the address at the height of its feet.

    Its place is blank, not lost, where the office has given no picture.
    """
    side = (TEXT_WIDTH_CM - _SLOT_CM) / 2
    row = plain_table(sheet, (side, _SLOT_CM, side)).rows[0]
    height = element("w:trHeight", val=str(int(GARUDA_CM * 567)), hRule="atLeast")
    row._tr.get_or_add_trPr().append(height)
    number, slot, address = row.cells
    for cell in (number, address):
        cell.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
    write(number.paragraphs[0], "{%p if urgency %}")
    mark = number.add_paragraph()
    write(mark, "{{ urgency }}", points=URGENCY_POINTS, bold="bold", colour=RED)
    write(number.add_paragraph(), "{%p endif %}")
    write(number.add_paragraph(), LABELS[0] + "  {{ letter_number }}")
    slot.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(slot.paragraphs[0], "{{ garuda }}")
    write(address.paragraphs[0], "{{ address_first }}")
    tag(sheet, "if address_rest")
    rest = sheet.add_paragraph()
    rest.paragraph_format.left_indent = Cm(side + _SLOT_CM)
    write(rest, "{{ address_rest }}")
    tag(sheet, "endif")


def _labelled(
    sheet: Sheet, label: str, value: str, hang_cm: float = 1.5, *, before: int = 6
) -> None:
    paragraph = sheet.add_paragraph()
    form = paragraph.paragraph_format
    form.space_before = Pt(before)
    form.left_indent, form.first_line_indent = Cm(hang_cm), Cm(-hang_cm)
    form.tab_stops.add_tab_stop(Cm(hang_cm))
    write(paragraph, f"{label}\t{value}")


def _list(sheet: Sheet, label: str, name: str, hang_cm: float) -> None:
    """Add a label with one value, or with several under numbers; nothing where there is none."""
    tag(sheet, f"for line in {name}")
    tag(sheet, "if loop.first")
    _labelled(sheet, label, NUMBERED, hang_cm)
    tag(sheet, "else")
    _labelled(sheet, "", NUMBERED, hang_cm, before=0)
    tag(sheet, "endif")
    tag(sheet, "endfor")


def _foot(sheet: Sheet) -> None:
    """Add the responsible unit and how to reach it, at the lower left."""
    for index, name in enumerate(("unit", "telephone", "email")):
        tag(sheet, f"if {name}")
        paragraph = sheet.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(0 if index else 12)
        write(paragraph, "{{ " + name + " }}")
        tag(sheet, "endif")
