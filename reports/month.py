"""A calendar month (CE) as the period of a report."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from correspondence.errors import UsageFault
from correspondence.thai_dates import thai_month

_WRITTEN = re.compile(r"(\d{4})-(\d{2})")
_YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """Year (CE) and month 1 to 12; written `2026-11`."""

    year: int
    number: int

    def __str__(self) -> str:
        """Return for example `2026-11`."""
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    @property
    def thai(self) -> str:
        """The month as the office writes it: พฤศจิกายน ๒๕๖๙."""
        return thai_month(self.first)

    def holds(self, day: date | None) -> bool:
        """Tell whether a day lies in this month; no day lies in none."""
        return day is not None and self.first <= day <= self.last


def read_month(text: str) -> Month:
    """Return the month of a text such as `2026-11`, year in CE.

    Raises:
        UsageFault: another form, or a year that is not CE.
    """
    match = _WRITTEN.fullmatch(text.strip())
    if match:
        year, number = int(match[1]), int(match[2])
        if year in _YEARS and 1 <= number <= 12:
            return Month(year, number)
    raise UsageFault(
        "The month is not written as YEAR-MONTH in the Common Era.",
        thai="รูปแบบเดือนไม่ถูกต้อง",
        remedy="Write for example 2026-11.",
    )


def month_of(day: date) -> Month:
    """Return the month a day lies in."""
    return Month(day.year, day.month)


def month_before(day: date) -> Month:
    """Return the month before the one a day lies in: the last that is over."""
    return month_of(day.replace(day=1) - timedelta(days=1))
