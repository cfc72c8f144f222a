from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from correspondence.clock import BANGKOK
from correspondence.vocabulary import Deem, PeriodUnit, Roll
from office.calendar_table import load_calendar_table
from office.places import find_folder
from routing.calendar import WorkingCalendar
from routing.counting import count, count_hours, deem
from routing.faults import CalendarYearMissing
from routing.pausing import shift_due

OFFICE = WorkingCalendar.from_table(load_calendar_table(find_folder("config")))
# Pure functions: ten thousand cases of each property of deadlines.md, some eight seconds each.
EVERY_CASE = settings(max_examples=10_000, deadline=None)
W, C, M = PeriodUnit.WORKING, PeriodUnit.CALENDAR, PeriodUnit.MONTHS
NONE, NEXT, PREVIOUS = Roll.NONE, Roll.NEXT, Roll.PREVIOUS


@pytest.mark.parametrize(
    ("anchor", "n", "unit", "roll", "due"),
    [
        # plain weeks of November 2026
        ("2026-11-16", 1, W, NONE, "2026-11-17"),
        ("2026-11-20", 1, W, NONE, "2026-11-23"),
        ("2026-11-21", 1, W, NONE, "2026-11-23"),
        ("2026-11-21", 0, W, NONE, "2026-11-23"),
        ("2026-11-21", 0, W, PREVIOUS, "2026-11-20"),
        ("2026-11-16", 5, W, NONE, "2026-11-23"),
        ("2026-11-23", -1, W, NONE, "2026-11-20"),
        ("2026-11-22", -1, W, NONE, "2026-11-20"),
        # Songkran
        ("2026-04-10", 1, W, NONE, "2026-04-16"),
        ("2026-04-12", 3, W, NONE, "2026-04-20"),
        ("2025-04-10", 3, W, NONE, "2025-04-18"),
        # the year's end crosses 31 December and 1 January
        ("2026-12-30", 1, W, NONE, "2027-01-04"),
        ("2024-12-27", 2, W, NONE, "2025-01-03"),
        ("2027-01-04", -1, W, NONE, "2026-12-30"),
        # Labour Day is worked, Ploughing Day is not
        ("2026-04-30", 1, W, NONE, "2026-05-01"),
        ("2026-05-12", 1, W, NONE, "2026-05-14"),
        # corrected days
        ("2020-12-04", 1, W, NONE, "2020-12-07"),
        ("2020-12-09", 1, W, NONE, "2020-12-14"),
        ("2021-10-21", 1, W, NONE, "2021-10-25"),
        ("2023-07-27", 1, W, NONE, "2023-08-03"),
        # 29 February
        ("2028-02-28", 1, W, NONE, "2028-02-29"),
        ("2028-01-30", 30, C, NONE, "2028-02-29"),
        ("2028-02-29", 12, M, NONE, "2029-02-28"),
        ("2027-02-28", 12, M, NONE, "2028-02-28"),
        # calendar days, the last one on a Saturday
        ("2026-11-06", 15, C, NONE, "2026-11-21"),
        ("2026-11-06", 15, C, NEXT, "2026-11-23"),
        ("2026-11-06", 15, C, PREVIOUS, "2026-11-20"),
        # rolling over a holiday and back before it
        ("2026-04-04", 10, C, NEXT, "2026-04-16"),
        ("2026-04-04", 10, C, PREVIOUS, "2026-04-10"),
        # never back past the anchor
        ("2026-11-21", 1, C, PREVIOUS, "2026-11-22"),
        # months clamp to the month's end
        ("2026-01-31", 1, M, NONE, "2026-02-28"),
        ("2026-01-31", 1, M, NEXT, "2026-03-02"),
        ("2026-01-31", 1, M, PREVIOUS, "2026-02-27"),
        ("2026-10-31", 1, M, NONE, "2026-11-30"),
        ("2026-12-15", 1, M, NONE, "2027-01-15"),
        ("2026-03-31", -1, M, NONE, "2026-02-28"),
    ],
)
def test_count_of_the_office(anchor: str, n: int, unit: PeriodUnit, roll: Roll, due: str) -> None:
    assert count(date.fromisoformat(anchor), n, unit, roll, OFFICE).isoformat() == due


