"""How well the classifier does: by held-out writers, or on letters with known labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from classifiers.calibration import calibrate
from classifiers.curves import (
    CoveragePoint,
    ReliabilityBin,
    Sureness,
    calibration_error,
    coverage_precision,
    reliability,
)
from classifiers.domain import abstention_reason
from classifiers.labelled_letters import Labelled, labelled
from classifiers.letter_input import LetterInput
from classifiers.model import answer, decide
from classifiers.training import PROMISED_PRECISION, fit_model, model_version, prepare
from classifiers.training_letters import TrainingLetter
from correspondence.classification import Classification
from correspondence.reading import Frozen
from correspondence.vocabulary import Category

ABSTAINED = "abstained"
_WORST = 20


class LabelScore(Frozen):
    """Precision, recall, F1 (0 to 1), the number of letters of one label, and how they fared.

    `answered` is the share of its letters that was answered, rightly or not.
    """

    label: str
    precision: float
    recall: float
    f1: float
    letters: int
    answered: float


class PartScore(Frozen):
    """Results of one part of the letters (a writer, a channel, the hard ones)."""

    part: str
    letters: int
    answered: float
    right_when_answered: float
    accuracy: float


class Mistake(Frozen):
    """A letter whose best guess was wrong; its id and labels, nothing of what it says."""

    id: str
    category: Category
    subcategory: str
    said: Category
    said_subcategory: str
    probability: float
    abstained: bool


class BaselineScore(Frozen):
    """What a simple way of sorting reaches on the same letters; it answers every one.

    `subcategory_right` counts among the letters whose category was right.
    """

    name: str
    macro_f1: float
    accuracy: float
    subcategory_right: float


class Judged(Frozen):
    """A letter's labels and what was answered; `group` and `channel` name its parts."""

    id: str
    category: Category
    subcategory: str
    group: str
    channel: str
    hard: bool
    answer: Classification


class Evaluation(Frozen):
    """The whole report. An abstention counts as wrong in `macro_f1` and `recall`.

    `guess_macro_f1` takes the best guess even where it abstained. `calibration_error` is the
    expected calibration error of the best guess in ten bins, those of `reliability`;
    `category_calibration_error` is that of the letters guessed to be of a category.
    `confusion` counts `gold -> answer` with `abstained` as an answer. `subcategories` and
    `subcategory_confusion` are of best guesses, as `category/subcategory`. The curves
    `coverage_precision` and `hard_coverage_precision` have one threshold for all categories.
    `worst` are the surest mistakes, those that were answered first. `baselines` are empty unless
    the caller has measured them (`classifiers.baselines`).
    """

    model_version: str
    letters: int
    macro_f1: float
    guess_macro_f1: float
    answered: float
    right_when_answered: float
    hard_right_when_answered: float
    subcategory_right_given_category: float
    calibration_error: float
    category_calibration_error: dict[str, float]
    categories: tuple[LabelScore, ...]
    subcategories: tuple[LabelScore, ...]
    confusion: dict[str, int]
    subcategory_confusion: dict[str, int]
    by_writer: tuple[PartScore, ...]
    by_channel: tuple[PartScore, ...]
    coverage_precision: tuple[CoveragePoint, ...]
    hard_coverage_precision: tuple[CoveragePoint, ...]
    reliability: tuple[ReliabilityBin, ...]
    worst: tuple[Mistake, ...]
    baselines: tuple[BaselineScore, ...] = ()


Classify = Callable[[Sequence[LetterInput]], list[Classification]]


def evaluate(letters: Sequence[TrainingLetter], classify: Classify) -> Evaluation:
    """Return the report of a classifier (or baseline) on labelled letters it was not trained on."""
    return evaluate_labelled([labelled(letter) for letter in letters], classify)


def evaluate_labelled(letters: Sequence[Labelled], classify: Classify) -> Evaluation:
    """Return the report of a classifier (or baseline) on letters of any form; at least one."""
    answers = classify([one.letter for one in letters])
    return summarise([judge(one, said) for one, said in zip(letters, answers, strict=True)])


def evaluate_left_out(
    letters: Sequence[TrainingLetter], promised_precision: float = PROMISED_PRECISION
) -> Evaluation:
    """Return the report where each letter was judged by a model that never saw its writer.

    Thresholds and calibration, too, come from the other writers alone. The list of features and
    how rare they are is that of all letters; no label enters it.
    """
    ordered = sorted(letters, key=lambda letter: letter.id)
    fitted = fit_model(prepare(ordered))
    labels = fitted.model.labels
    writer_of = {letter.id: letter.writer for letter in ordered}
    calibrations = {
        writer: calibrate(
            [result for result in fitted.out_of_fold if writer_of[result.letter_id] != writer],
            labels,
            promised_precision,
        )
        for writer in sorted(set(writer_of.values()))
    }
    clean = {result.letter_id: result for result in fitted.out_of_fold if not result.noisy}
    version = model_version(ordered, promised_precision)
    return summarise(
        [
            judge(
                labelled(letter),
                answer(
                    decide(labels, clean[letter.id].scores, calibrations[letter.writer]),
                    version,
                    foreign=abstention_reason(f"{letter.subject or ''}\n{letter.text}") is not None,
                ),
            )
            for letter in ordered
        ]
    )


