"""Amounts of baht in Thai words: หนึ่งล้านสองแสนห้าหมื่นบาทถ้วน."""

from __future__ import annotations

import re

_DIGITS = {
    "หนึ่ง": 1, "เอ็ด": 1, "สอง": 2, "ยี่": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6,
    "เจ็ด": 7, "แปด": 8, "เก้า": 9, "ศูนย์": 0,
}  # fmt: skip
_PLACES = {"สิบ": 10, "ร้อย": 100, "พัน": 1_000, "หมื่น": 10_000, "แสน": 100_000}
_MILLION = "ล้าน"
_WORD = "|".join([*_DIGITS, *_PLACES, _MILLION])
# Fifteen words write any amount below a billion; more of them is not an amount.
BAHT_IN_WORDS = re.compile(rf"(?P<words>(?:(?:{_WORD})\s?){{2,24}})บาท")
_PART = re.compile(_WORD)


def number_of_words(words: str) -> int | None:
    """Return the number that Thai number words say, None where they say none.

    Args:
        words: number words only, blanks between them or not.
    """
    total = group = digit = 0
    seen = False
    for part in _PART.findall(words):
        if part in _DIGITS:
            if seen and digit:
                return None
            digit, seen = _DIGITS[part], True
        elif part in _PLACES:
            group += (digit if seen else 1) * _PLACES[part]
            digit, seen = 0, False
        else:
            total = (total + group + digit) * 1_000_000
            group, digit, seen = 0, 0, False
    value = total + group + digit
    return value or None
