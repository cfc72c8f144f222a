"""Is this a letter at all? Plain checks before the model is asked.

The model must choose among five categories even for a shopping list; these checks and the
thresholds keep it from answering.
"""

from __future__ import annotations

import re

from classifiers.wording import compose, fold, fold_pattern, words

_COMMON_ENGLISH = (
    "the of and to in is for we you your our i be this that with on as at are have will would"
)
_ENGLISH = frozenset(_COMMON_ENGLISH.split())
_ADDRESS = re.compile(
    fold_pattern(
        r"เรยน|เรอง|กระทรวง|รฐมนตร|โรงเรยน|ครู|นกเรยน|สานกงาน|หนงสอ|ศาล|เจาหนา|กระทู|ขอ(?:ให|ความ|เชญ)|ข่าว"
        r"|dear|minister|school|education|embassy|request|sincerely|regards|excellency|สภา|ราง|ประชุม|คาสง"
    )
)


def abstention_reason(text: str) -> str | None:
    """Return why a text is no letter the model may judge, or None.

    Reasons: `empty`, `noise` (few readable letters or words), `unknown_language`,
    `not_a_letter` (no words of a letter to a ministry of education).
    """
    composed = compose(text).text
    dense = re.sub(r"\s+", "", composed)
    if len(dense) < 15:
        return "empty"
    thai = sum("\u0e01" <= c <= "\u0e4e" for c in dense)
    latin = sum(c.isascii() and c.isalpha() for c in dense)
    if (thai + latin) / len(dense) < 0.5:
        return "noise" if sum(c.isalpha() for c in dense) / len(dense) < 0.5 else "unknown_language"
    found = [word.text for word in words(composed[:3000]) if word.text != "<0>"]
    if thai >= latin:
        singles = sum(len(word) == 1 for word in found)
        if not found or singles / len(found) > 0.5:
            return "noise"
    elif latin > 4 * thai:
        common = sum(word in _ENGLISH for word in found)
        if common / max(1, len(found)) < 0.1 and len(found) >= 6:
            return "unknown_language"
    if not _ADDRESS.search(fold(composed).text):
        return "not_a_letter"
    return None
