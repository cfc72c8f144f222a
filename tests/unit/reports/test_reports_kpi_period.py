from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from correspondence.errors import UsageFault
from reports.kpi_period import Period, fiscal_year, fiscal_year_of, read_day, read_kpi_period


def test_a_fiscal_year_runs_from_october_to_september() -> None:
    assert fiscal_year(2027) == Period(date(2026, 10, 1), date(2027, 9, 30))
    assert fiscal_year_of(date(2026, 9, 30)) == 2026
    assert fiscal_year_of(date(2026, 10, 1)) == 2027
    assert read_kpi_period(fiscal="2570") == read_kpi_period(fiscal="๒๕๗๐") == fiscal_year(2027)


def test_periods_are_read_in_both_eras() -> None:
    november = Period(date(2026, 11, 1), date(2026, 11, 30))
    assert read_kpi_period(month="2569-11") == read_kpi_period(month="2026-11") == november
    assert read_kpi_period("2569-11-01", "2026-11-30") == november
    assert read_kpi_period(month="2567-02").last == date(2024, 2, 29)


def test_days_begin_at_midnight_in_bangkok() -> None:
    begin, after = Period(date(2026, 11, 1), date(2026, 11, 30)).bounds()
    assert begin == datetime(2026, 10, 31, 17, 0, tzinfo=UTC)
    assert after == datetime(2026, 11, 30, 17, 0, tzinfo=UTC)


def test_a_period_says_what_it_is_in_thai() -> None:
    assert read_kpi_period(month="2569-11").thai == "เดือนพฤศจิกายน ๒๕๖๙"
    assert fiscal_year(2027).thai == "ปีงบประมาณ พ.ศ. ๒๕๗๐"
    assert read_kpi_period("2569-11-01", "2569-11-01").thai.startswith("วันที่ ๑ พฤศจิกายน")
    assert "ถึง" in read_kpi_period("2569-11-01", "2569-11-10").thai


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"first": "2569-11-01"},
        {"last": "2569-11-01"},
        {"first": "2569-11-02", "last": "2569-11-01"},
        {"first": "2569-02-30", "last": "2569-03-01"},
        {"month": "2569-13"},
        {"month": "พฤศจิกายน"},
        {"fiscal": "70"},
        {"fiscal": "2570", "month": "2569-11"},
        {"first": "2569-11-01", "last": "2569-11-02", "month": "2569-11"},
    ],
)
def test_anything_else_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(UsageFault):
        read_kpi_period(**asked)  # type: ignore[arg-type]


def test_a_day_has_three_parts() -> None:
    assert read_day(" ๒๕๖๙-๑๑-๒๑ ") == date(2026, 11, 21)
    for wrong in ("2569-11", "21/11/2569", "0001-01-01", ""):
        with pytest.raises(UsageFault):
            read_day(wrong)
