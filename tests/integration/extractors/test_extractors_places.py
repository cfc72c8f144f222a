"""Where text stands on pages that LibreOffice made: lines, columns, ruled tables, fields."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence

import docx
import numpy as np
import pypdfium2
import pytest
from docx.document import Document
from docx.shared import Cm, Pt
from extractors_files import add_line, join_pdfs, save, to_pdf, write_docx

from correspondence.reading import Box, Extraction, PageText
from extractors.reader import read_document
from extractors.request import ReadingRequest

pytestmark = pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")

ROWS = (
    ("ลำดับ", "รายการ", "จำนวนเงิน"),
    ("๑", "ค่าจ้างเหมาบริการรับส่งผู้เข้าร่วมประชุมเชิงปฏิบัติการทบทวนแผนงานประจำปี", "๑๒,๕๐๐ บาท"),
    ("๒", "ค่าวัสดุ", "๓,๐๐๐ บาท"),
)


def read(pdf: bytes) -> Extraction:
    return read_document(pdf, "letter.pdf", ReadingRequest(ocr=False))


def write_table(document: Document, rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
    table = document.add_table(rows=0, cols=len(widths))
    table.style = "Table Grid"
    table.autofit = False
    for words in rows:
        for cell, text, width in zip(table.add_row().cells, words, widths, strict=True):
            cell.width = Cm(width)
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
            run = cell.paragraphs[0].add_run(text)
            run.font.name = "Laksaman"


@pytest.fixture(scope="module")
def letter() -> Extraction:
    return read(to_pdf(write_docx()))


@pytest.fixture(scope="module")
def table() -> Extraction:
    document = docx.Document()
    add_line(document, "รายละเอียดดังตาราง")
    write_table(document, ROWS, (2, 5, 4))
    add_line(document, "รวมทั้งสิ้นตามตาราง")
    return read(to_pdf(save(document)))


def said(page: PageText) -> list[str]:
    return [page.text[piece.begin : piece.end] for piece in page.pieces]


def ink_in(pdf: bytes, box: Box, page: int = 0) -> float:
    """Return the share of dark pixels in a box of the drawn page."""
    with pypdfium2.PdfDocument(pdf) as document:
        pixels = np.asarray(document[page].render(scale=2).to_pil().convert("L"))
    height, width = pixels.shape
    part = pixels[
        int(box.top * height) : int(box.bottom * height) + 1,
        int(box.left * width) : int(box.right * width) + 1,
    ]
    return float((part < 128).mean())


def test_the_pieces_are_the_lines_of_the_text(letter: Extraction) -> None:
    (page,) = letter.pages
    assert said(page) == page.text.split("\n")
    tops = [piece.box.top for piece in page.pieces]
    assert tops == sorted(tops)
    assert all(piece.box.left < piece.box.right for piece in page.pieces)


@pytest.mark.parametrize("font", ["Laksaman", "Garuda", "Norasi", "Kinnari"])
def test_all_ink_lies_in_the_boxes(font: str) -> None:
    pdf = to_pdf(write_docx(font=font))
    (page,) = read(pdf).pages
    with pypdfium2.PdfDocument(pdf) as document:
        pixels = np.asarray(document[0].render(scale=2).to_pil().convert("L")) < 128
    whole = pixels.sum()
    height, width = pixels.shape
    for piece in page.pieces:
        box = piece.box
        assert ink_in(pdf, box) > 0.02
        pixels[
            int(box.top * height) : int(box.bottom * height) + 1,
            int(box.left * width) : int(box.right * width) + 1,
        ] = False
    assert pixels.sum() < 0.01 * whole


def test_the_columns_of_a_head_are_pieces_of_their_own() -> None:
    document = docx.Document()
    add_line(document, "ที่ ตย ๐๒๐๑/๑๒๓๔\tสำนักงานตัวอย่างกลาง")
    document.paragraphs[-1].paragraph_format.tab_stops.add_tab_stop(Cm(9))
    (page,) = read(to_pdf(save(document))).pages
    assert said(page) == ["ที่ ตย ๐๒๐๑/๑๒๓๔", "สำนักงานตัวอย่างกลาง"]
    left, right = (piece.box for piece in page.pieces)
    assert left.right < right.left


def test_a_row_of_a_ruled_table_is_one_line_though_a_cell_takes_three(table: Extraction) -> None:
    lines = table.text.split("\n")
    assert lines[0] == "รายละเอียดดังตาราง"
    assert lines[1:4] == ["   ".join(row) for row in ROWS]
    assert lines[4] == "รวมทั้งสิ้นตามตาราง"


def test_a_cell_of_three_lines_has_a_box_around_them(table: Extraction) -> None:
    (page,) = table.pages
    boxes = {words: piece.box for words, piece in zip(said(page), page.pieces, strict=True)}
    long, short = boxes[ROWS[1][1]], boxes[ROWS[2][1]]
    assert long.bottom - long.top > 2 * (short.bottom - short.top)
    assert long.bottom < short.bottom


def test_a_frame_around_text_is_no_table() -> None:
    document = docx.Document()
    write_table(document, [["บรรทัดที่หนึ่ง\nบรรทัดที่สอง"]], [12])
    assert read(to_pdf(save(document))).text == "บรรทัดที่หนึ่ง\nบรรทัดที่สอง"


def test_fields_have_the_place_of_their_words(letter: Extraction) -> None:
    fields = letter.fields
    head = [fields.document_number, fields.document_date, fields.subject, fields.addressee]
    boxes = [field.box for field in (*head, fields.references[0], fields.signer)]
    assert all(boxes)
    tops = [box.top for box in boxes if box]
    assert tops == sorted(tops)
    (page,) = letter.pages
    line = page.pieces[said(page).index("เรื่อง ขอความอนุเคราะห์ใช้สถานที่จัดประชุม")].box
    subject = fields.subject.box
    assert subject
    assert line.left <= subject.left < subject.right <= line.right
    assert (subject.top, subject.bottom) == (line.top, line.bottom)


def test_places_leave_as_json_with_the_fields_only(letter: Extraction) -> None:
    told = letter.model_dump(mode="json")
    assert "pieces" not in told["pages"][0]
    assert set(told["fields"]["subject"]["box"]) == {"left", "top", "right", "bottom"}


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_boxes_are_those_of_the_page_as_shown(turn: int) -> None:
    pdf = to_pdf(write_docx())
    with pypdfium2.PdfDocument(pdf) as document:
        document[0].set_rotation(turn)
        (page,) = read(_saved(document)).pages
        shown = _saved(document)
    assert page.pieces
    assert all(ink_in(shown, piece.box) > 0.02 for piece in page.pieces)


def test_a_page_cut_to_a_part_has_boxes_of_that_part() -> None:
    pdf = to_pdf(write_docx())
    with pypdfium2.PdfDocument(pdf) as document:
        document[0].set_cropbox(50, 300, 560, 800)
        (page,) = read(_saved(document)).pages
        shown = _saved(document)
    assert ink_in(shown, page.pieces[0].box) > 0.02


def test_every_page_has_pieces_of_its_own() -> None:
    pdf = to_pdf(write_docx())
    pages = read(join_pdfs(pdf, pdf)).pages
    assert [len(page.pieces) for page in pages] == [len(page.text.split("\n")) for page in pages]


def _saved(document: pypdfium2.PdfDocument) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()
