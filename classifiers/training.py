"""Training: letters to a calibrated classifier, the same bytes from the same letters."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from classifiers.calibration import OutOfFold, calibrate
from classifiers.features import LetterFeatures, letter_features
from classifiers.linear_model import LinearModel, balance, fit
from classifiers.model import CATEGORIES, Classifier
from classifiers.training_letters import (
    LETTERS_FOLDER,
    TrainingLetter,
    as_input,
    noisy_input,
)
from classifiers.vocabulary import FeatureVocabulary, learn_vocabulary
from correspondence.errors import UsageFault

NOISE_RATES = (0.03, 0.12)
"""Reading faults of the two noisy copies made of each letter."""

PENALTY = 0.25
"""Of the squared weights. Held-out writers: log-loss 0.141 at 0.25, 0.146 at 0.5, 0.153 at 1."""

_JUDGED_COPIES = 2
"""The clean copy and the one of a fair scan are calibrated on; a bad scan only teaches."""

PROMISED_PRECISION = 0.98
"""Share of right answers each category keeps when it answers, unless asked otherwise."""

_MODEL_CODE = (
    "calibration.py",
    "cues.py",
    "cues.toml",
    "domain.py",
    "features.py",
    "gazetteer.py",
    "linear_model.py",
    "model.py",
    "reading_noise.py",
    "senders.toml",
    "training.py",
    "training_letters.py",
    "vocabulary.py",
    "wording.py",
    "zones.py",
)


class Prepared(NamedTuple):
    """A training letter with the features of its clean and noisy copies."""

    letter: TrainingLetter
    copies: tuple[LetterFeatures, ...]


def prepare(letters: Sequence[TrainingLetter]) -> tuple[Prepared, ...]:
    """Return each letter with its copies; noise depends on the letter's id alone.

    A letter that went through the reader has the reader's faults already: no copies are made.
    """
    prepared: list[Prepared] = []
    for letter in letters:
        dice = random.Random(letter.id)
        rates = () if letter.as_read else NOISE_RATES
        inputs = [as_input(letter), *(noisy_input(letter, rate, dice) for rate in rates)]
        # Places serve evidence alone; those of thousands of letters would fill the memory.
        prepared.append(
            Prepared(letter, tuple(letter_features(i)._replace(places=()) for i in inputs))
        )
    return tuple(prepared)


class Fitted(NamedTuple):
    """A model, and what models that never saw a letter's writer say of its first two copies."""

    vocabulary: FeatureVocabulary
    model: LinearModel
    out_of_fold: tuple[OutOfFold, ...]


def fit_model(prepared: Sequence[Prepared]) -> Fitted:
    """Return vocabulary and model of prepared letters, and their out-of-fold scores."""
    vocabulary = learn_vocabulary(item.copies for item in prepared)
    copies = [
        (item.letter, number, copy) for item in prepared for number, copy in enumerate(item.copies)
    ]
    labels = [f"{letter.category.value}/{letter.subcategory}" for letter, _, _ in copies]
    rarity = balance([letter.category.value for letter, _, _ in copies])
    found = fit(
        [vocabulary.row(copy) for _, _, copy in copies],
        len(vocabulary),
        labels,
        [letter.writer for letter, _, _ in copies],
        penalty=PENALTY,
        weights=[
            share * letter.weight for share, (letter, _, _) in zip(rarity, copies, strict=True)
        ],
    )
    results = tuple(
        OutOfFold(letter.id, letter.category.value, letter.subcategory, scores, noisy=number > 0)
        for (letter, number, _), scores in zip(copies, found.held_out, strict=True)
        if number < _JUDGED_COPIES
    )
    return Fitted(vocabulary, found.model, results)


class Trained(NamedTuple):
    """A classifier, and what models without a letter's writer said of each letter's clean copy."""

    classifier: Classifier
    out_of_fold: tuple[OutOfFold, ...]


def train(
    letters: Sequence[TrainingLetter], *, promised_precision: float = PROMISED_PRECISION
) -> Classifier:
    """Return a classifier of the letters, calibrated and with thresholds by held-out writers.

    Args:
        letters: labelled letters, of two writers at least.
        promised_precision: share of right answers each category must keep when it answers.

    Raises:
        UsageFault: letters of a single writer, or a category without any.
    """
    return train_and_judge(letters, promised_precision=promised_precision).classifier


def train_and_judge(
    letters: Sequence[TrainingLetter], *, promised_precision: float = PROMISED_PRECISION
) -> Trained:
    """Return what `train` does, and how each letter was judged without its writer's letters."""
    missing = set(CATEGORIES) - {letter.category.value for letter in letters}
    if missing or len({letter.writer for letter in letters}) < 2:
        raise UsageFault("Training needs letters of two writers at least, and of every category.")
    prepared = prepare(sorted(letters, key=lambda letter: letter.id))
    fitted = fit_model(prepared)
    calibration = calibrate(fitted.out_of_fold, fitted.model.labels, promised_precision)
    version = model_version(letters, promised_precision)
    return Trained(
        Classifier(version, basis(), fitted.vocabulary, fitted.model, calibration),
        tuple(result for result in fitted.out_of_fold if not result.noisy),
    )


def model_version(letters: Sequence[TrainingLetter], promised_precision: float) -> str:
    """Return the name of the model that these letters and this code give."""
    digest = hashlib.sha256(f"{basis()} {promised_precision}".encode())
    for letter in sorted(letters, key=lambda item: item.id):
        digest.update(letter.model_dump_json().encode())
    return f"linear-{digest.hexdigest()[:12]}"


@cache
def basis() -> str:
    """Return the name of this code together with the letters shipped with it."""
    digest = hashlib.sha256()
    folder = Path(__file__).resolve().parent
    for file in [*(folder / name for name in _MODEL_CODE), *sorted(LETTERS_FOLDER.glob("*.jsonl"))]:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
