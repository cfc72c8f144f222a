"""The summary: the letter's own sentences, chosen by what they say, in the letter's order."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from correspondence.memo import SourcedSentence
from correspondence.reading import Extraction, Frozen, LetterFields
from drafting.body import ITEM_MARK
from drafting.formulas import is_formula, without_formulas
from drafting.scoring import is_request, score_sentences
from drafting.selection import Selection
from drafting.sentences import Sentence, split_letter

# What form B and a language model may fill; form A is measured (`drafting.page_fit`).
PAGE_BUDGET = 1_500
MAX_SHARE = 0.6
SHORT_LETTER_LINES = 15
# Letters without blanks on a line of the form, in running Thai.
_LETTERS_A_LINE = 90
LEAST_ROOM = 200


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


class Shortlist:
    """A letter's sentences, weighed once; `summary` takes the best for a room."""

    def __init__(
        self, extraction: Extraction, *, room: int = PAGE_BUDGET, told: tuple[str, ...] = ()
    ) -> None:
        """Weigh the sentences of a letter.

        Args:
            extraction: the letter.
            room: the most characters, blanks not counted, that will be asked for.
            told: values of the letter that other lines of the memo tell; no facts again.
        """
        sentences = split_letter(extraction)
        fields = extraction.fields
        own_date = fields.document_date.value or ""
        rows = _row_texts(fields)
        self._kept = (
            tuple(
                s
                for s in sentences
                if not is_formula(s.text, own_date) and not _is_row(s.text, rows)
            )
            or sentences
        )
        self._scores, likeness = score_sentences(self._kept, fields.subject.value or "", told)
        self._shorter = tuple(replace(s, text=without_formulas(s.text)) for s in self._kept)
        lengths = tuple(solid_length(s.text) for s in self._shorter)
        self.room = length_limit(extraction.text, room)
        self._weigh = partial(
            Selection, scores=self._scores, likeness=likeness, room=max(LEAST_ROOM, self.room)
        )
        self._selection = self._weigh(lengths)
        self._lines: Selection | None = None

    def summary(self, room: int) -> Summary:
        """Return the sentences that say most in a room of characters, in the letter's order."""
        return self._told(self._selection.within(max(LEAST_ROOM, room)))

    def summary_on_lines(self, room: int) -> Summary:
        """Return the same where not letters but lines are scarce.

        A point of its own takes whole lines: a short one as much room as one that fills them.
        """
        if self._lines is None:
            self._lines = self._weigh(tuple(map(_room_on_lines, self._shorter)))
        return self._told(self._lines.within(max(LEAST_ROOM, room)))

    def _told(self, chosen: list[int]) -> Summary:
        return Summary(
            sentences=tuple(
                SourcedSentence(
                    text=self._shorter[i].text, page=self._kept[i].page,
                    start=self._kept[i].start, end=self._kept[i].end,
                    score=round(self._scores[i], 3),
                )
                for i in chosen
            ),
            points=_points(tuple(self._shorter[i] for i in chosen)),
        )  # fmt: skip


def summarise(extraction: Extraction) -> Summary:
    """Return the summary of a letter where nothing else stands under its heading.

    At most PAGE_BUDGET characters and, for letters over fifteen lines, 60 % of the letter (blanks
    not counted). A letter shorter than that keeps all its sentences but the formulas.
    """
    shortlist = Shortlist(extraction)
    return shortlist.summary(shortlist.room)


def _room_on_lines(sentence: Sentence) -> int:
    length = solid_length(sentence.text)
    return -(-length // _LETTERS_A_LINE) * _LETTERS_A_LINE if sentence.item else length


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
