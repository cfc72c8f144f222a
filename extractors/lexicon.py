"""The Thai word list: is this a word, and how much of a text is words."""

from __future__ import annotations

from functools import cache

from pythainlp.corpus.common import thai_words

_LONGEST = 16
_SAMPLE = 3000


@cache
def words() -> frozenset[str]:
    """Return PyThaiNLP's word list (Apache-2.0), loaded once per process."""
    return frozenset(word for word in thai_words() if len(word) > 1)


def longest_word_over(text: str, position: int) -> int:
    """Return the length of the longest listed word that covers `position`, 0 for none."""
    listed = words()
    for length in range(_LONGEST, 1, -1):
        first = max(0, position - length + 1)
        for start in range(first, min(position, len(text) - length) + 1):
            if text[start : start + length] in listed:
                return length
    return 0


def covered_share(text: str) -> float:
    """Return the share of Thai characters that lie in listed words, 0 to 1.

    Greedy from the left over the first 3,000 characters; linear in their number. Text without
    Thai gives 1.0: the list says nothing of it.
    """
    listed = words()
    thai = covered = 0
    position = 0
    sample = text[:_SAMPLE]
    while position < len(sample):
        if not "ก" <= sample[position] <= "๎":
            position += 1
            continue
        for length in range(min(_LONGEST, len(sample) - position), 1, -1):
            if sample[position : position + length] in listed:
                covered += length
                thai += length
                position += length
                break
        else:
            thai += 1
            position += 1
    return covered / thai if thai else 1.0
