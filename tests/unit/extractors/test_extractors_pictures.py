from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from correspondence.reading import Box, FieldValue, LetterFields, PageText, TextPiece
from correspondence.vocabulary import ReadMethod
from extractors.digits.decoding import Number
from extractors.digits.placement import ReadLine
from extractors.pictures.canvas import WHITE, Canvas, overlap
from extractors.pictures.layers import (
    DOUBTFUL,
    FIELD,
    FIELD_NAMES,
    SURE,
    draw_fields,
    draw_numbers,
    under_legend,
)
from extractors.pictures.lettering import Lettering, find_lettering
from extractors.pictures.national_ids import digits_of_scan, hidden_boxes
from extractors.scans.lines import TextLine
from extractors.scans.symbols import Symbol
from extractors.scans.traces import PageTrace, Traces

PLAIN = Lettering(None)
LINE = Box(left=0.1, top=0.2, right=0.9, bottom=0.22)


def page_of(text: str, *pieces: tuple[str, Box]) -> PageText:
    placed = []
    for words, box in pieces:
        begin = text.index(words)
        placed.append(TextPiece(begin=begin, end=begin + len(words), box=box))
    return PageText(number=1, text=text, method=ReadMethod.OCR, quality=1.0, pieces=tuple(placed))


def digits(count: int, *, left: float = 0.2, step: float = 0.01) -> tuple[Box, ...]:
    return tuple(
        Box(left=left + i * step, top=0.2, right=left + (i + 1) * step, bottom=0.22)
        for i in range(count)
    )


def canvas(width: int = 600, height: int = 800) -> Canvas:
    return Canvas(Image.new("L", (width, height), 255), PLAIN)


def pixels(drawn: Canvas) -> np.ndarray:
    """Return the picture without its legend."""
    return np.asarray(under_legend(drawn))[-drawn.height :]


