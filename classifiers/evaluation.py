"""How well the classifier does: by held-out writers, or on letters with known labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from classifiers.letter_input import LetterInput
from classifiers.training import PROMISED_PRECISION, prepare, train_prepared
from classifiers.training_letters import TrainingLetter, as_input
from correspondence.classification import Classification
from correspondence.reading import Frozen
from correspondence.vocabulary import Category

_BINS = 10


class LabelScore(Frozen):
    """Precision, recall, F1 (0 to 1) and the number of letters of one label."""

    label: str
    precision: float
    recall: float
    f1: float
    letters: int


class PartScore(Frozen):
    """Results of one part of the letters (a writer, a channel, the hard ones)."""

    part: str
    letters: int
    answered: float
    right_when_answered: float
    accuracy: float


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
    expected calibration error of the best guess in ten bins. `confusion` counts
    `gold -> answer` with `abstained` as an answer. `worst` are ids, the surest mistakes first.
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
    categories: tuple[LabelScore, ...]
    subcategories: tuple[LabelScore, ...]
    confusion: dict[str, int]
    by_writer: tuple[PartScore, ...]
    by_channel: tuple[PartScore, ...]
    worst: tuple[str, ...]


Classify = Callable[[Sequence[LetterInput]], list[Classification]]


def evaluate(letters: Sequence[TrainingLetter], classify: Classify) -> Evaluation:
    """Return the report of a classifier (or baseline) on labelled letters it was not trained on."""
    answers = classify([as_input(letter) for letter in letters])
    return summarise([_judged(one, said) for one, said in zip(letters, answers, strict=True)])


def evaluate_left_out(
    letters: Sequence[TrainingLetter], promised_precision: float = PROMISED_PRECISION
) -> Evaluation:
    """Return the report where each letter was judged by a model that never saw its writer.

    Thresholds and calibration, too, come from the other writers alone.
    """
    prepared = prepare(sorted(letters, key=lambda letter: letter.id))
    judged: list[Judged] = []
    for writer in sorted({letter.writer for letter in letters}):
        kept = [item for item in prepared if item.letter.writer != writer]
        held = [item.letter for item in prepared if item.letter.writer == writer]
        model = train_prepared(kept, promised_precision)
        answers = model.classify_many([as_input(letter) for letter in held])
        judged.extend(_judged(one, said) for one, said in zip(held, answers, strict=True))
    return summarise(judged)


def summarise(judged: Sequence[Judged]) -> Evaluation:
    """Return the report of judged letters; at least one."""
    strict = [
        (j.category.value, "abstained" if j.answer.abstained else j.answer.category.value)
        for j in judged
    ]
    guesses = [(j.category.value, j.answer.category.value) for j in judged]
    categories = _scores(strict)
    in_category = [j for j in judged if j.category is j.answer.category]
    mistakes = [j for j in judged if j.category is not j.answer.category]
    mistakes.sort(key=lambda j: (j.answer.abstained, -j.answer.confidence, j.id))
    whole = _part("all", judged)
    fine = [
        (f"{j.category.value}/{j.subcategory}", f"{j.answer.category.value}/{j.answer.subcategory}")
        for j in judged
    ]
    return Evaluation(
        model_version=judged[0].answer.model_version,
        letters=len(judged),
        macro_f1=_mean([score.f1 for score in categories]),
        guess_macro_f1=_mean([score.f1 for score in _scores(guesses)]),
        answered=whole.answered,
        right_when_answered=whole.right_when_answered,
        hard_right_when_answered=_part("hard", [j for j in judged if j.hard]).right_when_answered,
        subcategory_right_given_category=_mean(
            [float(j.subcategory == j.answer.subcategory) for j in in_category]
        ),
        calibration_error=_calibration_error(judged),
        categories=categories,
        subcategories=_scores(fine),
        confusion={f"{g} -> {p}": n for (g, p), n in sorted(Counter(strict).items())},
        by_writer=_parts(judged, lambda j: j.group),
        by_channel=_parts(judged, lambda j: j.channel),
        worst=tuple(j.id for j in mistakes[:20]),
    )


def _judged(letter: TrainingLetter, answer: Classification) -> Judged:
    return Judged(
        id=letter.id,
        category=letter.category,
        subcategory=letter.subcategory,
        group=letter.writer,
        channel=letter.channel,
        hard=letter.hard,
        answer=answer,
    )


def _scores(pairs: Sequence[tuple[str, str]]) -> tuple[LabelScore, ...]:
    hits = Counter(gold for gold, said in pairs if gold == said)
    golds, answers = Counter(g for g, _ in pairs), Counter(said for _, said in pairs)
    return tuple(
        LabelScore(
            label=label,
            precision=round(hits[label] / answers[label], 4) if answers[label] else 0.0,
            recall=round(hits[label] / golds[label], 4),
            f1=round(2 * hits[label] / (golds[label] + answers[label]), 4),
            letters=golds[label],
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
        right_when_answered=_mean([float(j.category is j.answer.category) for j in answered]),
        accuracy=_mean([float(j.category is j.answer.category) for j in judged]),
    )


def _calibration_error(judged: Sequence[Judged]) -> float:
    bins: dict[int, list[Judged]] = {}
    for j in judged:
        bins.setdefault(min(_BINS - 1, int(j.answer.confidence * _BINS)), []).append(j)
    gaps = [
        abs(
            _mean([float(j.category is j.answer.category) for j in group])
            - _mean([j.answer.confidence for j in group])
        )
        * len(group)
        for group in bins.values()
    ]
    return round(sum(gaps) / max(1, len(judged)), 4)


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0
