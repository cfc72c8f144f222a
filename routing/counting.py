"""The two steps of a due date, as pure functions: `deem`, then `count` (deadlines.md)."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta

from correspondence.clock import BANGKOK, bangkok_day
from correspondence.vocabulary import Deem, PeriodUnit, Roll
from office.deadlines import OfficeHours
from routing.calendar import WorkingCalendar
from routing.faults import CalendarYearMissing


def deem(
    received_at: datetime,
    rule: Deem,
    calendar: WorkingCalendar,
    hours: OfficeHours = OfficeHours(),  # noqa: B008 - frozen, so sharing it is safe
) -> date:
    """Return the day (Bangkok) an item counts as received: the anchor, day 0.

    `as_is` is the day of arrival whatever the hour. `next_working_day` moves what arrives on a
    day off, or from closing time on, to the next working day.

    Args:
        received_at: aware moment of arrival.
        rule: the receipt rule of the channel.
        calendar: the working days.
        hours: office hours in Bangkok.

    Raises:
        ValueError: the moment has no time zone.
        CalendarYearMissing: a year without data is touched.
    """
    day = bangkok_day(received_at)
    if rule is Deem.AS_IS:
        return day
    if received_at.astimezone(BANGKOK).time() >= hours.closes:
        return calendar.add_working_days(day, 1)
    return calendar.next_working_day(day)


def count(
    anchor: date,
    n: int,
    unit: PeriodUnit,
    roll: Roll,
    calendar: WorkingCalendar,
) -> date:
    """Return the last day of a period of `n` units after the anchor, which is day 0.

    Working days skip weekends and holidays, so the answer is a working day and `roll` has no
    work to do, but for n = 0 on a day off: it moves forward (back where roll is `previous`).
    Calendar days and months count straight, months to the corresponding day clamped to the
    month's end (Civil and Commercial Code 193/5), then the last day rolls: `next` for a period
    that runs against a private person (193/8), `previous` for an act the office itself owes
    (Administrative Procedure Act s.64). A negative `n` counts back (lead time). Rolling back
    never passes the anchor: with no working day in between, the last day stays as it is.

    Raises:
        ValueError: the unit is hours, which count from a moment (`count_hours`).
        CalendarYearMissing: the count reaches a year without data.
    """
    if unit is PeriodUnit.HOURS:
        raise ValueError("hours count from a moment, not from a day")
    if unit is PeriodUnit.WORKING:
        if n == 0 and roll is Roll.PREVIOUS:
            return calendar.previous_working_day(anchor)
        return calendar.add_working_days(anchor, n)
    last = _add_months(anchor, n) if unit is PeriodUnit.MONTHS else _add_days(anchor, n)
    return roll_day(last, roll, calendar, anchor=anchor if n >= 0 else None)


def count_hours(
    received_at: datetime,
    anchor: date,
    n: int,
    hours: OfficeHours = OfficeHours(),  # noqa: B008 - frozen, so sharing it is safe
) -> datetime:
    """Return the moment (Bangkok) a period of `n` hours ends (ด่วนภายใน).

    Hours run straight on, through nights and holidays, from the moment of receipt; where receipt
    is deemed to be a later day, from the opening of the office on that day.

    Args:
        received_at: aware moment of arrival.
        anchor: the day it is deemed received, as `deem` gave it.
        n: hours; negative counts back.
        hours: office hours in Bangkok.

    Raises:
        ValueError: the moment has no time zone.
        CalendarYearMissing: the count leaves the years a date can hold.
    """
    start = received_at.astimezone(BANGKOK)
    if bangkok_day(received_at) != anchor:
        start = datetime.combine(anchor, hours.opens, tzinfo=BANGKOK)
    try:
        return start + timedelta(hours=n)
    except OverflowError:
        raise CalendarYearMissing(MAXYEAR + 1 if n > 0 else MINYEAR - 1) from None


def roll_day(
    day: date, roll: Roll, calendar: WorkingCalendar, *, anchor: date | None = None
) -> date:
    """Return the day moved to a working day as `roll` says, not back past `anchor`."""
    if roll is Roll.NEXT:
        return calendar.next_working_day(day)
    if roll is Roll.PREVIOUS:
        moved = calendar.previous_working_day(day)
        return day if anchor is not None and moved < anchor else moved
    return day


def holidays_that_moved(
    received_day: date,
    anchor: date,
    last: date,
    due: date,
    unit: PeriodUnit,
    calendar: WorkingCalendar,
    *,
    start: date | None = None,
) -> tuple[date, ...]:
    """Return the weekday holidays that moved a due date, in order.

    These are the ones passed over between receipt and a later anchor, those skipped while
    counting working days, and those that made the last day roll.

    Args:
        received_day: the day of arrival in Bangkok.
        anchor: the day deemed that of receipt.
        last: the last day of the period before rolling.
        due: the due date.
        unit: what was counted.
        calendar: the working days.
        start: the day the period counts from, where that is not the anchor (a meeting, service).
    """
    day_zero = anchor if start is None else start
    days: set[date] = set()
    if day_zero == anchor:
        days |= set(calendar.holidays_between(received_day, anchor)) - {anchor}
    if unit is PeriodUnit.WORKING:
        low, high = sorted((day_zero, due))
        days |= set(calendar.holidays_between(low, high)) - {day_zero}
    elif last != due:
        low, high = sorted((last, due))
        days |= set(calendar.holidays_between(low, high))
    return tuple(sorted(days))


def _add_days(anchor: date, n: int) -> date:
    try:
        return anchor + timedelta(days=n)
    except OverflowError:
        raise CalendarYearMissing(MAXYEAR + 1 if n > 0 else MINYEAR - 1) from None


def _add_months(anchor: date, n: int) -> date:
    year, month0 = divmod(anchor.year * 12 + anchor.month - 1 + n, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise CalendarYearMissing(year)
    return date(year, month0 + 1, min(anchor.day, monthrange(year, month0 + 1)[1]))
