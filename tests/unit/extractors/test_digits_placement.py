from __future__ import annotations

import numpy as np
import pytest
from digits_pages import drawn_page, line_box

from extractors.digits.placement import place_numbers
from extractors.recogniser import read_lines
from extractors.tesseract import Word


def words_over(texts: list[str]) -> list[Word]:
    """Return each line as one word that covers all of it: the engine read nothing apart."""
    return [line_box(row, text, 55, 1500) for row, text in enumerate(texts)]


@pytest.mark.parametrize("family", ["Garuda", "Laksaman", "Norasi", "Loma", "Kinnari", "Waree"])
def test_every_digit_is_read_as_drawn(family: str) -> None:
    texts = ["๐๑๒๓๔๕๖๗๘๙", "0123456789", "๒๕๖๙/๑๘.๗"]
    placed = place_numbers(drawn_page(texts, family), words_over(["๑", "1", "๒"]))
    assert [number.text for number in placed.numbers] == texts
    assert [text for _, text in read_lines(placed.words)[0]] == texts


def test_misread_digits_are_replaced_and_words_stay() -> None:
    page = drawn_page(["กมล ๔๖๗๘๙ บาท"])
    left, right = 60, 1000
    (number,) = place_numbers(page, [line_box(0, "๕๒", left, right)]).numbers
    words = [
        line_box(0, "กมล", 60, number.left - 30),
        line_box(0, "๕๒", number.left, number.right - 60),
        line_box(0, "๕", number.right - 55, number.right),
        line_box(0, "บาท", number.right + 30, number.right + 130),
    ]
    placed = place_numbers(page, words)
    assert [word.text for word in placed.words] == ["กมล", "๔๖๗๘๙", "บาท"]
    assert placed.doubtful == 0


def test_a_number_read_with_its_label_is_cut_from_it() -> None:
    page = drawn_page(["ชั้น๘"])
    (number,) = place_numbers(page, [line_box(0, "๕", 60, 400)]).numbers
    placed = place_numbers(page, [line_box(0, "ชั้น๕", 60, number.right)])
    assert [word.text for word in placed.words] == ["ชั้น", "๘"]


def test_a_number_the_engine_overlooked_is_put_in_its_place() -> None:
    page = drawn_page(["กมล ๗๙ บาท"])
    (number,) = place_numbers(page, [line_box(0, "๑", 60, 800)]).numbers
    words = [
        line_box(0, "กมล", 60, number.left - 30),
        line_box(0, "บาท", number.right + 30, number.right + 130),
    ]
    assert [word.text for word in place_numbers(page, words).words] == ["กมล", "๗๙", "บาท"]


def test_letters_give_no_numbers() -> None:
    texts = ["คณะกรรมการ ด ต ง ว ฯ ๆ", "Illinois Ohio loop SOS", "ตลอดทางวังเวง"]
    words = words_over(texts)
    placed = place_numbers(drawn_page(texts), words)
    assert list(placed.words) == words


def test_a_page_without_words_has_no_numbers() -> None:
    placed = place_numbers(np.full((60, 60), 255, dtype=np.uint8), [])
    assert (placed.words, placed.numbers, placed.doubtful) == ((), (), 0)
