"""Thai text cut into the words of the index; a letter and a query are cut the same way.

Compounds are cut down to the smallest words of the dictionary (ขอความอนุเคราะห์ → ขอ ความ อนุ
เคราะห์), so that a part is found inside the whole; a query asks for its words side by side. Digits
are folded, ํา is ำ, signs of no width are gone. No text longer than MAX_TEXT is cut.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from correspondence.thai_digits import fold_digits

# Grows when words are cut another way: letters of an older scheme are indexed again.
SCHEME: Final = 1
MAX_TEXT: Final = 30_000

_DROPPED = {ord(sign): None for sign in "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufffe\uffff"}
_SPLIT_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32|([\u0e48-\u0e4b])\u0e4d\u0e32")
_RUN = re.compile(r"[\u0e01-\u0e4e]+|[0-9]+|[^\W\d_]+", re.UNICODE)
_THAI = re.compile("[\u0e01-\u0e4e]")
_LETTER = re.compile("[\u0e01-\u0e2e]")
# newmm is quadratic on unspaced text (thai.md).
_WINDOW = 300
_LONGEST_WORD = 60
_SHORTEST_PART = 3
# No word of ours begins with what hangs on the letter before it, nor ends in a leading vowel.
_HANGING = frozenset("ะัาำิีึืฺุูๅๆ็่้๊๋์ํ๎")
_LEADING = frozenset("เแโใไ")


def fold_text(text: str) -> str:
    """Return a text as it is searched: one spelling of ำ and of digits, lower case, no NUL."""
    return fold_digits(tidy_text(text)).lower()


def tidy_text(text: str) -> str:
    """Return a text with one spelling of ำ and แ and no signs of no width; digits stay."""
    text = unicodedata.normalize("NFC", text.translate(_DROPPED)).replace("\0", " ")
    return _SPLIT_AM.sub(lambda found: f"{found[1] or found[2] or ''}ำ", text).replace("เเ", "แ")


def cut_words(text: str) -> list[str]:
    """Return the words of a text in order: Thai, Latin and numbers apart, all folded."""
    found: list[str] = []
    for match in _RUN.finditer(fold_text(text[:MAX_TEXT])):
        run = match.group()
        if _THAI.match(run):
            for start in range(0, len(run), _WINDOW):
                found += _thai_words(run[start : start + _WINDOW])
        else:
            found.append(run[:_LONGEST_WORD])
    return found


@lru_cache(maxsize=20_000)
def _thai_words(run: str) -> tuple[str, ...]:
    # Reading the dictionary takes a second that most commands need not spend.
    from pythainlp.tokenize import word_tokenize

    cut = word_tokenize(run, engine="newmm-safe")
    return tuple(
        part[:_LONGEST_WORD] for word in cut for part in _parts(word) if _LETTER.search(part)
    )


@lru_cache(maxsize=50_000)
def _parts(word: str) -> tuple[str, ...]:
    """Return the smallest words of the dictionary that a word is made of; itself where of none."""
    best = _split(word)
    return (word,) if len(best) < 2 else tuple(small for part in best for small in _parts(part))


def _split(word: str) -> tuple[str, ...]:
    """Return the fewest dictionary words, but the word itself, that make it up; () for none."""
    known = _dictionary()
    size = len(word)
    if size < 2 * _SHORTEST_PART or size > _LONGEST_WORD:
        return ()
    ways: list[tuple[str, ...] | None] = [(), *[None] * size]
    for end in range(_SHORTEST_PART, size + 1):
        for start in range(end - _SHORTEST_PART, -1, -1):
            before = ways[start]
            piece = word[start:end]
            if before is None or end - start == size or not _may_stand(piece, word[end : end + 1]):
                continue
            here = ways[end]
            if piece in known and (here is None or len(before) + 1 <= len(here)):
                ways[end] = (*before, piece)
    return ways[size] or ()


def _may_stand(piece: str, following: str) -> bool:
    return piece[0] not in _HANGING and following not in _HANGING and piece[-1] not in _LEADING


@cache
def _dictionary() -> frozenset[str]:
    from pythainlp.corpus import thai_words

    return frozenset(thai_words())
