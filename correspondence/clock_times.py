"""Times of day in running text, Thai and English, written and spoken.

Offsets count into the text as given: folding digits keeps lengths.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from correspondence.thai_dates import MAX_TEXT
from correspondence.thai_digits import fold_digits

_NUMBER_WORDS = {
    "หนึ่ง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6,
    "เจ็ด": 7, "แปด": 8, "เก้า": 9, "สิบเอ็ด": 11, "สิบ": 10,
}  # fmt: skip
_SMALL = r"(\d{1,2}|สิบเอ็ด|" + "|".join(k for k in _NUMBER_WORDS if k != "สิบเอ็ด") + ")"
_THAI_UNIT = r"(?:\s*(?:น\.|น(?![ก-๙.])|นาฬิกา))"
_ENGLISH_UNIT = r"(?:\s*(?P<unit>hrs?\b\.?|hours\b|o'clock|a\.?m\b\.?|p\.?m\b\.?))"
_CLOCK = re.compile(
    r"(?P<label>เวลา\s*(?:ประมาณ\s*)?|\bat\s+)?(?<![\d.:/])(?P<hour>\d{1,2})(?P<dot>[.:])(?P<minute>\d{2})(?![\d/]|\.\d)"
    r"(?:\s*(?:-|–|ถึง|to)\s*(?P<hour2>\d{1,2})[.:](?P<minute2>\d{2}))?"
    rf"(?P<thai>{_THAI_UNIT})?{_ENGLISH_UNIT}?",
    re.IGNORECASE,
)
_WHOLE_HOUR = re.compile(
    r"(?<![\d.:/])(?P<hour>\d{1,2})(?:(?P<thai>\s*(?:น\.|นาฬิกา))|\s*(?P<unit>a\.?m\b\.?|p\.?m\b\.?))",
    re.IGNORECASE,
)
_MILITARY = re.compile(
    r"(?<![\d.:/])(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)\s*(?:hrs?\b\.?|hours\b)"
)
_SPOKEN_TIME = re.compile(
    rf"บ่าย\s*{_SMALL}?\s*(?:โมง)?(?P<half_afternoon>ครึ่ง)?|{_SMALL}\s*ทุ่ม(?P<half_night>ครึ่ง)?"
    rf"|{_SMALL}\s*โมง(?P<part>เช้า|เย็น)?(?P<half>ครึ่ง)?|เที่ยง(?P<noon>คืน|ครึ่ง)?"
)


@dataclass(frozen=True, slots=True)
class FoundTime:
    """A time of day as it stands in a text, with the end of its range where one is written."""

    start: int
    end: int
    text: str
    value: time
    last: time | None = None


def find_times(text: str) -> tuple[FoundTime, ...]:
    """Find times of day: ๐๙.๓๐ น., 09:30, ๑๓ นาฬิกา, 3 p.m., 0930 hrs, บ่ายสองโมง, 3 ทุ่ม.

    A bare 09.30 counts only behind เวลา or before น. (9.30 may be an amount or a section).
    """
    folded = fold_digits(text[:MAX_TEXT])
    found: list[FoundTime] = []
    taken = bytearray(len(folded))

    def keep(match: re.Match[str], value: time | None, last: time | None = None) -> None:
        if value is None or any(taken[match.start() : match.end()]):
            return
        taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
        found.append(
            FoundTime(match.start(), match.end(), text[match.start() : match.end()], value, last)
        )

    for match in _CLOCK.finditer(folded):
        sure = match["label"] or match["thai"] or match["unit"] or match["dot"] == ":"
        if sure:
            last = (
                _clock(match["hour2"], match["minute2"], match["unit"]) if match["hour2"] else None
            )
            keep(match, _clock(match["hour"], match["minute"], match["unit"]), last)
    for match in _MILITARY.finditer(folded):
        keep(match, _clock(match["hour"], match["minute"], None))
    for match in _WHOLE_HOUR.finditer(folded):
        keep(match, _clock(match["hour"], "00", match["unit"]))
    for match in _SPOKEN_TIME.finditer(folded):
        keep(match, _spoken(match))
    return tuple(sorted(found, key=lambda item: item.start))


def _clock(hour: str, minute: str, unit: str | None) -> time | None:
    hours, minutes = int(hour), int(minute)
    half = (unit or "").lower().replace(".", "")
    if half == "pm" and hours < 12:
        hours += 12
    if half == "am" and hours == 12:
        hours = 0
    return time(hours, minutes) if hours < 24 and minutes < 60 else None


def _spoken(match: re.Match[str]) -> time | None:
    """Return the clock time of a spoken one: บ่ายสอง 14:00, 3 ทุ่ม 21:00, 4 โมงเย็น 16:00."""
    text = match.group()
    number = next((g for g in match.groups() if g and (g.isdigit() or g in _NUMBER_WORDS)), None)
    count = int(number) if number and number.isdigit() else _NUMBER_WORDS.get(number or "", 0)
    minutes = 30 if text.endswith("ครึ่ง") else 0
    if text.startswith("เที่ยง"):
        return time(0, 0) if match["noon"] == "คืน" else time(12, minutes)
    if text.startswith("บ่าย"):
        return time(12 + count, minutes) if 1 <= count <= 6 else (None if number else time(13, 0))
    if "ทุ่ม" in text:
        return time(18 + count, minutes) if 1 <= count <= 5 else None
    if match["part"] == "เย็น":
        return time(12 + count, minutes) if 3 <= count <= 6 else None
    if match["part"] == "เช้า" and 1 <= count <= 5:
        return time(6 + count, minutes)
    # Without เช้า or เย็น: 6–11 are of the morning, 1–5 of the afternoon.
    if 1 <= count <= 5:
        return time(12 + count, minutes)
    return time(count, minutes) if 6 <= count <= 11 else None
