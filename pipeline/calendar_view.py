"""What the office's calendar holds: holidays of a year, who changed them, and both as a file."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from correspondence.errors import UsageFault
from correspondence.reading import Frozen
from office.calendar_changes import HolidayChange, HolidayEffect, YearChange
from office.calendar_files import write_csv, write_ics
from office.calendar_table import NATIONAL, CalendarEntry
from pipeline.bootstrap import House
from pipeline.calendar_import import wrong_kind
from registry.calendar import calendar_history
from registry.engine import open_snapshot

SEED = "ชุดข้อมูลตั้งต้น (holidays)"
_SATURDAY = 5


class HolidayLine(Frozen):
    """A holiday in force where the office works; `counts` is False on a weekend."""

    day: date
    name: str
    counts: bool
    region: str
    source: str
    note: str


class RemovedLine(Frozen):
    """A day of the seed that the office works on."""

    day: date
    name: str
    region: str
    source: str
    note: str


class CalendarYearView(Frozen):
    """JSON of `calendar show`: a CE year as every count sees it."""

    year: int
    version: str
    confirmed: bool
    working_days: int
    holidays: tuple[HolidayLine, ...]
    removed: tuple[RemovedLine, ...]


class HistoryLine(Frozen):
    """One change a person has made: `day` for a holiday, `year` for a confirmation."""

    at: datetime
    by: str
    effect: str
    day: date | None
    year: int | None
    name: str
    region: str
    source: str
    note: str


def show_year(house: House, year: int) -> CalendarYearView:
    """Return the calendar of a CE year as it stands now.

    Raises:
        CalendarYearMissing: there is no data of that year.
    """
    calendar = house.calendars.refresh()
    table = house.calendars.table
    added = {entry.day: entry for entry in table.added()}
    return CalendarYearView(
        year=year,
        version=calendar.version,
        confirmed=calendar.confirmed(year),
        working_days=calendar.working_days_between(date(year, 1, 1), date(year, 12, 31))
        + calendar.is_working_day(date(year, 12, 31)),
        holidays=tuple(
            _line(day, name, added.get(day))
            for day, name in sorted(calendar.holidays(year).items())
        ),
        removed=tuple(
            RemovedLine(**entry.model_dump())
            for entry in sorted(table.removed(), key=lambda entry: entry.day)
            if entry.day.year == year
        ),
    )


def show_history(house: House) -> tuple[HistoryLine, ...]:
    """Return every change people have made, the latest first."""
    with open_snapshot(house.sessions) as session:
        acts = calendar_history(session)
    lines = []
    for act in acts:
        change = act.change
        if isinstance(change, YearChange):
            effect = "confirm" if change.confirmed else "unconfirm"
            lines.append(
                HistoryLine(
                    at=act.at,
                    by=act.by,
                    effect=effect,
                    day=None,
                    year=change.year,
                    name="",
                    region="",
                    source=change.source,
                    note=change.note,
                )
            )
        else:
            entry = change.entry.model_dump()
            lines.append(
                HistoryLine(at=act.at, by=act.by, effect=change.effect, year=None, **entry)
            )
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))


def entries_of_years(house: House, first: int, last: int) -> tuple[HolidayChange, ...]:
    """Return the calendar of CE years as entries: holidays in force and days taken away.

    Raises:
        CalendarYearMissing: there is no data of one of them.
    """
    entries = []
    for year in range(first, last + 1):
        view = show_year(house, year)
        for effect, lines in (
            (HolidayEffect.ADD, view.holidays),
            (HolidayEffect.REMOVE, view.removed),
        ):
            for line in lines:
                entry = CalendarEntry(
                    day=line.day,
                    name=line.name,
                    region=line.region,
                    source=line.source,
                    note=line.note,
                )
                entries.append(HolidayChange(effect=effect, entry=entry))
    return tuple(sorted(entries, key=lambda change: change.entry.day))


def export_years(house: House, first: int, last: int, file: Path) -> int:
    """Write the calendar of CE years to a .csv or .ics file; returns the number of entries.

    Raises:
        UsageFault: another kind of file, or it cannot be written.
        CalendarYearMissing: there is no data of a year.
    """
    entries = entries_of_years(house, first, last)
    if file.suffix.lower() == ".csv":
        data = write_csv(entries)
    elif file.suffix.lower() == ".ics":
        data = write_ics(entries, at=house.clock())
    else:
        raise wrong_kind()
    try:
        file.write_bytes(data)
    except OSError as fault:
        raise UsageFault(f"{file} cannot be written: {fault.strerror}.") from None
    return len(entries)


def _line(day: date, name: str, entry: CalendarEntry | None) -> HolidayLine:
    return HolidayLine(
        day=day,
        name=name,
        counts=day.weekday() < _SATURDAY,
        region=entry.region if entry else NATIONAL,
        source=entry.source if entry else SEED,
        note=entry.note if entry else "",
    )
