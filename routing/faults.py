"""Named faults of counting time."""

from __future__ import annotations

from typing import ClassVar

from correspondence.errors import ConfigurationFault, UsageFault
from correspondence.thai_dates import BE_OFFSET
from correspondence.thai_digits import thai_digits


class CalendarYearMissing(ConfigurationFault):
    """A count reached a year for which the calendar holds no holiday at all."""

    code: ClassVar[str] = "calendar_year_missing"

    def __init__(self, year: int) -> None:
        """Name the year (CE)."""
        super().__init__(
            f"The calendar holds no holidays of {year}.",
            thai=f"ปฏิทินวันหยุดราชการไม่มีข้อมูลของปี พ.ศ. {thai_digits(year + BE_OFFSET)}",
            remedy="Add that year's holidays to config/calendar.toml.",
        )
        self.year = year


class WrongCount(UsageFault):
    """An explicit count that cannot be read: an unknown key, a wrong value, too long a period."""

    code: ClassVar[str] = "wrong_count"


class UnknownRule(UsageFault):
    """A case names a deadline rule that `deadlines.toml` does not hold."""

    code: ClassVar[str] = "unknown_rule"

    def __init__(self, rule_id: str) -> None:
        """Name the rule."""
        super().__init__(
            f"There is no deadline rule {rule_id[:80]!r}.",
            thai="ไม่พบกำหนดเวลาที่ระบุใน config/deadlines.toml",
        )
