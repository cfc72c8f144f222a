from __future__ import annotations

import numpy as np
import pytest
from digits_pages import drawn_ink, read_line, symbol

from extractors.digits.decoding import Number
from extractors.digits.placement import place_numbers
from extractors.scans.ink import Ink, find_ink


def numbers_of(ink: Ink, *read: str) -> list[Number]:
    """Return the numbers of rows that the engine read as one symbol each."""
    lines = [read_line(ink, row, symbol(text, 55, 1500)) for row, text in enumerate(read)]
    return [number for line in place_numbers(ink, lines) for number in line.numbers]


@pytest.mark.parametrize("family", ["Garuda", "Laksaman", "Norasi", "Loma", "Kinnari", "Waree"])
def test_every_digit_is_read_as_drawn(family: str) -> None:
    texts = ["๐๑๒๓๔๕๖๗๘๙", "0123456789", "๒๕๖๙/๑๘.๗"]
    ink = drawn_ink(texts, family)
    lines = [read_line(ink, row, symbol(text, 55, 1500)) for row, text in enumerate("๑1๒")]
    placed = place_numbers(ink, lines)
    assert [line.numbers[0].text for line in placed] == texts
    assert [line.text for line in placed] == texts


def test_misread_digits_are_replaced_and_words_stay() -> None:
    ink = drawn_ink(["กมล ๔๖๗๘๙ บาท"])
    (number,) = numbers_of(ink, "๕๒")
    line = read_line(
        ink,
        0,
        symbol("กมล", 60, number.left - 30),
        symbol("๕๒", number.left, number.right - 60),
        symbol("๕", number.right - 55, number.right),
        symbol("บาท", number.right + 30, number.right + 130),
    )
    (placed,) = place_numbers(ink, [line])
    assert placed.text == "กมล ๔๖๗๘๙ บาท"
    assert not any(found.doubtful for found in placed.symbols)


def test_a_number_read_with_its_label_is_cut_from_it() -> None:
    ink = drawn_ink(["ชั้น๘"])
    (number,) = numbers_of(ink, "๕")
    (placed,) = place_numbers(ink, [read_line(ink, 0, symbol("ชั้น๕", 60, number.right))])
    assert [found.text for found in placed.symbols] == ["ชั้น", "๘"]


def test_a_number_the_engine_overlooked_is_put_in_its_place() -> None:
    ink = drawn_ink(["กมล ๗๙ บาท"])
    (number,) = numbers_of(ink, "๑")
    line = read_line(
        ink,
        0,
        symbol("กมล", 60, number.left - 30),
        symbol("บาท", number.right + 30, number.right + 130, spaced=True),
    )
    (placed,) = place_numbers(ink, [line])
    assert placed.text == "กมล ๗๙ บาท"


def test_letters_give_no_numbers() -> None:
    texts = ["คณะกรรมการ ด ต ง ว ฯ ๆ", "Illinois Ohio loop SOS", "ตลอดทางวังเวง"]
    ink = drawn_ink(texts)
    lines = [read_line(ink, row, symbol(text, 55, 1500)) for row, text in enumerate(texts)]
    placed = place_numbers(ink, lines)
    assert [line.text for line in placed] == texts
    assert not any(line.numbers for line in placed)


def test_digits_read_over_letters_alone_are_phantoms() -> None:
    ink = drawn_ink(["คณะกรรมการ"])
    line = read_line(ink, 0, symbol("คณะ", 60, 150), symbol("๕๒", 150, 420))
    (placed,) = place_numbers(ink, [line])
    assert placed.text == "คณะ"


def test_digits_that_no_ink_confirms_are_doubtful() -> None:
    ink = drawn_ink(["กมล"])
    line = read_line(ink, 0, symbol("กมล", 60, 200), symbol("๕", 900, 940, spaced=True))
    (placed,) = place_numbers(ink, [line])
    assert [(found.text, found.doubtful) for found in placed.symbols] == [
        ("กมล", False),
        ("๕", True),
    ]


def test_a_page_without_lines_has_no_numbers() -> None:
    assert place_numbers(find_ink(np.full((60, 60), 255, dtype=np.uint8)), []) == []
