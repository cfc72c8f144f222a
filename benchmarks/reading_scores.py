"""How far a reading is from the truth: characters and numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from correspondence.thai_digits import fold_digits
from pipeline.read_check import squeeze

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def edit_distance(one: str, other: str) -> int:
    """Return the Levenshtein distance."""
    return Levenshtein.distance(one, other)


def numbers_of(text: str) -> Counter[str]:
    """Return the numbers of a text with how often each stands there, Thai digits folded."""
    return Counter(_NUMBER.findall(fold_digits(text)))


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over some texts: they add up.

    Attributes:
        characters: of the truth, without whitespace.
        errors: edit distance to it.
        numbers: of the truth.
        numbers_right: of them, found exactly.
        claims: numbers in values given without `needs_check`.
        claims_wrong: of them, not in the truth.
    """

    characters: int = 0
    errors: int = 0
    numbers: int = 0
    numbers_right: int = 0
    claims: int = 0
    claims_wrong: int = 0

    def __add__(self, other: Score) -> Score:
        """Return the counts of both."""
        return Score(
            self.characters + other.characters,
            self.errors + other.errors,
            self.numbers + other.numbers,
            self.numbers_right + other.numbers_right,
            self.claims + other.claims,
            self.claims_wrong + other.claims_wrong,
        )

    @property
    def error_rate(self) -> float:
        """Character error rate, 0 to 1 (more where a reader adds much)."""
        return self.errors / max(1, self.characters)

    @property
    def right_share(self) -> float:
        """Share of the numbers that were read exactly."""
        return self.numbers_right / max(1, self.numbers)


def score_reading(truth: str, read: str, claims: Iterable[str] = ()) -> Score:
    """Compare a reading with the truth.

    Args:
        truth: what stands on the pages.
        read: what was read.
        claims: texts of values that the reader gives as sure.
    """
    wanted = squeeze(truth)
    numbers, claimed = numbers_of(truth), numbers_of(" ; ".join(claims))
    return Score(
        characters=len(wanted),
        errors=edit_distance(wanted, squeeze(read)),
        numbers=numbers.total(),
        numbers_right=(numbers & numbers_of(read)).total(),
        claims=claimed.total(),
        claims_wrong=sum(count for number, count in claimed.items() if number not in numbers),
    )
