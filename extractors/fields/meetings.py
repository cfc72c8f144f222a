"""วันเวลานัดหมาย: the meeting, visit or ceremony the letter invites to, `YYYY-MM-DDTHH:MM`."""

from __future__ import annotations

import re
from datetime import date, datetime

from correspondence.clock_times import FoundTime, find_times
from correspondence.reading import FieldValue
from correspondence.thai_dates import FoundDate, find_dates
from correspondence.vocabulary import LetterKind
from extractors.fields.letter_lines import Letter

_OCCASION = re.compile(
    r"(?:ประช[ุ]?ม|ส[ั]?มมนา|เช[ิ]?ญ|พ[ิ]?ธ[ีิ]?|เข้?าเย[ี]?[่]?ยม|เข้?าพบ|คารวะ|หาร[ื]?อ|ช[ี]?้?แจง|แถลงข่?าว|ออกอากาศ"
    r"|สัมภาษณ์|บันทึกเทป|เสวนา|อบรม|ปาฐกถา|บรรยาย|นัด(?!เรียน)|"
    r"กระทู้|ถามสด|ตอบ|งานเลี้ยง|เปิดงาน|ลงนาม|เดินทาง|ตรวจเยี่ยม|ไต่สวน|เบิกความ|พิจารณาคดี"
    r"|สืบพยาน|ให้ถ้อยคำ|"
    r"meeting|courtesy call|\bcall\b|invit|ceremony|reception|conference|interview|hearing"
    r"|seminar|visit|dinner|luncheon|forum|briefing|attend)",
    re.IGNORECASE,
)
_DEADLINE_LEAD = re.compile(
    r"(?:ภายใน|ก่อน|ไม่เกิน|ไม่ช้ากว่า|ถึง|ให้ทัน|ลงวันที่|by|before|not? later than"
    r"|until)\s*(?:เวลา.{0,20})?(?:วัน\S{0,12}|the )?\s*$",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"(?:เมื่อ|ตั้งแต่|ได้(?:เข้าร่วม|ประชุม|จัด)|held on|dated"
    r"|on \d+ \w+ we)\s*(?:วัน\S{0,12}|วันที่)?\s*$",
    re.IGNORECASE,
)
_TIME_GAP = 60
# Where it is held: ณ … up to the next clause, or an English place behind at or in.
_PLACE = re.compile(
    r"(?:\s*เป็นต้นไป)?\s*ณ\s?[^\s].{1,60}?(?=\s+(?:โดย|เพื่อ|ซึ่ง|ทั้งนี้|จึง|ตาม|พร้อม|ดัง|รายละเอียด|และ|ใช้|มี|ใน|เรื่อง|ด้วย)"
    r"|\s{2,}|\n|$)"
    r"|,?\s(?:at|in)\s(?:the\s)?[A-Z][^.;\n]{2,60}(?=[.;\n]|$)"
)


def read_meeting(letter: Letter, kind: LetterKind, *, written_on: date | None) -> FieldValue:
    """Return the first meeting with a day and a time, not before the letter's own date.

    A range of days or a day without a time is no appointment. Where the time stands apart from
    its day (a day in the subject, the hour in the body) the value is marked for checking.
    """
    if kind is LetterKind.NEWS_RELEASE:
        return FieldValue()
    text = letter.text
    year = written_on.year if written_on else None
    seen = find_dates(text, default_year=year)
    court = kind is LetterKind.COURT_DOCUMENT
    dates = [
        d
        for d in seen
        if _may_be_meeting(d, text, written_on) and (court or not _others_hearing(text, d))
    ]
    times = find_times(text)
    for item in dates:
        moment = _time_after(item, times, text, seen)
        if (
            moment is not None
            and item.value
            and _OCCASION.search(_around(text, item.start, moment.end))
        ):
            return _meeting(letter, item, moment, sure=0.85)
    later = [d for d in dates if d.value and (written_on is None or d.value > written_on)]
    return _apart(letter, later if letter.mail is None else dates, times)


def _may_be_meeting(item: FoundDate, text: str, written_on: date | None) -> bool:
    if item.value is None or item.is_range:
        return False
    before = text[max(0, item.start - 40) : item.start]
    if _DEADLINE_LEAD.search(before) or _PAST.search(before):
        return False
    if re.match(r"\s*(?:-|–|ถึง)\s*(?:วัน\S{0,12}\s?)?\d", text[item.end : item.end + 24]):
        return False
    # Several days joined by และ are rounds to choose from, not an appointment.
    if re.search(r"\d\s*(?:และ|หรือ)\s*(?:วัน\S{0,12})?\s*$", before):
        return False
    return written_on is None or item.value >= written_on


def _others_hearing(text: str, item: FoundDate) -> bool:
    """Tell whether a day is a court's for a case that the letter only reports."""
    return bool(re.search(r"ศาล(?:ได้)?นัด", text[max(0, item.start - 60) : item.start]))


def _time_after(
    item: FoundDate, times: tuple[FoundTime, ...], text: str, dates: tuple[FoundDate, ...]
) -> FoundTime | None:
    for moment in times:
        gap = text[item.end : moment.start] if moment.start >= item.end else None
        if gap is None or len(gap) > _TIME_GAP:
            continue
        if any(item.end <= d.start < moment.start for d in dates):
            return None
        if re.search(r"(?:ภายใน|ก่อน|ไม่เกิน|by|before)\s*(?:เวลา)?\s*$", gap + moment.text[:0]):
            continue
        return moment
    return None


def _around(text: str, start: int, end: int) -> str:
    return text[max(0, start - 400) : end + 160]


def _apart(letter: Letter, dates: list[FoundDate], times: tuple[FoundTime, ...]) -> FieldValue:
    """Join the one day of a letter with the one hour of its occasion."""
    days = {d.value for d in dates if d.value}
    subject_days = [d for d in dates if d.start < letter.offset_of(min(8, len(letter.lines)))]
    if not subject_days or len(days) > 2:
        return FieldValue()
    item = subject_days[0]
    if not _OCCASION.search(_around(letter.text, item.start, item.end)):
        return FieldValue()
    for moment in times:
        before = letter.text[max(0, moment.start - 25) : moment.start]
        if (
            moment.start > item.end
            and re.search(r"(?:เวลา|ประมาณ|at )", before + moment.text)
            and not re.search(r"(?:ภายใน|ก่อน|ไม่เกิน|หลัง|by|before)\s*(?:เวลา)?\s*$", before)
        ):
            return _meeting(letter, item, moment, sure=0.5)
    return FieldValue()


def _meeting(letter: Letter, item: FoundDate, moment: FoundTime, *, sure: float) -> FieldValue:
    day = item.value or date.min
    value = datetime.combine(day, moment.value).isoformat(timespec="minutes")
    start, end = min(item.start, moment.start), max(item.end, moment.end)
    if end - start > 200:
        end = item.end
    place = _PLACE.match(letter.text, end)
    if place:
        end = place.end()
    return letter.value_at(start, end, value, sure, check=sure < 0.6 or item.guessed)
