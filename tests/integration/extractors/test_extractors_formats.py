from __future__ import annotations

import io
import shutil
import zipfile

import docx
import pytest
from extractors_files import LETTER, add_line, error_rate, save, scan, to_pdf, write_docx
from PIL import Image, ImageDraw, ImageFont

from correspondence.vocabulary import ReadMethod, ReadOutcome
from extractors import soffice
from extractors.media import DOC, ODT, RTF, TEXT
from extractors.reader import read_document
from extractors.request import ReadingLimits, ReadingRequest
from extractors.scans.engine import is_installed

pytestmark = pytest.mark.skipif(
    not (shutil.which("soffice") and is_installed()), reason="needs LibreOffice and Tesseract"
)

ANY = ReadingRequest()


def test_a_docx_is_read_in_the_order_of_its_body() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "หัวกระดาษ"
    add_line(document, "ก่อนตาราง")
    table = document.add_table(rows=2, cols=2)
    for row, name in zip(table.rows, ("สมมุติ", "ทดสอบ"), strict=True):
        row.cells[0].text, row.cells[1].text = name, "๑๐๐ บาท"
    add_line(document, "หลังตาราง\tช่องถัดไป")
    document.sections[0].footer.paragraphs[0].text = "ท้ายกระดาษ"
    found = read_document(save(document), "a.docx", ANY)
    assert found.outcome is ReadOutcome.OK
    assert found.text.split("\n") == [
        "หัวกระดาษ",
        "ก่อนตาราง",
        "สมมุติ   ๑๐๐ บาท",
        "ทดสอบ   ๑๐๐ บาท",
        "หลังตาราง\tช่องถัดไป",
        "ท้ายกระดาษ",
    ]
    assert found.pages[0].method is ReadMethod.NATIVE


def test_text_boxes_are_read_and_deleted_text_is_not() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("เรียน ท่านรัฐมนตรี")
    words = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    box = (
        f'<w:r {words}><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>'
        "<w:txbxContent><w:p><w:r><w:t>ด่วนที่สุด</w:t></w:r></w:p></w:txbxContent>"
        "</v:textbox></v:shape></w:pict></w:r>"
    )
    deleted = f"<w:del {words}><w:r><w:delText>ร่างเดิม</w:delText></w:r></w:del>"
    for xml in (box, deleted):
        paragraph._element.append(docx.oxml.parse_xml(xml))
    found = read_document(save(document), "a.docx", ANY)
    assert found.text.split("\n") == ["เรียน ท่านรัฐมนตรี", "ด่วนที่สุด"]


def test_a_docx_that_unpacks_to_too_much_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(5_000_000))
    limits = ReadingRequest(limits=ReadingLimits(bytes=1_000_000))
    assert read_document(target.getvalue(), "a.docx", limits).outcome is ReadOutcome.TOO_LARGE


@pytest.mark.parametrize("share", [0.2, 0.6, 0.9])
def test_a_cut_docx_is_damaged(share: float) -> None:
    whole = write_docx()
    found = read_document(whole[: int(len(whole) * share)], "a.docx", ANY)
    assert found.outcome is ReadOutcome.DAMAGED


@pytest.mark.parametrize(("suffix", "kind"), [("doc", DOC), ("odt", ODT), ("rtf", RTF)])
def test_old_office_formats_go_through_libreoffice(suffix: str, kind: str) -> None:
    old = soffice.convert(write_docx(), "docx", suffix, 120)
    found = read_document(old, "letter", ANY)
    assert found.media_type == kind
    assert found.outcome is ReadOutcome.OK
    assert error_rate(LETTER, found.text) <= 0.005


def test_a_slow_conversion_is_named() -> None:
    old = soffice.convert(write_docx(), "docx", "rtf", 120)
    limits = ReadingRequest(limits=ReadingLimits(convert_seconds=0.01))
    assert read_document(old, "a.rtf", limits).outcome is ReadOutcome.TIMED_OUT


def test_plain_text_in_a_thai_charset_is_read() -> None:
    found = read_document(LETTER.encode("cp874"), "letter.bin", ANY)
    assert (found.media_type, found.text) == (TEXT, LETTER)


def test_html_keeps_rows_and_drops_scripts() -> None:
    page = (
        "<html><head><meta charset='tis-620'><script>alert('ไม่อ่าน')</script></head><body>"
        "<p>เรื่อง ขอข้อมูล</p><table><tr><td>ลำดับ</td><td>จำนวน</td></tr></table></body></html>"
    )
    found = read_document(page.encode("cp874"), "a.html", ANY)
    assert found.outcome is ReadOutcome.OK
    lines = [line.split() for line in found.text.split("\n") if line.strip()]
    assert lines == [["เรื่อง", "ขอข้อมูล"], ["ลำดับ", "จำนวน"]]


def test_deeply_nested_html_does_not_break_the_reader() -> None:
    page = "<html><body>" + "<div>" * 20000 + "สวัสดี" + "</div>" * 20000
    found = read_document(page.encode(), "a.html", ANY)
    assert found.outcome in (ReadOutcome.OK, ReadOutcome.EMPTY, ReadOutcome.DAMAGED)


def test_a_tiff_of_two_pages_is_recognised() -> None:
    page = scan(to_pdf(write_docx()))[0]
    target = io.BytesIO()
    page.save(target, "TIFF", save_all=True, append_images=[page], compression="tiff_deflate")
    found = read_document(target.getvalue(), "fax.tif", ANY)
    assert found.outcome is ReadOutcome.OK
    assert [(page.number, page.method) for page in found.pages] == [
        (1, ReadMethod.OCR),
        (2, ReadMethod.OCR),
    ]
    assert error_rate(LETTER, found.pages[1].text) <= 0.12


def test_a_mark_in_red_ink_survives_the_removal_of_red_stamps() -> None:
    page = scan(to_pdf(write_docx()), tilt=0.0)[0].convert("RGB")
    font = ImageFont.truetype("/usr/share/fonts/truetype/tlwg/Garuda-Bold.ttf", 110)
    ImageDraw.Draw(page).text((1100, 60), "ลับ", fill=(214, 30, 38), font=font)
    target = io.BytesIO()
    page.save(target, "PNG")
    assert read_document(target.getvalue(), "a.png", ANY).outcome is ReadOutcome.SECRET


def test_too_many_pixels_are_named() -> None:
    target = io.BytesIO()
    Image.new("1", (9000, 9000), 1).save(target, "PNG")
    assert read_document(target.getvalue(), "a.png", ANY).outcome is ReadOutcome.TOO_LARGE


def test_a_cut_photograph_is_damaged() -> None:
    target = io.BytesIO()
    scan(to_pdf(write_docx()))[0].save(target, "JPEG")
    cut = target.getvalue()[:3000]
    assert read_document(cut, "a.jpg", ANY).outcome is ReadOutcome.DAMAGED


def test_what_nobody_reads_is_unsupported() -> None:
    for data in (bytes(range(256)) * 10, b"From: a@b.example\nSubject: x\n\nhello"):
        assert read_document(data, "a.pdf", ANY).outcome is ReadOutcome.UNSUPPORTED


@pytest.mark.parametrize("turn", [90, 180])
def test_a_page_scanned_the_wrong_way_is_turned(turn: int) -> None:
    page = scan(to_pdf(write_docx()))[0].rotate(turn, expand=True)
    target = io.BytesIO()
    page.save(target, "PNG")
    found = read_document(target.getvalue(), "a.png", ANY)
    assert error_rate(LETTER, found.text) <= 0.12
