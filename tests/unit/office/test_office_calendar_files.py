from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office.calendar_changes import HolidayChange, HolidayEffect, YearChange, apply_changes
from office.calendar_files import (
    MAX_BYTES,
    MAX_ENTRIES,
    CalendarFileWrong,
    read_csv,
    read_ics,
    write_csv,
    write_ics,
)
from office.calendar_table import CalendarEntry, CalendarTable

ADD, REMOVE = HolidayEffect.ADD, HolidayEffect.REMOVE
AT = datetime(2026, 10, 1, tzinfo=UTC)


def change(
    day: date, effect: HolidayEffect = ADD, region: str = "national", **known: str
) -> HolidayChange:
    values = {"name": "วันสงกรานต์", "source": "มติคณะรัฐมนตรี", "note": "", **known}
    entry = CalendarEntry(day=day, region=region, **values)
    return HolidayChange(effect=effect, entry=entry)


WORDS = st.text(st.sampled_from("กขคงวันหยุด ,;:\\\"'=+-@AZaz09\n()"), max_size=40).map(
    lambda text: " ".join(text.split())
)
ENTRIES = st.builds(
    change,
    st.dates(date(2000, 1, 1), date(2060, 12, 31)),
    st.sampled_from(HolidayEffect),
    st.sampled_from(["national", "south"]),
    name=WORDS.filter(lambda text: text.strip("' ") != "").map(lambda text: f"ว{text}"),
    source=WORDS.map(lambda text: f"={text}ม"),
    note=WORDS.filter(lambda text: not text.startswith("'")),
)


@given(st.lists(ENTRIES, max_size=12))
@settings(max_examples=300, deadline=None)
def test_what_is_written_is_read_again(entries: list[HolidayChange]) -> None:
    assert list(read_csv(write_csv(entries))) == entries
    assert list(read_ics(write_ics(entries, at=AT))) == entries


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2027-04-13", date(2027, 4, 13)),
        ("2570-04-13", date(2027, 4, 13)),
        ("13/04/2570", date(2027, 4, 13)),
        ("๑๓ เมษายน ๒๕๗๐", date(2027, 4, 13)),
        ("13 เม.ย. 2570", date(2027, 4, 13)),
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp874"])
def test_dates_of_either_era_and_files_of_a_spreadsheet(
    written: str, day: date, charset: str
) -> None:
    data = f"Date,Name\r\n{written},วันสงกรานต์ หยุดราชการประจำปี\r\n\r\n".encode(charset)
    (found,) = read_csv(data, source="มติคณะรัฐมนตรี 1 ตุลาคม 2569")
    assert (found.entry.day, found.effect) == (day, ADD)
    assert found.entry.name == "วันสงกรานต์ หยุดราชการประจำปี"
    assert found.entry.source == "มติคณะรัฐมนตรี 1 ตุลาคม 2569"


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "day,name\n2027-04-13,x",
        "date,name\nพรุ่งนี้,x",
        "date,name\n2027-02-30,x",
        "date,name\n2027-04-13 และ 2027-04-14,x",
        "date,name\n2027-04-13,",
        "date,name,effect\n2027-04-13,x,maybe",
        f"date,name\n2027-04-13,{'x' * 201}",
        "date,name\n" + "2027-04-13,x\n" * (MAX_ENTRIES + 1),
        "x" * (MAX_BYTES + 1),
        'date,name\n2027-04-13,"' + "x" * 200_000,
    ],
)
def test_csv_that_cannot_be_read_is_refused_by_name(lines: str) -> None:
    with pytest.raises(CalendarFileWrong):
        read_csv(lines.encode(), source="มติ")


def test_entry_that_rests_on_nothing_is_refused() -> None:
    with pytest.raises(CalendarFileWrong, match="source"):
        read_csv(b"date,name\n2027-04-13,x")


def event(*lines: str) -> bytes:
    inside = "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT"))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inside}\r\nEND:VCALENDAR\r\n".encode()


def test_event_of_several_days_is_a_holiday_on_each() -> None:
    data = event("DTSTART;VALUE=DATE:20270413", "DTEND;VALUE=DATE:20270416", "SUMMARY:วันสงกรานต์")
    days = [found.entry.day.day for found in read_ics(data, source="มติ")]
    assert days == [13, 14, 15]


def test_event_with_a_moment_belongs_to_its_day_in_bangkok() -> None:
    (found,) = read_ics(event("DTSTART:20270412T173000Z", "SUMMARY:x"), source="มติ")
    assert found.entry.day == date(2027, 4, 13)


def test_cancelled_event_takes_the_day_away() -> None:
    data = event("DTSTART;VALUE=DATE:20270503", "SUMMARY:x", "STATUS:CANCELLED")
    (found,) = read_ics(data, source="มติ")
    assert found.effect is REMOVE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff rubbish",
        b"PK\x03\x04",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
        event("SUMMARY:x"),
        event("DTSTART:yesterday", "SUMMARY:x"),
        event("DTSTART;VALUE=DATE:20270413", "SUMMARY:"),
        event("DTSTART;VALUE=DATE:20270413", "DTEND;VALUE=DATE:20270613", "SUMMARY:x"),
        event("DTSTART;VALUE=DATE:20270413", "SUMMARY:x", "RRULE:FREQ=YEARLY"),
        b"BEGIN:VCALENDAR\r\n" * 30_000,
    ],
)
def test_ics_that_cannot_be_read_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(CalendarFileWrong):
        if not read_ics(data, source="มติ"):
            raise CalendarFileWrong("empty")


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_end_in_entries_or_in_the_named_fault(data: bytes) -> None:
    for read in (read_csv, read_ics):
        with contextlib.suppress(CalendarFileWrong):
            read(b"date,name\n" + data if read is read_csv else data, source="มติ")


TABLE = CalendarTable(
    version="1",
    region="central",
    confirmed_years=(2026,),
    add=(CalendarEntry(day=date(2026, 5, 4), name="a", source="s"),),
    remove=(CalendarEntry(day=date(2026, 6, 1), name="r", source="s"),),
)


def test_later_decision_holds_and_other_regions_stay_apart() -> None:
    day = date(2026, 5, 4)
    south = apply_changes(TABLE, [change(day, REMOVE, "south")], version="2")
    assert [entry.day for entry in south.added()] == [day]
    central = apply_changes(TABLE, [change(day, REMOVE, "central")], version="2")
    assert central.added() == ()
    assert day in [entry.day for entry in central.removed()]
    again = apply_changes(TABLE, [change(day, REMOVE), change(day)], version="3")
    assert [entry.name for entry in again.added()] == ["วันสงกรานต์"]
    assert (again.version, TABLE.version) == ("3", "1")


def test_years_are_confirmed_and_taken_back() -> None:
    more = apply_changes(TABLE, [YearChange(year=2027, source="มติ")], version="2")
    assert more.confirmed_years == (2026, 2027)
    less = apply_changes(more, [YearChange(year=2026, confirmed=False, source="x")], version="3")
    assert less.confirmed_years == (2027,)
