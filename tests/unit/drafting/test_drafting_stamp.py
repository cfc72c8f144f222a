from __future__ import annotations

import io
import shutil
from datetime import UTC, datetime

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw, features
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from correspondence.errors import UnreadableInput
from drafting.receipt_stamp import HEIGHT_MM, WIDTH_MM, StampText, draw_stamp
from drafting.stamp_place import find_place
from drafting.stamped_copy import stamp_pdf
from drafting.thai_font import thai_font

pytestmark = pytest.mark.skipif(
    not (features.check("raqm") and shutil.which("fc-match")), reason="needs FriBiDi, fontconfig"
)
TEXT = StampText(
    "สำนักงานรัฐมนตรี กระทรวงศึกษาธิการ", "123/2569", datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
)
SIZE = (WIDTH_MM, HEIGHT_MM)
A4_MM = (210.0, 297.0)


@pytest.fixture(scope="module")
def stamp() -> Image.Image:
    return draw_stamp(TEXT)


def _page(*boxes: tuple[float, float, float, float]) -> Image.Image:
    """A4 at 4 dots a millimetre with black boxes (left, top, right, bottom in millimetres)."""
    image = Image.new("L", (840, 1188), 250)
    draw = ImageDraw.Draw(image)
    for box in boxes:
        draw.rectangle(tuple(round(4 * edge) for edge in box), fill=10)
    return image


def _pdf(contents: bytes = b"0 0 1 rg 60 60 300 500 re f", **keys: object) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    stream = DecodedStreamObject()
    stream.set_data(contents)
    page[NameObject("/Contents")] = writer._add_object(stream)
    for name, value in keys.items():
        page[NameObject(f"/{name}")] = value
    writer.add_blank_page(300, 300)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _numbers(*values: float) -> ArrayObject:
    return ArrayObject(FloatObject(value) for value in values)


def _red_box(pdf: bytes) -> tuple[float, float, float, float, int, int]:
    """Left, top, right, bottom of the red on page 1 in millimetres, and the page's size."""
    with pypdfium2.PdfDocument(pdf) as document:
        image = document[0].render(scale=2).to_pil().convert("RGB")
    pixels = np.asarray(image, dtype=int)
    red = (pixels[..., 0] > pixels[..., 2] + 60) & (pixels[..., 0] > pixels[..., 1] + 60)
    rows, columns = np.nonzero(red)
    per_mm = 2 * 72 / 25.4
    edges = (columns.min(), rows.min(), columns.max(), rows.max())
    return (*(edge / per_mm for edge in edges), *image.size)  # type: ignore[return-value]


def test_the_stamp_says_number_day_and_time_in_bangkok_with_thai_digits() -> None:
    assert TEXT.lines() == ("เลขรับ ๑๒๓/๒๕๖๙", "วันที่ ๒๑ พ.ย. ๒๕๖๙", "เวลา ๐๙.๓๐ น.")


def test_marks_stack_above_each_other(stamp: Image.Image) -> None:
    """A tone mark over a vowel stands higher than the vowel alone: Raqm has shaped the line."""

    def height(day: str) -> int:
        _, top, _, bottom = thai_font(200).getbbox(day, language="th")
        return bottom - top

    assert height("ที่") > height("ที") + 10
    assert stamp.mode == "1" and stamp.size[0] == 2 * stamp.size[1]
    assert 0.05 < 1 - np.asarray(stamp).mean() < 0.4


def test_a_long_name_of_an_office_stays_in_the_frame() -> None:
    drawn = np.asarray(draw_stamp(StampText("สำนักงาน" * 20, "1/2569", TEXT.received_at)))
    assert drawn[20:-20, 12:20].all() and drawn[20:-20, -20:-12].all()


def test_an_empty_page_is_stamped_in_its_top_right_corner() -> None:
    place = find_place(_page(), A4_MM[0], SIZE)
    assert (place.left, place.top, place.scale, place.free) == (155.0, 5.0, 1.0, True)


@pytest.mark.parametrize(
    ("boxes", "at_right", "at_top"),
    [
        ([(90, 4, 120, 40), (120, 45, 200, 60)], True, True),
        ([(60, 0, 210, 140)], False, True),
        ([(0, 0, 210, 150)], True, False),
        ([(0, 0, 210, 150), (60, 200, 210, 297)], False, False),
    ],
)
def test_the_stamp_covers_nothing_while_a_corner_is_free(
    boxes: list[tuple[float, float, float, float]], at_right: bool, at_top: bool
) -> None:
    place = find_place(_page(*boxes), A4_MM[0], SIZE)
    assert place.free
    assert (place.left > 70) == at_right and (place.top < 130) == at_top
    right, bottom = place.left + 50 * place.scale, place.top + 25 * place.scale
    for box in boxes:
        apart = place.left >= box[2] or right <= box[0] or place.top >= box[3] or bottom <= box[1]
        assert apart


def test_the_margin_in_a_smaller_size_comes_before_a_gap_between_lines() -> None:
    place = find_place(_page((20, 26, 200, 30), (20, 70, 200, 290)), A4_MM[0], SIZE)
    assert place.top < 10 and 0.7 < place.scale < 1 and place.free


def test_the_corner_in_a_smaller_size_comes_before_the_middle_of_the_page() -> None:
    place = find_place(_page((140, 26, 205, 60), (20, 70, 200, 290)), A4_MM[0], SIZE)
    assert place.free and place.left + 50 * place.scale > 200