def test_half_past_six_in_bangkok_is_that_day_although_utc_says_the_day_before() -> None:
    received = datetime(2026, 11, 15, 23, 30, tzinfo=UTC)
    assert deem(received, Deem.AS_IS, OFFICE) == date(2026, 11, 16)
    assert deem(received, Deem.NEXT_WORKING_DAY, OFFICE) == date(2026, 11, 16)


@pytest.mark.parametrize(
    ("received", "anchor"),
    [
        (datetime(2026, 11, 20, 16, 29, tzinfo=BANGKOK), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 16, 30, tzinfo=BANGKOK), date(2026, 11, 23)),
        (datetime(2026, 11, 21, 9, 0, tzinfo=BANGKOK), date(2026, 11, 23)),
        (datetime(2026, 11, 22, 23, 0, tzinfo=BANGKOK), date(2026, 11, 23)),
        (datetime(2026, 12, 30, 20, 0, tzinfo=BANGKOK), date(2027, 1, 4)),
    ],
)
def test_after_hours_mail_counts_from_the_next_working_day(
    received: datetime, anchor: date
) -> None:
    assert deem(received, Deem.NEXT_WORKING_DAY, OFFICE) == anchor
    assert deem(received, Deem.AS_IS, OFFICE) == received.date()


def test_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        deem(datetime(2026, 11, 20), Deem.AS_IS, OFFICE)


@pytest.mark.parametrize("unit", [W, C, M])
def test_count_beyond_the_calendar_is_refused(unit: PeriodUnit) -> None:
    with pytest.raises(CalendarYearMissing):
        count(date(2026, 1, 1), 5_000_000, unit, NEXT, WorkingCalendar.from_holidays(()))


@pytest.mark.parametrize(
    ("received", "anchor", "n", "due"),
    [
        # straight on through the night and over the weekend
        ("2026-11-20T15:00", "2026-11-20", 24, "2026-11-21T15:00"),
        ("2026-11-20T15:30", "2026-11-20", 72, "2026-11-23T15:30"),
        ("2026-12-31T23:30", "2026-12-31", 1, "2027-01-01T00:30"),
        # deemed received on Monday: from the opening of the office
        ("2026-11-20T17:00", "2026-11-23", 4, "2026-11-23T12:30"),
        ("2026-11-20T15:00", "2026-11-20", 0, "2026-11-20T15:00"),
    ],
)
def test_hours_run_straight_on(received: str, anchor: str, n: int, due: str) -> None:
    moment = datetime.fromisoformat(received).replace(tzinfo=BANGKOK)
    found = count_hours(moment.astimezone(UTC), date.fromisoformat(anchor), n)
    assert found == datetime.fromisoformat(due).replace(tzinfo=BANGKOK)
    assert found.tzinfo is BANGKOK


def test_hours_do_not_count_from_a_day_nor_past_the_last_year() -> None:
    with pytest.raises(ValueError, match="from a moment"):
        count(date(2026, 11, 20), 24, PeriodUnit.HOURS, NONE, OFFICE)
    with pytest.raises(CalendarYearMissing):
        count_hours(datetime(9999, 12, 31, 12, tzinfo=BANGKOK), date(9999, 12, 31), 24)


DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
PERIODS = st.integers(0, 400)
MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2035, 12, 31), timezones=st.just(BANGKOK))


@st.composite
def calendars(draw: st.DrawFn) -> tuple[date, int, frozenset[date]]:
    """An anchor, a period, and holidays strewn where the count will pass."""
    anchor, n = draw(DAYS), draw(PERIODS)
    # One draw of bytes, two a holiday: quicker to draw than a set of days.
    strewn = draw(st.binary(max_size=50))
    offsets = {
        int.from_bytes(strewn[i : i + 2]) % (2 * n + 21) - 5 for i in range(0, len(strewn), 2)
    }
    return anchor, n, frozenset(anchor + timedelta(days=offset) for offset in offsets)


