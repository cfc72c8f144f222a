"""Pages that are partly text and partly picture: of two readings the better one is taken."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence

import docx
import pypdf
import pypdfium2
import pytest
from extractors_files import (
    LETTER,
    add_line,
    error_rate,
    images_to_pdf,
    join_pdfs,
    save,
    scan,
    to_pdf,
    write_docx,
)
from PIL import Image
from pypdf.generic import ContentStream, NameObject, NumberObject

from correspondence.vocabulary import ReadMethod, ReadOutcome
from demo.samples.word_pdf import respell_text_layer
from extractors.reader import read_document
from extractors.request import ReadingRequest

pytestmark = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("tesseract")),
    reason="needs LibreOffice and Tesseract",
)

ANY = ReadingRequest()
_SHUFFLED = str.maketrans("กขคงจชดตทนบปผพมยรลวสหอ", "ขคงจชดตทนบปผพมยรลวสหอก")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return to_pdf(write_docx())


@pytest.fixture(scope="module")
def scanned(pdf: bytes) -> bytes:
    return images_to_pdf(scan(pdf))


def laid_over(under: bytes, over: bytes, *, unseen: bool = False) -> bytes:
    """Return the first page of `under` with that of `over` drawn on top, its text unseen or not."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(under))
    top = pypdf.PdfWriter(clone_from=io.BytesIO(over)).pages[0]
    if unseen:
        content = ContentStream(top.get_contents(), top.indirect_reference.pdf)
        begun = [
            operation
            for step in content.operations
            for operation in (step, *([([NumberObject(3)], b"Tr")] if step[1] == b"BT" else []))
        ]
        content.operations = begun
        top[NameObject("/Contents")] = content
    writer.pages[0].merge_page(top)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def lines_pdf(lines: Sequence[str]) -> bytes:
    document = docx.Document()
    for line in lines:
        add_line(document, line)
    return to_pdf(save(document))


def test_a_scanned_second_page_is_recognised_and_the_first_is_not(
    pdf: bytes, scanned: bytes
) -> None:
    found = read_document(join_pdfs(pdf, scanned), "a.pdf", ANY)
    assert found.outcome is ReadOutcome.OK
    assert [page.method for page in found.pages] == [ReadMethod.TEXT_LAYER, ReadMethod.OCR]
    assert error_rate(LETTER, found.pages[0].text) <= 0.005
    assert error_rate(LETTER, found.pages[1].text) <= 0.05


@pytest.mark.parametrize(
    "words",
    [
        ("- ๒ -",),
        ("สำนักงานตัวอย่าง", "รับที่ ๑๒๓๔", "วันที่ ๑๗ มีนาคม ๒๕๖๙", "เวลา ๑๐.๓๐ น."),
    ],
    ids=["page number", "receipt stamp"],
)
def test_a_few_words_of_text_over_a_scan_do_not_hide_the_scan(
    scanned: bytes, words: tuple[str, ...]
) -> None:
    found = read_document(laid_over(scanned, lines_pdf(words)), "a.pdf", ANY)
    assert "ขอความอนุเคราะห์ใช้สถานที่จัดประชุม" in found.text
    assert error_rate(LETTER, found.text) <= 0.25


def test_a_searchable_scan_with_a_good_unseen_layer_is_read_by_the_layer(
    pdf: bytes, scanned: bytes
) -> None:
    found = read_document(laid_over(scanned, pdf, unseen=True), "a.pdf", ANY)
    assert [page.method for page in found.pages] == [ReadMethod.TEXT_LAYER]
    assert error_rate(LETTER, found.text) <= 0.005


def test_a_searchable_scan_with_a_bad_unseen_layer_is_recognised_again(
    pdf: bytes, scanned: bytes
) -> None:
    wrong = {"ั": "", "่": "", "ี": "ิ", "ก": "ภ", "ค": "ด", "น": "ษ", "๑": "6", "ำ": "า"}
    bad = respell_text_layer(pdf, lambda _code, text: wrong.get(text, text))
    found = read_document(laid_over(scanned, bad, unseen=True), "a.pdf", ANY)
    assert [page.method for page in found.pages] == [ReadMethod.OCR]
    assert error_rate(LETTER, found.text) <= 0.05


def test_a_layer_that_maps_letters_to_other_letters_is_not_believed(pdf: bytes) -> None:
    garbled = respell_text_layer(pdf, lambda _code, text: text.translate(_SHUFFLED))
    found = read_document(garbled, "a.pdf", ANY)
    assert [page.method for page in found.pages] == [ReadMethod.OCR]
    assert error_rate(LETTER, found.text) <= 0.05
    assert read_document(garbled, "a.pdf", ReadingRequest(ocr=False)).pages[0].quality < 0.3


def test_a_layer_in_western_letters_is_not_believed(pdf: bytes) -> None:
    western = respell_text_layer(
        pdf, lambda _code, text: text.encode("cp874", "ignore").decode("latin-1")
    )
    found = read_document(western, "a.pdf", ANY)
    assert [page.method for page in found.pages] == [ReadMethod.OCR]
    assert error_rate(LETTER, found.text) <= 0.05


def test_an_english_page_is_read_by_its_layer() -> None:
    lines = (
        "Note No. 12/2026",
        "The Embassy of Examples presents its compliments to the Ministry of Education and has",
        "the honour to request a meeting on 12 January 2027 at 09.30 hours.",
    )
    found = read_document(lines_pdf(lines), "a.pdf", ANY)
    assert [page.method for page in found.pages] == [ReadMethod.TEXT_LAYER]
    assert found.text.split() == " ".join(lines).split()


def fax(pdf: bytes, kind: str, across: int, down: int) -> bytes:
    """Return the page as a fax machine sends it: 1 bit, CCITT, so many dots an inch each way."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].render(scale=300 / 72).to_pil().convert("L")
    size = (round(page.width * across / 300), round(page.height * down / 300))
    dots = page.resize(size, Image.Resampling.BOX).point(lambda grey: 255 * (grey > 150))
    bilevel = dots.convert("1", dither=Image.Dither.NONE)
    raw = io.BytesIO()
    # Pillow packs 1-bit pages of a PDF as CCITT too.
    packing = {"compression": "group4"} if kind == "TIFF" else {}
    bilevel.save(raw, kind, dpi=(across, down), **packing)
    return raw.getvalue()


@pytest.mark.parametrize(("down", "worst"), [(196, 0.05), (98, 0.25)], ids=["fine", "standard"])
def test_a_fax_is_read_in_either_resolution(pdf: bytes, down: int, worst: float) -> None:
    for kind in ("PDF", "TIFF"):
        data = fax(pdf, kind, 204, down)
        assert kind == "TIFF" or b"CCITTFaxDecode" in data
        found = read_document(data, "fax", ANY)
        assert found.outcome is ReadOutcome.OK
        assert [page.method for page in found.pages] == [ReadMethod.OCR]
        assert error_rate(LETTER, found.text) <= worst
