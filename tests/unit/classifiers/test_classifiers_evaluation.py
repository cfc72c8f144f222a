"""The report's figures, and the floor under the accuracy on writers never seen."""

from __future__ import annotations

import pytest

from classifiers.baselines import keyword_list, majority, plain_tfidf
from classifiers.evaluation import Judged, evaluate, evaluate_left_out, summarise
from classifiers.training_letters import TrainingLetter
from correspondence.classification import Classification
from correspondence.vocabulary import Category


def _judged(number: int, gold: Category, said: Category, sure: float, abstained: bool) -> Judged:
    return Judged(
        id=f"x-{number}",
        category=gold,
        subcategory="other",
        group="frida",
        channel="email",
        hard=True,
        answer=Classification(
            category=said,
            subcategory="other",
            probabilities={said.value: sure},
            abstained=abstained,
            model_version="v",
        ),
    )


def test_abstentions_count_as_wrong() -> None:
    report = summarise(
        [
            _judged(1, Category.GENERAL, Category.GENERAL, 1.0, False),
            _judged(2, Category.GENERAL, Category.GENERAL, 0.5, True),
            _judged(3, Category.COMPLAINT, Category.GENERAL, 0.9, False),
            _judged(4, Category.COMPLAINT, Category.COMPLAINT, 1.0, False),
        ]
    )
    assert report.answered == 0.75
    assert report.right_when_answered == pytest.approx(2 / 3, abs=1e-4)
    assert report.macro_f1 == pytest.approx((0.5 + 2 / 3) / 2, abs=1e-4)
    assert report.confusion["general -> abstained"] == 1
    assert report.worst == ("x-3",)
    assert report.calibration_error == pytest.approx((0 + 0.5 + 0.9 + 0) / 4, abs=1e-4)


def test_unseen_writers_are_judged_well_enough(letters: tuple[TrainingLetter, ...]) -> None:
    report = evaluate_left_out(letters)
    assert report.letters == len(letters)
    assert report.guess_macro_f1 >= 0.84
    assert report.macro_f1 >= 0.77
    assert report.right_when_answered >= 0.93
    assert report.subcategory_right_given_category >= 0.90
    assert report.calibration_error <= 0.08


def test_baselines_are_beaten(letters: tuple[TrainingLetter, ...]) -> None:
    held = [letter for letter in letters if letter.writer == "anong"]
    kept = [letter for letter in letters if letter.writer != "anong"]
    for baseline in (majority(kept), keyword_list, plain_tfidf(kept)):
        assert evaluate(held, baseline).macro_f1 < 0.85
