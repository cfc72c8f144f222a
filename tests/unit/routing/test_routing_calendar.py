from __future__ import annotations

from datetime import date

import pytest

from office.calendar_table import CalendarEntry, CalendarTable, load_calendar_table
from office.places import find_folder
from routing.calendar import WorkingCalendar
from routing.faults import CalendarYearMissing

OFFICE = WorkingCalendar.from_table(load_calendar_table(find_folder("config")))


@pytest.mark.parametrize(
    ("day", "worked", "why"),
    [
        (date(2026, 5, 1), True, "Labour Day is worked in a ministry"),
        (date(2027, 5, 3), True, "and so is its substitute"),
        (date(2021, 5, 3), True, "and so is its substitute"),
        (date(2026, 5, 13), False, "Ploughing Day is a government holiday"),
        (date(2026, 4, 13), False, "Songkran"),
        (date(2026, 12, 7), False, "substitute of 5 December"),
        (date(2020, 12, 7), True, "substitute moved away"),
        (date(2020, 12, 11), False, "substitute moved here"),
        (date(2021, 10, 25), True, "substitute moved away"),
        (date(2021, 10, 22), False, "substitute moved here"),
        (date(2023, 7, 31), False, "special day declared on 25 July"),
        (date(2023, 1, 3), True, "one substitute only for 31 December and 1 January"),
        (date(2026, 1, 2), False, "special day"),
        (date(2026, 11, 21), False, "Saturday"),
        (date(2026, 11, 20), True, "an ordinary Friday"),
    ],
)
def test_government_day(day: date, worked: bool, why: str) -> None:
    assert OFFICE.is_working_day(day) is worked, why


def test_no_childrens_day_among_the_names() -> None:
    assert date(2026, 1, 10) not in OFFICE.holidays(2026)


def test_year_without_data_is_refused_by_name() -> None:
    for year in (1900, 2101, 9999):
        with pytest.raises(CalendarYearMissing) as refused:
            OFFICE.is_working_day(date(year, 6, 2))
        assert refused.value.year == year
        assert refused.value.code == "calendar_year_missing"


def test_count_that_runs_into_a_year_without_data_is_refused() -> None:
    with pytest.raises(CalendarYearMissing):
        OFFICE.add_working_days(date(2100, 12, 20), 30)


def test_table_alone_can_give_a_year_its_data() -> None:
    entry = CalendarEntry(date=date(2101, 1, 3), name="วันขึ้นปีใหม่", source="ทดสอบ")
    calendar = WorkingCalendar.from_table(CalendarTable(version="1", add=(entry,)))
    assert not calendar.is_working_day(date(2101, 1, 3))
    assert calendar.is_working_day(date(2101, 1, 4))


def test_next_year_is_not_confirmed() -> None:
    assert OFFICE.confirmed(2026)
    assert not OFFICE.confirmed(2027)
    assert OFFICE.confirmed_between(date(2026, 12, 1), date(2026, 12, 31))
    assert not OFFICE.confirmed_between(date(2026, 12, 1), date(2027, 1, 4))


def test_explicit_calendar_is_weekends_and_the_given_days_only() -> None:
    calendar = WorkingCalendar.from_holidays([date(2026, 11, 23)])
    assert calendar.is_working_day(date(2026, 4, 13))
    assert calendar.add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 24)
    assert calendar.confirmed(2099)


def test_holidays_between_names_weekdays_only() -> None:
    found = OFFICE.holidays_between(date(2026, 12, 1), date(2027, 1, 1))
    assert found == (
        date(2026, 12, 7),
        date(2026, 12, 10),
        date(2026, 12, 31),
        date(2027, 1, 1),
    )
    assert OFFICE.name_of(date(2026, 12, 10)) == "วันรัฐธรรมนูญ"


def test_working_days_between_leaves_the_last_day_out() -> None:
    assert OFFICE.working_days_between(date(2026, 4, 10), date(2026, 4, 16)) == 1
    assert OFFICE.working_days_between(date(2026, 12, 28), date(2027, 1, 5)) == 4
    assert OFFICE.working_days_between(date(2027, 1, 5), date(2026, 12, 28)) == -4
