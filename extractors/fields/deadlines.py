"""วันที่หนังสือกำหนด: the day by which the letter wants something, and its words."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from correspondence.clock_times import find_times
from correspondence.reading import FieldValue, StatedDeadline
from correspondence.thai_dates import FoundDate, find_dates
from extractors.fields.letter_lines import Letter, field_value

_WEEKDAY = r"(?:วัน)?(?:จันทร์|อังคาร|พุธ|พฤหัส(?:บดี)?|ศุกร์|เสาร์|อาทิตย์)\s?(?:ที่)?"
_LEAD = re.compile(
    r"(?:ภาย\s?ใน|ก่อน|ไม่(?:เกิน|ช้ากว่า)|อย่างช้า|ให้ทัน|ทัน|ไม่เลย"
    r"|เดดไลน์(?:ของเรา)?(?:คือ)?|ปิดรับ(?:สมัคร)?|หมดเขต|ครบกำหนด)\s*(?:กำหนด\s*)?(?:ใน"
    r"|ภายใน|ไม่เกิน)?\s*"
    r"(?:เวลา\s*[\d.:]{4,5}\s*(?:น\.|นาฬิกา)?\s*(?:ของ|ใน)?\s*)?(?:เย็น|เช้า|บ่าย|สิ้น)?\s*"
    rf"(?:ของ)?(?:วัน\s?ที่|{_WEEKDAY}|วัน)?\s*(?=\d)|"
    r"\b(?:by|before|no later than|not later than|on or before|until|deadline(?:\s+(?:is|of"
    r"|for))?:?|due(?:\s+(?:on|by))?|reply by|latest by)\s+"
    r"(?:(?:noon|[\d.:]{4,5}(?: ?hrs?\.?| ?[ap]\.?m\.?)?),?\s+(?:on\s+)?)?(?:the\s+)?(?:(?:Mon"
    r"|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s*)?(?:the\s+)?(?=\d|[JFMASOND])",
    re.IGNORECASE,
)
_NUMBER_WORDS = {
    "สาม": 3, "ห้า": 5, "เจ็ด": 7, "สิบ": 10, "สิบห้า": 15, "ยี่สิบ": 20, "สามสิบ": 30,
    "สี่สิบห้า": 45, "หกสิบ": 60, "เก้าสิบ": 90, "หนึ่งร้อยแปดสิบ": 180,
    "three": 3, "five": 5, "seven": 7, "ten": 10, "fourteen": 14, "fifteen": 15,
    "thirty": 30, "sixty": 60, "ninety": 90,
}  # fmt: skip
_COUNT = r"(?P<count>\d{1,3}|" + "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True)) + r")"
_RELATIVE = re.compile(
    rf"ภาย\s?ใน(?:กำหนด(?:เวลา)?)?\s*{_COUNT}\s*(?:\(.{{1,20}}\)\s*)?(?P<unit>วัน\s?ทำการ|วัน"
    rf"|สัปดาห์|เดือน)\s*"
    r"(?:นับ(?:แต่|จาก|ตั้งแต่|ถัดจาก)|หลังจาก)\s*(?P<anchor>[^\s,]{2,60}(?:\s?(?:ฉบับนี้|นี้))?)",
)
# Without the day it counts from, a period binds the reader only where something is asked.
_UNANCHORED = re.compile(
    rf"ภาย\s?ใน(?:กำหนด(?:เวลา)?)?\s*{_COUNT}\s*(?:\(.{{1,20}}\)\s*)?(?P<unit>วัน\s?ทำการ|วัน|สัปดาห์"
    r"|ชั่วโมง)(?!\s*(?:นับ|หลัง|ที่|แรก|ก่อน))(?P<anchor>)"
)
_ASKED = re.compile(r"(?:ขอให้|ขอได้|โปรด|กรุณา|ขอความ|จึงขอ|รบกวน|แจ้งผล|ตอบกลับ|ให้ท่าน)")
_ASKED_REACH = 120
_RELATIVE_ENGLISH = re.compile(
    r"within\s+(?:(?P<word>[a-z-]+)\s*\(\s*)?(?P<count>\d{1,3}"
    r"|[a-z]+)\s*\)?\s+(?P<unit>working days|business days|days|weeks|months)"
    r"(?:\s+(?:of|from|after|following)\s+(?P<anchor>(?:the\s+)?[\w ]{4,40}?))?(?=[.,;)\n]|$)",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"(?:ภายใน(?:เวลา)?\s*[\d.:]{4,5}\s*น\.\s*(?:ของ)?\s*วันนี้|ภายใน(?:เย็น|เช้า|บ่าย"
    r"|คืน)?\s?(?:วันนี้|นี้|พรุ่งนี้|สัปดาห์นี้|เดือนนี้|สิ้นเดือน\S{0,16})|"
    r"(?:วันนี้|คืนนี้|พรุ่งนี้|เย็นนี้|บ่ายนี้)\s?ก่อน\s?\S{1,12}(?:\s?(?:โมง|ทุ่ม|น\.))?|"
    r"(?:by|before)\s+(?:the\s+)?end\s+of\s+[A-Z][a-z]+(?:\s\d{4})?"
    r"|ภายใน(?:สิ้น)?เดือน\s?[ก-๙.]{3,12}(?:\s\d{4})?)"
)
# What stands before a period that binds somebody else, or tells of something past.
_NARRATIVE = re.compile(
    r"(?:คาดว่า|แล้วเสร็จ|ผ่อนผัน|ได้รับ(?:แจ้ง|เงิน)|เคย|เมื่อ(?!ได้)|ตั้งแต่|เกิด"
    r"|ยื่น(?:ฟ้อง|คำร้อง)|นับแต่|expected|was|were|issued|published|since)\S{0,30}\s*$"
)
_RECEIPT = re.compile(
    r"(?:วันที่)?(?:ได้)?รับ(?:หนังสือ|เรื่อง|แจ้ง|คำสั่ง|หมาย|สำเนา|ทราบ)?|receipt|received", re.IGNORECASE
)
_LETTER_DATE = re.compile(r"(?:วันที่ใน|วันที่ลงใน|ลงวันที่|date of this)", re.IGNORECASE)
_UNIT_DAYS = {"วัน": 1, "สัปดาห์": 7, "days": 1, "weeks": 7}


def read_deadline(
    letter: Letter, *, written_on: date | None, received_on: date | None
) -> StatedDeadline:
    """Return the stated deadline.

    A calendar day of the letter is a value (with its time, if given); a relative phrase gives
    `phrase` and a value only where its anchor is known: the receipt day (`received_on`) or the
    letter's own date, counted as calendar days, the anchor being day 0. Working days need the
    office's calendar and stay a phrase. A day before the letter's own date is no deadline.
    """
    found = _calendar_deadline(letter, written_on)
    if found is None:
        found = _relative_deadline(letter, written_on, received_on)
    if found is None:
        found = _spoken_deadline(letter)
    return found if found is not None else StatedDeadline()


def _calendar_deadline(letter: Letter, written_on: date | None) -> StatedDeadline | None:
    text = letter.text
    year = written_on.year if written_on else None
    dates = {item.start: item for item in find_dates(text, default_year=year)}
    times = find_times(text)
    for lead in _LEAD.finditer(text):
        item = dates.get(lead.end())
        if item is None or item.day is None:
            continue
        before = text[max(0, lead.start() - 40) : lead.start()]
        if _NARRATIVE.search(before) or _promised(before):
            continue
        due = _adjusted(item, written_on)
        if item.problem is None and due is None:
            continue
        end = item.end
        value = due.isoformat() if due else None
        for moment in times:
            follows = (
                0 <= moment.start - item.end <= 12 and "\n\n" not in text[item.end : moment.start]
            )
            if due and (follows or lead.start() <= moment.start < lead.end()):
                value = datetime.combine(due, moment.value).isoformat(timespec="minutes")
                end = max(end, moment.end)
                break
        line = letter.lines[letter.line_at(lead.start())]
        raw = " ".join(letter.raw[lead.start() : end].split())
        field = field_value(value, raw, line, 0.9 if not item.guessed else 0.65, check=item.guessed)
        return _stated(field, raw)
    return None


def _promised(before: str) -> bool:
    """Tell whether the words before a day promise something instead of asking (รับว่าจะจ่าย)."""
    clause = before.rsplit("\n", 1)[-1].rsplit(" ", 1)[-1]
    return bool(re.search(r"จะ(?!ขอบ|เป็น)", clause)) and not re.search(
        r"(?:ขอ|โปรด|กรุณา|ให้|ต้อง(?!หา)|รบกวน)", clause
    )


def _adjusted(item: FoundDate, written_on: date | None) -> date | None:
    """Return the last day named, moved over the turn of the year where none was written."""
    due = item.last
    if due is None or written_on is None:
        return due
    if due < written_on and item.guessed:
        try:
            due = due.replace(year=due.year + 1)
        except ValueError:
            return None
    return due if due >= written_on and (due - written_on).days < 730 else None


def _relative_deadline(
    letter: Letter, written_on: date | None, received_on: date | None
) -> StatedDeadline | None:
    for pattern in (_RELATIVE, _RELATIVE_ENGLISH, _UNANCHORED):
        for match in pattern.finditer(letter.text):
            anchor = match["anchor"] or ""
            before = letter.text[max(0, match.start() - 40) : match.start()]
            if _NARRATIVE.search(before) or not _binds(letter.text, match, pattern):
                continue
            due = _counted(match, anchor, written_on, received_on)
            line = letter.lines[letter.line_at(match.start())]
            raw = " ".join(letter.raw[match.start() : match.end()].split())
            field = field_value(due.isoformat() if due else None, raw, line, 0.7, check=True)
            return _stated(field, raw)
    return None


def _binds(text: str, match: re.Match[str], pattern: re.Pattern[str]) -> bool:
    """Tell whether a period binds the reader: it has its first day, or something is asked."""
    if pattern is _UNANCHORED:
        near = text[max(0, match.start() - _ASKED_REACH) : match.start()]
        return bool(_ASKED.search(near)) and not _promised(near[-40:])
    return pattern is not _RELATIVE_ENGLISH or _asks(text, match)


def _asks(text: str, match: re.Match[str]) -> bool:
    """Tell whether an English period belongs to something asked of the reader."""
    near = text[max(0, match.start() - 300) : match.end()]
    return bool(match["anchor"]) or bool(
        re.search(r"\b(?:please|kindly|grateful|request|reply|respond)\b", near, re.IGNORECASE)
    )


def _counted(
    match: re.Match[str], anchor: str, written_on: date | None, received_on: date | None
) -> date | None:
    word = match["count"].lower()
    count = int(word) if word.isdigit() else _NUMBER_WORDS.get(word)
    days = _UNIT_DAYS.get(match["unit"].lower())
    if count is None or days is None:
        return None
    if _LETTER_DATE.search(anchor):
        return written_on + timedelta(days=count * days) if written_on and received_on else None
    if _RECEIPT.search(anchor) and received_on:
        return received_on + timedelta(days=count * days)
    return None


def _spoken_deadline(letter: Letter) -> StatedDeadline | None:
    for match in _SPOKEN.finditer(letter.text):
        if _NARRATIVE.search(letter.text[max(0, match.start() - 40) : match.start()]):
            continue
        raw = " ".join(letter.raw[match.start() : match.end()].split())
        line = letter.lines[letter.line_at(match.start())]
        return _stated(field_value(None, raw, line, 0.6), raw)
    return None


def _stated(field: FieldValue, phrase: str) -> StatedDeadline:
    return StatedDeadline(**field.model_dump(), phrase=phrase)
