from __future__ import annotations

import shutil

import docx
import pytest
from docx.shared import Cm
from extractors_files import (
    LETTER,
    add_line,
    blank_pdf,
    encrypt,
    error_rate,
    images_to_pdf,
    join_pdfs,
    save,
    scan,
    to_pdf,
    write_docx,
)

from correspondence.vocabulary import ReadMethod, ReadOutcome
from extractors.reader import read_document
from extractors.request import ReadingLimits, ReadingRequest
from extractors.scans.engine import is_installed

pytestmark = pytest.mark.skipif(
    not (shutil.which("soffice") and is_installed()), reason="needs LibreOffice and Tesseract"
)

ANY = ReadingRequest()


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return to_pdf(write_docx())


@pytest.mark.parametrize("font", ["Laksaman", "Garuda", "Norasi"])
def test_a_digital_letter_is_read_to_the_letter(font: str) -> None:
    found = read_document(to_pdf(write_docx(font=font)), "letter.pdf", ANY)
    assert found.outcome is ReadOutcome.OK
    assert error_rate(LETTER, found.text) <= 0.005
    assert [page.method for page in found.pages] == [ReadMethod.TEXT_LAYER]
    assert found.pages[0].quality > 0.9
    assert "เรื่อง ขอความอนุเคราะห์ใช้สถานที่จัดประชุม" in found.text.split("\n")


def test_the_two_columns_of_a_head_stay_apart() -> None:
    document = docx.Document()
    document.add_paragraph().add_run()
    add_line(document, "ที่ ตย ๐๒๐๑/๑๒๓๔\tสำนักงานตัวอย่างกลาง")
    document.paragraphs[-1].paragraph_format.tab_stops.add_tab_stop(Cm(9))
    found = read_document(to_pdf(save(document)), "head.pdf", ANY)
    assert found.text == "ที่ ตย ๐๒๐๑/๑๒๓๔   สำนักงานตัวอย่างกลาง"


def test_a_scan_is_recognised() -> None:
    pages = scan(to_pdf(write_docx()))
    found = read_document(images_to_pdf(pages), "scan.pdf", ANY)
    assert found.outcome is ReadOutcome.OK
    assert [page.method for page in found.pages] == [ReadMethod.OCR]
    assert error_rate(LETTER, found.text) <= 0.12
    assert 0.0 < found.pages[0].quality < 1.0


def test_each_page_is_read_in_its_own_way(pdf: bytes) -> None:
    mixed = join_pdfs(pdf, images_to_pdf(scan(pdf)), pdf)
    found = read_document(mixed, "mixed.pdf", ANY)
    assert [page.method for page in found.pages] == [
        ReadMethod.TEXT_LAYER,
        ReadMethod.OCR,
        ReadMethod.TEXT_LAYER,
    ]
    assert [page.number for page in found.pages] == [1, 2, 3]


def test_without_ocr_a_scan_is_empty_and_says_why(pdf: bytes) -> None:
    scanned = images_to_pdf(scan(pdf))
    found = read_document(scanned, "scan.pdf", ReadingRequest(ocr=False))
    assert found.outcome is ReadOutcome.EMPTY
    assert found.warnings == ("no_ocr",)
    mixed = read_document(join_pdfs(pdf, scanned), "mixed.pdf", ReadingRequest(ocr=False))
    assert mixed.outcome is ReadOutcome.PARTIAL
    assert mixed.warnings == ("no_ocr",)


def test_passwords_are_tried(pdf: bytes) -> None:
    locked = encrypt(pdf, "1234")
    assert read_document(locked, "a.pdf", ANY).outcome is ReadOutcome.ENCRYPTED
    wrong = ReadingRequest(passwords=("0000",))
    assert read_document(locked, "a.pdf", wrong).outcome is ReadOutcome.ENCRYPTED
    right = ReadingRequest(passwords=("0000", "1234"))
    assert read_document(locked, "a.pdf", right).outcome is ReadOutcome.OK


def test_damaged_and_empty_files_are_named(pdf: bytes) -> None:
    assert read_document(b"%PDF-1.7\nnothing", "a.pdf", ANY).outcome is ReadOutcome.DAMAGED
    assert read_document(blank_pdf(), "a.pdf", ANY).outcome is ReadOutcome.EMPTY
    assert read_document(b"", "a.pdf", ANY).outcome is ReadOutcome.EMPTY


@pytest.mark.parametrize("share", [0.1, 0.4, 0.7, 0.95])
def test_a_cut_file_never_raises(pdf: bytes, share: float) -> None:
    found = read_document(pdf[: int(len(pdf) * share)], "cut.pdf", ANY)
    assert found.outcome in (
        ReadOutcome.DAMAGED,
        ReadOutcome.PARTIAL,
        ReadOutcome.OK,
        ReadOutcome.EMPTY,
    )


def test_limits_are_named(pdf: bytes) -> None:
    few_bytes = ReadingRequest(limits=ReadingLimits(bytes=1000))
    assert read_document(pdf, "a.pdf", few_bytes).outcome is ReadOutcome.TOO_LARGE
    one_page = ReadingRequest(limits=ReadingLimits(pages=1))
    found = read_document(join_pdfs(pdf, pdf), "a.pdf", one_page)
    assert found.outcome is ReadOutcome.PARTIAL
    assert found.warnings == ("pages_left_out",)
    assert len(found.pages) == 1


def test_a_secret_letter_says_nothing() -> None:
    found = read_document(to_pdf(write_docx(f"ลับมาก\n{LETTER}")), "letter.pdf", ANY)
    assert found.outcome is ReadOutcome.SECRET
    assert found.fields.secrecy.value == "secret"
    assert not found.text
    assert not found.pages
    assert not found.fields.subject
