"""The body and the end of a letter or covering memo: paragraphs, numbered lines, signature."""

from __future__ import annotations

from docx.document import Document as Sheet
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from drafting.forms.rows import PEN, tag
from drafting.forms.sheet import element, write

# The Regulation's paragraph: 2.5 cm, and 6 points before it.
INDENT_CM = 2.5
_NUMBER_CM = 0.9
_SIGNATURE_CM = 7.5


def body_of(sheet: Sheet) -> None:
    """Add the loop over `paragraphs`: each has `kind` (plain, numbered, item), `number`, `text`."""
    tag(sheet, "for line in paragraphs")
    tag(sheet, "if line.kind == 'plain'")
    _paragraph(sheet, "{{ line.text }}", 6)
    tag(sheet, "else")
    _paragraph(sheet, "{{ line.number }}\t{{ line.text }}", 0)
    tag(sheet, "endif")
    tag(sheet, "endfor")


def closing_block(sheet: Sheet, formula: str) -> None:
    """Add the closing formula, if any, and the block to be signed; they stay on one page."""
    lines = [
        *([(formula, 12)] if formula else []),
        (PEN * 2, 36),
        (f"({PEN * 2})", 0),
        ("{{ signer_position }}", 0),
    ]
    for index, (line, before) in enumerate(lines):
        paragraph = sheet.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        form = paragraph.paragraph_format
        form.left_indent = Cm(_SIGNATURE_CM)
        form.keep_with_next = index < len(lines) - 1
        form.space_before = Pt(before)
        write(paragraph, line)


def _paragraph(sheet: Sheet, text: str, before: int) -> None:
    paragraph = sheet.add_paragraph()
    form = paragraph.paragraph_format
    form.first_line_indent = Cm(INDENT_CM)
    form.space_before = Pt(before)
    form.widow_control = True
    if "\t" in text:
        form.tab_stops.add_tab_stop(Cm(INDENT_CM + _NUMBER_CM))
    paragraph._element.get_or_add_pPr().append(element("w:jc", val="thaiDistribute"))
    write(paragraph, text)