def summarise(judged: Sequence[Judged]) -> Evaluation:
    """Return the report of judged letters; at least one."""
    categories = _scores(
        [
            (j.category.value, ABSTAINED if j.answer.abstained else j.answer.category.value)
            for j in judged
        ],
        judged,
    )
    guesses = [(j.category.value, j.answer.category.value) for j in judged]
    in_category = [j for j in judged if _right(j)]
    fine = [
        (f"{j.category.value}/{j.subcategory}", f"{j.answer.category.value}/{j.answer.subcategory}")
        for j in judged
    ]
    hard = [j for j in judged if j.hard]
    whole, bins = _part("all", judged), reliability(_sureness(judged))
    return Evaluation(
        model_version=judged[0].answer.model_version,
        letters=len(judged),
        macro_f1=_mean([score.f1 for score in categories]),
        guess_macro_f1=_mean([score.f1 for score in _scores(guesses, judged)]),
        answered=whole.answered,
        right_when_answered=whole.right_when_answered,
        hard_right_when_answered=_part("hard", hard).right_when_answered,
        subcategory_right_given_category=_mean(
            [float(j.subcategory == j.answer.subcategory) for j in in_category]
        ),
        calibration_error=calibration_error(bins),
        category_calibration_error={
            category.value: calibration_error(
                reliability(_sureness([j for j in judged if j.answer.category is category]))
            )
            for category in Category
        },
        categories=categories,
        subcategories=_scores(fine, judged),
        confusion=_confusion(
            [
                (gold, ABSTAINED if j.answer.abstained else said)
                for j, (gold, said) in zip(judged, guesses, strict=True)
            ]
        ),
        subcategory_confusion=_confusion(fine),
        by_writer=_parts(judged, lambda j: j.group),
        by_channel=_parts(judged, lambda j: j.channel),
        coverage_precision=coverage_precision(_sureness(judged)),
        hard_coverage_precision=coverage_precision(_sureness(hard)),
        reliability=bins,
        worst=_worst(judged),
    )


def judge(letter: Labelled, answer: Classification) -> Judged:
    """Return what was answered beside what should have been."""
    return Judged(
        id=letter.id,
        category=letter.category,
        subcategory=letter.subcategory,
        group=letter.group,
        channel=letter.channel,
        hard=letter.hard,
        answer=answer,
    )


def _right(judged: Judged) -> bool:
    return judged.category is judged.answer.category


def _sureness(judged: Sequence[Judged]) -> list[Sureness]:
    return [Sureness(j.answer.confidence, _right(j)) for j in judged]


def _worst(judged: Sequence[Judged]) -> tuple[Mistake, ...]:
    mistakes = [j for j in judged if not _right(j)]
    mistakes.sort(key=lambda j: (j.answer.abstained, -j.answer.confidence, j.id))
    return tuple(
        Mistake(
            id=j.id,
            category=j.category,
            subcategory=j.subcategory,
            said=j.answer.category,
            said_subcategory=j.answer.subcategory,
            probability=j.answer.confidence,
            abstained=j.answer.abstained,
        )
        for j in mistakes[:_WORST]
    )


def _confusion(pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    return {f"{gold} -> {said}": often for (gold, said), often in sorted(Counter(pairs).items())}


def _scores(pairs: Sequence[tuple[str, str]], judged: Sequence[Judged]) -> tuple[LabelScore, ...]:
    hits = Counter(gold for gold, said in pairs if gold == said)
    golds, answers = Counter(g for g, _ in pairs), Counter(said for _, said in pairs)
    answered = Counter(
        gold for (gold, _), j in zip(pairs, judged, strict=True) if not j.answer.abstained
    )
    return tuple(
        LabelScore(
            label=label,
            precision=round(hits[label] / answers[label], 4) if answers[label] else 0.0,
            recall=round(hits[label] / golds[label], 4),
            f1=round(2 * hits[label] / (golds[label] + answers[label]), 4),
            letters=golds[label],
            answered=round(answered[label] / golds[label], 4),
        )
        for label in sorted(golds)
    )


def _parts(judged: Sequence[Judged], name: Callable[[Judged], str]) -> tuple[PartScore, ...]:
    names = sorted({name(j) for j in judged})
    return tuple(_part(part, [j for j in judged if name(j) == part]) for part in names)


def _part(part: str, judged: Sequence[Judged]) -> PartScore:
    answered = [j for j in judged if not j.answer.abstained]
    return PartScore(
        part=part,
        letters=len(judged),
        answered=_mean([float(not j.answer.abstained) for j in judged]),
        right_when_answered=_mean([float(_right(j)) for j in answered]),
        accuracy=_mean([float(_right(j)) for j in judged]),
    )


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0
