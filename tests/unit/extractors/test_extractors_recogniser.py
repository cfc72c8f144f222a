from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from extractors.scans import cleaner
from extractors.scans.cleaner import Pixels
from extractors.scans.recogniser import RecognitionFailed, read_page, recognise_page
from extractors.scans.symbols import Models, Symbol


def page_of(*rows: tuple[int, ...]) -> Pixels:
    """Return a page with rows of letters, given by their left edges, 40 pixels high."""
    page = np.full((200 * len(rows) + 200, 1600), 255, dtype=np.uint8)
    for number, row in enumerate(rows):
        for left in row:
            page[100 + 200 * number : 140 + 200 * number, left : left + 28] = 0
    return page


class Reader:
    """Reads what it is told, a line after the other."""

    def __init__(self, *lines: tuple[Symbol, ...]) -> None:
        self.lines = list(lines)

    def __call__(self, image: Pixels) -> tuple[Symbol, ...]:
        return self.lines.pop(0)


def symbols(text: str, *, sure: float = 0.99) -> tuple[Symbol, ...]:
    return (Symbol(text, 10, 200, sure),)


ROW = tuple(range(100, 700, 40))


def test_rows_are_lines_and_columns_stand_three_blanks_apart() -> None:
    page = page_of((*range(100, 400, 40), *range(900, 1200, 40)), ROW)
    reader = Reader(symbols("ที่ ศธ"), symbols("กรม"), symbols("เรื่อง"))
    found = recognise_page(Image.fromarray(page), 60, Models(reader))
    assert found.text == "ที่ ศธ   กรม\nเรื่อง"
    assert [found.text[piece.begin : piece.end] for piece in found.pieces] == [
        "ที่ ศธ",
        "กรม",
        "เรื่อง",
    ]
    assert found.pieces[0].box.right < found.pieces[1].box.left
    assert found.pieces[2].box.top > found.pieces[0].box.bottom


def test_dirt_that_the_engine_does_not_believe_is_no_line() -> None:
    reader = Reader(symbols("เรียน"), symbols("กข", sure=0.93), symbols("...", sure=0.99))
    found = recognise_page(Image.fromarray(page_of(ROW, ROW, ROW)), 60, Models(reader))
    assert found.text == "เรียน"
    assert 0.5 < found.confidence < 1


def test_a_digit_that_cannot_be_confirmed_is_marked_where_it_stands_in_the_text() -> None:
    read = (Symbol("ชือ", 10, 60, 0.99), Symbol("๕", 470, 480, 0.99, spaced=True))
    found = recognise_page(Image.fromarray(page_of(ROW)), 60, Models(Reader(read)))
    ((begin, end),) = found.pieces[0].doubtful
    assert found.text[begin:end] == "๕"
    assert found.text.startswith("ชื่อ")


def test_a_page_takes_no_longer_than_it_may() -> None:
    with pytest.raises(RecognitionFailed):
        read_page(page_of(ROW), 0.0, Models(Reader(symbols("เรียน"))))


def test_nothing_recognised_is_no_text() -> None:
    assert recognise_page(Image.new("L", (400, 400), 255), 5).text == ""


def _striped(angle: float) -> cleaner.Pixels:
    image = Image.new("L", (800, 1100), 255)
    draw = ImageDraw.Draw(image)
    for top in range(100, 1000, 40):
        draw.rectangle((100, top, 700, top + 12), fill=0)
    return np.asarray(image.rotate(angle, fillcolor=255))


@pytest.mark.parametrize("tilt", [-2.0, -0.7, 0.0, 1.2])
def test_the_tilt_of_a_page_is_found(tilt: float) -> None:
    assert cleaner.find_tilt(_striped(tilt)) == pytest.approx(-tilt, abs=0.25)


def test_grain_goes_and_letters_stay() -> None:
    page = _striped(0).copy()
    page[20, 20:22] = 0
    cleaned = cleaner.clean(page)
    assert cleaned[20, 20] > 200
    assert cleaned[106, 300] < 50


def test_red_ink_goes_from_the_page_and_is_kept_apart() -> None:
    image = Image.new("RGB", (200, 200), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 20, 80, 60), fill=(220, 30, 40))
    draw.rectangle((20, 100, 80, 140), fill="black")
    assert cleaner.grey_page(image)[40, 50] > 180
    assert cleaner.grey_page(image)[120, 50] < 50
    red = cleaner.red_ink(image)
    assert red is not None
    assert red[40, 50] == 0
    assert red[120, 50] == 255
    assert cleaner.red_ink(Image.new("RGB", (200, 200), "white")) is None
