"""The calendar as a file: .csv for a spreadsheet, .ics for a calendar; both ways, and back again.

Files come from outside, so bytes, rows and lengths have limits, and nothing in them is run.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Component, Event
from pydantic import ValidationError

from correspondence.charsets import decode_thai
from correspondence.clock import BANGKOK
from correspondence.errors import UsageFault
from correspondence.thai_dates import find_dates
from office.calendar_changes import HolidayChange, HolidayEffect
from office.calendar_table import NATIONAL, CalendarEntry

MAX_BYTES = 1_000_000
MAX_ENTRIES = 5_000
LONGEST_SPAN = 31
COLUMNS = ("date", "effect", "name", "region", "source", "note")
# Words a person may write in the column `effect`.
_EFFECTS = {
    "": HolidayEffect.ADD,
    "add": HolidayEffect.ADD,
    "เพิ่ม": HolidayEffect.ADD,
    "remove": HolidayEffect.REMOVE,
    "ยกเลิก": HolidayEffect.REMOVE,
}
_LONGEST = {"name": 200, "region": 40, "source": 500, "note": 1000}
# A cell that begins so is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t")


class CalendarFileWrong(UsageFault):
    """A calendar file cannot be read; says which line or event and why."""

    code = "calendar_file_wrong"


def read_csv(data: bytes, *, source: str = "") -> tuple[HolidayChange, ...]:
    """Return the changes of a .csv file.

    The first line names the columns: `date` and `name` are needed; `effect` (add, remove),
    `region`, `source` and `note` may be left out. Dates are ISO or as Thais write them, in C.E.
    or B.E. Bytes may be UTF-8 or the Thai code page of spreadsheets.

    Args:
        data: the file.
        source: what the entries rest on where the file does not say.

    Raises:
        CalendarFileWrong: too large, a column missing, or a line that cannot be read.
    """
    text = decode_thai(_checked(data))[0].lstrip("\ufeff")
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        head = [cell.strip().lower() for cell in next(rows, [])]
        if "date" not in head or "name" not in head:
            raise _wrong(1, "the columns date and name are needed", "ต้องมีคอลัมน์ date และ name")
        changes = []
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            known = dict(zip(head, (_plain(cell) for cell in cells), strict=False))
            day = _day(known.get("date", ""))
            if day is None:
                raise _wrong(rows.line_num, "the date cannot be read", "อ่านวันที่ไม่ได้")
            effect = _EFFECTS.get(known.get("effect", "").lower())
            if effect is None:
                raise _wrong(
                    rows.line_num, "effect is add or remove", "effect ต้องเป็น add หรือ remove"
                )
            known["source"] = known.get("source") or source
            changes.append(_change(rows.line_num, day, effect, known))
            _count(changes)
    except csv.Error:
        raise _wrong(rows.line_num, "the line is no CSV", "บรรทัดนี้ไม่ใช่ CSV") from None
    return tuple(changes)


def read_ics(data: bytes, *, source: str = "") -> tuple[HolidayChange, ...]:
    """Return the changes of an .ics file (RFC 5545): each event is a holiday on each of its days.

    A cancelled event (STATUS:CANCELLED) takes the day away. An event that repeats by a rule is
    refused: holidays are written out year by year.

    Args:
        data: the file.
        source: what the entries rest on where the file does not say.

    Raises:
        CalendarFileWrong: too large, no calendar, or an event that cannot be read.
    """
    try:
        calendar = Calendar.from_ical(_checked(data))
        events = list(calendar.walk("VEVENT"))
    except (ValueError, KeyError, IndexError, AttributeError, TypeError, RecursionError):
        raise CalendarFileWrong(
            "The file is no iCalendar.", thai="แฟ้มนี้ไม่ใช่ปฏิทิน iCalendar (.ics)"
        ) from None
    changes: list[HolidayChange] = []
    for number, event in enumerate(events, start=1):
        if any(event.get(rule) is not None for rule in ("RRULE", "RDATE")):
            raise _wrong(number, "the event repeats; write it out", "รายการซ้ำตามกฎ ให้เขียนทีละวัน")
        known = {
            "name": _plain(str(event.get("SUMMARY", ""))),
            "region": _plain(str(event.get("X-SARABAN-REGION", ""))),
            "source": _plain(str(event.get("X-SARABAN-SOURCE", ""))) or source,
            "note": _plain(str(event.get("DESCRIPTION", ""))),
        }
        cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
        effect = HolidayEffect.REMOVE if cancelled else HolidayEffect.ADD
        for day in _days_of(number, event):
            changes.append(_change(number, day, effect, known))
            _count(changes)
    return tuple(changes)


def write_csv(changes: Iterable[HolidayChange]) -> bytes:
    """Return entries as .csv (UTF-8 with a mark for spreadsheets), readable by `read_csv`."""
    written = io.StringIO(newline="")
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    for change in changes:
        entry = change.entry
        cells = (entry.name, entry.region, entry.source, entry.note)
        rows.writerow(
            (entry.day.isoformat(), change.effect.value, *(_harmless(cell) for cell in cells))
        )
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def write_ics(changes: Iterable[HolidayChange], *, at: datetime) -> bytes:
    """Return entries as .ics, all-day events, readable by `read_ics`.

    Args:
        changes: the entries.
        at: the aware moment of writing (DTSTAMP).
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Saraban//government holidays//TH")
    calendar.add("version", "2.0")
    for change in changes:
        entry = change.entry
        event = Event()
        event.add("uid", f"{entry.day.isoformat()}-{entry.region}-{change.effect}@saraban")
        event.add("dtstamp", at.astimezone(UTC))
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("summary", entry.name)
        event.add("transp", "TRANSPARENT")
        if change.effect is HolidayEffect.REMOVE:
            event.add("status", "CANCELLED")
        if entry.note:
            event.add("description", entry.note)
        event.add("x-saraban-region", entry.region)
        event.add("x-saraban-source", entry.source)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _checked(data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise CalendarFileWrong("The file is too large.", thai="แฟ้มปฏิทินใหญ่เกินกำหนด")
    return data


def _count(changes: list[HolidayChange]) -> None:
    if len(changes) > MAX_ENTRIES:
        raise CalendarFileWrong("Too many entries.", thai="แฟ้มปฏิทินมีรายการมากเกินกำหนด")


def _day(text: str) -> date | None:
    """Return the date that is the whole of a cell; a mere part of it may mean anything."""
    found = find_dates(text)
    whole = len(found) == 1 and text[found[0].start : found[0].end].strip() == text.strip()
    return found[0].value if whole else None


def _days_of(number: int, event: Component) -> Iterator[date]:
    try:
        start, end = (
            _as_day(event.decoded(name)) if event.get(name) is not None else None
            for name in ("DTSTART", "DTEND")
        )
    except (ValueError, KeyError, AttributeError, TypeError):
        start = end = None
    if start is None:
        raise _wrong(number, "the event has no date", "รายการไม่มีวันที่")
    last = start if end is None else max(start, end - timedelta(days=1))
    if (last - start).days >= LONGEST_SPAN:
        raise _wrong(number, "the event is too long for a holiday", "รายการยาวเกินกว่าวันหยุด")
    for offset in range((last - start).days + 1):
        yield start + timedelta(days=offset)


def _as_day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(BANGKOK).date() if value.tzinfo else value.date()
    return value if isinstance(value, date) else None


def _change(number: int, day: date, effect: HolidayEffect, known: dict[str, str]) -> HolidayChange:
    for column, longest in _LONGEST.items():
        if len(known.get(column, "")) > longest:
            raise _wrong(number, f"{column} is too long", f"{column} ยาวเกินกำหนด")
    if not known.get("source"):
        raise _wrong(
            number, "no source: what does the holiday rest on?", "ไม่มีที่มา (source) ของวันหยุด"
        )
    try:
        entry = CalendarEntry(
            day=day,
            name=known.get("name", ""),
            region=known.get("region") or NATIONAL,
            source=known["source"],
            note=known.get("note", ""),
        )
    except ValidationError:
        raise _wrong(number, "the holiday has no name", "วันหยุดไม่มีชื่อ") from None
    return HolidayChange(effect=effect, entry=entry)


def _plain(cell: str) -> str:
    """Return a cell without control characters and without the mark of a harmless formula."""
    text = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in cell).strip()
    return text[1:] if text.startswith("'") and text[1:2] in _FORMULA else text


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _wrong(number: int, english: str, thai: str) -> CalendarFileWrong:
    return CalendarFileWrong(f"Entry {number}: {english}.", thai=f"รายการที่ {number}: {thai}")
