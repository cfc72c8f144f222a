"""Probabilities that mean what they say, and thresholds that keep a promise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifiers.linear_model import Array, soft_max
from classifiers.model import CATEGORIES, Calibration, category_scores

_LEAST, _MOST = 0.40, 0.97


class OutOfFold(NamedTuple):
    """What a model that never saw the letter's writer says of it: a score for each label."""

    letter_id: str
    category: str
    subcategory: str
    scores: Array
    noisy: bool


def calibrate(
    results: Sequence[OutOfFold], labels: Sequence[str], promised_precision: float
) -> Calibration:
    """Return temperature and thresholds chosen on out-of-fold results.

    The temperature gives the least log-loss. The threshold of a category is the lowest one at
    which the answers of that category keep the promised precision.

    Args:
        results: of letters no model saw in training.
        labels: `category/sub` in the order of the scores.
        promised_precision: share of right answers, 0 to 1.
    """
    scores = category_scores(labels, np.array([result.scores for result in results]))
    gold = np.array([CATEGORIES.index(result.category) for result in results])
    grid = np.exp(np.linspace(np.log(1.0), np.log(60.0), 120))
    losses = [_log_loss(soft_max(scores * t), gold) for t in grid]
    temperature = float(grid[int(np.argmin(losses))])
    probabilities = soft_max(scores * temperature)
    thresholds = {
        name: _threshold(probabilities, gold, number, promised_precision)
        for number, name in enumerate(CATEGORIES)
    }
    return Calibration(temperature, thresholds)


def _log_loss(probabilities: Array, gold: NDArray[np.int64]) -> float:
    return float(-np.log(np.maximum(probabilities[np.arange(len(gold)), gold], 1e-9)).mean())


def _threshold(
    probabilities: Array, gold: NDArray[np.int64], number: int, promised: float
) -> float:
    said = probabilities.argmax(axis=1) == number
    order = np.argsort(-probabilities[said, number], kind="stable")
    sure = probabilities[said, number][order]
    right = (gold[said] == number)[order]
    if not len(sure):
        return _MOST
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    kept = np.flatnonzero(precision >= promised)
    if not len(kept):
        return _MOST
    return float(min(_MOST, max(_LEAST, sure[kept[-1]] - 1e-6)))
