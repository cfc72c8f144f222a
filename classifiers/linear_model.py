"""Ridge regression of the labels on sparse rows, solved in the space of the letters.

One regression for each sub-category (+1 for its letters, a small negative number for all others),
with a squared penalty. There are far fewer letters than features, so it is solved on the letters'
inner products, and what a model without some of the letters would say of them follows from the
same matrix, without fitting again: every held-out writer is judged exactly, in seconds.
Measured against multinomial logistic regression on the same features: docs/decisions/0014.
"""

from __future__ import annotations

from collections import Counter
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
        """Return the score of every label: about 1 for a sure letter of it, about 0 for others."""
        picked = self.weights[row.columns]
        scores: Array = row.values @ picked + self.intercepts
        return scores


class Fit(NamedTuple):
    """A model of all rows, and the scores of each row by a model without the row's group."""

    model: LinearModel
    held_out: Array


def fit(
    rows: Sequence[Row],
    width: int,
    labels: Sequence[str],
    groups: Sequence[str],
    *,
    penalty: float,
    weights: Sequence[float],
) -> Fit:
    """Return the regression of labels on rows.

    Args:
        rows: the letters, over `width` columns.
        width: the number of columns.
        labels: the label of each row.
        groups: whoever wrote each row; a group is held out as a whole.
        penalty: of the squared weights, against a row of weight 1.
        weights: weight of each row, above 0.
    """
    from threadpoolctl import threadpool_limits

    names = tuple(sorted(set(labels)))
    wanted = _targets(labels, names)
    matrix = _sparse(rows, width)
    # One thread: the same sums in the same order on every machine, and no fight over the cores.
    with threadpool_limits(1):
        # The 1 stands for a column that is the same in every row: the intercept.
        kernel = np.asarray((matrix @ matrix.T).todense()) + 1.0
        kernel[np.diag_indices_from(kernel)] += penalty / np.asarray(weights)
        inverse = np.linalg.inv(kernel)
        dual = inverse @ wanted
        held_out = np.empty_like(wanted)
        for group in sorted(set(groups)):
            at = np.flatnonzero([name == group for name in groups])
            held_out[at] = wanted[at] - np.linalg.solve(inverse[np.ix_(at, at)], dual[at])
        columns = np.asarray(matrix.T @ dual, dtype=np.float32)
    return Fit(LinearModel(names, columns, np.asarray(dual.sum(axis=0), dtype=float)), held_out)


def balance(labels: Sequence[str]) -> list[float]:
    """Return weights that give rare labels more, by the root of how rare they are."""
    often = Counter(labels)
    return [(len(labels) / (len(often) * often[label])) ** 0.5 for label in labels]


def _targets(labels: Sequence[str], names: Sequence[str]) -> Array:
    column = {name: number for number, name in enumerate(names)}
    wanted: Array = np.full((len(labels), len(names)), -1.0 / max(1, len(names) - 1))
    wanted[np.arange(len(labels)), [column[label] for label in labels]] = 1.0
    return wanted


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
