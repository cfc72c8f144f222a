"""Named features to columns with their weights: a fixed vocabulary and plain arrays."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifiers.features import BLOCK_WEIGHT, LetterFeatures


class Row(NamedTuple):
    """The columns of one letter and their values (sorted by column)."""

    columns: NDArray[np.int32]
    values: NDArray[np.float64]


class FeatureVocabulary:
    """Features seen in training and how rare they are (smoothed inverse document frequency)."""

    def __init__(self, names: Sequence[str], rarity: NDArray[np.float64]) -> None:
        """Take the feature names in column order and the rarity of each."""
        self.names = tuple(names)
        self.rarity = rarity
        self.column = {name: number for number, name in enumerate(self.names)}

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self.names)

    def row(self, features: LetterFeatures) -> Row:
        """Return the row of a letter: blocks scaled to their weight, sublinear counts."""
        columns: list[int] = []
        values: list[float] = []
        for name, block in features.blocks.items():
            known = [
                (column, (1.0 + math.log(count) if count > 1 else count) * self.rarity[column])
                for feature, count in block.items()
                if (column := self.column.get(feature)) is not None
            ]
            length = math.sqrt(sum(value * value for _, value in known))
            if length > 0:
                scale = BLOCK_WEIGHT[name] / length
                columns.extend(column for column, _ in known)
                values.extend(value * scale for _, value in known)
        order = np.argsort(np.asarray(columns, dtype=np.int32), kind="stable")
        return Row(
            np.asarray(columns, dtype=np.int32)[order], np.asarray(values, dtype=float)[order]
        )


def learn_vocabulary(groups: Iterable[Sequence[LetterFeatures]]) -> FeatureVocabulary:
    """Return the vocabulary of features that stand in at least two letters.

    Args:
        groups: for each letter, the features of all its copies; copies count as one letter.
    """
    seen: Counter[str] = Counter()
    letters = 0
    for copies in groups:
        letters += 1
        seen.update({f for copy in copies for block in copy.blocks.values() for f in block})
    floor = {"c": 3}
    names = sorted(n for n, count in seen.items() if count >= floor.get(n.partition(":")[0], 2))
    rarity = np.array([1.0 + math.log((1 + letters) / (1 + seen[n])) for n in names])
    return FeatureVocabulary(names, rarity)