def has_colour(image: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool((image == colour).all(axis=2).any())


def line_of(*symbols: Symbol, numbers: tuple[Number, ...] = ()) -> ReadLine:
    line = TextLine(np.zeros(0, dtype=np.int64), 30.0, 0, 100, 320, 900, 352)
    return ReadLine(line, symbols, numbers)


def trace_of(*lines: ReadLine) -> PageTrace:
    return PageTrace(Image.new("L", (500, 800), 255), 0.5, lines)


def number(text: str, left: int, right: int, certainty: float) -> Number:
    return Number(text, left, right, 30.0, certainty, sure=True, in_word=False)


ID_LINE = "เลขที่ ๑๒ บัตร x-xxxx-xxxxx-45-0 ซอย 7"


def test_the_digits_of_a_national_number_are_hidden_and_no_others() -> None:
    (box,) = hidden_boxes(page_of(ID_LINE, (ID_LINE, LINE)), lambda _: digits(16)) or ()
    assert 0.19 < box.left <= 0.22
    assert 0.35 <= box.right < 0.38
    assert (box.top, box.bottom) == (LINE.top, LINE.bottom)


def test_all_digits_of_the_line_are_hidden_where_their_number_differs_from_the_text() -> None:
    (box,) = hidden_boxes(page_of(ID_LINE, (ID_LINE, LINE)), lambda _: digits(20)) or ()
    assert box.left <= 0.2
    assert box.right >= 0.4


def test_the_digits_of_a_cell_with_several_lines_are_not_counted_from_the_left() -> None:
    lower = tuple(box.model_copy(update={"top": 0.3, "bottom": 0.32}) for box in digits(8))
    (box,) = hidden_boxes(page_of(ID_LINE, (ID_LINE, LINE)), lambda _: digits(8) + lower) or ()
    assert box.left <= 0.2
    assert box.right >= 0.28


def test_the_whole_line_is_hidden_where_too_few_digits_are_found() -> None:
    assert hidden_boxes(page_of(ID_LINE, (ID_LINE, LINE)), lambda _: digits(5)) == (LINE,)


def test_a_number_on_two_lines_is_hidden_on_both() -> None:
    upper, lower = "บัตร x-xxxx-", "xxxxx-45-0 ซอย"
    below = LINE.model_copy(update={"top": 0.3, "bottom": 0.32})
    page = page_of(f"{upper}\n{lower}", (upper, LINE), (lower, below))
    assert hidden_boxes(page, lambda _: ()) == (LINE, below)


def test_a_number_whose_place_is_not_known_forbids_the_picture() -> None:
    page = page_of(f"เรียน\n{ID_LINE}", ("เรียน", LINE))
    assert hidden_boxes(page, lambda _: ()) is None


@pytest.mark.parametrize("text", ["โทร. ๐๘๑-๕๕๕-๐๑๐๑", "xx-123", "ไม่มีเลข"])
def test_nothing_else_is_hidden(text: str) -> None:
    assert hidden_boxes(page_of(text, (text, LINE)), lambda _: digits(16)) == ()


def test_a_symbol_of_several_digits_counts_for_all_of_them() -> None:
    line = line_of(Symbol("เลข", 100, 200, 0.9), Symbol("1-1017-00203-45-0", 300, 700, 0.9))
    found = digits_of_scan(trace_of(line))(TextPiece(begin=0, end=9, box=LINE))
    assert len(found) == 13
    assert {(box.left, box.right) for box in found} == {(0.3, 0.7)}


def test_sure_numbers_are_green_and_doubtful_ones_orange() -> None:
    sure, doubtful = canvas(), canvas()
    draw_numbers(sure, trace_of(line_of(numbers=(number("123", 300, 380, 0.99),))), ())
    assert has_colour(pixels(sure), SURE)
    assert not has_colour(pixels(sure), DOUBTFUL)
    draw_numbers(doubtful, trace_of(line_of(numbers=(number("123", 300, 380, 0.9),))), ())
    assert has_colour(pixels(doubtful), DOUBTFUL)
    assert not has_colour(pixels(doubtful), SURE)


def test_digits_the_recogniser_did_not_confirm_are_orange() -> None:
    drawn = canvas()
    draw_numbers(drawn, trace_of(line_of(Symbol("12", 300, 380, 0.99, doubtful=True))), ())
    assert has_colour(pixels(drawn), DOUBTFUL)


def test_a_hidden_number_is_not_written() -> None:
    drawn = canvas()
    line = line_of(Symbol("45", 500, 560, 0.9, doubtful=True), numbers=(number("1", 300, 380, 1),))
    draw_numbers(drawn, trace_of(line), ((140, 150, 300, 180),))
    assert (pixels(drawn) == WHITE).all()


def test_fields_are_drawn_on_their_page_only() -> None:
    fields = LetterFields(subject=FieldValue(value="ก", raw="ก", page=2, box=LINE))
    first, second = canvas(), canvas()
    draw_fields(first, fields, 1)
    draw_fields(second, fields, 2)
    assert (pixels(first) == WHITE).all()
    left, top, right, bottom = second.place(LINE)
    assert has_colour(pixels(second)[top - 4 : bottom + 5, left - 5 : right + 6], FIELD)


def test_every_field_of_the_contract_has_a_name() -> None:
    assert set(FIELD_NAMES) == set(LetterFields.model_fields)


def test_labels_keep_off_each_other() -> None:
    drawn = canvas()
    for _ in range(6):
        drawn.label((100, 300, 180, 330), "subject", WHITE, 20, FIELD)
    spots = drawn._labels
    assert not any(overlap(a, b) for i, a in enumerate(spots) for b in spots[:i])


def test_a_label_covers_no_text_where_there_is_room() -> None:
    drawn = canvas()
    above, own = (50, 250, 550, 295), (100, 300, 180, 330)
    drawn.keep_clear(above)
    drawn.label(own, "subject", WHITE, 20, FIELD)
    (spot,) = drawn._labels
    assert not overlap(spot, above)


def test_a_label_stays_on_the_page() -> None:
    drawn = canvas(60, 40)
    drawn.label((50, 2, 59, 10), "a long name of a field", WHITE, 20, FIELD)
    assert under_legend(drawn).width == 60


def test_without_a_thai_font_numbers_are_written_in_arabic_digits() -> None:
    assert PLAIN.digits("๑๒๓") == "123"
    if find_lettering().is_thai:
        assert find_lettering().digits("๑๒๓") == "๑๒๓"


def test_a_page_is_kept_no_larger_than_its_picture() -> None:
    traces = Traces()
    traces.keep(3, np.full((3508, 2480), 255, dtype=np.uint8), ())
    kept = traces.pages[3]
    assert kept.page.width == pytest.approx(1240, abs=2)
    assert kept.page.width / kept.page.height == pytest.approx(2480 / 3508, abs=0.002)
    assert kept.scale == pytest.approx(0.5, abs=0.001)
