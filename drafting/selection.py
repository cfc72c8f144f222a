"""Which sentences a summary takes: the most worth in the room there is, no thought twice."""

from __future__ import annotations

from drafting.scoring import Matrix

_REDUNDANT = 0.75
_ALIKE = 0.35
_LIKENESS_WEIGHT = 1.2
_LENGTH_POWER = 0.5
# Characters a cell of the knapsack stands for: exact enough, and quick.
_UNIT = 4


class Selection:
    """The best sentences for every room up to the one it is made for.

    A sentence counts by its worth times the square root of its length, so that neither the long
    nor the many short ones win by their size. Likeness to better sentences lessens its worth;
    repetitions have none.
    """

    def __init__(
        self, lengths: tuple[int, ...], scores: tuple[float, ...], likeness: Matrix, room: int
    ) -> None:
        """Weigh the sentences once.

        Args:
            lengths: characters of each sentence.
            scores: what each says.
            likeness: cosine likeness of each to each.
            room: the most characters that will be asked for.
        """
        worth = _marginal_worth(scores, likeness)
        self._items = [i for i, value in enumerate(worth) if value > 0]
        self._sizes = [-(-lengths[i] // _UNIT) for i in self._items]
        cells = min(room // _UNIT, sum(self._sizes))
        best = [0.0] * (cells + 1)
        self._taken = [bytearray(cells + 1) for _ in self._items]
        for row, i in enumerate(self._items):
            size, taken = self._sizes[row], self._taken[row]
            value = worth[i] * lengths[i] ** _LENGTH_POWER
            for space in range(cells, size - 1, -1):
                if best[space - size] + value > best[space]:
                    best[space] = best[space - size] + value
                    taken[space] = 1
        self._cells = cells

    def within(self, room: int) -> list[int]:
        """Return the places of the sentences to take, in order."""
        chosen: list[int] = []
        space = min(room // _UNIT, self._cells)
        for row in range(len(self._items) - 1, -1, -1):
            if self._taken[row][space]:
                chosen.append(self._items[row])
                space -= self._sizes[row]
        return sorted(chosen)


def _marginal_worth(scores: tuple[float, ...], likeness: Matrix) -> list[float]:
    """Return each score less its likeness to the better ones; 0 for a repetition."""
    worth = [0.0] * len(scores)
    better: list[int] = []
    for i in sorted(range(len(scores)), key=lambda n: (-scores[n], n)):
        nearest = max((float(likeness[i, j]) for j in better), default=0.0)
        if nearest <= _REDUNDANT:
            worth[i] = max(0.0, scores[i] - _LIKENESS_WEIGHT * max(0.0, nearest - _ALIKE))
            better.append(i)
    return worth
