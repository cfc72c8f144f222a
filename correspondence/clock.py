"""Time as the office sees it: stored in UTC, read in Asia/Bangkok."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC: the clock used outside tests."""
    return datetime.now(UTC)


def bangkok_day(moment: datetime) -> date:
    """Return the calendar day of an aware moment in Bangkok.

    06:30 in Bangkok belongs to that day although UTC says the day before.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(BANGKOK).date()
