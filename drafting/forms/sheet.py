"""A blank sheet of the office: A4, margins, TH SarabunPSK 16 on every font slot, page numbers.

python-docx sets the Latin font only; Thai needs w:cs, w:szCs, w:bCs and w:lang w:bidi="th-TH" on
every run, or Word draws another font and breaks lines at nothing (thai.md, DOCX).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from docx import Document
from docx.document import Document as Sheet
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

FONT = "TH SarabunPSK"
BODY_POINTS = 16.0
PAGE_CM = 29.7
TOP_CM, BOTTOM_CM = 2.5, 2.0
TEXT_WIDTH_CM = 16.0
# TH SarabunPSK 16 stands at 18.3 by itself.
LINE_POINTS = 18.5
RED = "C00000"
_SLOTS = ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia")


def blank_sheet() -> Sheet:
    """Return an empty A4 document with the office's margins, fonts and page numbers."""
    sheet = Document()
    body = sheet.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    section = sheet.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(PAGE_CM)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin, section.bottom_margin = Cm(TOP_CM), Cm(BOTTOM_CM)
    section.header_distance, section.footer_distance = Cm(1.5), Cm(1)
    _set_fonts(sheet)
    _set_marks(sheet)
    properties = sheet.core_properties
    properties.author = "สำนักงานรัฐมนตรี"
    properties.title = properties.comments = properties.last_modified_by = ""
    return sheet


def element(tag: str, **attributes: str) -> Any:
    """Return an XML element of the w: namespace with w: attributes."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def run_properties(
    *, points: float = BODY_POINTS, bold: str = "", colour: str = "", underline: str = ""
) -> Any:
    """Return w:rPr with the office's font in all four slots, sizes and Thai language.

    Args:
        points: size for Latin and complex script.
        bold: "bold" or "".
        colour: six hexadecimal digits or "".
        underline: a w:u value such as "dotted", or "".
    """
    properties = element("w:rPr")
    fonts = element("w:rFonts")
    for slot in _SLOTS:
        fonts.set(qn(slot), FONT)
    properties.append(fonts)
    if bold:
        properties.append(element("w:b"))
        properties.append(element("w:bCs"))
    if colour:
        properties.append(element("w:color", val=colour))
    size = str(int(points * 2))
    properties.append(element("w:sz", val=size))
    properties.append(element("w:szCs", val=size))
    if underline:
        properties.append(element("w:u", val=underline))
    properties.append(element("w:lang", val="en-US", eastAsia="th-TH", bidi="th-TH"))
    return properties


def write(
    paragraph: Paragraph,
    text: str,
    *,
    points: float = BODY_POINTS,
    bold: str = "",
    colour: str = "",
    underline: str = "",
) -> None:
    """Add a run to a paragraph; a tab in the text becomes a tab stop."""
    run = paragraph.add_run(text)
    old = run._element.find(qn("w:rPr"))
    if old is not None:
        run._element.remove(old)
    run._element.insert(
        0, run_properties(points=points, bold=bold, colour=colour, underline=underline)
    )


def write_field(paragraph: Paragraph, code: str) -> None:
    """Add a Word field such as PAGE to a paragraph."""
    for kind, content in (("begin", ""), ("", code), ("separate", ""), ("text", "2"), ("end", "")):
        run = element("w:r")
        run.append(run_properties())
        if kind in ("begin", "separate", "end"):
            run.append(element("w:fldChar", fldCharType=kind))
        else:
            node = element("w:t" if kind == "text" else "w:instrText")
            node.set(qn("xml:space"), "preserve")
            node.text = content or "๒"
            run.append(node)
        paragraph._element.append(run)


def set_lines(paragraphs: Iterable[Paragraph], points: float = LINE_POINTS) -> None:
    """Give lines one height, whatever font they are drawn in.

    TH SarabunPSK and TH Sarabun New are as wide but not as high: a memo of one page in the one
    would take two in the other.
    """
    for paragraph in paragraphs:
        form = paragraph.paragraph_format
        form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        form.line_spacing = Pt(points)


def _set_fonts(sheet: Sheet) -> None:
    styles = sheet.styles.element
    for old in styles.findall(qn("w:docDefaults")):
        styles.remove(old)
    defaults = element("w:docDefaults")
    runs = element("w:rPrDefault")
    runs.append(run_properties())
    paragraphs = element("w:pPrDefault")
    spacing = element("w:pPr")
    spacing.append(element("w:spacing", before="0", after="0", line="240", lineRule="auto"))
    paragraphs.append(spacing)
    defaults.append(runs)
    defaults.append(paragraphs)
    styles.insert(0, defaults)
    wanted = {"Normal", "Header", "Footer", "Default Paragraph Font", "Normal Table", "No List"}
    for style in list(styles.findall(qn("w:style"))):
        name = style.find(qn("w:name")).get(qn("w:val"))
        if name not in wanted and name.lower() not in {w.lower() for w in wanted}:
            styles.remove(style)
            continue
        old = style.find(qn("w:rPr"))
        if old is not None:
            style.remove(old)
        if style.get(qn("w:type")) == "paragraph":
            style.append(run_properties())


def _set_marks(sheet: Sheet) -> None:
    """Put the secrecy mark at head and foot and the page number, in Thai digits, from page 2."""
    section = sheet.sections[0]
    section.different_first_page_header_footer = True
    number_format = element("w:pgNumType", fmt="thaiNumbers")
    section._sectPr.find(qn("w:cols")).addprevious(number_format)
    first = section.first_page_header
    first.is_linked_to_previous = False
    write(first.paragraphs[0], "{%p if secrecy %}")
    _centre_mark(first.add_paragraph())
    write(first.add_paragraph(), "{%p endif %}")
    lower(first.add_paragraph())
    section.header.is_linked_to_previous = False
    page = section.header.paragraphs[0]
    page.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(page, "– ")
    write_field(page, r" PAGE \* THAIARABIC ")
    write(page, " –")
    # A mark that is not there takes no room: the page number stands at its height.
    write(section.header.add_paragraph(), "{%p if secrecy %}")
    _centre_mark(section.header.add_paragraph())
    write(section.header.add_paragraph(), "{%p endif %}")
    for foot in (section.first_page_footer, section.footer):
        foot.is_linked_to_previous = False
        _centre_mark(foot.paragraphs[0])


def lower(paragraph: Paragraph) -> None:
    """Make an empty paragraph that must stand take next to no height."""
    paragraph.paragraph_format.line_spacing = Pt(1)
    mark = element("w:rPr")
    mark.extend([element("w:sz", val="2"), element("w:szCs", val="2")])
    paragraph._element.get_or_add_pPr().append(mark)


def _centre_mark(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(paragraph, "{{ secrecy }}", points=20, bold="bold", colour=RED)
