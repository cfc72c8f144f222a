"""Lines as recognised from an image, made readable for the field readers; lengths are kept short.

Only what no letter means is touched: lines of stray specks, and blanks inside the name of a month.
"""

from __future__ import annotations

import re

from correspondence.thai_dates import THAI_MONTHS

# Specks and tone marks read as a line of their own: letters and signs one by one.
_STRAY_TOKENS = 4
_STRAY_LENGTH = 2.2
_DATE_WORD = re.compile(
    r"(?P<before>(?<![\d๐-๙])[\d๐-๙]{1,2} ?)(?P<word>[ก-ฮเ-ไ][ก-ฮะ-์]{0,10}(?: [ก-ฮะ-์]{1,9}){0,3})"
    r"(?P<after>\s*$| ?(?:พ\.ศ\. ?)?[\d๐-๙]{4}(?![\d๐-๙]))"
)
_SPECK = re.compile(r"^(?P<blank>\s*)[‘’'`~°^,.;|]+\s?(?=[A-Za-zก-ฮเ-ไ(\d๐-๙]{2})")
_MARKS = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
_MONTHS = {_MARKS.sub("", name): name for name in THAI_MONTHS}


def is_stray(row: str) -> bool:
    """Tell whether a recognised line is specks read as letters, not text."""
    tokens = row.split()
    if len(tokens) >= _STRAY_TOKENS:
        return sum(map(len, tokens)) / len(tokens) <= _STRAY_LENGTH
    if len(tokens) == 1 and len(row) == 1:
        return True
    return len(tokens) > 1 and all(
        len(token) <= 2 and not re.fullmatch(r"[ก-๎]{2}|[\d๐-๙]{2}", token) for token in tokens
    )


def without_specks(row: str) -> str:
    """Return a recognised line without a speck before it that was read as a quote or a comma."""
    return _SPECK.sub(r"\g<blank>", row) if len(row) > 1 else row


def mend_months(row: str) -> str:
    """Return a recognised line with the months of its dates in one piece and well spelt."""
    return _DATE_WORD.sub(_mended, row)


def _mended(match: re.Match[str]) -> str:
    bare = _MARKS.sub("", match["word"].replace(" ", ""))
    name = _MONTHS.get(bare) or _without_last(bare)
    return f"{match['before']}{name}{match['after']}" if name else match.group()


def _without_last(bare: str) -> str | None:
    """Return the one month whose letters these are but for a lost last one."""
    near = [name for letters, name in _MONTHS.items() if letters[:-1] == bare]
    return near[0] if len(near) == 1 else None
