"""Multinomial logistic regression over sparse rows, solved in the space of the letters.

There are far fewer letters than features, so the regression is fitted on the letters' own
coordinates (X = U S Vᵀ; fit on U S; weights V·coef): the same optimum, in seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifiers.vocabulary import Row

Array = NDArray[np.float64]


class LinearModel(NamedTuple):
    """Weights (features × labels), intercepts, and the labels in column order."""

    labels: tuple[str, ...]
    weights: NDArray[np.float32]
    intercepts: Array

    def scores(self, row: Row) -> Array:
        """Return the score (log-odds up to a constant) of every label."""
        picked = self.weights[row.columns]
        scores: Array = row.values @ picked + self.intercepts
        return scores


class LetterSpace(NamedTuple):
    """Coordinates of the training rows and the way back to feature weights."""

    coordinates: Array
    back: Array
    rows: tuple[Row, ...]
    width: int


def letter_space(rows: Sequence[Row], width: int) -> LetterSpace:
    """Return the coordinates of rows over `width` columns."""
    from threadpoolctl import threadpool_limits

    matrix = _sparse(rows, width)
    kernel = np.asarray((matrix @ matrix.T).todense())
    with threadpool_limits(1):
        values, vectors = np.linalg.eigh(kernel)
    kept = values > 1e-8 * values.max()
    singular = np.sqrt(values[kept])
    return LetterSpace(vectors[:, kept] * singular, vectors[:, kept] / singular, tuple(rows), width)


def fit(
    space: LetterSpace, labels: Sequence[str], strength: float, weights: Sequence[float]
) -> LinearModel:
    """Return the regression of the labels on the rows of the space.

    Args:
        space: coordinates of the rows.
        labels: the label of each row.
        strength: inverse of the regularisation (scikit-learn's C).
        weights: weight of each row.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    names = tuple(sorted(set(labels)))
    if len(names) == 1:
        return LinearModel(names, np.zeros((space.width, 1), np.float32), np.zeros(1))
    solver = LogisticRegression(C=strength, max_iter=400, tol=1e-4)
    # One thread: the same sums in the same order on every machine, and no fight over the cores.
    with threadpool_limits(1):
        solver.fit(space.coordinates, np.asarray(labels), sample_weight=np.asarray(weights))
    coefficients, intercepts = solver.coef_, solver.intercept_
    if len(names) == 2:
        coefficients = np.vstack([-coefficients[0], coefficients[0]]) / 2
        intercepts = np.array([-intercepts[0], intercepts[0]]) / 2
    dual = space.back @ coefficients.T
    columns = np.asarray(_sparse(space.rows, space.width).T @ dual, dtype=np.float32)
    return LinearModel(names, columns, np.asarray(intercepts, dtype=float))


def _sparse(rows: Sequence[Row], width: int):  # type: ignore[no-untyped-def]  # scipy has no types
    from scipy.sparse import csr_matrix

    starts = np.cumsum([0, *(len(row.columns) for row in rows)])
    columns = np.concatenate([row.columns for row in rows])
    values = np.concatenate([row.values for row in rows])
    return csr_matrix((values, columns, starts), shape=(len(rows), width))


def soft_max(scores: Array) -> Array:
    """Return the probabilities of scores along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    probabilities: Array = shifted / shifted.sum(axis=-1, keepdims=True)
    return probabilities
