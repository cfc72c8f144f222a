"""Is this text possible Thai? Violations counted, and a quality from them."""

from __future__ import annotations

import math
import re

from extractors.lexicon import covered_share

_CONSONANT = "ก-ฮ"
_VOWEL_MARKS = "ัิีึืฺุู็"
_TONES = "่้๊๋์"
_MARKS = f"{_VOWEL_MARKS}{_TONES}ํ๎"

_VIOLATIONS = re.compile(
    "|".join(
        (
            f"(?<![{_CONSONANT}{_MARKS}])[{_MARKS}]",  # a mark without a base
            f"[{_TONES}][{_VOWEL_MARKS}]",  # tone before vowel
            f"[{_VOWEL_MARKS}]{{2}}|[{_TONES}]{{2}}",  # doubled marks
            r"(?<!\S)[าำะ]",  # า after a space
            f"[าะำ][{_TONES}]",  # tone after า
            "ํ",  # bare nikhahit
            "[เแโใไ]{2}",  # two leading vowels
            f"[เแโใไ](?![{_CONSONANT}เแโใไ])",  # a leading vowel without a consonant
            "[\ufffd\ufffe\ue000-\uf8ff]",  # glyphs nobody mapped
            "[\u0e80-\u0eff\u0900-\u097f]",  # Lao and Devanagari: noise of recognisers
        )
    )
)
_THAI = re.compile("[ก-๛]")
_LETTER = re.compile(r"[^\W\d_]")
_EXPECTED = re.compile("[ก-๛A-Za-z]")
_LATIN = re.compile("[A-Za-z]")
_LATIN_VOWEL = re.compile("[AEIOUYaeiouy]")
# A recogniser's slip or another map: one Latin letter inside a Thai word.
_STRANGER = re.compile("(?<=[ก-๎])[A-Za-z](?=[ก-๎])")

# สพป. กค. ม.ค.: no list of words has them all.
_ABBREVIATION = re.compile(r"(?<![ก-๎])(?:[ก-ฮ]{1,5}\.)+")

# Measured by benchmarks/quality.py: sound pages are words to 97 % and more, and of two characters
# outside words about one is wrong, because a wrong letter takes its neighbours with it.
_WORDS_OF_SOUND = 0.985
_WRONG_OF_UNKNOWN = 0.55
# One in a hundred Thai characters is ำ; a long page without any has lost them.
_LOST_AM = 0.01
_LONG = 600
# Of Latin letters two in five are vowels; under one in six no language is known that writes so.
_FEW_VOWELS = 0.17
_NO_LANGUAGE = 0.25
# Makes 5 % of wrong characters a quality of 0.55, which readers take as the end of trust.
_FALL = 12.0


def count_violations(text: str) -> int:
    """Return how many places of the text cannot be right in Thai orthography (thai.md)."""
    return len(_VIOLATIONS.findall(text))


def estimate_error(text: str) -> float:
    """Return a guess at the share of wrong characters, 0 to 1, from the text alone.

    The worst of four witnesses: violations of orthography and Latin letters inside Thai words;
    letters neither Thai nor Latin (a font without a map to Unicode); Thai that is not made of
    words, or has no ำ; Latin without vowels. Text too short to judge counts as right.
    """
    thai = len(_THAI.findall(text))
    letters = len(_LETTER.findall(text))
    counted = max(thai, letters, 1)
    violations = count_violations(text) + len(_STRANGER.findall(text))
    guesses = [violations / max(counted, 40)]
    if counted > 20:
        guesses.append(max(0.0, 0.9 - len(_EXPECTED.findall(text)) / counted))
    if thai >= 40:
        words = _ABBREVIATION.sub(" ", text)
        guesses.append(_WRONG_OF_UNKNOWN * max(0.0, _WORDS_OF_SOUND - covered_share(words)))
    if thai >= _LONG and "ำ" not in text:
        guesses.append(_LOST_AM)
    latin = len(_LATIN.findall(text))
    if latin >= 200 and latin > thai and len(_LATIN_VOWEL.findall(text)) < _FEW_VOWELS * latin:
        guesses.append(_NO_LANGUAGE)
    return min(1.0, max(guesses))


def measure_quality(text: str) -> float:
    """Return how far the text can be trusted, 0 (useless) to 1; empty text is 0.

    Falls with `estimate_error`: 0.89 at 1 % of wrong characters, 0.55 at 5 %, 0.30 at 10 %.
    """
    if not text.strip():
        return 0.0
    return round(math.exp(-_FALL * estimate_error(text)), 3)
