"""The day or the year a register is asked for, written in B.E. or in C.E."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from correspondence.clock import BANGKOK
from correspondence.errors import UsageFault
from correspondence.thai_dates import BE_OFFSET, common_era_year, thai_date
from correspondence.thai_digits import fold_digits, thai_digits

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class RegisterPeriod:
    """A calendar year (CE) of the register, or one of its days; both are Bangkok's."""

    year: int
    day: date | None = None

    def __str__(self) -> str:
        """Return for example `2569-11-21` or `2569`, in B.E. as the register counts."""
        if self.day is None:
            return str(self.year + BE_OFFSET)
        return f"{self.year + BE_OFFSET}-{self.day:%m-%d}"

    @property
    def thai(self) -> str:
        """The period as the register's head says it."""
        if self.day is not None:
            return f"วันที่ {thai_date(self.day)}"
        return f"ปี พ.ศ. {thai_digits(self.year + BE_OFFSET)}"

    def bounds(self) -> tuple[datetime, datetime]:
        """Return the first moment and the first one after, aware."""
        first = self.day or date(self.year, 1, 1)
        after = first + timedelta(days=1) if self.day else date(self.year + 1, 1, 1)
        return (
            datetime(first.year, first.month, first.day, tzinfo=BANGKOK),
            datetime(after.year, after.month, after.day, tzinfo=BANGKOK),
        )


def day_period(day: date) -> RegisterPeriod:
    """Return the register of a day (CE)."""
    return RegisterPeriod(day.year, day)


def read_period(day: str | None, year: str | None) -> RegisterPeriod:
    """Return the period of `YEAR-MONTH-DAY` or of `YEAR`; exactly one must be given.

    A year from 2400 on is B.E., one before it C.E.; Thai digits are read like Arabic ones.

    Raises:
        UsageFault: neither or both are given, another form, or no such day.
    """
    if day is not None and year is None:
        match = _DAY.fullmatch(fold_digits(day.strip()))
        christian = common_era_year(int(match[1])) if match else None
        if match and christian:
            try:
                return day_period(date(christian, int(match[2]), int(match[3])))
            except ValueError:
                pass
        raise _fault(
            "The day is no day written as YEAR-MONTH-DAY.", "Write for example 2569-11-21."
        )
    if year is not None and day is None:
        written = fold_digits(year.strip())
        christian = common_era_year(int(written)) if _YEAR.fullmatch(written) else None
        if christian:
            return RegisterPeriod(christian)
        raise _fault("The year is no year of four digits.", "Write for example 2569.")
    raise _fault("Give either a day or a year.", "Write --day 2569-11-21 or --year 2569.")


def _fault(english: str, remedy: str) -> UsageFault:
    return UsageFault(english, thai="ช่วงเวลาของทะเบียนไม่ถูกต้อง", remedy=remedy)
