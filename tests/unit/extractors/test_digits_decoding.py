from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.digits.decoding import find_numbers
from extractors.digits.glyphs import Glyph
from extractors.digits.model import CLASSES, Scores

LETTER = 40


def glyph(left: int, *, alone: bool = True) -> Glyph:
    ink = np.ones((LETTER, 20), dtype=np.uint8)
    return Glyph(left, 100, 20, LETTER, 140.0, float(LETTER), alone, ink)


def chances(text: list[str], certainty: float = 0.99) -> Scores:
    rows = np.full((len(text), len(CLASSES)), (1 - certainty) / (len(CLASSES) - 1))
    for row, name in enumerate(text):
        rows[row, CLASSES.index(name)] = certainty
    return rows


def row(text: list[str], step: int = 26) -> list[Glyph]:
    return [glyph(step * i) for i in range(len(text))]


def test_digits_beside_each_other_are_one_number() -> None:
    text = ["other", *"๐๔๐๒.๕/๑๘"]
    (number,) = find_numbers(row(text), chances(text))
    assert (number.text, number.sure, number.left) == ("๐๔๐๒.๕/๑๘", True, 26)


def test_digits_apart_are_two_numbers() -> None:
    text = ["๑", "๔", "๒", "๕"]
    glyphs = [glyph(0), glyph(26), glyph(120), glyph(146)]
    assert [n.text for n in find_numbers(glyphs, chances(text))] == ["๑๔", "๒๕"]


def test_marks_at_the_ends_are_no_part_of_a_number() -> None:
    text = [*"-๗."]
    assert [n.text for n in find_numbers(row(text), chances(text))] == ["๗"]
    assert find_numbers(row(["."]), chances(["."])) == []


def test_one_doubtful_digit_makes_the_number_doubtful() -> None:
    scores = chances([*"๒๕๖๙"])
    scores[2] = 0.0
    scores[2, CLASSES.index("๖")] = 0.6
    scores[2, CLASSES.index("๒")] = 0.4
    (number,) = find_numbers(row([*"๒๕๖๙"]), scores)
    assert not number.sure
    assert number.certainty == pytest.approx(0.6)


def test_a_number_keeps_to_one_script() -> None:
    scores = chances([*"๒๕๖"])
    scores[0, CLASSES.index("๒")], scores[0, CLASSES.index("2")] = 0.45, 0.54
    (number,) = find_numbers(row([*"๒๕๖"]), scores)
    assert number.text == "๒๕๖"


def test_what_carries_marks_above_is_no_digit() -> None:
    assert find_numbers([glyph(0, alone=False)], chances(["๓"])) == []


def test_two_marks_in_a_row_are_never_sure() -> None:
    (number,) = find_numbers(row([*"๑.,๒"]), chances([*"๑.,๒"]))
    assert not number.sure


@given(st.lists(st.sampled_from(CLASSES), max_size=12))
def test_every_number_begins_and_ends_with_a_digit(text: list[str]) -> None:
    for number in find_numbers(row(text), chances(text)):
        assert number.text[0].isdigit()
        assert number.text[-1].isdigit()
        assert number.left < number.right
