from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from correspondence.errors import ConfigurationFault
from office.calendar_table import CalendarEntry, CalendarTable, load_calendar_table
from office.places import find_folder


def entry(day: date, region: str = "national") -> CalendarEntry:
    return CalendarEntry(date=day, name="วันทดสอบ", region=region, source="ทดสอบ")


def test_shipped_table_loads_and_names_a_source_for_every_correction() -> None:
    table = load_calendar_table(find_folder("config"))
    assert {e.day for e in table.added()} >= {date(2021, 10, 22), date(2023, 7, 31)}
    assert {e.day for e in table.removed()} >= {date(2020, 12, 7), date(2021, 10, 25)}
    assert 2027 not in table.confirmed_years
    assert all(e.source for e in (*table.add, *table.remove))


def test_entry_of_another_region_does_not_hold_here() -> None:
    table = CalendarTable(version="1", region="central", add=(entry(date(2021, 3, 26), "north"),))
    assert table.added() == ()


def test_same_day_cannot_be_added_and_removed() -> None:
    day = entry(date(2026, 3, 9))
    with pytest.raises(ValidationError, match="both added and removed"):
        CalendarTable(version="1", add=(day,), remove=(day,))


def test_same_day_cannot_stand_twice() -> None:
    day = entry(date(2026, 3, 9))
    with pytest.raises(ValidationError, match="stands twice"):
        CalendarTable(version="1", add=(day, day))


def test_wrong_key_names_file_and_key(tmp_path: Path) -> None:
    (tmp_path / "calendar.toml").write_text('version = "1"\nholydays = []\n', encoding="utf-8")
    with pytest.raises(ConfigurationFault, match="holydays"):
        load_calendar_table(tmp_path)
