from __future__ import annotations

import io
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from correspondence.errors import UnreadableInput
from correspondence.vocabulary import ReadOutcome
from extractors.formats import image as image_format
from extractors.formats.image_pages import as_page_image, visible_part
from extractors.formats.pages import NothingRead
from extractors.reader import read_document
from extractors.request import ReadingLimits, ReadingRequest

LIMIT = 40_000_000
NO_OCR = ReadingRequest(ocr=False)


def page(mode: str = "L", size: tuple[int, int] = (300, 400)) -> Image.Image:
    """A white page with a black bar near its top, to tell which way it stands."""
    made = Image.new("L", size, 255)
    ImageDraw.Draw(made).rectangle((40, 30, size[0] - 40, 60), fill=0)
    return made.convert(mode)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def loaded(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def as_read(data: bytes) -> Image.Image:
    return as_page_image(loaded(data), LIMIT)


def bar_and_paper(image: Image.Image) -> tuple[int, int]:
    grey = image.convert("L")
    return grey.getpixel((150, 45)), grey.getpixel((150, 200))


def outcome(data: bytes, request: ReadingRequest = NO_OCR) -> ReadOutcome:
    return read_document(data, "scan", request).outcome


def warnings_of(data: bytes, request: ReadingRequest = NO_OCR) -> tuple[str, ...]:
    return read_document(data, "scan", request).warnings


@pytest.mark.parametrize(
    "data",
    [
        saved(page("CMYK"), "JPEG"),
        saved(page("CMYK"), "TIFF"),
        saved(page("P"), "PNG"),
        saved(page("LA"), "PNG"),
        saved(page("RGBA"), "WEBP"),
        saved(page("1"), "TIFF", compression="group4"),
        saved(page("RGB"), "BMP"),
        saved(page(), "GIF"),
    ],
    ids=["cmyk-jpeg", "cmyk-tiff", "palette", "grey-alpha", "webp", "fax", "bmp", "gif"],
)
def test_every_kind_of_picture_shows_ink_on_paper(data: bytes) -> None:
    found = as_read(data)
    assert found.mode in ("1", "L", "RGB")
    ink, paper = bar_and_paper(found)
    assert ink < 40
    assert paper > 215


def test_sixteen_bits_are_scaled_not_cut() -> None:
    deep = np.full((400, 300), 50_000, np.uint16)
    deep[30:60, 40:260] = 3_000
    ink, paper = bar_and_paper(as_read(saved(Image.fromarray(deep), "PNG")))
    assert ink < 20
    assert 180 < paper < 210


def test_figures_of_any_range_become_grey() -> None:
    figures = np.linspace(-3.0, 8.0, 120_000, dtype=np.float32).reshape(400, 300)
    found = as_page_image(Image.fromarray(figures), LIMIT)
    assert (found.mode, found.getextrema()) == ("L", (0, 255))


def test_what_is_transparent_is_paper() -> None:
    clear = Image.new("LA", (300, 400), (0, 0))
    ImageDraw.Draw(clear).rectangle((40, 30, 260, 60), fill=(0, 255))
    assert bar_and_paper(as_read(saved(clear, "PNG"))) == (0, 255)
    palette = Image.new("P", (300, 400), 1)
    palette.putpalette([0, 0, 0, 0, 0, 0])
    ImageDraw.Draw(palette).rectangle((40, 30, 260, 60), fill=0)
    assert bar_and_paper(as_read(saved(palette, "PNG", transparency=1))) == (0, 255)


@pytest.mark.parametrize(("tag", "back"), [(3, 180), (6, 90), (8, 270)])
def test_a_photograph_is_turned_as_its_exif_says(tag: int, back: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = tag
    stored = page("RGB").rotate(back, expand=True)
    found = as_read(saved(stored, "JPEG", exif=exif))
    assert found.size == (300, 400)
    ink, paper = bar_and_paper(found)
    assert ink < 40 < 215 < paper


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_damaged_exif_block_does_not_cost_the_page() -> None:
    data = saved(page("RGB"), "JPEG", exif=b"Exif\0\0MM\0\x2a\xff\xff\xff\xff")
    assert as_read(data).size == (300, 400)


def test_a_fax_of_half_height_gets_square_pixels() -> None:
    flat = page("1", (1728, 1078))
    fax = saved(flat, "TIFF", compression="group4", dpi=(204, 98))
    found = as_read(fax)
    assert found.size == (1728, pytest.approx(1078 * 204 / 98, abs=1))
    assert as_page_image(loaded(fax), 2_000_000).size == flat.size
    even = saved(flat, "TIFF", compression="group4", dpi=(200, 200))
    assert as_read(even).size == flat.size


def test_a_turned_fax_is_stretched_before_the_turn() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    fax = saved(page("L", (800, 500)), "TIFF", dpi=(200, 100), exif=exif)
    assert as_read(fax).size == (1000, 800)


def test_a_wild_resolution_changes_nothing() -> None:
    assert as_read(saved(page(), "TIFF", dpi=(9000, 1))).size == (300, 400)


def test_the_grey_of_a_cut_jpeg_is_left_out() -> None:
    noisy = np.random.default_rng(1).integers(0, 255, (640, 400), np.uint8)
    data = saved(Image.fromarray(noisy), "JPEG")
    part = visible_part(loaded(data[: len(data) // 2] + b"\xff\xd9"))
    assert part is not None
    assert 280 <= part.height <= 340
    assert np.ptp(np.asarray(part)[-1]) > 20
    assert visible_part(loaded(data[:700] + b"\xff\xd9")) is None


def test_too_many_pixels_are_named_and_never_decoded() -> None:
    tight = ReadingRequest(ocr=False, limits=ReadingLimits(pixels=10_000))
    for kind in ("PNG", "TIFF", "WEBP", "BMP", "GIF", "JPEG"):
        data = saved(page("RGB"), kind)
        assert outcome(data, tight) is ReadOutcome.TOO_LARGE, kind
    header = (70_000).to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    bomb = (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(bytes(99)))
    )
    assert outcome(bomb) is ReadOutcome.TOO_LARGE


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def test_a_large_jpeg_is_decoded_at_half_its_size() -> None:
    halved = ReadingRequest(ocr=False, limits=ReadingLimits(pixels=100_000))
    assert warnings_of(saved(page("L"), "JPEG"), halved) == ("no_ocr",)
    assert warnings_of(saved(page("L"), "PNG"), halved) == ("page_too_large:1",)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_a_film_gives_its_first_frame_only(kind: str) -> None:
    frames = [page("RGB").rotate(turn) for turn in range(0, 90, 10)]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:])
    assert warnings_of(data) == ("film_first_frame", "no_ocr")
    with pytest.raises(NothingRead):
        image_format.read(data, NO_OCR)


def test_more_pages_than_allowed_are_left_out() -> None:
    many = saved(page(), "TIFF", save_all=True, append_images=[page()] * 4)
    few = ReadingRequest(ocr=False, limits=ReadingLimits(pages=2))
    assert "pages_left_out" in warnings_of(many, few)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF"])
def test_the_head_alone_is_damaged(kind: str) -> None:
    data = saved(page("RGB"), kind)
    assert outcome(data[:60].ljust(64, b"\1")) is ReadOutcome.DAMAGED


def test_no_width_is_damaged() -> None:
    header = bytes(4) + (10).to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    data = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IEND", b"")
    with pytest.raises(UnreadableInput):
        image_format.read(data, NO_OCR)
    assert outcome(data) is ReadOutcome.DAMAGED


def test_a_counting_pixel_is_empty() -> None:
    assert outcome(saved(Image.new("L", (1, 1)), "GIF"), ReadingRequest()) is ReadOutcome.EMPTY
