"""`read-check --pictures`: pages drawn in the child, written by the parent."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cli.main import app
from correspondence.errors import UsageFault
from correspondence.reading import Box, Extraction
from correspondence.vocabulary import ReadOutcome
from demo.samples.conversion import convert_to_pdf
from demo.samples.document import write_docx
from demo.samples.scanning import scan_pdf
from extractors.pictures.layers import FIELD, LINE, SURE, WORD
from extractors.reader import read_document
from extractors.request import ReadingRequest
from extractors.scans import engine
from office.settings import Settings
from pipeline.inspection import Desk, open_desk
from pipeline.read_check import check_reading
from pipeline.read_pictures import draw_reading

needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
needs_ocr = pytest.mark.skipif(not engine.is_installed(), reason="needs Tesseract's Thai model")

# Invented: nobody bears it.
NATIONAL_ID = "๑-๑๐๑๗-๐๐๒๐๓-๔๕-๐"
LETTER = (
    "ที่ ตย ๐๒๐๑/๑๒๓๔\n๑๒ พฤศจิกายน ๒๕๖๙\nเรื่อง ขอความอนุเคราะห์ใช้สถานที่\n"
    "เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ\n"
    f"ข้าพเจ้าถือบัตรประจำตัวประชาชน {NATIONAL_ID}\n"
    "จึงเรียนมาเพื่อโปรดพิจารณา\nขอแสดงความนับถือ\n(นายทดสอบ ระบบดี)\n"
)


def to_pdf(text: str) -> bytes:
    docx = write_docx(text, font="Laksaman", language="th")
    return convert_to_pdf({"letter": docx})["letter"]


@pytest.fixture(scope="module")
def letter() -> bytes:
    return to_pdf(LETTER)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return open_desk(Settings(home=tmp_path, workers=1))


def draw(desk: Desk, folder: Path, name: str, data: bytes) -> tuple[Extraction, np.ndarray]:
    """Return the reading of a file of one page, and its picture without the legend."""
    file = folder / name
    file.write_bytes(data)
    read, drawn = draw_reading(desk, file, folder / "out")
    assert drawn.outcome is ReadOutcome.OK
    assert drawn.warnings == ()
    (written,) = drawn.pictures
    assert Path(written).parent == folder / "out"
    with Image.open(written) as image:
        assert image.format == "PNG"
        picture = np.asarray(image.convert("RGB"))
    # The legend ends with a black line across.
    band = 1 + int(np.flatnonzero((picture == 0).all(axis=(1, 2)))[0])
    assert band < 120
    return read, picture[band:]


def inside(picture: np.ndarray, box: Box, around: int = 5) -> np.ndarray:
    height, width = picture.shape[:2]
    top, left = int(box.top * height) - around, int(box.left * width) - around
    bottom, right = int(box.bottom * height) + around, int(box.right * width) + around
    return picture[max(0, top) : bottom + 1, max(0, left) : right + 1]


def has_colour(picture: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool((picture == colour).all(axis=2).any())


def assert_shows(read: Extraction, picture: np.ndarray) -> None:
    height, width = picture.shape[:2]
    assert height / width == pytest.approx(2**0.5, abs=0.02)
    assert width == pytest.approx(1240, abs=10)
    fields = read.fields
    for field in (fields.document_number, fields.document_date, fields.subject):
        assert field.box
        assert has_colour(inside(picture, field.box), FIELD)
    blank = Box(left=0.3, top=0.8, right=0.9, bottom=0.95)
    assert not has_colour(inside(picture, blank), FIELD)
    assert has_colour(picture, LINE)


def place_of_national_id(data: bytes) -> Box:
    """Return the line it stands in; places of lines do not leave the child."""
    (page,) = read_document(data, "a.pdf", ReadingRequest()).pages
    return next(p.box for p in page.pieces if "xxxx" in page.text[p.begin : p.end])


def longest_black(picture: np.ndarray) -> int:
    """Return how many pixels of one row are black, where it has most."""
    return int((picture == 0).all(axis=2).sum(axis=1).max())


@needs_office
def test_a_digital_page_shows_its_fields_and_hides_the_national_number(
    desk: Desk, tmp_path: Path, letter: bytes
) -> None:
    read, picture = draw(desk, tmp_path, "letter.pdf", letter)
    assert_shows(read, picture)
    assert not has_colour(picture, WORD)
    line = place_of_national_id(letter)
    width = picture.shape[1]
    black = longest_black(inside(picture, line))
    assert 0.12 * width < black < (line.right - line.left) * width
    assert read.fields.subject.box
    assert longest_black(inside(picture, read.fields.subject.box)) < 0.02 * width


@needs_office
@needs_ocr
def test_a_scan_shows_words_and_numbers_and_hides_the_national_number(
    desk: Desk, tmp_path: Path, letter: bytes
) -> None:
    scan = scan_pdf(letter, seed=(7,))
    read, picture = draw(desk, tmp_path, "scan.pdf", scan)
    assert_shows(read, picture)
    assert has_colour(picture, WORD)
    assert read.fields.document_number.box
    assert has_colour(inside(picture, read.fields.document_number.box), SURE)
    part = inside(picture, place_of_national_id(scan), around=0)
    assert longest_black(part) > 0.12 * picture.shape[1]
    assert not has_colour(part[3:-3], SURE)


@needs_office
def test_a_letter_with_a_secrecy_mark_has_no_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "a.pdf", tmp_path / "out"
    file.write_bytes(to_pdf("ลับ\n" + LETTER))
    with pytest.raises(SystemExit) as left:
        app(["read-check", str(file), "--pictures", str(out), "--json"])
    assert left.value.code == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["outcome"], told["pictures"], told["warnings"]) == ("secret", [], [])
    assert list(out.iterdir()) == []


@needs_office
def test_a_mark_in_the_name_of_the_file_is_enough(
    desk: Desk, tmp_path: Path, letter: bytes
) -> None:
    file = tmp_path / "[ลับมาก] ผลการสอบสวน.pdf"
    file.write_bytes(letter)
    _, drawn = draw_reading(desk, file, tmp_path / "out")
    assert (drawn.outcome, drawn.pictures) == (ReadOutcome.SECRET, ())


@needs_office
def test_pictures_come_with_a_comparison_too(desk: Desk, tmp_path: Path, letter: bytes) -> None:
    file, truth = tmp_path / "a.pdf", tmp_path / "a.txt"
    file.write_bytes(letter)
    truth.write_text(LETTER, encoding="utf-8")
    found = check_reading(desk, file, truth, tmp_path / "out")
    assert found.errors == ()
    assert [Path(name).name for name in found.pictures] == ["a-001.png"]
    assert check_reading(desk, file, truth).pictures == ()


def test_a_file_without_pages_says_so(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(write_docx(LETTER, font="Laksaman", language="th"))
    _, drawn = draw_reading(desk, file, tmp_path / "out")
    assert (drawn.outcome, drawn.pictures) == (ReadOutcome.OK, ())
    assert drawn.warnings == ("no_pages_to_draw",)


def test_a_damaged_file_ends_as_at_every_other_command(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"%PDF-1.7 nothing follows")
    with pytest.raises(SystemExit) as left:
        app(["read-check", str(file), "--pictures", str(tmp_path / "out")])
    assert left.value.code == 3


def test_neither_text_nor_folder_is_a_fault_of_use(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(LETTER, encoding="utf-8")
    with pytest.raises(UsageFault):
        app(["read-check", str(file)])


def test_a_folder_that_cannot_be_made_is_a_fault_of_use(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(LETTER, encoding="utf-8")
    with pytest.raises(UsageFault):
        draw_reading(desk, file, file / "out")
