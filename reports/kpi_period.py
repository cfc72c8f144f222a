"""The period figures are asked for: a month, a fiscal year, or from a day to a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from correspondence.clock import BANGKOK
from correspondence.errors import UsageFault
from correspondence.thai_dates import BE_OFFSET, common_era_year, thai_date, thai_month
from correspondence.thai_digits import fold_digits, thai_digits
from reports.month import Month

_DAY = re.compile(r"([12]\d{3})-(\d{1,2})-(\d{1,2})")
_MONTH = re.compile(r"([12]\d{3})-(\d{1,2})")
_YEAR = re.compile(r"[12]\d{3}")
_FISCAL_MONTH = 10


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included; Bangkok's, CE."""

    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        """Tell whether a day lies in it; no day lies in none."""
        return day is not None and self.first <= day <= self.last

    def bounds(self) -> tuple[datetime, datetime]:
        """Return the first moment and the first one after, aware."""
        return first_moment(self.first), first_moment(self.last + timedelta(days=1))

    @property
    def thai(self) -> str:
        """The period as the office says it."""
        if self == month_period(Month(self.first.year, self.first.month)):
            return f"เดือน{thai_month(self.first)}"
        if self == fiscal_year(self.last.year):
            return f"ปีงบประมาณ พ.ศ. {thai_digits(self.last.year + BE_OFFSET)}"
        if self.first == self.last:
            return f"วันที่ {thai_date(self.first)}"
        return f"วันที่ {thai_date(self.first)} ถึง {thai_date(self.last)}"


def first_moment(day: date) -> datetime:
    """Return midnight in Bangkok at which a day begins."""
    return datetime.combine(day, time(), tzinfo=BANGKOK)


def month_period(month: Month) -> Period:
    """Return the days of a month."""
    return Period(month.first, month.last)


def fiscal_year(year: int) -> Period:
    """Return the fiscal year that ends in a CE year: 1 October before it to 30 September."""
    return Period(date(year - 1, _FISCAL_MONTH, 1), date(year, _FISCAL_MONTH - 1, 30))


def fiscal_year_of(day: date) -> int:
    """Return the CE year in which the fiscal year of a day ends."""
    return day.year + (day.month >= _FISCAL_MONTH)


def read_kpi_period(
    first: str | None = None,
    last: str | None = None,
    *,
    month: str | None = None,
    fiscal: str | None = None,
) -> Period:
    """Return the period of `first` and `last`, or of a month, or of a fiscal year.

    A year from 2400 on is B.E., one before it C.E.; Thai digits are read like Arabic ones.

    Args:
        first: `YEAR-MONTH-DAY`.
        last: `YEAR-MONTH-DAY`, not before `first`.
        month: `YEAR-MONTH`.
        fiscal: `YEAR`, the one in which the fiscal year ends.

    Raises:
        UsageFault: none or several of the three are given, another form, or no such day.
    """
    given = [first is not None or last is not None, month is not None, fiscal is not None]
    if given.count(True) != 1:
        raise _fault("Give from and to, or a month, or a fiscal year.")
    if month is not None:
        match = _MONTH.fullmatch(fold_digits(month.strip()))
        year = common_era_year(int(match[1])) if match else None
        if match is None or year is None or not 1 <= int(match[2]) <= 12:
            raise _fault("The month is no month written as YEAR-MONTH.")
        return month_period(Month(year, int(match[2])))
    if fiscal is not None:
        written = fold_digits(fiscal.strip())
        year = common_era_year(int(written)) if _YEAR.fullmatch(written) else None
        if year is None:
            raise _fault("The fiscal year is no year of four digits.")
        return fiscal_year(year)
    if first is None or last is None:
        raise _fault("A period needs both its first and its last day.")
    period = Period(read_day(first), read_day(last))
    if period.last < period.first:
        raise _fault("The period ends before it begins.")
    return period


def read_day(text: str) -> date:
    """Return the day (CE) of `YEAR-MONTH-DAY`, year in B.E. or C.E.

    Raises:
        UsageFault: another form, or no such day.
    """
    match = _DAY.fullmatch(fold_digits(text.strip()))
    year = common_era_year(int(match[1])) if match else None
    if match and year:
        try:
            return date(year, int(match[2]), int(match[3]))
        except ValueError:
            pass
    raise _fault("The day is no day written as YEAR-MONTH-DAY.")


def _fault(english: str) -> UsageFault:
    return UsageFault(
        english,
        thai="ช่วงเวลาของตัวชี้วัดไม่ถูกต้อง",
        remedy="Write --from 2569-10-01 --to 2569-10-31, --month 2569-10 or --fiscal-year 2570.",
    )
