"""Put right the signs that recognition of a scan loses or confuses (ชือ → ชื่อ, สานัก → สำนัก).

A noisy-channel reading of each run of Thai letters: the words of the run are chosen so that
their frequency and the cost of the signs to be added, exchanged or dropped are least together.
Only ่ ้ and look-alike vowels (า ำ, ิ ี ึ ื, ุ ู) are touched, never a consonant, a digit or a blank;
names after a title, and a stretch that no listed words cover, stay as they were read.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import NamedTuple

from pythainlp.corpus import tnc
from pythainlp.corpus.common import (
    thai_family_names,
    thai_female_names,
    thai_male_names,
    thai_words,
)

TONES = "่้"
# Costs in nats. Marks are lost far more often than they are confused or invented; the values
# hardly matter: from 3 to 6 for an added one the error differs by 3 % of itself. Tesseract's Thai
# models do not contain ำ, so the ring of น้ำ is what they lose most.
ADDED, EXCHANGED, DROPPED, OTHER_VOWEL, RING = 4.0, 6.0, 9.0, 6.0, 2.0
# Vowels a recogniser takes for one another.
_ALIKE = {"ำ": "า", "ี": "ิ", "ึ": "ิ", "ื": "ิ", "ู": "ุ"}
# One letter of no listed word: dearer than any listed word, so that words win where they fit.
UNKNOWN = 12.0
_RARE = 0.5
_FREQUENT_ENOUGH = 100
_LONGEST = 18
_LONGEST_RUN = 400
_RUN = re.compile(r"[ก-ฮะ-ฺเ-ๅ็-๎]{2,}")
# Signs that lean on the letter before them: no word begins with one.
_LEANING = frozenset("ะัาำิีึืฺุูๅ็์ํ๎")
# A name may be any letters at all: it and its surname are left alone.
_NAME = re.compile(
    r"(?:นาย|นางสาว|นาง|เด็กชาย|เด็กหญิง|[นดพร]\.[สชญตตอ]\.|ดร\.|ม\.[รล]\.ว?\.?)"
    r"[ ]{0,2}[ก-๎]+(?:[ ]{1,2}[ก-๎]+)?"
)
# Beginnings of the office's phrases that the corpus hardly knows, beside look-alikes it does.
_PHRASES = (
    *("ขอความ", "ขอเสนอ", "ขอกำหนด", "ขอเรียน", "ขอสนับสนุน", "ขอเชิญ", "ขออนุมัติ", "ขอคัดค้าน"),
    *("กมธ", "ขอคำ", "ขอรับ", "ขอข้อมูล", "ขอให้", "ขอแจ้ง", "ขอส่ง"),
)
_PHRASE_COUNT = 20_000


class _Reading(NamedTuple):
    """A listed word: how each of its letters is written, and how rare it is."""

    written: tuple[str, ...]
    cost: float


class _Step(NamedTuple):
    """The best reading up to a place: its cost, where its last word begins, how it is written."""

    cost: float
    start: int
    written: tuple[str, ...]


def restore_signs(text: str) -> str:
    """Return text with lost and confused signs put right in the words that need it."""
    names = [match.span() for match in _NAME.finditer(text)]

    def restore(run: re.Match[str]) -> str:
        if any(start < run.end() and run.start() < end for start, end in names):
            return run.group()
        return _restore(run.group())

    return _RUN.sub(restore, text)


def _restore(run: str) -> str:
    letters, seen = _apart(run)
    if len(letters) > _LONGEST_RUN:
        return run
    listed = _words()
    best: list[_Step] = [_Step(0.0, 0, ())]
    for end in range(1, len(letters) + 1):
        before = best[end - 1]
        step = _Step(before.cost + UNKNOWN, end - 1, (seen[end - 1],))
        if end < len(letters) and letters[end] in _LEANING:
            best.append(step)
            continue
        for start in range(max(0, end - _LONGEST), end):
            for reading in listed.get(letters[start:end], ()):
                cost = best[start].cost + reading.cost
                if cost < step.cost:
                    cost += _change(seen[start:end], reading.written)
                    if cost < step.cost:
                        step = _Step(cost, start, reading.written)
        best.append(step)
    written: list[str] = []
    end = len(letters)
    while end:
        written[:0] = best[end].written
        end = best[end].start
    return "".join(written)


def _change(seen: tuple[str, ...], wanted: tuple[str, ...]) -> float:
    cost = 0.0
    for was, is_now in zip(seen, wanted, strict=True):
        if was == is_now:
            continue
        if was[0] != is_now[0]:
            cost += RING if (was[0], is_now[0]) == ("า", "ำ") else OTHER_VOWEL
        if was[1:] != is_now[1:]:
            cost += ADDED if len(was) == 1 else EXCHANGED if len(is_now) > 1 else DROPPED
    return cost


def _apart(word: str) -> tuple[str, tuple[str, ...]]:
    """Return a word without tone marks and with one of each like vowels, and how each is written.

    Each written letter is followed by its tone mark where it has one.
    """
    letters: list[str] = []
    written: list[str] = []
    for character in word:
        if character in TONES and written and len(written[-1]) == 1:
            written[-1] += character
        else:
            letters.append(_ALIKE.get(character, character))
            written.append(character)
    return "".join(letters), tuple(written)


@cache
def _words() -> dict[str, tuple[_Reading, ...]]:
    """Return listed words by their letters without confused signs, loaded once per process.

    Words of PyThaiNLP's list and names, weighed by the Thai National Corpus; words of the corpus
    that stand in no list count when they are frequent.
    """
    counts: dict[str, int] = dict(tnc.unigram_word_freqs())
    counts.update((phrase, _PHRASE_COUNT) for phrase in _PHRASES)
    total = sum(counts.values())
    words = {word for word, count in counts.items() if count >= _FREQUENT_ENOUGH}
    words |= thai_words() | thai_female_names() | thai_male_names() | thai_family_names()
    found: dict[str, list[_Reading]] = {}
    for word in words:
        if len(word) > 1 and _RUN.fullmatch(word):
            letters, written = _apart(word)
            cost = math.log(total / (counts.get(word, 0) + _RARE))
            found.setdefault(letters, []).append(_Reading(written, cost))
    return {letters: tuple(readings) for letters, readings in found.items()}
