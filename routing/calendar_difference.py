"""Where two states of the calendar differ, asked for spans of days; built year by year as asked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date

from routing.calendar import WorkingCalendar
from routing.faults import CalendarYearMissing

_SATURDAY = 5


class CalendarDifference:
    """The days on which two calendars differ: worked or not, the holiday's name, the year checked.

    A year that one of them has no data of, or that only one of them holds for checked, differs
    on every day.
    """

    def __init__(self, old: WorkingCalendar, new: WorkingCalendar) -> None:
        """Keep both states."""
        self._old = old
        self._new = new
        self._days: dict[int, list[date] | None] = {}

    def touches(self, first: date, last: date) -> bool:
        """Tell whether a decision that rests on the days from `first` to `last` may differ.

        The span reaches on to the next working day after `last`: a last day that has rolled back
        to `last` lies before it.
        """
        try:
            last = self._old.add_working_days(last, 1)
        except CalendarYearMissing:
            return True
        for year in range(first.year, last.year + 1):
            days = self._differing(year)
            if days is None:
                return True
            place = bisect_left(days, first)
            if place < len(days) and days[place] <= last:
                return True
        return False

    def among(self, days: Iterable[date]) -> tuple[date, ...]:
        """Return those of the days that are worked in one state and off in the other.

        A year without data in one state counts as off on no weekday there.
        """
        return tuple(
            day for day in days if self._works(self._old, day) != self._works(self._new, day)
        )

    @staticmethod
    def _works(calendar: WorkingCalendar, day: date) -> bool:
        try:
            return calendar.is_working_day(day)
        except CalendarYearMissing:
            return day.weekday() < _SATURDAY

    def _differing(self, year: int) -> list[date] | None:
        """Return the differing weekdays of a year in order; None where all of it differs."""
        if year not in self._days:
            self._days[year] = self._compare(year)
        return self._days[year]

    def _compare(self, year: int) -> list[date] | None:
        if self._old.confirmed(year) != self._new.confirmed(year):
            return None
        try:
            old, new = self._old.holidays(year), self._new.holidays(year)
        except CalendarYearMissing:
            return None
        return sorted(
            day
            for day in set(old) | set(new)
            if day.weekday() < _SATURDAY and old.get(day) != new.get(day)
        )
