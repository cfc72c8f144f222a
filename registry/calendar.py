"""The calendar as people have corrected it: an append-only history over `calendar.toml`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from office.calendar_changes import (
    CalendarChange,
    HolidayChange,
    HolidayEffect,
    YearChange,
    apply_changes,
)
from office.calendar_table import CalendarEntry, CalendarTable
from registry.models import CalendarYear, Holiday


@dataclass(frozen=True, slots=True)
class CalendarMark:
    """How far the history has come: the last row of each of its two tables, 0 for none."""

    holiday: int = 0
    year: int = 0

    def version_of(self, base: CalendarTable) -> str:
        """Return the version of the table at this mark, as each due date records it."""
        return f"{base.version}+{self.holiday}.{self.year}" if self != _START else base.version


@dataclass(frozen=True, slots=True)
class CalendarAct:
    """One entry of the history: what was changed, by whom (sign-in name), when (aware)."""

    change: CalendarChange
    by: str
    at: datetime


_START = CalendarMark()


def read_mark(version: str, base: CalendarTable) -> CalendarMark | None:
    """Return the mark of a recorded version; None where it rests on another `calendar.toml`."""
    if version == base.version:
        return _START
    stem, _, numbers = version.rpartition("+")
    holiday, _, year = numbers.partition(".")
    if stem != base.version or not (holiday.isdecimal() and year.isdecimal()):
        return None
    return CalendarMark(int(holiday), int(year))


def lock_calendar(session: Session) -> None:
    """Let nobody else change the calendar before this transaction ends; reading goes on."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE holidays, calendar_years IN SHARE ROW EXCLUSIVE MODE"))


def calendar_mark(session: Session) -> CalendarMark:
    """Return how far the history has come."""
    return CalendarMark(
        session.scalar(select(func.max(Holiday.id))) or 0,
        session.scalar(select(func.max(CalendarYear.id))) or 0,
    )


def enter_changes(
    session: Session, changes: Iterable[CalendarChange], *, by: str, at: datetime
) -> CalendarMark:
    """Add changes to the history in the caller's transaction; returns the new mark."""
    for change in changes:
        if isinstance(change, YearChange):
            session.add(
                CalendarYear(
                    year=change.year,
                    confirmed=change.confirmed,
                    source=change.source,
                    note=change.note,
                    entered_by=by,
                    entered_at=at,
                )
            )
            continue
        entry = change.entry
        session.add(
            Holiday(
                day=entry.day,
                effect=change.effect.value,
                region=entry.region,
                name=entry.name,
                source=entry.source,
                note=entry.note,
                entered_by=by,
                entered_at=at,
            )
        )
        # Rows get their numbers in the order of the changes.
        session.flush()
    session.flush()
    return calendar_mark(session)


def calendar_history(
    session: Session, *, since: date | None = None, upto: CalendarMark | None = None
) -> tuple[CalendarAct, ...]:
    """Return what people have changed, in the order of entry, days before years.

    Args:
        session: an open session.
        since: leave out holidays before this day.
        upto: leave out what came after this mark.
    """
    days = select(Holiday).order_by(Holiday.id)
    years = select(CalendarYear).order_by(CalendarYear.id)
    if since is not None:
        days = days.where(Holiday.day >= since)
    if upto is not None:
        days = days.where(Holiday.id <= upto.holiday)
        years = years.where(CalendarYear.id <= upto.year)
    return (
        *(
            CalendarAct(_holiday(row), row.entered_by, row.entered_at)
            for row in session.scalars(days)
        ),
        *(
            CalendarAct(_year(row), row.entered_by, row.entered_at)
            for row in session.scalars(years)
        ),
    )


def corrected_table(
    session: Session, base: CalendarTable, upto: CalendarMark | None = None
) -> CalendarTable:
    """Return `calendar.toml` with the history applied, up to a mark or to its end."""
    mark = upto or calendar_mark(session)
    acts = calendar_history(session, upto=mark)
    return apply_changes(base, (act.change for act in acts), version=mark.version_of(base))


def _holiday(row: Holiday) -> HolidayChange:
    return HolidayChange(
        effect=HolidayEffect(row.effect),
        entry=CalendarEntry(
            day=row.day, name=row.name, region=row.region, source=row.source, note=row.note
        ),
    )


def _year(row: CalendarYear) -> YearChange:
    return YearChange(year=row.year, confirmed=row.confirmed, source=row.source, note=row.note)
