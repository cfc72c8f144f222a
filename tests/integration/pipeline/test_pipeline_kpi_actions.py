"""Figures of cases that people extended, paused, opened again and merged, through the one door."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from correspondence.states import Action
from correspondence.vocabulary import Role
from office.settings import Settings
from pipeline.bootstrap import open_house
from pipeline.kpi_view import KpiQuery, kpi_list, kpi_summary
from reports.kpi_cell import STANDINGS, Figure
from reports.kpi_period import read_kpi_period
from tests.case_office import STAFF, CaseOffice, staff_office
from tests.conftest import SetClock
from tests.seeding import Seed

HEAD, CHIEF = STAFF[Role.GROUP_HEAD], STAFF[Role.OFFICE_HEAD]
MARCH, APRIL = read_kpi_period(month="2569-03"), read_kpi_period(month="2569-04")
DUE = date(2026, 3, 13)


def at(day: int, month: int = 3, hour: int = 3) -> datetime:
    """Return a moment of 2026; 3:00 in UTC is ten o'clock in Bangkok."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def office(database_url: str, tmp_path: Path, clock: SetClock) -> Iterator[CaseOffice]:
    clock.now = at(2)
    settings = Settings.model_validate(
        {"home": tmp_path, "database_url": database_url, "blob_url": "", "smtp_url": ""}
    )
    house = open_house(settings, clock=clock)
    staff_office(house)
    yield CaseOffice(house, clock)
    house.close()


def answer(office: CaseOffice, case_id: int) -> None:
    """Let a case in review leave the office and close."""
    for action, by in (
        (Action.APPROVE, HEAD),
        (Action.SIGN, CHIEF),
        (Action.DISPATCH, CHIEF),
        (Action.CLOSE, HEAD),
    ):
        office.do(case_id, action, by)


def cases(office: CaseOffice, figure: Figure, query: KpiQuery | None = None) -> list[int]:
    query = query or KpiQuery(MARCH)
    found = kpi_list(office.house, query, figure.value)
    numbers = kpi_summary(office.house, query).total
    assert found.number == len(found.cases) == getattr(numbers, figure.value)
    return [case.case_id for case in found.cases]


def test_an_extension_is_counted_and_its_original_date_reported(office: CaseOffice) -> None:
    kept, late = (office.register(Seed(due=DUE)) for _ in range(2))
    office.clock.now = at(12)
    for case_id in (kept, late):
        office.do(
            case_id,
            Action.EXTEND,
            HEAD,
            due=date(2026, 3, 18),
            reason="รอข้อเท็จจริง",
            agency="ผู้กำหนด",
        )
    office.clock.now = at(17)
    answer(office, kept)
    office.clock.now = at(19)
    answer(office, late)
    office.clock.now = at(1, 5)
    assert cases(office, Figure.EXTENDED) == [kept, late]
    assert cases(office, Figure.KEPT_BY_EXTENSION) == cases(office, Figure.IN_TIME) == [kept]
    assert cases(office, Figure.LATE) == [late]
    (shown,) = kpi_list(office.house, KpiQuery(MARCH), "kept_by_extension").cases
    assert (shown.original_due, shown.due_date) == (DUE, date(2026, 3, 18))


def test_a_pause_moves_the_date_that_decides_and_stops_none_that_rests(office: CaseOffice) -> None:
    paused, resting = (office.register(Seed(due=DUE)) for _ in range(2))
    office.clock.now = at(9)
    for case_id in (paused, resting):
        office.do(case_id, Action.HOLD, HEAD, reason="รอผลตรวจ")
    office.clock.now = at(16)
    restored = office.do(paused, Action.RESUME, HEAD).due_date
    assert restored == date(2026, 3, 20)
    office.clock.now = at(19)
    office.do(paused, Action.START_DRAFT, HEAD)
    office.do(paused, Action.SUBMIT_DRAFT, HEAD)
    answer(office, paused)
    office.clock.now = at(1, 5)
    assert cases(office, Figure.IN_TIME) == [paused]
    # A case on hold has no date in force, so it is neither in time nor overdue.
    assert cases(office, Figure.OPEN_UNDATED) == [resting]


def test_a_reopened_case_is_open_again_with_the_date_of_its_new_clock(office: CaseOffice) -> None:
    case_id = office.register(Seed(due=DUE))
    office.clock.now = at(10)
    answer(office, case_id)
    assert cases(office, Figure.IN_TIME) == [case_id]
    office.clock.now = at(20)
    due = office.do(case_id, Action.REOPEN, HEAD, reason="ผู้ร้องแจ้งเพิ่ม").due_date
    assert due is not None and due > DUE
    assert cases(office, Figure.REOPENED) == cases(office, Figure.OPEN_IN_TIME) == [case_id]
    assert cases(office, Figure.CLOSED) == []
    office.clock.now = at(1, 5)
    assert cases(office, Figure.OPEN_OVERDUE) == [case_id]
    # At the end of the day on which it was closed, it was.
    assert cases(office, Figure.IN_TIME, KpiQuery(MARCH, as_of=date(2026, 3, 10))) == [case_id]


def test_a_merged_case_counts_once_and_the_earlier_date_decides(office: CaseOffice) -> None:
    first = office.register(Seed(due=date(2026, 3, 20)))
    second = office.register(Seed(due=DUE))
    office.clock.now = at(9)
    office.do(second, Action.MERGE, CHIEF, other_case=first, reason="เรื่องเดียวกัน")
    office.clock.now = at(16)
    answer(office, first)
    office.clock.now = at(1, 5)
    assert cases(office, Figure.DUPLICATE) == [second]
    assert cases(office, Figure.RECEIVED) == cases(office, Figure.LATE) == [first]
    total = kpi_summary(office.house, KpiQuery(MARCH)).total
    assert sum(getattr(total, figure.value) for figure in STANDINGS) == 2
    assert total.in_time_percent == 0.0
    assert kpi_summary(office.house, KpiQuery(APRIL)).total.in_time_percent is None
