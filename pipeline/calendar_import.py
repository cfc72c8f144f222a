"""Holidays from a file: what of it the calendar does not hold yet; both doors come through here."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path

from correspondence.errors import UsageFault
from correspondence.reading import Frozen
from office.calendar_changes import HolidayChange, HolidayEffect
from office.calendar_files import MAX_BYTES, read_csv, read_ics
from office.calendar_table import CalendarEntry
from pipeline.bootstrap import House
from routing.calendar import WorkingCalendar
from routing.faults import CalendarYearMissing

_SATURDAY = 5
_BOM = b"\xef\xbb\xbf"


class CalendarKind(StrEnum):
    """How a file writes a calendar down."""

    CSV = "csv"
    ICS = "ics"


class CalendarFile(Frozen):
    """A calendar file: its bytes, no more than one over the limit, and how they are written."""

    data: bytes
    kind: CalendarKind


class FileChanges(Frozen):
    """What a file brings: how many entries it has, and what has to be changed for them."""

    entries: int
    changes: tuple[HolidayChange, ...]


def open_calendar_file(file: Path) -> CalendarFile:
    """Return a .csv or .ics file.

    Raises:
        UsageFault: it cannot be read, or is another kind of file.
    """
    try:
        kind = CalendarKind(file.suffix.lower().removeprefix("."))
    except ValueError:
        raise wrong_kind() from None
    try:
        with file.open("rb") as opened:
            return CalendarFile(data=opened.read(MAX_BYTES + 1), kind=kind)
    except OSError as fault:
        raise UsageFault(f"{file} cannot be read: {fault.strerror}.") from None


def sent_calendar_file(data: bytes) -> CalendarFile:
    """Return a file that came without its name: an iCalendar says so in its first line."""
    ics = data.removeprefix(_BOM).lstrip()[:15].upper() == b"BEGIN:VCALENDAR"
    return CalendarFile(data=data, kind=CalendarKind.ICS if ics else CalendarKind.CSV)


def changes_of_file(
    house: House, file: CalendarFile, *, source: str = "", whole_year: bool = False
) -> FileChanges:
    """Return what a file would change; a second import changes nothing.

    Args:
        house: the office's house.
        file: the file.
        source: what entries rest on that do not say so themselves.
        whole_year: the file is the whole calendar of its years, and the holidays in force that
            it does not name are taken away, on `source`.

    Raises:
        UsageFault: the whole of a year without a source.
        CalendarFileWrong: an entry cannot be read.
    """
    if whole_year and not source:
        raise UsageFault("--whole-year needs --source.", thai="ต้องระบุที่มา (--source)")
    read = read_csv if file.kind is CalendarKind.CSV else read_ics
    entries = read(file.data, source=source)
    changes = needed_changes(house, entries, whole_year=source if whole_year else "")
    return FileChanges(entries=len(entries), changes=changes)


def needed_changes(
    house: House, entries: tuple[HolidayChange, ...], *, whole_year: str = ""
) -> tuple[HolidayChange, ...]:
    """Return what of a file's entries the calendar does not hold yet.

    Entries of other regions are taken as they stand in the file, unless they stand so already.

    Args:
        house: the office's house.
        entries: of the file.
        whole_year: where it is not empty, the source on which holidays in force that the file
            does not name are taken away.
    """
    calendar = house.calendars.refresh()
    table = house.calendars.table
    standing = {(entry.day, entry.region, "add") for entry in table.add}
    standing |= {(entry.day, entry.region, "remove") for entry in table.remove}
    needed = []
    for change in entries:
        entry = change.entry
        if table.holds_here(entry):
            off = _is_off(calendar, entry.day)
            if off != (change.effect is HolidayEffect.ADD):
                needed.append(change)
        elif (entry.day, entry.region, change.effect.value) not in standing:
            needed.append(change)
    if whole_year:
        listed = {c.entry.day for c in entries if c.effect is HolidayEffect.ADD}
        for year in sorted({day.year for day in listed}):
            for day, name in sorted(_holidays(calendar, year).items()):
                if day not in listed and day.weekday() < _SATURDAY:
                    entry = CalendarEntry(
                        day=day, name=name, source=whole_year, note="ไม่มีในปฏิทินที่นำเข้า"
                    )
                    needed.append(HolidayChange(effect=HolidayEffect.REMOVE, entry=entry))
    return tuple(needed)


def wrong_kind() -> UsageFault:
    """Return the fault of a file that is no calendar."""
    return UsageFault("The file is neither .csv nor .ics.", thai="รองรับเฉพาะแฟ้ม .csv และ .ics")


def _is_off(calendar: WorkingCalendar, day: date) -> bool:
    return day in _holidays(calendar, day.year)


def _holidays(calendar: WorkingCalendar, year: int) -> dict[date, str]:
    try:
        return dict(calendar.holidays(year))
    except CalendarYearMissing:
        # The file brings the first data of that year.
        return {}
