"""Is this text possible Thai? Violations counted, and a quality from them."""

from __future__ import annotations

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


def count_violations(text: str) -> int:
    """Return how many places of the text cannot be right in Thai orthography (thai.md)."""
    return len(_VIOLATIONS.findall(text))


def measure_quality(text: str) -> float:
    """Return how far the text can be trusted, 0 (useless) to 1.

    Falls with violations (5 in 100 Thai characters leave nothing of this part), with letters that
    are neither Thai nor Latin (a font without a map to Unicode), and with Thai that is not
    made of words. Empty text is 0.
    """
    letters = len(_LETTER.findall(text)) or 0
    marks_and_letters = len(_THAI.findall(text))
    if not text.strip():
        return 0.0
    violations = count_violations(text)
    counted = max(marks_and_letters, letters, 1)
    order = max(0.0, 1.0 - 20 * violations / max(counted, 40))
    expected = len(_EXPECTED.findall(text)) / counted if counted > 20 else 1.0
    wording = 1.0
    if marks_and_letters >= 40:
        wording = min(1.0, covered_share(text) / 0.85)
    return round(order * min(1.0, expected / 0.8) * wording, 3)
