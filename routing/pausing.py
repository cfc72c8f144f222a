"""Due dates after a pause (พักเรื่อง): the time that was left is restored, no more and no less."""

from __future__ import annotations

from datetime import date, timedelta

from correspondence.vocabulary import PeriodUnit, Roll
from routing.calendar import WorkingCalendar
from routing.counting import count, roll_day


def shift_due(
    due: date,
    unit: PeriodUnit,
    paused_on: date,
    resumed_on: date,
    calendar: WorkingCalendar,
    roll: Roll = Roll.NONE,
) -> date:
    """Return the due date moved by the time a case stood still.

    Working days are restored as working days, anything else as calendar days with the last day
    rolled. A pause that ends on the day it began changes nothing.

    Args:
        due: the due date before the pause; the original is kept by the caller.
        unit: the unit of the rule the due date came from.
        paused_on: first day of the pause.
        resumed_on: the day the clock runs again.
        calendar: the working days.
        roll: for calendar days and months.

    Raises:
        ValueError: it was resumed before it was paused.
        CalendarYearMissing: the count reaches a year without data.
    """
    if resumed_on < paused_on:
        raise ValueError("a pause cannot end before it began")
    if unit is PeriodUnit.WORKING:
        lost = calendar.working_days_between(paused_on, resumed_on)
        return count(due, lost, unit, Roll.NONE, calendar) if lost else due
    lost_days = (resumed_on - paused_on).days
    if not lost_days:
        return due
    return roll_day(due + timedelta(days=lost_days), roll, calendar, anchor=due)
