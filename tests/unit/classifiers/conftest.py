"""One classifier, trained once from the shipped letters, for all tests of this folder."""

from __future__ import annotations

import pytest

from classifiers.model import Classifier
from classifiers.training import train
from classifiers.training_letters import TrainingLetter, shipped_letters


@pytest.fixture(scope="session")
def letters() -> tuple[TrainingLetter, ...]:
    return shipped_letters()


@pytest.fixture(scope="session")
def classifier(letters: tuple[TrainingLetter, ...]) -> Classifier:
    return train(letters)
