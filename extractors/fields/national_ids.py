"""เลขประจำตัวประชาชน: found by its check digit and masked."""

from __future__ import annotations

import re

from correspondence.thai_digits import fold_digits

_THIRTEEN = re.compile(r"(?<!\d)(?:\d[ \t]?[-–—.]?[ \t]?){12}\d(?!\d)")
MASK = "x"


def masked_national_ids(text: str) -> str:
    """Return the text with every national number's digits masked but the last four.

    A run of 13 digits (Thai or Arabic, dashes, dots or blanks between) counts when its check
    digit is right: the sum of the first twelve weighted 13 to 2, modulo 11, taken from 11,
    modulo 10. The length of the text does not change.
    """
    folded = fold_digits(text)
    out = list(text)
    for match in _THIRTEEN.finditer(folded):
        positions = [i for i in range(match.start(), match.end()) if folded[i].isdigit()]
        if is_national_id("".join(folded[i] for i in positions)):
            for position in positions[:-4]:
                out[position] = MASK
    return "".join(out)


def is_national_id(digits: str) -> bool:
    """Tell whether 13 Arabic digits carry a right check digit and a possible first digit."""
    if len(digits) != 13 or not digits.isdigit() or digits[0] in "09":
        return False
    weighted = sum(int(d) * w for d, w in zip(digits, range(13, 1, -1), strict=False))
    return (11 - weighted % 11) % 10 == int(digits[-1])
