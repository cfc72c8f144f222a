"""The summary: the letter's own sentences, chosen by what they say, in the letter's order."""

from __future__ import annotations

import re

from correspondence.memo import SourcedSentence
from correspondence.reading import Extraction, Frozen
from drafting.body import ITEM_MARK
from drafting.scoring import Matrix, is_formula, score_sentences
from drafting.sentences import Sentence, split_letter

# Measured on the rendered form A: its other rows leave some fifteen lines of a page.
PAGE_BUDGET = 1_500
MAX_SHARE = 0.59
SHORT_LETTER_LINES = 15
_REDUNDANT = 0.75
_ALIKE = 0.35
_LIKENESS_WEIGHT = 1.2
_LENGTH_POWER = 0.5
# Characters a cell of the knapsack stands for: exact enough, and quick.
_UNIT = 4


class SummaryPoint(Frozen):
    """One point of the summary; `item` is a line of the letter's own list under a point."""

    text: str
    item: bool


class Summary(Frozen):
    """The chosen sentences and the points they form, both in the letter's order."""

    sentences: tuple[SourcedSentence, ...]
    points: tuple[SummaryPoint, ...]


def summarise(extraction: Extraction, *, budget: int = PAGE_BUDGET) -> Summary:
    """Return the summary of a letter.

    At most `budget` characters and, for letters over fifteen lines, 59 % of the letter (blanks
    not counted). A letter shorter than that keeps all its sentences but the formulas.
    """
    sentences = split_letter(extraction)
    subject = extraction.fields.subject.value or ""
    kept = tuple(s for s in sentences if not is_formula(s.text)) or sentences
    scores, likeness = score_sentences(kept, subject)
    chosen = _choose(kept, scores, likeness, _budget(extraction.text, budget))
    return Summary(
        sentences=tuple(
            SourcedSentence(
                text=kept[i].text, page=kept[i].page, start=kept[i].start, end=kept[i].end,
                score=round(scores[i], 3),
            )
            for i in chosen
        ),
        points=_points(tuple(kept[i] for i in chosen)),
    )  # fmt: skip


def solid_length(text: str) -> int:
    """Return the length of a text without its blanks."""
    return len(re.sub(r"\s+", "", text))


def _budget(text: str, budget: int) -> int:
    if text.count("\n") < SHORT_LETTER_LINES:
        return budget
    return min(budget, int(MAX_SHARE * solid_length(text[:200_000])))


def _choose(
    sentences: tuple[Sentence, ...], scores: tuple[float, ...], likeness: Matrix, budget: int
) -> list[int]:
    """Return the indices that together say most within the budget, in the letter's order.

    Maximal marginal relevance lowers the worth of what repeats a better sentence; a knapsack
    then fills the budget, so that a long sentence does not leave the page half empty.
    """
    worth = _marginal_worth(scores, likeness)
    lengths = [solid_length(sentence.text) for sentence in sentences]
    items = [i for i, value in enumerate(worth) if value > 0]
    room = budget // _UNIT
    best = [0.0] * (room + 1)
    taken = [bytearray(room + 1) for _ in items]
    for row, i in enumerate(items):
        size = -(-lengths[i] // _UNIT)
        value = worth[i] * lengths[i] ** _LENGTH_POWER
        for space in range(room, size - 1, -1):
            if best[space - size] + value > best[space]:
                best[space] = best[space - size] + value
                taken[row][space] = 1
    chosen: list[int] = []
    space = room
    for row in range(len(items) - 1, -1, -1):
        if taken[row][space]:
            chosen.append(items[row])
            space -= -(-lengths[items[row]] // _UNIT)
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


def _points(sentences: tuple[Sentence, ...]) -> tuple[SummaryPoint, ...]:
    """Join what stands in one paragraph, … where something is left out; keep lists under points."""
    points: list[SummaryPoint] = []
    previous: Sentence | None = None
    under_point = False
    for sentence in sentences:
        gap = previous is None or sentence.rank != previous.rank + 1
        step = sentence.paragraph - previous.paragraph if previous else 2
        joined = step == 0 or (step == 1 and sentence.soft and not gap)
        if joined and not sentence.item:
            last = points[-1]
            between = " … " if gap else " "
            points[-1] = SummaryPoint(text=last.text + between + sentence.text, item=last.item)
        elif sentence.item and under_point:
            points.append(SummaryPoint(text=sentence.text, item=True))
        else:
            text = ITEM_MARK.sub("", sentence.text, count=1) if sentence.item else sentence.text
            points.append(SummaryPoint(text=text.strip() or sentence.text, item=False))
            under_point = not sentence.listed
        previous = sentence
    return tuple(points)
