"""The classifier: category, sub-category, probabilities, evidence, or an abstention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from classifiers.domain import abstention_reason
from classifiers.evidence import evidence_of
from classifiers.features import letter_features
from classifiers.letter_input import LetterInput
from classifiers.linear_model import Array, LinearModel, soft_max
from classifiers.vocabulary import FeatureVocabulary, Row
from correspondence.classification import Classification
from correspondence.vocabulary import Category

CATEGORIES = tuple(category.value for category in Category)


class Calibration(NamedTuple):
    """Sharpness of the mixed scores and the least probability at which a category answers."""

    temperature: float
    thresholds: Mapping[str, float]


class Judgement(NamedTuple):
    """Probabilities of the categories (in CATEGORIES order) and of all sub-categories."""

    categories: Array
    subcategories: dict[str, float]


class LinearPair(NamedTuple):
    """The model of categories and the model of sub-categories (labels `category/sub`)."""

    category: LinearModel
    subcategory: LinearModel

    def log_odds(self, row: Row) -> Array:
        """Return one score a category: the mean of both models' log-probabilities."""
        direct = dict(zip(self.category.labels, soft_max(self.category.scores(row)), strict=True))
        summed = dict.fromkeys(CATEGORIES, 0.0)
        fine = soft_max(self.subcategory.scores(row))
        for label, value in zip(self.subcategory.labels, fine, strict=True):
            summed[label.partition("/")[0]] += float(value)
        return np.array(
            [
                (np.log(max(float(direct.get(c, 0.0)), 1e-9)) + np.log(max(summed[c], 1e-9))) / 2
                for c in CATEGORIES
            ]
        )

    def judge(self, row: Row, temperature: float) -> Judgement:
        """Return calibrated probabilities of categories and sub-categories."""
        fine = soft_max(self.subcategory.scores(row))
        return Judgement(
            soft_max(self.log_odds(row) * temperature),
            {label: float(p) for label, p in zip(self.subcategory.labels, fine, strict=True)},
        )


class Classifier:
    """A trained classifier. `version` names the letters and the code it came from."""

    def __init__(
        self,
        version: str,
        vocabulary: FeatureVocabulary,
        models: LinearPair,
        calibration: Calibration,
    ) -> None:
        """Take the parts as `training.train` or `store.load` made them."""
        self.version = version
        self.vocabulary = vocabulary
        self.models = models
        self.calibration = calibration

    def classify(self, letter: LetterInput) -> Classification:
        """Return category, sub-category, probabilities and evidence of a letter.

        It abstains where the text is no letter it knows (`domain.abstention_reason`) or where
        the best category stays below its threshold; the best guess is given all the same.
        """
        features = letter_features(letter)
        row = self.vocabulary.row(features)
        judged = self.models.judge(row, self.calibration.temperature)
        best = int(np.argmax(judged.categories))
        name = CATEGORIES[best]
        within = {k: v for k, v in judged.subcategories.items() if k.partition("/")[0] == name}
        label = max(within, key=within.__getitem__)
        threshold = self.calibration.thresholds.get(name, 1.0)
        unsure = float(judged.categories[best]) < threshold
        foreign = abstention_reason(f"{letter.subject or ''}\n{letter.text}") is not None
        return Classification(
            category=Category(name),
            subcategory=label.partition("/")[2],
            probabilities={
                c: round(float(p), 4) for c, p in zip(CATEGORIES, judged.categories, strict=True)
            },
            abstained=unsure or foreign,
            evidence=evidence_of(features, self._pull(row, best)),
            model_version=self.version,
        )

    def classify_many(self, letters: Sequence[LetterInput]) -> list[Classification]:
        """Return the classification of each letter, in order."""
        return [self.classify(letter) for letter in letters]

    def _pull(self, row: Row, best: int) -> dict[str, float]:
        """Return how far each known feature pulls towards the category (negative: away)."""
        labels, weights = self.models.category.labels, self.models.category.weights
        if CATEGORIES[best] not in labels:
            return {}
        column = labels.index(CATEGORIES[best])
        picked = weights[row.columns]
        pull = row.values * (picked[:, column] - picked.mean(axis=1))
        names = self.vocabulary.names
        return {names[c]: float(p) for c, p in zip(row.columns, pull, strict=True)}