def day_by_day(anchor: date, n: int, holidays: frozenset[date]) -> date:
    """The definition, walked: the n-th day after the anchor that is neither weekend nor holiday."""
    day = anchor
    while n:
        day += timedelta(days=1)
        n -= day.weekday() < 5 and day not in holidays
    return day


@given(calendars())
@EVERY_CASE
def test_counting_agrees_with_walking_day_by_day(case: tuple[date, int, frozenset[date]]) -> None:
    anchor, n, holidays = case
    calendar = WorkingCalendar.from_holidays(holidays)
    if n:
        assert count(anchor, n, W, NONE, calendar) == day_by_day(anchor, n, holidays)


@given(calendars())
@EVERY_CASE
def test_working_day_due_date_is_a_working_day(case: tuple[date, int, frozenset[date]]) -> None:
    anchor, n, holidays = case
    calendar = WorkingCalendar.from_holidays(holidays)
    for signed in (n, -n):
        assert calendar.is_working_day(count(anchor, signed, W, NONE, calendar))


@given(calendars(), st.sampled_from([(W, NONE), (C, NONE), (C, NEXT), (M, NEXT), (C, PREVIOUS)]))
@EVERY_CASE
def test_due_date_is_monotone_in_n_and_in_receipt(
    case: tuple[date, int, frozenset[date]], how: tuple[PeriodUnit, Roll]
) -> None:
    anchor, n, holidays = case
    calendar = WorkingCalendar.from_holidays(holidays)
    due = count(anchor, n, *how, calendar)
    assert due <= count(anchor, n + 1, *how, calendar)
    assert due <= count(anchor + timedelta(days=1), n, *how, calendar)


@given(
    calendars(), st.integers(-5, 500), st.sampled_from([(W, NONE), (C, NONE), (C, NEXT), (M, NEXT)])
)
@EVERY_CASE
def test_adding_a_holiday_never_makes_a_due_date_earlier(
    case: tuple[date, int, frozenset[date]], offset: int, how: tuple[PeriodUnit, Roll]
) -> None:
    anchor, n, holidays = case
    more = holidays | {anchor + timedelta(days=offset)}
    before = count(anchor, n, *how, WorkingCalendar.from_holidays(holidays))
    assert before <= count(anchor, n, *how, WorkingCalendar.from_holidays(more))


@given(MOMENTS, PERIODS, st.sampled_from([W, C, M]))
@EVERY_CASE
def test_as_is_is_never_later_than_next_working_day(
    received: datetime, n: int, unit: PeriodUnit
) -> None:
    n = min(n, 100)
    as_is = deem(received, Deem.AS_IS, OFFICE)
    moved = deem(received, Deem.NEXT_WORKING_DAY, OFFICE)
    assert as_is <= moved
    assert OFFICE.is_working_day(moved)
    assert count(as_is, n, unit, NEXT, OFFICE) <= count(moved, n, unit, NEXT, OFFICE)


@given(calendars(), st.integers(0, 60), st.sampled_from([W, C, M]))
@EVERY_CASE
def test_pause_restores_the_time_and_a_pause_of_no_day_changes_nothing(
    case: tuple[date, int, frozenset[date]], length: int, unit: PeriodUnit
) -> None:
    anchor, n, holidays = case
    calendar = WorkingCalendar.from_holidays(holidays)
    due = count(anchor, n, unit, NEXT, calendar)
    assert shift_due(due, unit, anchor, anchor, calendar, NEXT) == due
    later = shift_due(due, unit, anchor, anchor + timedelta(days=length), calendar, NEXT)
    assert later >= due
    if unit is C:
        assert later >= due + timedelta(days=length)


def test_pause_cannot_end_before_it_began() -> None:
    with pytest.raises(ValueError, match="before it began"):
        shift_due(date(2026, 11, 20), W, date(2026, 11, 2), date(2026, 11, 1), OFFICE)
