"""The curves of a report say what the letters say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.curves import Sureness, calibration_error, coverage_precision, reliability

LETTERS = st.lists(st.builds(Sureness, st.floats(0, 1), st.booleans()), min_size=1, max_size=200)


def test_answering_fewer_letters_is_surer_here() -> None:
    points = coverage_precision(
        [Sureness(0.9, True), Sureness(0.5, False), Sureness(0.8, True), Sureness(0.6, True)]
    )
    assert [(p.threshold, p.answered, p.precision) for p in points] == [
        (0.9, 0.25, 1.0),
        (0.8, 0.5, 1.0),
        (0.6, 0.75, 1.0),
        (0.5, 1.0, 0.75),
    ]


def test_letters_of_one_probability_are_not_parted() -> None:
    (point,) = coverage_precision([Sureness(0.7, True), Sureness(0.7, False)])
    assert (point.answered, point.precision) == (1.0, 0.5)


@given(LETTERS)
def test_the_curve_ends_with_every_letter_answered(letters: list[Sureness]) -> None:
    points = coverage_precision(letters)
    answered = [point.answered for point in points]
    assert answered == sorted(answered)
    assert len(points) <= 60
    assert points[-1].answered == 1.0
    right = sum(one.right for one in letters) / len(letters)
    assert points[-1].precision == pytest.approx(right, abs=1e-4)


@given(LETTERS)
def test_every_letter_stands_in_one_bin_that_holds_its_probability(
    letters: list[Sureness],
) -> None:
    bins = reliability(letters)
    assert sum(one.letters for one in bins) == len(letters)
    assert all(one.low - 1e-4 <= one.probability <= one.high + 1e-4 for one in bins)
    assert 0 <= calibration_error(bins) <= 1


def test_no_letters_give_no_curve() -> None:
    assert coverage_precision([]) == ()
    assert calibration_error(reliability([])) == 0.0
