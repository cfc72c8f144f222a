"""เลขประจำตัวประชาชน: found by check digit, grouping and label, and masked in place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise
from operator import mul

from correspondence.thai_digits import fold_digits

MASK = "x"
SHOWN = 3
DIGITS = 13

# After the 1st, 5th, 10th and 12th digit stands a dash or a blank: 1-2345-67890-12-1.
_BOUNDARIES = frozenset({1, 5, 10, 12})
_BLANK = " \t\u00a0\u202f\u2060\ufeff" + "".join(map(chr, range(0x2000, 0x200C)))
_DASH = "-\u2212" + "".join(map(chr, range(0x2010, 0x2016)))
# What recognition takes for a dash; a dot is a decimal point more often than not.
_DOT = ".~_"
_SEPARATORS = _BLANK + _DASH + _DOT + "\r\n"
# The first digit stands before the looking back: a search for it alone is quick.
_RUN = re.compile(
    rf"[1-8](?<!\d[1-8])(?=(?P<rest>(?:[{re.escape(_SEPARATORS)}]{{0,4}}\d){{12}})(?!\d))"
)
_DIGITS_ONLY = str.maketrans(dict.fromkeys(_SEPARATORS, ""))
_WEIGHTS = range(13, 1, -1)
_MARKS = re.compile(f"[{re.escape(_DASH + _DOT)}]")

# Recognition tears words apart and loses signs above and below the line.
_LABEL = re.compile(
    r"""(?:ประ\s?จ[ำํา]{0,2}\s?ต[ัํ]?ว|บ[ัํ]?ต\s?ร)\s?(?:ผู้)?\s?ประ\s?ชา\s?ชน(?:\s?13\s?หล[ัํ]?ก)?
      | เลข\s?(?:ที่)?\s?บ[ัํ]?ต\s?ร(?!\s?(?:เครดิต|เดบิต))
      | (?:เลข|ต[ัํ]?ว|ประชาชน)\s?13\s?หล[ัํ]?ก
      | \b(?:citizen|national|personal|identity|identification)\s+
        (?:id(?:entification)?|card|no|number)\b
      | \bid\s+card\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_GAP = re.compile(r"\D{0,30}")
_OTHER_NUMBER = re.compile(r"โทร|แฟกซ์|มือถือ|phone|tel\b|fax", re.IGNORECASE)
# Letters that recognition writes for digits count inside a labelled number.
_ALIKE = str.maketrans("OoIl|", "00111")
_LABELLED = re.compile(
    rf"\d(?:(?:[{_BLANK}]{{0,3}}|[{_BLANK}]{{0,2}}{_MARKS.pattern}[{_BLANK}\r\n]{{0,2}})"
    r"[\dOoIl|]){10,}"
)
# How many digits a labelled number may have: recognition may lose or invent one or two.
_LENGTHS = (13, 12, 14, 11, 15)


@dataclass(frozen=True, slots=True)
class NationalId:
    """One number found: where its digits stand in the text, and the digits themselves (0-9)."""

    positions: tuple[int, ...]
    digits: str = field(repr=False)


def is_national_id(digits: str) -> bool:
    """Tell whether 13 Arabic digits carry a right check digit and a possible first digit.

    The sum of the first twelve weighted 13 to 2, modulo 11, taken from 11, modulo 10. The first
    digit, the kind of person, runs from 1 to 8; 0 is a company's tax number.
    """
    if len(digits) != DIGITS or not digits.isdigit() or digits[0] in "09":
        return False
    weighted = sum(map(mul, map(int, digits), _WEIGHTS))
    return bool((11 - weighted % 11) % 10 == int(digits[-1]))


