"""Deadlines a letter gives in words: a period to count, a mere wish for speed, or unreadable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from correspondence.thai_digits import fold_digits
from correspondence.vocabulary import PeriodUnit

MAX_PHRASE = 500
MAX_PERIOD = 3660


class PhraseKind(StrEnum):
    """What a deadline phrase turned out to be."""

    PERIOD = "period"
    HASTE = "haste"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class PhraseReading:
    """A read phrase; `days` and `unit` are set for PERIOD only and count from receipt."""

    kind: PhraseKind
    days: int = 0
    unit: PeriodUnit = PeriodUnit.CALENDAR


_NUMBER_WORDS = {
    "หนึ่ง": 1,
    "สอง": 2,
    "สาม": 3,
    "สี่": 4,
    "ห้า": 5,
    "หก": 6,
    "เจ็ด": 7,
    "แปด": 8,
    "เก้า": 9,
    "สิบ": 10,
    "สิบห้า": 15,
    "ยี่สิบ": 20,
    "สามสิบ": 30,
    "หกสิบ": 60,
    "เก้าสิบ": 90,
}
_WORDS = "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_UNITS = {
    "วันทำการ": PeriodUnit.WORKING,
    "วันราชการ": PeriodUnit.WORKING,
    "วัน": PeriodUnit.CALENDAR,
    "สัปดาห์": PeriodUnit.CALENDAR,
    "เดือน": PeriodUnit.MONTHS,
    "ชั่วโมง": PeriodUnit.HOURS,
    "ชม.": PeriodUnit.HOURS,
}
_PERIOD = re.compile(
    rf"(?:ภายใน|ใน)(?:กำหนด|ระยะเวลา|เวลา)?\s*(?P<n>\d{{1,4}}|{_WORDS})\s*"
    r"(?:\([^)]{0,20}\)\s*)?(?P<unit>วันทำการ|วันราชการ|วัน(?!ที่)|สัปดาห์|เดือน|ชั่วโมง|ชม\.)"
)
_ENGLISH_PERIOD = re.compile(
    r"within\s+(?:[a-z-]+\s*\(\s*)?(?P<n>\d{1,4})\s*\)?\s*"
    r"(?P<unit>working days?|business days?|days?|weeks?|months?|hours?)\b",
    re.IGNORECASE,
)
_ENGLISH_UNITS = {
    "working": PeriodUnit.WORKING,
    "business": PeriodUnit.WORKING,
    "day": PeriodUnit.CALENDAR,
    "week": PeriodUnit.CALENDAR,
    "month": PeriodUnit.MONTHS,
    "hour": PeriodUnit.HOURS,
}
# A period that runs from anything but receipt needs a date the letter's receipt does not give.
_OTHER_START = re.compile(
    r"(?:นับแต่|นับจาก|นับถัดจาก|นับตั้งแต่|หลังจาก|ก่อนวัน)"
    r"(?!\s*วันนี้|.{0,24}(?:ได้รับ|วันรับ|ที่รับ)(?!แต่งตั้ง|อนุมัติ|อนุญาต|จัดสรร|เลือก))"
)
_ENGLISH_OTHER_START = re.compile(
    r"\b(?:of|from|after|following)\b(?!.{0,20}\brecei)", re.IGNORECASE
)
_TODAY = re.compile(r"(?<!นับแต่)(?<!นับจาก)(?<!ตั้งแต่)(?:วันนี้|คืนนี้|เย็นนี้|บ่ายนี้)|\btoday\b", re.I)
_TOMORROW = re.compile(r"พรุ่งนี้|\btomorrow\b", re.I)
_HASTE = re.compile(r"โดย(?:เร็ว|ด่วน|พลัน|ไว)|ด่วน|ทันที|เร็วที่สุด|โอกาสแรก")


def read_phrase(phrase: str) -> PhraseReading:
    """Return what a deadline phrase without a date means.

    `ภายใน ๗ วัน`, `ภายใน 5 วันทำการนับแต่วันที่ได้รับหนังสือ` are periods from receipt, `วันนี้`
    and `พรุ่งนี้` 0 and 1 day; `โดยเร็ว` and the like ask for haste and name no date; everything
    else, a period from another event included, is unreadable and goes to a person.
    """
    text = fold_digits(phrase[:MAX_PHRASE])
    period = _read_thai(text) or _read_english(text)
    if period and 1 <= period.days <= MAX_PERIOD:
        return period
    if not period and _TOMORROW.search(text):
        return PhraseReading(PhraseKind.PERIOD, 1)
    if not period and _TODAY.search(text) and not re.search(r"วันที่|\d{4}", text):
        return PhraseReading(PhraseKind.PERIOD, 0)
    dated = re.search(r"\d|ภายใน|ก่อน|ไม่เกิน|ไม่ช้ากว่า", text)
    if not dated and _HASTE.search(text):
        return PhraseReading(PhraseKind.HASTE)
    return PhraseReading(PhraseKind.UNREADABLE)


def _read_thai(text: str) -> PhraseReading | None:
    found = _PERIOD.search(text)
    if not found or _OTHER_START.search(text):
        return None
    number = found["n"]
    n = int(number) if number.isdigit() else _NUMBER_WORDS[number]
    weeks = 7 if found["unit"] == "สัปดาห์" else 1
    return PhraseReading(PhraseKind.PERIOD, n * weeks, _UNITS[found["unit"]])


def _read_english(text: str) -> PhraseReading | None:
    found = _ENGLISH_PERIOD.search(text)
    if not found or _ENGLISH_OTHER_START.search(text, found.end()):
        return None
    unit = found["unit"].lower().split()[0].rstrip("s")
    weeks = 7 if unit == "week" else 1
    return PhraseReading(PhraseKind.PERIOD, int(found["n"]) * weeks, _ENGLISH_UNITS[unit])
