from __future__ import annotations

import io
import re
import shutil

import numpy as np
import pypdf
import pypdfium2
import pytest

from benchmarks.other_readers import OURS, run_reader
from benchmarks.pdf_makers import Scan, ascii_digits_pdf, lost_am_pdf, private_use_pdf, scan_pdf
from benchmarks.reading import make_samples
from benchmarks.reading_scores import score_reading
from benchmarks.reading_texts import ReadingText, write_document
from correspondence.vocabulary import ReadMethod
from demo.samples.conversion import convert_to_pdf
from extractors.formats import pdf as pdf_format
from extractors.request import ReadingRequest

pytestmark = pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")

TEXT = ReadingText(
    "test",
    "ที่ ตย ๐๑๐๖/๒๗๘ || สำนักงานน้ำตัวอย่าง\n"
    "^^ ๑๗ มีนาคม ๒๕๖๖\n"
    "เรื่อง การจ่ายน้ำในฤดูแล้ง\n"
    "\tผู้อำนวยการสำนักงานน้ำกำหนดให้ใช้น้ำวันละ ๖๘ ลิตรต่อครัวเรือน ตั้งแต่บัดนี้เป็นต้นไป\n"
    "| ลำดับ | รายการ | จำนวน |\n"
    "| ๑ | ถังน้ำ | ๑,๖๗๘ |\n"
    "ทั้งนี้ เด็กขยันหมั่นเรียนนั้นต้องดื่มน้ำนี้เหมือนครั้งก่อน ผู้ใช้น้ำจึงรู้สึกดีขึ้นยิ่งนัก\n"
    "รหัสเอกสาร LPA-๖๙",
)


@pytest.fixture(scope="module", params=["Laksaman", "Garuda", "Norasi", "Umpush"])
def made(request: pytest.FixtureRequest) -> bytes:
    document = write_document(TEXT, font=request.param, points=16)
    return convert_to_pdf({"test": document})["test"]


def layer(raw: bytes) -> str:
    with pypdfium2.PdfDocument(raw) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def picture(raw: bytes) -> np.ndarray:
    with pypdfium2.PdfDocument(raw) as document:
        return np.asarray(document[0].render(scale=1, grayscale=True).to_pil())


def read(raw: bytes) -> str:
    pages = pdf_format.read(raw, ReadingRequest(ocr=False)).pages
    assert all(page.method is ReadMethod.TEXT_LAYER for page in pages)
    return "\n".join(page.text for page in pages)


def test_the_document_shows_the_text(made: bytes) -> None:
    assert score_reading(TEXT.truth, read(made)).errors == 0


def test_a_word_like_layer_has_no_am_and_looks_the_same(made: bytes) -> None:
    spoilt = lost_am_pdf(made)
    assert "ำ" not in layer(spoilt)
    assert "\u0e4d" not in layer(spoilt)
    assert np.array_equal(picture(spoilt), picture(made))
    assert score_reading(TEXT.truth, read(spoilt)).errors == 0


def test_private_glyphs_stand_for_the_marks(made: bytes) -> None:
    spoilt = private_use_pdf(made)
    assert not re.search("[ัิ-ฺ็-๎]", layer(spoilt))
    assert re.search("[\uf701-\uf71a]", layer(spoilt))
    assert np.array_equal(picture(spoilt), picture(made))
    assert score_reading(TEXT.truth, read(spoilt)).errors == 0


def test_ascii_digits_stand_beside_thai_ones(made: bytes) -> None:
    spoilt = ascii_digits_pdf(made)
    assert re.search("1[๐-๙]|[๐-๙]1|6[๐-๙]|[๐-๙]6", layer(spoilt))
    assert not re.search("[๑๖๗๘]", layer(spoilt))
    assert np.array_equal(picture(spoilt), picture(made))
    score = score_reading(TEXT.truth, read(spoilt))
    assert (score.errors, score.numbers_right) == (0, score.numbers)


@pytest.mark.parametrize(
    "scan",
    [Scan(300), Scan(150), Scan(300, "noise"), Scan(200, "stamp"), Scan(200, "fax")],
    ids=lambda scan: f"{scan.damage}{scan.dpi}",
)
def test_a_scan_has_images_only_at_its_resolution(made: bytes, scan: Scan) -> None:
    scanned = scan_pdf(made, scan, seed=1)
    assert not layer(scanned).strip()
    page = pypdf.PdfReader(io.BytesIO(scanned)).pages[0]
    image = page.images[0].image
    assert image is not None
    assert image.width == pytest.approx(float(page.mediabox.width) / 72 * scan.dpi, abs=2)
    assert (image.mode == "1") is (scan.damage == "fax")
    assert len(pypdf.PdfReader(io.BytesIO(scanned)).pages) == len(
        pypdf.PdfReader(io.BytesIO(made)).pages
    )


def test_damage_differs_by_seed_and_is_the_same_for_one(made: bytes) -> None:
    noisy = [picture(scan_pdf(made, Scan(150, "noise"), seed=seed)) for seed in (1, 1, 2)]
    assert np.array_equal(noisy[0], noisy[1])
    assert not np.array_equal(noisy[0], noisy[2])


def test_every_reader_runs_in_a_process_of_its_own(tmp_path) -> None:
    samples = make_samples(tmp_path, quick=True, scans=False)[:2]
    paths = [sample.path for sample in samples]
    for reader in (OURS, "pdfplumber", "pypdfium2", "pypdf"):
        run = run_reader(reader, paths, paths[0])
        assert len(run.readings) == 2
        assert all(len(reading.text) > 500 for reading in run.readings)
        assert all(reading.pages >= 1 for reading in run.readings)
        assert run.peak_mb > 10