def find_national_ids(text: str) -> tuple[NationalId, ...]:
    """Return the national numbers of a text in order.

    A run of 13 digits of any script counts when its check digit is right and it is written in
    one piece, in the usual groups 1-4-5-2-1 or one digit in a box; with two dashes of the
    groups in place it may be torn by blanks anywhere. A number that a label calls a national
    number counts even with a wrong check digit or a digit too many or too few, as recognition
    leaves it. Other numbers, telephone numbers among them, do not count.
    """
    folded = _folded(text)
    found: list[NationalId] = []
    end = 0
    for match in _RUN.finditer(folded):
        if match.start() < end:
            continue
        # Hostile pages have millions of runs: the cheapest question first.
        if not is_national_id(match[0] + match["rest"].translate(_DIGITS_ONLY)):
            continue
        number = _number(folded, match.start(), match.end("rest"))
        if _usual(folded, number.positions):
            found.append(number)
            end = match.end("rest")
    # Few pages have a run so long, and labels are dear to look for.
    if not _LABELLED.search(folded):
        return tuple(found)
    taken = {position for number in found for position in number.positions}
    for label in _LABEL.finditer(folded):
        labelled = _labelled(folded, label.end())
        if labelled is not None and taken.isdisjoint(labelled.positions):
            found.append(labelled)
            taken.update(labelled.positions)
    return tuple(sorted(found, key=lambda number: number.positions))


def mask_digits(text: str, found: tuple[NationalId, ...]) -> str:
    """Return the text with the digits of the numbers as `x` but the last three; same length."""
    out = list(text)
    for number in found:
        for position in number.positions[:-SHOWN]:
            out[position] = MASK
    return "".join(out)


def masked_national_ids(text: str) -> str:
    """Return the text with every national number masked, as `x-xxxx-xxxxx-12-3`; same length."""
    return mask_digits(text, find_national_ids(text))


def _folded(text: str) -> str:
    """Return the text with the digits of every script as 0-9; same length."""
    return _OTHER_DIGIT.sub(lambda match: str(unicodedata.decimal(match[0])), fold_digits(text))


def _number(folded: str, begin: int, end: int) -> NationalId:
    positions = tuple(i for i in range(begin, end) if folded[i].isdigit() or folded[i] in "OoIl|")
    return NationalId(positions, "".join(folded[i] for i in positions).translate(_ALIKE))


def _usual(folded: str, positions: tuple[int, ...]) -> bool:
    """Tell whether what stands between 13 digits is how people and scanners write one number.

    Neighbouring numbers of a table must not be taken for one: every eleventh such row would
    carry a right check digit.
    """
    dashes: set[int] = set()
    blanks: set[int] = set()
    line_ends = 0
    for place, (left, right) in enumerate(pairwise(positions), start=1):
        between = folded[left + 1 : right]
        marks = _MARKS.findall(between)
        broken = between.count("\n")
        if len(marks) > 1 or ((broken or "." in marks) and place not in _BOUNDARIES):
            return False
        line_ends += broken
        if between:
            (dashes if marks and marks[0] in _DASH else blanks).add(place)
    parted = dashes | blanks
    if line_ends > 1:
        return False
    if not parted or len(blanks) == DIGITS - 1:
        return line_ends == 0
    if dashes <= _BOUNDARIES and len(dashes) >= 2:
        return True
    if parted >= _BOUNDARIES:
        return dashes <= _BOUNDARIES and len(parted) <= len(_BOUNDARIES) + 1
    return parted <= _BOUNDARIES and bool(dashes) and line_ends == 0


def _labelled(folded: str, after: int) -> NationalId | None:
    """Return the number that follows a label, or None."""
    gap = _GAP.match(folded, after)
    if gap is None or gap[0].count("\n") > 1 or _OTHER_NUMBER.search(gap[0]):
        return None
    run = _LABELLED.match(folded, gap.end())
    if run is None:
        return None
    number = _number(folded, run.start(), run.end())
    positions = number.positions
    # What follows it after a blank may be another number: an age, a house, a telephone.
    ends = {
        count
        for count in _LENGTHS
        if count == len(positions)
        or (count < len(positions) and positions[count] > positions[count - 1] + 1)
    }
    count = next((length for length in _LENGTHS if length in ends), DIGITS)
    return NationalId(positions[:count], number.digits[:count])
