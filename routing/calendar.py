"""The government's working days (วันทำการ): a seed of holidays corrected by the office's table."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from datetime import MAXYEAR, MINYEAR, date
from functools import cache
from types import MappingProxyType

from holidays import country_holidays
from holidays.constants import GOVERNMENT, PUBLIC

from office.calendar_table import CalendarTable
from routing.faults import CalendarYearMissing

HolidayNames = Mapping[date, str]

# A ministry works on these although the seed lists them (deadlines.md, Calendar).
_WORKED = ("วันแรงงานแห่งชาติ", "วันเด็กแห่งชาติ")
_SATURDAY = 5


@cache
def seed_holidays(year: int) -> HolidayNames:
    """Return the seed's government holidays of a CE year with their Thai names; may be empty.

    Public and government days of Thailand, less Labour Day, its substitute and Children's Day.
    """
    listed = country_holidays(
        "TH", years=year, categories=(PUBLIC, GOVERNMENT), language="th", expand=False
    )
    kept: dict[date, str] = {}
    for day in sorted(listed):
        names = [n for n in listed.get_list(day) if not any(worked in n for worked in _WORKED)]
        if names:
            kept[day] = "; ".join(names)
    return MappingProxyType(kept)


class WorkingCalendar:
    """Working days of the office: Monday to Friday less government holidays.

    All dates are plain Bangkok dates, CE. A year without any data raises
    `CalendarYearMissing` as soon as a question touches it.
    """

    def __init__(
        self,
        holidays_of: Callable[[int], HolidayNames | None],
        *,
        confirmed_years: frozenset[int] | None,
        version: str,
    ) -> None:
        """Keep the source of holidays.

        Args:
            holidays_of: CE year to its holidays; None where the year has no data.
            confirmed_years: years a person has checked; None where every year counts as checked.
            version: name of the calendar's state, recorded with each due date.
        """
        self._holidays_of = holidays_of
        self._confirmed = confirmed_years
        self.version = version
        self._years: dict[int, HolidayNames] = {}
        self._ordinals: dict[int, list[int]] = {}

    @classmethod
    def from_table(cls, table: CalendarTable) -> WorkingCalendar:
        """Return the office's calendar: the seed, corrected by the table."""
        added = {entry.day: entry.name for entry in table.added()}
        removed = {entry.day for entry in table.removed()}

        def holidays_of(year: int) -> HolidayNames | None:
            seed = seed_holidays(year)
            names = {day: name for day, name in seed.items() if day not in removed}
            names |= {day: name for day, name in added.items() if day.year == year}
            return names if seed or names or year in table.confirmed_years else None

        return cls(
            holidays_of,
            confirmed_years=frozenset(table.confirmed_years),
            version=table.version,
        )

    @classmethod
    def from_holidays(cls, days: Iterable[date]) -> WorkingCalendar:
        """Return a calendar of weekends and exactly the given holidays; every year is confirmed."""
        by_year: dict[int, dict[date, str]] = {}
        for day in days:
            by_year.setdefault(day.year, {})[day] = "วันหยุดที่ระบุ"
        return cls(lambda year: by_year.get(year, {}), confirmed_years=None, version="explicit")

    def holidays(self, year: int) -> HolidayNames:
        """Return the holidays of a CE year, weekend days included, with their Thai names.

        Raises:
            CalendarYearMissing: the calendar has no data of that year.
        """
        if year not in self._years:
            names = self._holidays_of(year) if MINYEAR <= year <= MAXYEAR else None
            if names is None:
                raise CalendarYearMissing(year)
            self._years[year] = names
        return self._years[year]

    def name_of(self, day: date) -> str | None:
        """Return the Thai name of a holiday, or None for any other day."""
        return self.holidays(day.year).get(day)

    def is_working_day(self, day: date) -> bool:
        """Tell whether the office works on a day."""
        holidays = self.holidays(day.year)
        return day.weekday() < _SATURDAY and day not in holidays

    def confirmed(self, year: int) -> bool:
        """Tell whether a person has checked the holidays of a CE year."""
        return self._confirmed is None or year in self._confirmed

    def confirmed_between(self, first: date, last: date) -> bool:
        """Tell whether every year from `first` to `last`, in either order, is confirmed.

        Raises:
            CalendarYearMissing: one of them has no data at all, so nothing can be said.
        """
        low, high = sorted((first.year, last.year))
        years = range(low, high + 1)
        for year in years:
            self.holidays(year)
        return all(self.confirmed(year) for year in years)

    def next_working_day(self, day: date) -> date:
        """Return the day itself where it is a working day, else the first one after it."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1)

    def previous_working_day(self, day: date) -> date:
        """Return the day itself where it is a working day, else the last one before it."""
        return day if self.is_working_day(day) else self.add_working_days(day, -1)

    def add_working_days(self, day: date, n: int) -> date:
        """Return the n-th working day after `day` (before it where n is negative).

        `day` itself is day 0 and need not be a working day. With n = 0 it is the day itself, or
        the first working day after it, so that the answer is always a working day.

        Raises:
            CalendarYearMissing: the count reaches a year without data.
        """
        if n == 0:
            return self.next_working_day(day)
        year = day.year
        if n > 0:
            index = bisect_right(self._working_ordinals(year), day.toordinal()) + n - 1
            while index >= len(self._working_ordinals(year)):
                index -= len(self._working_ordinals(year))
                year += 1
        else:
            index = bisect_left(self._working_ordinals(year), day.toordinal()) + n
            while index < 0:
                year -= 1
                index += len(self._working_ordinals(year))
        return date.fromordinal(self._working_ordinals(year)[index])

    def working_days_between(self, first: date, last: date) -> int:
        """Return how many working days lie from `first` up to, but not on, `last`."""
        low, high = sorted((first, last))
        total = 0
        for year in range(low.year, high.year + 1):
            ordinals = self._working_ordinals(year)
            total += bisect_left(ordinals, high.toordinal())
            total -= bisect_left(ordinals, low.toordinal())
        return total if first <= last else -total

    def holidays_between(self, first: date, last: date) -> tuple[date, ...]:
        """Return the holidays on weekdays from `first` to `last`, both included, in order.

        Holidays on a weekend take nothing from a count and are left out.
        """
        return tuple(
            day
            for year in range(first.year, last.year + 1)
            for day in sorted(self.holidays(year))
            if first <= day <= last and day.weekday() < _SATURDAY
        )

    def _working_ordinals(self, year: int) -> list[int]:
        """Return the year's working days as ordinals; counting is then an index, not a walk."""
        if year not in self._ordinals:
            off = {day.toordinal() for day in self.holidays(year)}
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            self._ordinals[year] = [
                number
                for number in range(first, last + 1)
                if (number - 1) % 7 < _SATURDAY and number not in off
            ]
        return self._ordinals[year]
