"""Lots of invented letters with what has to go, and how much of it a copy still shows.

A stretch counts as gone when nothing of it can be read but the words every address has (ตำบล, ซอย)
and the name of a province: those lead to nobody. A name counts without its title.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from correspondence.reading import Extraction, Frozen
from drafting.redaction import BlackedText, black_out, complainant_names
from drafting.redaction.provinces import PROVINCE
from extractors.reader import read_document
from extractors.request import ReadingRequest

FOLDER = Path(__file__).parent
_WORDS_OF_PLACES = re.compile(
    rf"บ้านเลขที่|บ้าน|เลขที่|หมู่ที่|หมู่|ตำบล|อำเภอ|จังหวัด|แขวง|เขต|ถนน|ซอย|ห้อง|อยู่|ที่|ในเมือง"
    rf"|[มตอจถซ]\.|{PROVINCE}"
)


class Stretch(Frozen):
    """What has to go, and whose it is: the complainant's own (`self`) or somebody else's."""

    start: int
    end: int
    kind: str
    role: str = ""


class Labelled(Frozen):
    """A letter with what has to go and what has to stay."""

    id: str
    about: str
    text: str
    personal: tuple[Stretch, ...]
    kept: tuple[str, ...]


@cache
def lot(name: str) -> tuple[Labelled, ...]:
    """Return the letters of a lot by its file name."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return tuple(Labelled.model_validate(json.loads(line)) for line in lines)


@cache
def redacted(letter: Labelled) -> tuple[Extraction, tuple[str, ...], BlackedText]:
    """Return what was read, the names found, and the black text."""
    read = read_document(letter.text.encode(), "letter.txt", ReadingRequest())
    assert len(read.pages[0].text) == len(letter.text), letter.id
    names = complainant_names(read)
    return read, names, black_out(read.pages[0].text, names)


def hidden(letter: Labelled) -> set[int]:
    """Return the offsets that are black."""
    _, _, blacked = redacted(letter)
    return {index for span in blacked.spans for index in range(span.start, span.end)}


def left_over(
    letters: tuple[Labelled, ...], role: str | None = None
) -> Iterator[tuple[str, str, str]]:
    """Yield letter, kind and what can be read of each stretch that stayed, of one role or all."""
    for letter in letters:
        black = hidden(letter)
        for stretch in letter.personal:
            if role not in (None, stretch.role):
                continue
            left = "".join(
                " " if index in black else letter.text[index]
                for index in range(stretch.start, stretch.end)
            )
            if stretch.kind in ("address", "workplace"):
                left = _WORDS_OF_PLACES.sub(" ", left)
            if any(sign.isalnum() for sign in left):
                yield letter.id, stretch.kind, " ".join(left.split())


def over_percent(letters: tuple[Labelled, ...]) -> float:
    """Return how many of a hundred letters and digits outside every stretch are black."""
    over = outside = 0
    for letter in letters:
        black = hidden(letter)
        personal = {i for s in letter.personal for i in range(s.start, s.end)}
        for index, sign in enumerate(letter.text):
            if index not in personal and sign.isalnum():
                outside += 1
                over += index in black
    return 100 * over / outside


def lost(letters: tuple[Labelled, ...]) -> Iterator[tuple[str, str]]:
    """Yield letter and words of what has to stay and cannot be read any more."""
    for letter in letters:
        for words in letter.kept:
            if words not in redacted(letter)[2].text:
                yield letter.id, words
