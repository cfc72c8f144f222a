from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from correspondence.errors import UsageFault
from correspondence.states import Action
from pipeline.bootstrap import House
from pipeline.kpi_view import KpiQuery, kpi_summary
from pipeline.reporting import make_report
from registry.models import Case, Report
from registry.transitions import take_action
from reports.kpi_period import read_kpi_period
from tests.conftest import SetClock
from tests.seeding import HEAD, REGISTRAR, Seed, finish, register, small_house

# database_url runs each test on SQLite and on PostgreSQL.


@pytest.fixture
def house(tmp_path: Path, clock: SetClock, database_url: str) -> Iterator[House]:
    clock.now = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
    opened = small_house(tmp_path / "home", clock, database_url=database_url)
    yield opened
    opened.close()


def _fill(house: House, clock: SetClock) -> list[int]:
    """Two in time, one late, two open past the date."""
    ids = [register(house, Seed(due=date(2026, 11, 5))) for _ in range(5)]
    clock.move(days=1)
    for case_id in ids[:2]:
        finish(house, case_id)
    clock.move(days=7)
    finish(house, ids[2])
    clock.now = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
    return ids


def test_a_month_is_reported_once(house: House, clock: SetClock) -> None:
    _fill(house, clock)
    first = make_report(house)
    assert (first.period, first.new, first.received) == ("2026-11", True, 5)
    assert first.in_time_percent == 40.0
    again = make_report(house, "2026-11")
    assert not again.new
    assert (again.report_id, again.sha256) == (first.report_id, first.sha256)
    with house.sessions.begin() as session:
        assert session.query(Report).count() == 1
    cells = Document(BytesIO(house.blobs.get(first.sha256))).tables[0].rows[1].cells
    assert cells[-1].text == "๔๐.๐"


def test_a_month_that_is_not_over_is_refused(house: House) -> None:
    for month in ("2026-11", "2027-01"):
        with pytest.raises(UsageFault):
            make_report(house, month)
    with pytest.raises(UsageFault):
        make_report(house, "พฤศจิกายน")


def test_months_begin_at_midnight_in_bangkok(house: House, clock: SetClock) -> None:
    clock.now = datetime(2026, 11, 30, 16, 59, tzinfo=UTC)
    register(house)
    clock.now = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
    register(house)
    clock.now = datetime(2027, 1, 4, 3, 0, tzinfo=UTC)
    assert make_report(house, "2026-11").received == 1
    assert make_report(house, "2026-12").received == 1


def test_a_reopened_case_is_open_again_and_duplicates_are_not_counted(
    house: House, clock: SetClock
) -> None:
    ids = _fill(house, clock)
    clock.now = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
    with house.sessions.begin() as session:
        case = session.get_one(Case, ids[0])
        take_action(session, case, Action.REOPEN, HEAD, at=clock(), reason="มีข้อมูลใหม่")
        twin = session.get_one(Case, ids[4])
        take_action(session, twin, Action.VOID, REGISTRAR, at=clock(), reason="ลงรับซ้ำ")
    clock.now = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
    made = make_report(house)
    with house.sessions.begin() as session:
        total = session.get_one(Report, made.report_id).figures["total"]
    assert total["open_overdue"] == [ids[0], ids[3]]
    assert made.received == 4


def test_what_happens_after_a_month_changes_nothing_of_it(house: House, clock: SetClock) -> None:
    ids = _fill(house, clock)
    with house.sessions.begin() as session:
        case = session.get_one(Case, ids[0])
        take_action(session, case, Action.REOPEN, HEAD, at=clock(), reason="มีข้อมูลใหม่")
    finish(house, ids[3])
    assert make_report(house).in_time_percent == 40.0


def test_the_report_and_the_figures_are_the_same(house: House, clock: SetClock) -> None:
    _fill(house, clock)
    made = make_report(house)
    total = kpi_summary(house, KpiQuery(read_kpi_period(month="2026-11"))).total
    assert (made.received, made.in_time_percent) == (total.received, total.in_time_percent)
    with house.sessions.begin() as session:
        stored = session.get_one(Report, made.report_id).figures["total"]
    for name in ("in_time", "late", "open_in_time", "open_overdue", "open_undated"):
        assert len(stored[name]) == getattr(total, name)
