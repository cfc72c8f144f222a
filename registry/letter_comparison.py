"""Two letters' texts held against each other, letter by letter.

Pure: no table is known here. A standard form filled in twice is nearly all alike; what tells two
such letters apart is a name or a number that is another one. Two readings of one letter differ in
small scattered errors of recognition instead. So the differences themselves are judged, not only
how much is alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from registry.letter_signature import LetterText

# Equal stretches shorter than this, between two differences, join them to one.
_BRIDGE = 3
# A replaced stretch is another word from this many letters on; more where a picture was read, and
# with every small error besides.
_WORD = 4
_WORD_RECOGNISED = 6
_NOISE_GROWTH = 120
_LONGEST_WORD = 16
_SHORTER = 2
# Digits that must differ for another number where a picture was read: at one place, or in all.
_DIGITS_AT_ONCE = 3
_DIGITS_IN_ALL = 4
# Errors a text may have although no picture was read (a text layer of poor fonts).
_CLEAN = 0.004
# Of the replaced stretch so much must be other letters: recognition leaves most of a word as it is.
_REPLACED = 0.6


class Likeness(StrEnum):
    """What two texts are to each other.

    `same`: one letter read twice. `form`: the same text with another name or number in it.
    """

    SAME = "same"
    FORM = "form"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How much of two bodies is alike (0 to 1), and whether a name or number is another one."""

    score: float
    likeness: Likeness


def compare_texts(first: LetterText, second: LetterText, *, floor: float) -> Comparison:
    """Compare two letters.

    Args:
        first: one text.
        second: the other.
        floor: from 0 to 1; texts less alike than this are others.
    """
    score = Levenshtein.normalized_similarity(first.body, second.body, score_cutoff=floor)
    if score < floor or not score:
        return Comparison(score, Likeness.OTHER)
    stretches = _stretches(first.body, second.body)
    noise = _noise(stretches, max(len(first.body), len(second.body)))
    clean = noise <= _CLEAN and not (first.recognised or second.recognised)
    another = _names_another(stretches, noise, clean=clean)
    if not another and first.signers and second.signers:
        another = _signed_by_another(first.signers, second.signers, clean=clean)
    return Comparison(score, Likeness.FORM if another else Likeness.SAME)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One difference: what stands in its place in either text, and the edits between them."""

    first: str
    second: str

    @property
    def length(self) -> int:
        return min(len(self.first), len(self.second))

    @property
    def edits(self) -> int:
        return Levenshtein.distance(self.first, self.second)


def _stretches(first: str, second: str) -> list[_Stretch]:
    found: list[_Stretch] = []
    begun: tuple[int, int] | None = None
    ended = (0, 0)
    for step in Levenshtein.opcodes(first, second):
        if step.tag == "equal":
            long = step.src_end - step.src_start >= _BRIDGE
            if begun is not None and (long or step.src_end == len(first)):
                found.append(_Stretch(first[begun[0] : ended[0]], second[begun[1] : ended[1]]))
                begun = None
            continue
        if begun is None:
            begun = (step.src_start, step.dest_start)
        ended = (step.src_end, step.dest_end)
    if begun is not None:
        found.append(_Stretch(first[begun[0] : ended[0]], second[begun[1] : ended[1]]))
    return found


def _noise(stretches: Sequence[_Stretch], length: int) -> float:
    """Return the share of small differences: what recognition erred, not what was filled in."""
    return sum(s.edits for s in stretches if s.edits < _WORD) / max(length, 1)


def _names_another(stretches: Sequence[_Stretch], noise: float, *, clean: bool) -> bool:
    word = min((_WORD if clean else _WORD_RECOGNISED) + round(noise * _NOISE_GROWTH), _LONGEST_WORD)
    digits = 0
    for stretch in stretches:
        if _is_number(stretch.first) and _is_number(stretch.second):
            if clean:
                return True
            # Digits that one reading lost are not another number; digits replaced are.
            changed = stretch.edits if len(stretch.first) == len(stretch.second) else 0
            digits += changed if changed > 1 else 0
            if changed >= _DIGITS_AT_ONCE or digits >= _DIGITS_IN_ALL:
                return True
            continue
        # Much longer on one side: lines that one reading has and the other lost, or cut off.
        if max(len(stretch.first), len(stretch.second)) > 2 * stretch.length + word:
            continue
        replaced = stretch.edits >= _REPLACED * stretch.length
        # A short name may stand for a long one: then the letters changed count.
        if not (stretch.length >= word and replaced) and stretch.edits < word + _SHORTER:
            continue
        # A Latin word read as Thai letters is an error of recognition, never another name.
        if _is_latin(stretch.first) == _is_latin(stretch.second):
            return True
    return False


def _is_latin(text: str) -> bool:
    return sum(map(str.isascii, text)) * 2 > len(text)


def _is_number(text: str) -> bool:
    return sum(map(str.isdigit, text)) * 2 > len(text)


def _signed_by_another(first: str, second: str, *, clean: bool) -> bool:
    """Tell whether the lines below the closing begin with another name.

    Stamps and handwriting stand there in scans, so that much more must differ than in the body.
    """
    length = min(len(first), len(second))
    if length < 2 * _WORD:
        return False
    alike = Levenshtein.normalized_similarity(first[:length], second[:length])
    return alike < (0.75 if clean else 0.45)
