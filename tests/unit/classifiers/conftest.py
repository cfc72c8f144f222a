"""The model of the shipped letters, trained once for the checkout, for all tests here."""

from __future__ import annotations

import pytest

from classifiers.model import Classifier
from classifiers.store import prepare_base
from classifiers.training_letters import TrainingLetter, shipped_letters


@pytest.fixture(scope="session")
def letters() -> tuple[TrainingLetter, ...]:
    return shipped_letters()


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    return prepare_base()
