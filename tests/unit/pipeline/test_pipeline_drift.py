"""When a week of the classifier is out of the ordinary."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.drift import LEAST_LETTERS, is_unusual, usual_rate
from pipeline.learning import Tally


@pytest.mark.parametrize(
    ("count", "letters", "usual", "unusual"),
    [
        (19, 19, 0.05, False),  # too few letters to say anything
        (3, 40, 0.05, False),
        (7, 40, 0.05, True),  # 2 expected, deviation 1.38
        (10, 200, 0.05, False),
        (20, 200, 0.05, True),
        (0, 200, 0.05, False),
    ],
)
def test_only_what_chance_does_not_explain_is_unusual(
    count: int, letters: int, usual: float, unusual: bool
) -> None:
    assert is_unusual(count, letters, usual) is unusual


@given(st.integers(0, 500), st.integers(0, 500), st.floats(0.01, 0.5))
def test_the_usual_rate_lies_between_what_was_seen_and_what_is_expected(
    count: int, more: int, expected: float
) -> None:
    letters = count + more
    rate = usual_rate(count, letters, expected)
    seen = count / letters if letters else expected
    assert min(seen, expected) - 1e-9 <= rate <= max(seen, expected) + 1e-9
    assert usual_rate(0, 0, expected) == pytest.approx(expected)
    assert LEAST_LETTERS > 0


@given(st.integers(0, 49), st.integers(0, 49))
def test_with_few_letters_one_more_mistake_is_worse(right: int, wrong: int) -> None:
    letters = max(right + wrong, 1) if right + wrong < 50 else 49
    before = Tally(letters=letters, right=right, wrong=wrong)
    assert not before.is_worse_than(before)
    assert Tally(letters=letters, right=right, wrong=wrong + 1).is_worse_than(before)
    assert before.is_worse_than(Tally(letters=letters, right=right + 1, wrong=wrong))


def test_one_letter_in_fifty_is_chance() -> None:
    before = Tally(letters=100, right=90, wrong=2)
    assert not Tally(letters=100, right=88, wrong=4).is_worse_than(before)
    assert Tally(letters=100, right=87, wrong=2).is_worse_than(before)
    assert Tally(letters=100, right=90, wrong=5).is_worse_than(before)
