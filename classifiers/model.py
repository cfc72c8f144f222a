"""The classifier: category, sub-category, probabilities, evidence, or an abstention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from classifiers.domain import abstention_reason
from classifiers.evidence import Pull, evidence_of
from classifiers.features import letter_features
from classifiers.letter_input import LetterInput
from classifiers.linear_model import Array, LinearModel, soft_max
from classifiers.vocabulary import FeatureVocabulary, Row
from correspondence.classification import Classification, Evidence
from correspondence.vocabulary import Category

CATEGORIES = tuple(category.value for category in Category)


class Calibration(NamedTuple):
    """What turns scores into probabilities, and when a category answers.

    `temperature` sharpens the scores of the categories. `thresholds` are the least
    probabilities at which each category answers.
    """

    temperature: float
    thresholds: Mapping[str, float]


class Guess(NamedTuple):
    """The best label of a category (`category/sub`) and the category's probability."""

    label: str
    probability: float


class Decision(NamedTuple):
    """What scores say: the two best guesses, all categories' probabilities, sure enough or not."""

    first: Guess
    second: Guess
    probabilities: Array
    sure: bool


def category_scores(labels: Sequence[str], scores: Array) -> Array:
    """Return the score of each of CATEGORIES: that of its best sub-category.

    Args:
        labels: `category/sub` in column order; every category has one.
        scores: of the labels, along the last axis.
    """
    owner = np.array([CATEGORIES.index(label.partition("/")[0]) for label in labels])
    best: Array = np.stack(
        [scores[..., owner == number].max(axis=-1) for number in range(len(CATEGORIES))], axis=-1
    )
    return best


def decide(labels: Sequence[str], scores: Array, calibration: Calibration) -> Decision:
    """Return what the scores of one letter say.

    Args:
        labels: `category/sub` in the order of the scores.
        scores: one for each label.
        calibration: of the model that gave them.
    """
    probabilities = soft_max(category_scores(labels, scores) * calibration.temperature)
    best = {
        label.partition("/")[0]: label
        for _, label in sorted(zip(scores.tolist(), labels, strict=True))
    }
    first, second = (
        Guess(best[CATEGORIES[at]], float(probabilities[at]))
        for at in np.argsort(-probabilities, kind="stable")[:2]
    )
    threshold = calibration.thresholds.get(first.label.partition("/")[0], 1.0)
    return Decision(first, second, probabilities, first.probability >= threshold)


def answer(
    decision: Decision, version: str, *, foreign: bool, evidence: tuple[Evidence, ...] = ()
) -> Classification:
    """Return a decision as the rest of the house takes it; a foreign text is never answered."""
    name, _, subcategory = decision.first.label.partition("/")
    return Classification(
        category=Category(name),
        subcategory=subcategory,
        probabilities={
            category: round(float(share), 4)
            for category, share in zip(CATEGORIES, decision.probabilities, strict=True)
        },
        abstained=foreign or not decision.sure,
        evidence=evidence,
        model_version=version,
    )


class Classifier:
    """A trained classifier.

    `version` names the letters and the code it came from, `basis` the code and the shipped
    letters alone: a model of another basis speaks of other features.
    """

    def __init__(
        self,
        version: str,
        basis: str,
        vocabulary: FeatureVocabulary,
        model: LinearModel,
        calibration: Calibration,
    ) -> None:
        """Take the parts as `training.train` or `store.load` made them."""
        self.version = version
        self.basis = basis
        self.vocabulary = vocabulary
        self.model = model
        self.calibration = calibration

    def classify(self, letter: LetterInput) -> Classification:
        """Return category, sub-category, probabilities and evidence of a letter.

        It abstains where the text is no letter it knows (`domain.abstention_reason`) or where
        the best category stays below its threshold; the best guess is given all the same.
        """
        features = letter_features(letter)
        row = self.vocabulary.row(features)
        foreign = abstention_reason(f"{letter.subject or ''}\n{letter.text}") is not None
        decision = decide(self.model.labels, self.model.scores(row), self.calibration)
        first, second = decision.first, decision.second
        return answer(
            decision,
            self.version,
            foreign=foreign,
            evidence=evidence_of(features, letter, self._pull(row, first.label, second.label)),
        )

    def classify_many(self, letters: Sequence[LetterInput]) -> list[Classification]:
        """Return the classification of each letter, in order."""
        return [self.classify(letter) for letter in letters]

    def _pull(self, row: Row, label: str, rival: str) -> Pull:
        """Return how far each known feature pulls from the rival label to the chosen one."""
        labels, weights = self.model.labels, self.model.weights[row.columns]
        force = row.values * (weights[:, labels.index(label)] - weights[:, labels.index(rival)])
        names = self.vocabulary.names
        return Pull(
            {names[c]: float(p) for c, p in zip(row.columns, force, strict=True)},
            Category(label.partition("/")[0]),
            Category(rival.partition("/")[0]),
        )
