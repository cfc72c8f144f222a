"""Whether a sentence that the letter's writer did not write is borne out by the letter.

A stricter gate than that of numbers and names, for text of a language model: its words must be the
letter's, its denials and decisions too. What cannot be judged is refused: the letter's own
sentences stand ready.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from correspondence.memo import SourcedSentence
from correspondence.thai_digits import fold_digits
from drafting.faithfulness import UnfaithfulDraft
from drafting.sentences import Sentence

# Of the words of a sentence so many must be the letter's, and so many those of one place in it.
_LEAST_SUPPORT = 0.85
_LEAST_IN_PLACE = 0.5
# Sentences side by side that a summary may run together.
_PLACE = 3
_LONGEST = 600
_WORD = re.compile(r"[A-Za-z]{2,}|\d[\d.,:/-]*\d|\d")
_THAI = re.compile("[ก-๎]+")
# Words that join and say nothing of the matter.
_JOINING = frozenset(
    """
    และ หรือ ที่ ซึ่ง โดย ว่า ใน ของ เพื่อ ให้ ได้ จะ เป็น มี จาก แก่ กับ ต่อ ตาม ณ นั้น นี้
    ดังกล่าว ทั้งนี้ รวม คือ การ ความ ด้วย the a an of to in and or for by on at is are was
    were be that this it its with as from has have
    """.split()  # noqa: SIM905
)
# What must stand in the letter word for word, whatever else does: denials and decisions.
_WEIGHTY = re.compile(
    r"(?:ไม่|มิ|ห้าม|ยกเลิก|ปฏิเสธ)(?=[ก-๎])[ก-๎]{1,12}"
    r"|อนุมัติ|เห็นชอบ|เห็นควร|อนุญาต|สั่งการ|ลงนาม|ลงโทษ|ไล่ออก|ปลดออก|ย้าย|จ่าย|ชดใช้|ยุติ|รับทราบ|มอบหมาย"
    r"|\b(?:not|no|never|approved?|agreed?|signed?|refused?|rejected?|ordered?|dismissed?|paid)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Place:
    sentence: Sentence
    words: frozenset[str]


def check_supported(
    lines: tuple[str, ...], sentences: tuple[Sentence, ...]
) -> tuple[SourcedSentence, ...]:
    """Return each line tied to the sentence of the letter that bears it out most.

    Args:
        lines: what was written.
        sentences: the letter's sentences.

    Raises:
        UnfaithfulDraft: a line holds words, a denial or a decision that are not the letter's, or
            draws on no one place in it.
    """
    if not sentences:
        raise UnfaithfulDraft("sentences", max(1, len(lines)))
    places = [_Place(sentence, _words(sentence.text)) for sentence in sentences]
    every = frozenset[str]().union(*(place.words for place in places))
    whole = _squeezed(" ".join(sentence.text for sentence in sentences))
    found: list[SourcedSentence] = []
    wrong = 0
    for line in lines:
        words = _words(line) - _JOINING
        known = words & every
        weighty = [_squeezed(match.group()) for match in _WEIGHTY.finditer(line)]
        best, share = _best_place(words, places)
        ends = _last_of_place(words, places, best)
        if (
            not words
            or len(line) > _LONGEST
            or len(known) < _LEAST_SUPPORT * len(words)
            or share < _LEAST_IN_PLACE
            or any(word not in whole for word in weighty)
        ):
            wrong += 1
            continue
        source = places[best].sentence
        found.append(
            SourcedSentence(
                text=line, page=source.page, start=source.start, end=ends,
                score=round(share, 3),
            )
        )  # fmt: skip
    if wrong or not found:
        raise UnfaithfulDraft("sentences", max(1, wrong))
    return tuple(found)


def _best_place(words: frozenset[str], places: list[_Place]) -> tuple[int, float]:
    """Return where the sentences begin that bear a line out most, and how much of it (0 to 1)."""
    best, share = 0, 0.0
    for index, place in enumerate(places):
        near = frozenset[str]().union(*(p.words for p in places[index : index + _PLACE]))
        covered = len(words & near) / max(1, len(words))
        # Of two equal places the one that says it in its first sentence.
        own = len(words & place.words) / max(1, len(words)) / 100
        if covered + own > share:
            best, share = index, covered + own
    return best, min(1.0, share)


def _last_of_place(words: frozenset[str], places: list[_Place], first: int) -> int:
    """Return the offset at which the last sentence of a place ends that adds to a line."""
    known: frozenset[str] = frozenset()
    ends = places[first].sentence.end
    for place in places[first : first + _PLACE]:
        if (words & place.words) - known:
            ends = place.sentence.end
        known |= place.words
    return ends


def _words(text: str) -> frozenset[str]:
    from pythainlp.tokenize import word_tokenize

    folded = fold_digits(text).lower()
    found = {word.strip(".,:") for word in _WORD.findall(folded)}
    for run in _THAI.findall(folded):
        found.update(word_tokenize(run[:_LONGEST], engine="newmm-safe"))
    return frozenset(found)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", fold_digits(text)).lower()
