"""The letters of a text folded so that reading errors matter less; words that respect Thai.

OCR drops tone marks and ำ (thai.md), so character n-grams and cues are matched on a folded
shadow of the text: no tone marks, ำ as า, digits folded, no blanks beside Thai letters.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

MAX_TEXT = 12_000
"""Characters of a letter that are looked at; the matter stands on the first pages."""

_LONGEST_RUN = 300
_DROPPED = frozenset("่้๊๋์ฺ็\u200b\u200c\u200d\ufeff\u00ad")
_FOLDED = str.maketrans({"ำ": "า", "ํ": None} | {chr(0x0E50 + n): str(n) for n in range(10)})
_RUN = re.compile(r"[\u0e00-\u0e4f]+|[A-Za-z][A-Za-z'’]*|[0-9\u0e50-\u0e59]+")
_JOINED = {"\u0e4d\u0e32": "\u0e33", "เเ": "แ"}
_SPLIT_SIGN = re.compile("|".join(_JOINED))
_CLUSTER = re.compile(
    rf"{_SPLIT_SIGN.pattern}|.[\u0300-\u036f\u0e38-\u0e3a\u0e48-\u0e4b]*", re.DOTALL
)
_THAI_LETTER = re.compile(r"[\u0e01-\u0e4e]")


class Word(NamedTuple):
    """A word in lower case and where it stands in the text."""

    text: str
    start: int
    end: int


class Shadow(NamedTuple):
    """The folded text, and for each of its characters the offset in the original."""

    text: str
    offsets: tuple[int, ...]


class Composed(NamedTuple):
    """A text as the model reads it, and for each of its characters the offset in the original."""

    text: str
    offsets: Sequence[int]


def compose(text: str) -> Composed:
    """Return the text in NFC with a decomposed ำ and a double เ joined, cut to `MAX_TEXT`."""
    cut = text[:MAX_TEXT]
    if unicodedata.is_normalized("NFC", cut) and not _SPLIT_SIGN.search(cut):
        return Composed(cut, range(len(cut)))
    characters: list[str] = []
    offsets: list[int] = []
    for match in _CLUSTER.finditer(cut):
        joined = _JOINED.get(match.group()) or unicodedata.normalize("NFC", match.group())
        characters.append(joined)
        offsets.extend([match.start()] * len(joined))
    return Composed("".join(characters)[:MAX_TEXT], offsets[:MAX_TEXT])


def fold(text: str) -> Shadow:
    """Return the shadow of a composed text (see the module); Latin letters in lower case."""
    characters: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        if character in _DROPPED:
            continue
        if character.isspace():
            if not characters or characters[-1] == " " or _is_thai(characters[-1]):
                continue
            character = " "
        elif _is_thai(character) and characters and characters[-1] == " ":
            characters.pop()
            offsets.pop()
        for folded in character.translate(_FOLDED).lower()[:1]:
            characters.append(folded)
            offsets.append(offset)
    return Shadow("".join(characters), tuple(offsets))


def _is_thai(character: str) -> bool:
    return "\u0e01" <= character <= "\u0e4e"


def fold_pattern(pattern: str) -> str:
    """Return a regular expression over plain Thai as one over the shadow."""
    folded = "".join(c for c in pattern.translate(_FOLDED) if c not in _DROPPED)
    return re.sub(r"(?<=[\u0e01-\u0e4e]) (?!\?)| (?=[\u0e01-\u0e4e])", "", folded)


def compile_phrases(file: Path) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the named phrases of a .toml file (name = list of expressions), for the shadow."""
    phrases = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(
        (name, re.compile("|".join(fold_pattern(part) for part in parts)))
        for name, parts in phrases.items()
    )


def words(text: str) -> list[Word]:
    """Return the words of a composed text; numbers become `<0>`, Latin words lower case.

    Thai is cut by newmm-safe in runs of at most 300 letters, because newmm is quadratic on long
    unspaced text.
    """
    found: list[Word] = []
    for match in _RUN.finditer(text):
        run, start = match.group(), match.start()
        if not _THAI_LETTER.match(run):
            name = run.lower() if run[0].isascii() and run[0].isalpha() else "<0>"
            found.append(Word(name, start, match.end()))
            continue
        for cut in range(0, len(run), _LONGEST_RUN):
            place = start + cut
            for piece in _thai_words(run[cut : cut + _LONGEST_RUN]):
                found.append(Word(piece, place, place + len(piece)))
                place += len(piece)
    return found


@lru_cache(maxsize=20_000)
def _thai_words(run: str) -> tuple[str, ...]:
    from pythainlp.tokenize import word_tokenize

    return tuple(word_tokenize(run, engine="newmm-safe"))
