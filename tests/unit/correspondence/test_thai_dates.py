"""Dates and times of thai.md, each line a case; formatting and reading undo each other."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondence.clock_times import find_times
from correspondence.thai_dates import (
    DateProblem,
    Digits,
    common_era_year,
    find_dates,
    parse_date,
    short_thai_date,
    thai_date,
    thai_month,
)
from correspondence.thai_digits import thai_digits

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


@given(DAYS, st.sampled_from(Digits))
def test_a_written_date_reads_back(day: date, digits: Digits) -> None:
    assert parse_date(f"กรุงเทพ วันที่ {thai_date(day, digits)} เวลา") == day
    assert parse_date(short_thai_date(day, digits)) == day


@given(DAYS, st.text(alphabet="กขคงา ่้\n", max_size=20))
def test_spans_point_at_what_stands_in_the_text(day: date, before: str) -> None:
    text = f"{before} {thai_date(day)} จบ"
    found = find_dates(text)[-1]
    assert text[found.start : found.end] == found.text == thai_date(day)


@given(st.text(max_size=300))
def test_any_text_is_searched_without_a_fault(text: str) -> None:
    for found in (*find_dates(text), *find_times(text)):
        assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("๑๗ มีนาคม ๒๕๖๖", date(2023, 3, 17)),
        ("17 มีนาคม 256๖", date(2023, 3, 17)),
        ("17 มี.ค. 66", date(2023, 3, 17)),
        ("๑๗ มี.ค. ๒๕๖๖", date(2023, 3, 17)),
        ("17 มค. 2566", date(2023, 1, 17)),
        ("29 กุมภาพันธ์ 2567", date(2024, 2, 29)),
        ("๑ มกราคม พ.ศ. ๒๕๖๙", date(2026, 1, 1)),
        ("1 มกราคม ค.ศ. 2026", date(2026, 1, 1)),
        ("1 มกราคม 2026", date(2026, 1, 1)),
        ("1 มกราคม ค.ศ. 26", date(2026, 1, 1)),
        ("วันที่ ๘ เดือน กรกฎาคม พุทธศักราช ๒๕๖๘", date(2025, 7, 8)),
        ("23/3/2566", date(2023, 3, 23)),
        ("๒๓/๓/๖๖", date(2023, 3, 23)),
        ("23-03-2023", date(2023, 3, 23)),
        ("2026-06-24", date(2026, 6, 24)),
        ("3 June 2026", date(2026, 6, 3)),
        ("June 3, 2026", date(2026, 6, 3)),
        ("the 3rd of June 2026", date(2026, 6, 3)),
        ("Wednesday, 3 Jun. 2569", date(2026, 6, 3)),
        ("๓๐  กันยายน  ๒๕๖๙", date(2026, 9, 30)),
        ("5 พฤษจิกายน 2569", date(2026, 11, 5)),
        ("17 มนาคม 2566", date(2023, 3, 17)),
    ],
)
def test_every_way_of_writing_a_day(text: str, day: date) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("๖ - ๗ กันยายน ๒๕๕๕", date(2012, 9, 6), date(2012, 9, 7)),
        ("๕ - ๖ และ ๙ - ๑๑ มกราคม ๒๕๖๙", date(2026, 1, 5), date(2026, 1, 11)),
        ("๒๔ มกราคม - ๕ กุมภาพันธ์ ๒๕๖๙", date(2026, 1, 24), date(2026, 2, 5)),
        ("28 ธันวาคม - 3 มกราคม 2570", date(2026, 12, 28), date(2027, 1, 3)),
        ("22 - 24 June 2026", date(2026, 6, 22), date(2026, 6, 24)),
    ],
)
def test_ranges_keep_both_ends(text: str, first: date, last: date) -> None:
    (found,) = find_dates(text)
    assert (found.value, found.last, found.is_range) == (first, last, True)


def test_broken_ranges_keep_their_periods() -> None:
    (found,) = find_dates("๕ - ๖ และ ๙ - ๑๑ มกราคม ๒๕๖๙")
    assert [(p.first.day, p.last.day) for p in found.periods] == [(5, 6), (9, 11)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("30 กุมภาพันธ์ 2567", DateProblem.NO_SUCH_DAY),
        ("29 กุมภาพันธ์ 2566", DateProblem.NO_SUCH_DAY),
        ("31/2/2566", DateProblem.NO_SUCH_DAY),
        ("มีนาคม ๒๕๖๖", DateProblem.DAY_MISSING),
        ("January 2025", DateProblem.DAY_MISSING),
        ("3 มิถุนา", DateProblem.YEAR_MISSING),
        ("3 มิถุนายน 2350", DateProblem.YEAR_OUT_OF_RANGE),
    ],
)
def test_a_date_without_value_says_why(text: str, problem: DateProblem) -> None:
    (found,) = find_dates(text)
    assert found.value is None
    assert found.problem is problem


def test_a_missing_year_is_borrowed_and_said_so() -> None:
    (found,) = find_dates("ภายใน 3 ต.ค.", default_year=2025)
    assert (found.value, found.guessed) == (date(2025, 10, 3), True)


@pytest.mark.parametrize(
    "text", ["กค 0402.5/ว 138", "0 2288 4000", "คณะตุลาการ 3 ตุลาการ", "080-555-0101", "มาตรา ๒๖"]
)
def test_numbers_that_are_no_dates(text: str) -> None:
    assert find_dates(text) == ()


def test_an_hour_behind_a_month_is_not_a_year() -> None:
    (found,) = find_dates("29 พ.ค. 10.00 น.", default_year=2026)
    assert found.value == date(2026, 5, 29)
    assert find_dates("11 มิ.ย. 69 ประมาณ 11 โมง")[0].value == date(2026, 6, 11)


@pytest.mark.parametrize(
    ("year", "era", "expected"),
    [
        (2566, None, 2023), (2400, None, 1857), (2700, None, 2157), (2023, None, 2023),
        (66, None, 2023), (66, "พ.ศ.", 2023), (26, "ค.ศ.", 2026), (2350, None, None),
        (1850, None, None), (2566, "ค.ศ.", None),
    ],
)  # fmt: skip
def test_years_of_both_eras(year: int, era: str | None, expected: int | None) -> None:
    assert common_era_year(year, era) == expected


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("๐๙.๓๐ น.", time(9, 30)), ("09:30", time(9, 30)), ("เวลา ๑๓.๓๐ นาฬิกา", time(13, 30)),
        ("๑๓ นาฬิกา", time(13, 0)), ("3 p.m.", time(15, 0)), ("12.30 a.m.", time(0, 30)),
        ("0930 hrs", time(9, 30)), ("บ่ายสองโมง", time(14, 0)), ("3 ทุ่ม", time(21, 0)),
        ("11 โมง", time(11, 0)), ("4 โมงเย็น", time(16, 0)), ("เที่ยงครึ่ง", time(12, 30)),
        ("at 15.00", time(15, 0)),
    ],
)  # fmt: skip
def test_every_way_of_writing_an_hour(text: str, moment: time) -> None:
    assert find_times(text)[0].value == moment


def test_hours_that_do_not_exist_and_amounts_are_no_times() -> None:
    assert find_times("25.00 น. และ 9.30 บาท ข้อ 4.12") == ()


def test_a_range_of_hours_keeps_its_end() -> None:
    (found,) = find_times("เวลา ๐๙.๐๐ - ๑๖.๓๐ น.")
    assert (found.value, found.last) == (time(9, 0), time(16, 30))


def test_the_office_writes_thai_digits() -> None:
    day = date(2023, 3, 17)
    assert thai_date(day) == "๑๗ มีนาคม ๒๕๖๖"
    assert thai_date(day, Digits.ARABIC) == "17 มีนาคม 2566"
    assert short_thai_date(day) == "17 มี.ค. 2566"
    assert thai_month(day) == "มีนาคม ๒๕๖๖"
    assert thai_digits("17/3") == "๑๗/๓"
