"""The summary: the letter's own sentences, chosen by what they say, in the letter's order."""

from __future__ import annotations

import re
from dataclasses import replace

from correspondence.memo import SourcedSentence
from correspondence.reading import Extraction, Frozen, LetterFields
from drafting.body import ITEM_MARK
from drafting.formulas import is_formula, without_formulas
from drafting.scoring import Matrix, is_request, score_sentences
from drafting.sentences import Sentence, split_letter

# Measured on the rendered form A: its other rows leave some fifteen lines of a page.
PAGE_BUDGET = 1_500
MAX_SHARE = 0.6
SHORT_LETTER_LINES = 15
LEAST_ROOM = 200
_REDUNDANT = 0.75
_ALIKE = 0.35
_LIKENESS_WEIGHT = 1.2
_LENGTH_POWER = 0.5
# Characters a cell of the knapsack stands for: exact enough, and quick.
_UNIT = 4


class SummaryPoint(Frozen):
    """One point of the summary.

    `item` is a line of the letter's own list under a point; `asks` marks the first point in which
    the letter asks, where points before it tell.
    """

    text: str
    item: bool
    asks: bool = False


class Summary(Frozen):
    """The chosen sentences and the points they form, both in the letter's order."""

    sentences: tuple[SourcedSentence, ...]
    points: tuple[SummaryPoint, ...]


def summarise(
    extraction: Extraction,
    *,
    budget: int = PAGE_BUDGET,
    reserved: int = 0,
    told: tuple[str, ...] = (),
) -> Summary:
    """Return the summary of a letter.

    At most `budget` characters and, for letters over fifteen lines, 60 % of the letter (blanks
    not counted). A letter shorter than that keeps all its sentences but the formulas.

    Args:
        extraction: the letter.
        budget: characters for all that stands under the summary's heading.
        reserved: of these, what is taken by lines that are not the letter's sentences.
        told: values of the letter that such lines tell; they count as no facts again.
    """
    sentences = split_letter(extraction)
    subject = extraction.fields.subject.value or ""
    own_date = extraction.fields.document_date.value or ""
    rows = _row_texts(extraction.fields)
    kept = (
        tuple(
            s for s in sentences if not is_formula(s.text, own_date) and not _is_row(s.text, rows)
        )
        or sentences
    )
    scores, likeness = score_sentences(kept, subject, told)
    shorter = tuple(replace(s, text=without_formulas(s.text)) for s in kept)
    room = max(LEAST_ROOM, length_limit(extraction.text, budget) - reserved)
    chosen = _choose(shorter, scores, likeness, room)
    return Summary(
        sentences=tuple(
            SourcedSentence(
                text=shorter[i].text, page=kept[i].page, start=kept[i].start, end=kept[i].end,
                score=round(scores[i], 3),
            )
            for i in chosen
        ),
        points=_points(tuple(shorter[i] for i in chosen)),
    )  # fmt: skip


def _row_texts(fields: LetterFields) -> tuple[str, ...]:
    """Return the values that stand in the form's rows or behind the letter, without blanks."""
    found = (
        fields.subject, fields.agency, fields.addressee, fields.signer, fields.signer_position,
        *fields.enclosures,
    )  # fmt: skip
    return tuple("".join(field.value.split()) for field in found if field.value)


def _is_row(text: str, rows: tuple[str, ...]) -> bool:
    """Tell a line of head or foot that was taken for a sentence: subject, sender, enclosure."""
    bare = "".join(text.split())
    return any(bare in row for row in rows)


def solid_length(text: str) -> int:
    """Return the length of a text without its blanks."""
    return len(re.sub(r"\s+", "", text))


def length_limit(text: str, budget: int = PAGE_BUDGET) -> int:
    """Return how many characters, blanks not counted, the summary of a text may have."""
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
    under_point = asked = False
    for sentence in sentences:
        gap = previous is None or sentence.rank != previous.rank + 1
        step = sentence.paragraph - previous.paragraph if previous else 2
        asks = not asked and not sentence.item and bool(points) and is_request(sentence.text)
        joined = (step == 0 or (step == 1 and sentence.soft and not gap)) and not asks
        if joined and not sentence.item:
            last = points[-1]
            between = " … " if gap else " "
            points[-1] = last.model_copy(update={"text": last.text + between + sentence.text})
        elif sentence.item and under_point:
            points.append(SummaryPoint(text=sentence.text, item=True))
        else:
            text = ITEM_MARK.sub("", sentence.text, count=1) if sentence.item else sentence.text
            points.append(SummaryPoint(text=text.strip() or sentence.text, item=False, asks=asks))
            under_point = not sentence.listed
        asked = asked or asks
        previous = sentence
    return tuple(points)
