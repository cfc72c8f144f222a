"""A sample's text as an office letter in DOCX: head at the right, indents, signature block.

Thai needs the complex-script font, size and language of a run; python-docx sets the Latin ones
only (thai.md, DOCX).
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from demo.samples.layout import LetterLine, Place, letter_lines

# The font of a DOCX that is delivered; where it is not installed the reader puts another one.
OFFICE_FONT = "TH SarabunPSK"
_BODY = 16
_TITLE = 24
# The TLWG families draw larger than TH SarabunPSK at the same size.
_LARGE_FONTS = {"Laksaman": 14.5, "Norasi": 13.5, "Garuda": 12.5}
_HEAD_AT = Cm(8.2)
_LABELS = {"เรื่อง": 1.3, "เรียน": 1.2, "อ้างถึง": 1.4, "สิ่งที่ส่งมาด้วย": 2.6, "Subject:": 1.7}
_STAMP = datetime(2026, 11, 1, 9, 0)


def write_docx(text: str, *, font: str, language: str) -> bytes:
    """Return the letter as a DOCX file of A4 pages.

    Args:
        text: text with the marks of `demo.samples.layout`.
        font: family for Latin and complex script.
        language: `th` or `en`.

    The same arguments give the same bytes.
    """
    document = Document()
    _set_page(document)
    size = _LARGE_FONTS.get(font, _BODY)
    for line in letter_lines(text):
        _add_line(document, line, font=font, size=size, language=language)
    document.core_properties.author = "saraban"
    document.core_properties.title = ""
    document.core_properties.created = _STAMP
    document.core_properties.modified = _STAMP
    raw = io.BytesIO()
    document.save(raw)
    return _fixed_times(raw.getvalue())


def _set_page(document: DocxDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(1.8)


def _add_line(
    document: DocxDocument, line: LetterLine, *, font: str, size: float, language: str
) -> None:
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing = 1.0
    bold, points = False, size
    match line.place:
        case Place.BLANK:
            points = size / 2
        case Place.MARK:
            bold, points = True, size * 1.25
        case Place.TITLE:
            bold, points = True, size * _TITLE / _BODY
            form.alignment = WD_ALIGN_PARAGRAPH.CENTER
        case Place.CENTRE:
            form.alignment = WD_ALIGN_PARAGRAPH.CENTER
        case Place.SPLIT:
            form.left_indent = _HEAD_AT
            form.first_line_indent = -_HEAD_AT if line.text else Cm(0)
        case Place.PARAGRAPH:
            form.first_line_indent = Cm(2.5)
            form.space_before = Pt(4)
        case Place.SIGNATURE:
            form.alignment = WD_ALIGN_PARAGRAPH.CENTER
            form.left_indent = Cm(6.2)
            form.keep_with_next = True
        case Place.PLAIN:
            hang = next((cm for label, cm in _LABELS.items() if line.text.startswith(label)), 0.0)
            form.left_indent, form.first_line_indent = Cm(hang), Cm(-hang)
    words = "\t".join(part for part in (line.text, line.right) if part)
    _add_run(paragraph, words, font=font, points=points, bold=bold, language=language)


def _add_run(
    paragraph: Paragraph, words: str, *, font: str, points: float, bold: bool, language: str
) -> Run:
    run = paragraph.add_run(words)
    run.font.size = Pt(points)
    run.bold = bold
    properties = run._element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), font)
    if bold:
        properties.append(OxmlElement("w:bCs"))
    size = OxmlElement("w:szCs")
    size.set(qn("w:val"), str(round(points * 2)))
    properties.append(size)
    if language == "th":
        properties.append(OxmlElement("w:cs"))
    tongue = OxmlElement("w:lang")
    tongue.set(qn("w:val"), "en-US")
    tongue.set(qn("w:bidi"), "th-TH")
    properties.append(tongue)
    return run


def _fixed_times(raw: bytes) -> bytes:
    """Return the archive with one time on every entry, so that its bytes do not change by run."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _STAMP.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return out.getvalue()
