"""Training: letters to a calibrated classifier, the same bytes from the same letters."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from classifiers.calibration import OutOfFold, calibrate
from classifiers.features import LetterFeatures, letter_features
from classifiers.linear_model import fit, letter_space
from classifiers.model import CATEGORIES, Classifier, LinearPair
from classifiers.training_letters import TrainingLetter, as_input, noisy_input
from classifiers.vocabulary import FeatureVocabulary, learn_vocabulary
from correspondence.errors import UsageFault

NOISE_RATES = (0.03, 0.12)
"""Reading faults of the two noisy copies made of each letter."""

STRENGTH = 8.0
"""Inverse regularisation. Held-out writers: log-loss 0.295 at 8, 0.303 at 2; not tuned further."""

PROMISED_PRECISION = 0.97
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
    """Return each letter with its copies; noise depends on the letter's id alone."""
    prepared: list[Prepared] = []
    for letter in letters:
        dice = random.Random(letter.id)
        inputs = [as_input(letter), *(noisy_input(letter, rate, dice) for rate in NOISE_RATES)]
        prepared.append(Prepared(letter, tuple(letter_features(i) for i in inputs)))
    return tuple(prepared)


def fit_models(prepared: Sequence[Prepared]) -> tuple[FeatureVocabulary, LinearPair]:
    """Return vocabulary and models of prepared letters, uncalibrated."""
    vocabulary = learn_vocabulary(item.copies for item in prepared)
    rows = [vocabulary.row(copy) for item in prepared for copy in item.copies]
    repeated = [item.letter for item in prepared for _ in item.copies]
    categories = [letter.category.value for letter in repeated]
    fine = [f"{letter.category.value}/{letter.subcategory}" for letter in repeated]
    often = Counter(categories)
    balance = [(len(categories) / (len(often) * often[c])) ** 0.5 for c in categories]
    space = letter_space(rows, len(vocabulary))
    pair = LinearPair(
        fit(space, categories, STRENGTH, balance), fit(space, fine, 4 * STRENGTH, balance)
    )
    return vocabulary, pair


def out_of_fold(prepared: Sequence[Prepared]) -> tuple[OutOfFold, ...]:
    """Return what models that never saw a letter's writer say of it (clean and noisy copy)."""
    results: list[OutOfFold] = []
    for writer in sorted({item.letter.writer for item in prepared}):
        train_on = [item for item in prepared if item.letter.writer != writer]
        if not train_on:
            continue
        vocabulary, models = fit_models(train_on)
        for item in prepared:
            if item.letter.writer != writer:
                continue
            for number, copy in enumerate(item.copies[:2]):
                row = vocabulary.row(copy)
                judged = models.judge(row, 1.0)
                results.append(
                    OutOfFold(
                        item.letter.id,
                        item.letter.category.value,
                        item.letter.subcategory,
                        models.log_odds(row),
                        judged.subcategories,
                        noisy=number > 0,
                    )
                )
    return tuple(results)


def train(
    letters: Sequence[TrainingLetter], *, promised_precision: float = PROMISED_PRECISION
) -> Classifier:
    """Return a classifier of the letters, calibrated and with thresholds by held-out writers.

    Args:
        letters: labelled letters, of two writers at least.
        promised_precision: share of right answers each category must keep when it answers.

    Raises:
        UsageFault: letters of a single writer or category.
    """
    if len({letter.writer for letter in letters}) < 2 or len({x.category for x in letters}) < 2:
        raise UsageFault("Training needs letters of two writers and two categories at least.")
    prepared = prepare(sorted(letters, key=lambda letter: letter.id))
    return train_prepared(prepared, promised_precision)


def train_prepared(prepared: Sequence[Prepared], promised_precision: float) -> Classifier:
    """Return a classifier of letters already prepared, in the order of their ids (see `train`)."""
    calibration = calibrate(out_of_fold(prepared), CATEGORIES, promised_precision)
    vocabulary, models = fit_models(prepared)
    version = model_version([item.letter for item in prepared], promised_precision)
    return Classifier(version, vocabulary, models, calibration)


def model_version(letters: Sequence[TrainingLetter], promised_precision: float) -> str:
    """Return the name of the model that these letters and this code give."""
    digest = hashlib.sha256(f"{promised_precision}".encode())
    for letter in sorted(letters, key=lambda item: item.id):
        digest.update(letter.model_dump_json().encode())
    folder = Path(__file__).resolve().parent
    for name in _MODEL_CODE:
        digest.update((folder / name).read_bytes())
    return f"linear-{digest.hexdigest()[:12]}"
