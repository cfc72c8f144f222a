from __future__ import annotations

import io
import shutil
import time
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from extractors_files import LETTER, error_rate, scan, to_pdf, write_docx
from PIL import Image, ImageDraw

from benchmarks.pdf_makers import photograph
from correspondence.vocabulary import ReadMethod, ReadOutcome
from extractors.reader import read_document
from extractors.request import ReadingRequest
from extractors.scans.engine import is_installed
from extractors.scans.photographs import flatten_photograph

pytestmark = pytest.mark.skipif(
    not shutil.which("soffice") or not is_installed(),
    reason="needs LibreOffice and Tesseract",
)
ANY = ReadingRequest()
HEIC = Path(__file__).with_name("files") / "letter.heic"


@pytest.fixture(scope="module")
def flat() -> Image.Image:
    with pypdfium2.PdfDocument(to_pdf(write_docx())) as document:
        return document[0].render(scale=300 / 72).to_pil().convert("L")


def photographed(page: Image.Image, seed: int) -> Image.Image:
    return photograph(page, np.random.default_rng(seed))


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def likeness(one: Image.Image, other: Image.Image) -> float:
    small = [
        np.asarray(image.convert("L").resize((310, 438))).ravel().astype(float)
        for image in (one, other)
    ]
    return float(np.corrcoef(*small)[0, 1])


@pytest.mark.parametrize("seed", range(6))
def test_the_sheet_is_found_and_laid_flat(flat: Image.Image, seed: int) -> None:
    slanted = photographed(flat, seed)
    found = flatten_photograph(slanted)
    assert found.size == (2480, pytest.approx(3508, abs=2))
    assert likeness(found, flat) > 0.85 > likeness(slanted, flat) + 0.3
    assert np.percentile(np.asarray(found.convert("L")), 10) > 200


def test_a_photographed_letter_is_read(flat: Image.Image) -> None:
    data = saved(photographed(flat, 3), "JPEG", quality=75)
    found = read_document(data, "IMG_0001.jpg", ANY)
    assert found.outcome is ReadOutcome.OK
    assert error_rate(LETTER, found.text) <= 0.05


def test_a_photograph_inside_a_pdf_is_read(flat: Image.Image) -> None:
    data = saved(photographed(flat, 4), "PDF", resolution=300, quality=75)
    found = read_document(data, "a.pdf", ANY)
    assert found.pages[0].method is ReadMethod.OCR
    assert error_rate(LETTER, found.text) <= 0.05


def test_ordinary_scans_pass_untouched_and_fast(flat: Image.Image) -> None:
    tilted = scan(to_pdf(write_docx()))[0]
    for page in (flat, flat.convert("RGB"), flat.convert("1"), tilted):
        assert flatten_photograph(page) is page
    begun = time.perf_counter()
    for _ in range(5):
        flatten_photograph(flat)
    # 12 ms on two idle cores; other work may run beside the tests.
    assert (time.perf_counter() - begun) / 5 < 0.15


def test_a_box_of_a_layout_is_no_sheet(flat: Image.Image) -> None:
    poster = Image.new("RGB", (2480, 3508), (20, 40, 110))
    poster.paste(flat.resize((1980, 2808)), (250, 500))
    draw = ImageDraw.Draw(poster)
    for left in range(300, 2100, 90):
        draw.rectangle((left, 180, left + 50, 260), fill="white")
    assert flatten_photograph(poster) is poster


def test_two_sheets_are_left_as_they_are(flat: Image.Image) -> None:
    table = Image.new("RGB", (4032, 3024), (70, 60, 50))
    for number, left in enumerate((100, 2080)):
        table.paste(flat.resize((1850, 2616)).rotate(0), (left, 150 + 40 * number))
    assert flatten_photograph(table) is table


def test_a_shadow_over_a_whole_page_is_evened(flat: Image.Image) -> None:
    light = np.linspace(0.45, 1.0, flat.width)[None, :]
    shaded = Image.fromarray((np.asarray(flat) * light).astype(np.uint8))
    found = flatten_photograph(shaded)
    assert found.size == flat.size
    assert likeness(found, flat) > 0.98
    assert np.percentile(np.asarray(found), 20) > 225


@pytest.mark.parametrize("size", [(400, 400), (401, 3000), (5000, 420)])
def test_any_picture_is_survived(size: tuple[int, int]) -> None:
    chance = np.random.default_rng(size[0])
    noise = chance.integers(0, 255, (size[1], size[0], 3), np.uint8)
    pictures = [noise, np.zeros_like(noise), np.full_like(noise, 255), np.sort(noise, axis=0)]
    for pixels in pictures:
        found = flatten_photograph(Image.fromarray(pixels))
        assert min(found.size) >= 400


def test_a_telephones_heic_is_read() -> None:
    found = read_document(HEIC.read_bytes(), "IMG_0002.HEIC", ANY)
    assert (found.outcome, found.media_type) == (ReadOutcome.OK, "image/heic")
    assert error_rate(LETTER, found.text) <= 0.10


def test_a_damaged_heic_is_named() -> None:
    data = HEIC.read_bytes()
    for cut in (40, 300, len(data) // 2):
        assert read_document(data[:cut], "a.heic", ANY).outcome is ReadOutcome.DAMAGED
    tight = ReadingRequest(limits=ANY.limits.model_copy(update={"pixels": 100_000}))
    assert read_document(data, "a.heic", tight).outcome is ReadOutcome.TOO_LARGE


def test_the_upper_part_of_a_cut_jpeg_is_read(flat: Image.Image) -> None:
    data = saved(flat, "JPEG")
    found = read_document(data[: len(data) // 2], "a.jpg", ANY)
    assert found.outcome is ReadOutcome.PARTIAL
    assert found.warnings == ("page_damaged:1",)
    first = LETTER.split("\n")[1]
    assert first in found.text


def test_a_fax_of_half_height_is_read(flat: Image.Image) -> None:
    page = flat.resize((1728, 1143), Image.Resampling.BOX).point(lambda value: 255 * (value > 150))
    data = saved(page.convert("1"), "TIFF", compression="group4", dpi=(204, 98))
    found = read_document(data, "fax.tif", ANY)
    assert found.outcome is ReadOutcome.OK
    assert error_rate(LETTER, found.text) <= 0.35
