"""Thai wording of dates and counts, as the explanation of a due date shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from correspondence.clock import BANGKOK
from correspondence.thai_dates import thai_date
from correspondence.thai_digits import thai_digits
from routing.calendar import WorkingCalendar

_WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")


def word_day(day: date) -> str:
    """Return a CE date with its weekday, as `วันเสาร์ที่ ๒๑ พฤศจิกายน ๒๕๖๙`."""
    return f"วัน{_WEEKDAYS[day.weekday()]}ที่ {thai_date(day)}"


def word_moment(moment: datetime) -> str:
    """Return an aware moment in Bangkok with its hour, as `วัน…ที่ … เวลา ๐๖.๓๐ น.`."""
    local = moment.astimezone(BANGKOK)
    return f"{word_day(local.date())} เวลา {thai_digits(f'{local:%H.%M}')} น."


def word_holidays(days: Sequence[date], calendar: WorkingCalendar) -> str:
    """Return the holidays that moved a date with their names, or that there was none."""
    if not days:
        return "ไม่มีวันหยุดราชการที่มีผลต่อการนับ"
    named = ", ".join(f"{thai_date(day)} ({calendar.name_of(day)})" for day in days)
    return f"ไม่นับวันหยุดราชการ {thai_digits(len(days))} วัน คือ {named}"


UNCONFIRMED = "ช่วงที่นับมีปีที่สำนักงานยังไม่ได้ยืนยันวันหยุดราชการ วันครบกำหนดอาจเปลี่ยน"
