"""The report's figures, and the floor under the accuracy on writers never seen."""

from __future__ import annotations

import pytest

from classifiers.baselines import keyword_list, majority, plain_tfidf
from classifiers.evaluation import Evaluation, Judged, evaluate, evaluate_left_out, summarise
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
    assert [mistake.id for mistake in report.worst] == ["x-3"]
    assert report.calibration_error == pytest.approx((0 + 0.5 + 0.9 + 0) / 4, abs=1e-4)


@pytest.fixture(scope="module")
def left_out(letters: tuple[TrainingLetter, ...]) -> Evaluation:
    """Each letter judged by a model that never saw its writer."""
    return evaluate_left_out(letters)


def test_unseen_writers_are_judged_well_enough(
    letters: tuple[TrainingLetter, ...], left_out: Evaluation
) -> None:
    assert left_out.letters == len(letters)
    assert left_out.guess_macro_f1 >= 0.93
    assert left_out.macro_f1 >= 0.91
    assert left_out.right_when_answered >= 0.96
    assert left_out.hard_right_when_answered >= 0.95
    assert left_out.subcategory_right_given_category >= 0.95
    assert left_out.calibration_error <= 0.03


def test_baselines_are_beaten_on_the_oddest_letters(
    letters: tuple[TrainingLetter, ...], left_out: Evaluation
) -> None:
    ours = next(part for part in left_out.by_writer if part.part == "ekachai")
    held = [letter for letter in letters if letter.writer == "ekachai"]
    kept = [letter for letter in letters if letter.writer != "ekachai"]
    for baseline in (majority(kept), keyword_list, plain_tfidf(kept)):
        assert evaluate(held, baseline).by_writer[0].accuracy < ours.accuracy - 0.1
