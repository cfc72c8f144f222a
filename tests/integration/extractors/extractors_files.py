"""Real small files for the tests of the reader: letters that nobody wrote."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
import numpy as np
import pypdf
import pypdfium2
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from PIL import Image, ImageFilter

from extractors import soffice

LETTER = """ที่ ตย ๐๒๐๑/๑๒๓๔
กรมตัวอย่างและการทดสอบ
ถนนสมมุติ เขตดุสิต กรุงเทพฯ ๑๐๓๐๐
๑๗ มีนาคม ๒๕๖๙
เรื่อง ขอความอนุเคราะห์ใช้สถานที่จัดประชุม
เรียน เลขานุการรัฐมนตรี
อ้างถึง หนังสือกรมตัวอย่าง ที่ ตย ๐๒๐๑/๙๙๙ ลงวันที่ ๒ กุมภาพันธ์ ๒๕๖๙
ด้วยกรมตัวอย่างและการทดสอบกำหนดจัดประชุมคณะทำงานเพื่อทบทวนแนวทางการรับหนังสือ
อิเล็กทรอนิกส์ จำนวนผู้เข้าร่วมประชุมประมาณ ๔๐ คน จึงมีความจำเป็นต้องใช้ห้องประชุมใหญ่
ในการนี้ ขอความอนุเคราะห์ใช้ห้องประชุมพร้อมอุปกรณ์ น้ำดื่ม และที่จอดรถ ในวันดังกล่าว
จึงเรียนมาเพื่อโปรดพิจารณาอนุเคราะห์ จะเป็นพระคุณยิ่ง
ขอแสดงความนับถือ
(นางสาวสมมุติ ทดสอบดี)
อธิบดีกรมตัวอย่างและการทดสอบ"""


def write_docx(text: str = LETTER, font: str = "Laksaman") -> bytes:
    """Return a DOCX with one paragraph a line, set in a Thai font of 16 points."""
    document = docx.Document()
    for line in text.split("\n"):
        add_line(document, line, font)
    return save(document)


def add_line(document: Document, line: str, font: str = "Laksaman") -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(line)
    properties = run._element.get_or_add_rPr()
    fonts = OxmlElement("w:rFonts")
    for kind in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(kind), font)
    properties.insert(0, fonts)
    for tag in ("w:sz", "w:szCs"):
        size = OxmlElement(tag)
        size.set(qn("w:val"), "32")
        properties.append(size)
    language = OxmlElement("w:lang")
    language.set(qn("w:bidi"), "th-TH")
    properties.append(language)


def save(document: Document) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def to_pdf(document: bytes) -> bytes:
    return soffice.convert(document, "docx", "pdf", 120)


def scan(pdf: bytes, *, tilt: float = 0.9, seed: int = 3) -> list[Image.Image]:
    """Return the pages as a scanner gives them: grey, tilted, blurred, speckled, 300 dpi."""
    noise = np.random.default_rng(seed)
    pages = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            image = page.render(scale=300 / 72).to_pil().convert("L")
            image = image.rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor=255)
            image = image.filter(ImageFilter.GaussianBlur(0.6))
            pixels = np.asarray(image, dtype=np.float32) * 0.94
            pixels += noise.normal(0, 6, pixels.shape)
            specks = noise.random(pixels.shape) < 0.00015
            pixels[specks] = 60
            pages.append(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)))
    return pages


def images_to_pdf(pages: Sequence[Image.Image]) -> bytes:
    target = io.BytesIO()
    pages[0].save(target, "PDF", save_all=True, append_images=pages[1:], resolution=300)
    return target.getvalue()


def encrypt(pdf: bytes, password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    writer.encrypt(password, algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def join_pdfs(*pdfs: bytes) -> bytes:
    writer = pypdf.PdfWriter()
    for pdf in pdfs:
        writer.append(io.BytesIO(pdf))
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def blank_pdf() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def error_rate(truth: str, read: str) -> float:
    """Return the character error rate, 0 to 1, whitespace ignored."""
    wanted, got = "".join(truth.split()), "".join(read.split())
    row = list(range(len(got) + 1))
    for index, character in enumerate(wanted, 1):
        before, row[0] = row[0], index
        for position, other in enumerate(got, 1):
            changed = before + (character != other)
            before = row[position]
            row[position] = min(before + 1, row[position - 1] + 1, changed)
    return row[-1] / max(1, len(wanted))