def test_a_full_page_is_stamped_where_least_stands_and_says_so() -> None:
    noise = np.random.default_rng(3).integers(0, 255, (1188, 840), dtype=np.uint8)
    noise[:, 400:] |= 0xC0
    place = find_place(Image.fromarray(noise), A4_MM[0], SIZE)
    assert not place.free and place.left > 100 and place.top < 100


def test_a_sheet_smaller_than_the_stamp_holds_it_whole() -> None:
    place = find_place(Image.new("L", (120, 60), 255), 30.0, SIZE)
    assert place.left >= 0 and place.top >= 0
    assert place.left + 50 * place.scale <= 30 and place.top + 25 * place.scale <= 15


@pytest.mark.parametrize("turn", [0, 90, 180, 270, -90, 450])
@pytest.mark.parametrize(
    "boxes",
    [
        {},
        {"MediaBox": _numbers(-100, -50, 595, 842)},
        {"CropBox": _numbers(40, 90, 560, 800)},
        {"CropBox": _numbers(-500, -500, 5000, 5000)},
        {"CropBox": _numbers(5000, 5000, 6000, 6000)},
        {"UserUnit": FloatObject(2)},
    ],
)
def test_turned_and_cropped_pages_show_the_stamp_at_their_own_top_right(
    stamp: Image.Image, turn: int, boxes: dict[str, object]
) -> None:
    copy = stamp_pdf(_pdf(b"", Rotate=NumberObject(turn), **boxes), stamp)
    assert copy.free and not copy.picture
    left, top, right, bottom, wide, _ = _red_box(copy.pdf)
    assert (right - left, bottom - top) == pytest.approx(SIZE, abs=1)
    assert top == pytest.approx(5, abs=1)
    assert wide / (2 * 72 / 25.4) - right == pytest.approx(5, abs=1)


@pytest.mark.parametrize(
    "contents",
    [
        b"q 0.5 0 0 0.5 30 30 cm 0 0 1 rg 0 0 300 300 re f",
        b"0 0 10 10 re W n 0 0 1 rg 0 0 300 300 re f",
        b"Q Q Q 0.2 0 0 0.2 300 300 cm 0 0 1 rg 0 0 300 300 re f",
        b"BT /F1 12 Tf (not ended) Tj",
        b"q q q q",
    ],
)
def test_what_a_page_leaves_open_moves_or_hides_nothing(
    stamp: Image.Image, contents: bytes
) -> None:
    left, top, right, bottom, *_ = _red_box(stamp_pdf(_pdf(contents), stamp).pdf)
    assert (right - left, bottom - top) == pytest.approx(SIZE, abs=1)
    assert (left, top) == pytest.approx((A4_MM[0] - 55, 5), abs=1.5)


def test_the_other_pages_and_the_text_stay(stamp: Image.Image) -> None:
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    fonts = DictionaryObject({NameObject("/F1"): font})
    original = _pdf(
        b"BT /F1 12 Tf 60 600 Td (hello) Tj ET",
        Resources=DictionaryObject({NameObject("/Font"): fonts}),
    )
    copy = PdfReader(io.BytesIO(stamp_pdf(original, stamp).pdf))
    assert len(copy.pages) == 2
    assert copy.pages[0].extract_text().strip() == "hello"
    assert copy.pages[1].mediabox.width == 300
    assert "/XObject" not in (copy.pages[1].get("/Resources") or {})


def test_a_signed_letter_is_told_and_its_copy_made(stamp: Image.Image) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(_pdf())))
    signature = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Sig"),
            NameObject("/ByteRange"): ArrayObject(NumberObject(n) for n in (0, 10, 20, 30)),
            NameObject("/Contents"): TextStringObject("00"),
        }
    )
    writer._root_object[NameObject("/Sealed")] = writer._add_object(signature)
    target = io.BytesIO()
    writer.write(target)
    assert stamp_pdf(target.getvalue(), stamp).signed
    assert not stamp_pdf(_pdf(), stamp).signed


def test_nothing_acts_when_the_copy_is_opened(stamp: Image.Image) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(_pdf())))
    script = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert(1)"),
        }
    )
    names = DictionaryObject({NameObject("/JavaScript"): DictionaryObject()})
    writer._root_object[NameObject("/OpenAction")] = script
    writer._root_object[NameObject("/Names")] = names
    target = io.BytesIO()
    writer.write(target)
    root = PdfReader(io.BytesIO(stamp_pdf(target.getvalue(), stamp).pdf)).trailer["/Root"]
    assert "/OpenAction" not in root and "/JavaScript" not in root["/Names"]


def test_a_page_that_pypdf_cannot_rewrite_becomes_a_picture(
    stamp: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drafting.stamped_copy._matrix", lambda page, place: (0, 0, 0, 0, 0, 0))
    copy = stamp_pdf(_pdf(), stamp)
    assert copy.picture and len(PdfReader(io.BytesIO(copy.pdf)).pages) == 2
    left, top, right, bottom, *_ = _red_box(copy.pdf)
    assert (right - left, bottom - top) == pytest.approx(SIZE, abs=1.5)
    assert top == pytest.approx(5, abs=1.5)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\nrubbish", b"x" * 5000])
def test_what_is_no_pdf_has_a_named_outcome(stamp: Image.Image, content: bytes) -> None:
    with pytest.raises(UnreadableInput):
        stamp_pdf(content, stamp)
