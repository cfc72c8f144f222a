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
MAX_SHARE = 0.58
SHORT_LETTER_LINES = 15
_REDUNDANT = 0.75
_LIKENESS_WEIGHT = 1.2


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

    At most `budget` characters and, for letters over fifteen lines, 58 % of the letter (blanks
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
    """Return the indices chosen by maximal marginal relevance within the budget, in order."""
    chosen: list[int] = []
    open_ones = set(range(len(sentences)))
    used = 0
    nearest = [0.0] * len(sentences)
    while open_ones:
        best = max(
            open_ones,
            key=lambda i: (
                scores[i] / solid_length(sentences[i].text) ** 0.4
                - _LIKENESS_WEIGHT * _over(nearest[i]),
                -i,
            ),
        )
        open_ones.discard(best)
        length = solid_length(sentences[best].text)
        if used + length > budget or (nearest[best] > _REDUNDANT):
            continue
        chosen.append(best)
        used += length
        for i in open_ones:
            nearest[i] = max(nearest[i], float(likeness[best, i]))
    return sorted(chosen)


def _over(likeness: float) -> float:
    return max(0.0, likeness - 0.35)


def _points(sentences: tuple[Sentence, ...]) -> tuple[SummaryPoint, ...]:
    """Join sentences that follow each other; keep a list under the point it belongs to."""
    points: list[SummaryPoint] = []
    previous: Sentence | None = None
    under_point = False
    for sentence in sentences:
        adjacent = previous is not None and sentence.rank == previous.rank + 1
        same = previous is not None and (
            sentence.paragraph == previous.paragraph
            or (sentence.soft and sentence.paragraph == previous.paragraph + 1)
        )
        if adjacent and same and not sentence.item:
            last = points[-1]
            points[-1] = SummaryPoint(text=f"{last.text} {sentence.text}", item=last.item)
        elif sentence.item and adjacent and under_point:
            points.append(SummaryPoint(text=sentence.text, item=True))
        else:
            text = ITEM_MARK.sub("", sentence.text, count=1) if sentence.item else sentence.text
            points.append(SummaryPoint(text=text.strip() or sentence.text, item=False))
            under_point = not sentence.item
        previous = sentence
    return tuple(points)
