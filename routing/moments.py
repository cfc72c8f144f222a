"""Dates and moments as the command line and batch files write them (ISO, CE)."""

from __future__ import annotations

from datetime import date, datetime, time

from correspondence.clock import BANGKOK

_LONGEST = 40
_BUDDHIST_FROM = 2400


def read_moment(text: str) -> datetime:
    """Return an ISO date or datetime as an aware moment.

    A time without zone is Bangkok's; a plain date is that day's midnight in Bangkok.

    Raises:
        ValueError: not ISO, or a Buddhist-era year, which would lie 543 years ahead.
    """
    folded = text.strip()
    if len(folded) > _LONGEST:
        raise ValueError("not an ISO date or datetime")
    try:
        moment = datetime.fromisoformat(folded)
    except ValueError:
        raise ValueError("not an ISO date or datetime (2026-11-21T06:30+07:00)") from None
    _refuse_buddhist(moment.year)
    return moment if moment.tzinfo else moment.replace(tzinfo=BANGKOK)


def read_date_or_moment(text: str) -> date | datetime:
    """Return a plain date where the text has no time, else an aware moment.

    Raises:
        ValueError: as `read_moment`.
    """
    moment = read_moment(text)
    return moment if len(text.strip()) > len("2026-11-21") else moment.date()


def parse_moment(value: object) -> datetime:
    """Return a flag's or JSON value as an aware moment; numbers are refused, not guessed at.

    Raises:
        ValueError: as `read_moment`, or neither text, date nor datetime.
    """
    if isinstance(value, str):
        return read_moment(value)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=BANGKOK)
    if isinstance(value, date):
        return datetime.combine(value, time(), tzinfo=BANGKOK)
    raise ValueError("not an ISO date or datetime")


def parse_date(value: object) -> date:
    """Return a flag's or JSON value as a plain date; numbers are refused, not guessed at.

    Raises:
        ValueError: not an ISO date, or a Buddhist-era year.
    """
    found = read_date_or_moment(value) if isinstance(value, str) else value
    if isinstance(found, date) and not isinstance(found, datetime):
        return found
    raise ValueError("not an ISO date (2026-11-21)")


def parse_date_or_moment(value: object) -> date | datetime | None:
    """Return a value as a plain date where it has no time, else as an aware moment.

    Raises:
        ValueError: as `read_moment`.
    """
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    return read_date_or_moment(value) if isinstance(value, str) else parse_moment(value)


def in_bangkok(moment: date | datetime) -> datetime:
    """Return a stated date (its last second) or moment as an aware moment in Bangkok.

    A naive moment is read as Bangkok's, as letters write it.
    """
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(23, 59, 59), tzinfo=BANGKOK)
    return moment.astimezone(BANGKOK) if moment.tzinfo else moment.replace(tzinfo=BANGKOK)


def _refuse_buddhist(year: int) -> None:
    if year >= _BUDDHIST_FROM:
        raise ValueError(f"year {year} looks like the Buddhist era; give the Common Era year")
