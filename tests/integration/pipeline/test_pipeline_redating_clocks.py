"""A changed calendar and what people gave a case: pauses, reopenings, orders, extensions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from correspondence.states import Action
from correspondence.vocabulary import CaseState, Category, Channel, Role
from office.calendar_changes import HolidayChange, HolidayEffect, apply_changes
from office.calendar_table import CalendarEntry
from office.settings import Settings
from pipeline.auditing import verify_audit
from pipeline.bootstrap import open_house
from pipeline.calendar_changes import CalendarEffect, preview_changes, save_changes
from pipeline.calendar_watch import catch_up_dates
from pipeline.redating import CalendarMove, redate_open_cases
from registry.casework import record_due_date
from registry.models import AuditEvent, Case, DueDateRow
from registry.transitions import Actor
from routing.calendar import WorkingCalendar
from routing.due import DueRequest, decide_due
from tests.case_office import STAFF, CaseOffice, staff_office
from tests.conftest import SetClock
from tests.seeding import Seed, register

HEAD, CHIEF, OFFICER = STAFF[Role.GROUP_HEAD], STAFF[Role.OFFICE_HEAD], STAFF[Role.OFFICER]
REGISTRAR = STAFF[Role.REGISTRAR]
# Wednesday; the office hears of 30 November as a day off while cases are open.
RECEIVED = datetime(2026, 11, 18, 3, tzinfo=UTC)
SPECIAL = date(2026, 11, 30)


@pytest.fixture
def office(database_url: str, tmp_path: Path, clock: SetClock) -> Iterator[CaseOffice]:
    clock.now = RECEIVED
    settings = Settings.model_validate(
        {"home": tmp_path, "database_url": database_url, "blob_url": "", "smtp_url": ""}
    )
    house = open_house(settings, clock=clock)
    staff_office(house)
    yield CaseOffice(house, clock)
    house.close()


def dated_case(office: CaseOffice) -> int:
    """Return a case in review, due by counting: seven working days after 18 November."""
    seed = Seed(category=Category.GENERAL, subcategory="other", group="complaints")
    case_id = register(office.house, seed)
    request = DueRequest(
        received_at=office.clock(),
        category=Category.GENERAL,
        subcategory="other",
        channel=Channel.EMAIL,
    )
    decision = decide_due(request, office.house.configuration.deadlines, office.house.calendar)
    with office.house.sessions.begin() as session:
        record_due_date(
            session,
            session.get_one(Case, case_id),
            decision,
            calendar_version=office.house.calendar.version,
            at=office.clock(),
        )
    return case_id


def holiday(day: date = SPECIAL) -> HolidayChange:
    entry = CalendarEntry(day=day, name="วันหยุดพิเศษ", source="มติคณะรัฐมนตรี")
    return HolidayChange(effect=HolidayEffect.ADD, entry=entry)


def announce(office: CaseOffice, day: date = SPECIAL) -> CalendarEffect:
    """Add a day off, having looked first; a look and the act say the same."""
    seen = preview_changes(office.house, [holiday(day)])
    done = save_changes(office.house, [holiday(day)], by=REGISTRAR)
    assert (done.redated, done.kept) == (seen.redated, seen.kept)
    assert catch_up_dates(office.house) == ()
    return done


def noted(office: CaseOffice, case_id: int, action: str) -> list[AuditEvent]:
    return [event for event in office.events(case_id) if event.action == action]


def working(office: CaseOffice, day: date, n: int) -> date:
    return office.house.calendar.add_working_days(day, n)


def test_a_date_restored_after_a_pause_is_counted_anew(office: CaseOffice) -> None:
    case_id = dated_case(office)
    office.do(case_id, Action.HOLD, HEAD, reason="รอผลตรวจ")
    office.clock.move(days=5)
    restored = office.do(case_id, Action.RESUME, HEAD).due_date
    assert restored is not None
    done = announce(office)
    assert [case.case_id for case in done.redated] == [case_id]
    assert office.case(case_id).due_date == working(office, restored, 1)
    (event,) = noted(office, case_id, "redate")
    assert event.before["due_date"] == restored.isoformat()
    assert "เพิ่มวันหยุด ๓๐ พฤศจิกายน ๒๕๖๙" in event.reason


def test_a_holiday_within_a_pause_takes_a_day_and_gives_one_less_back(office: CaseOffice) -> None:
    case_id = dated_case(office)
    office.clock.now = datetime(2026, 11, 27, 3, tzinfo=UTC)
    office.do(case_id, Action.HOLD, HEAD, reason="รอผลตรวจ")
    office.clock.now = datetime(2026, 12, 2, 3, tzinfo=UTC)
    restored = office.do(case_id, Action.RESUME, HEAD).due_date
    assert restored == date(2026, 12, 2)
    # Three working days on hold become two, and the count over the day off is one longer.
    done = announce(office)
    assert (done.redated, done.kept) == ((), ())
    assert office.case(case_id).due_date == restored


def test_a_case_on_hold_stays_and_is_restored_by_the_new_calendar(office: CaseOffice) -> None:
    case_id = dated_case(office)
    before = office.case(case_id).due_date
    assert before == date(2026, 11, 27)
    office.do(case_id, Action.HOLD, HEAD, reason="รอผลตรวจ")
    day = date(2026, 11, 26)
    done = announce(office, day)
    assert (done.redated, done.kept) == ((), ())
    assert office.case(case_id).due_date is None
    office.clock.now = datetime(2026, 11, 20, 3, tzinfo=UTC)
    assert office.do(case_id, Action.RESUME, HEAD).due_date == date(2026, 12, 2)
    assert announce(office, date(2026, 12, 1)).redated[0].new_due == date(2026, 12, 3)


def test_a_reopened_case_is_counted_anew_from_its_reopening(office: CaseOffice) -> None:
    case_id = dated_case(office)
    for action, by in (
        (Action.APPROVE, HEAD), (Action.SIGN, CHIEF), (Action.DISPATCH, CHIEF),
        (Action.CLOSE, HEAD),
    ):  # fmt: skip
        office.do(case_id, action, by)
    office.clock.move(days=5)
    reopened = office.do(case_id, Action.REOPEN, HEAD, reason="ผู้ร้องแจ้งเพิ่ม").due_date
    assert reopened is not None
    done = announce(office)
    assert [case.case_id for case in done.redated] == [case_id]
    assert office.case(case_id).due_date == working(office, reopened, 1)


def test_a_day_ordered_stays_and_nobody_is_asked(office: CaseOffice) -> None:
    case_id = dated_case(office)
    ordered = date(2026, 12, 3)
    office.do(case_id, Action.SET_DUE, HEAD, due=ordered, reason="สั่งการ")
    assert office.case(case_id).due_date == ordered
    done = announce(office)
    assert (done.redated, done.kept) == ((), ())
    assert office.case(case_id).due_date == ordered


def test_a_pause_before_an_order_does_not_move_the_day_ordered(office: CaseOffice) -> None:
    case_id = dated_case(office)
    office.do(case_id, Action.HOLD, HEAD, reason="รอผลตรวจ")
    office.clock.move(days=5)
    office.do(case_id, Action.RESUME, HEAD)
    ordered = date(2026, 11, 25)
    done = office.do(case_id, Action.SET_DUE, HEAD, due=ordered, reason="สั่งการ")
    assert done.due_date == ordered
    office.do(case_id, Action.HOLD, HEAD, reason="รอผลตรวจ")
    office.clock.move(days=1)
    assert office.do(case_id, Action.RESUME, HEAD).due_date == date(2026, 11, 26)


def test_an_extended_date_stays_and_says_so(office: CaseOffice) -> None:
    case_id = dated_case(office)
    extended = date(2026, 12, 9)
    office.do(case_id, Action.EXTEND, HEAD, due=extended, reason="รอข้อเท็จจริง")
    day = date(2026, 11, 25)
    done = announce(office, day)
    assert done.redated == ()
    assert [(case.case_id, case.old_due) for case in done.kept] == [(case_id, extended)]
    assert office.case(case_id).due_date == extended
    (event,) = noted(office, case_id, "keep_date")
    assert "ขยายเวลาถึง ๙ ธันวาคม ๒๕๖๙ ไว้แล้ว" in event.reason
    assert "ให้เจ้าหน้าที่พิจารณา" not in event.reason
    # Nothing that it rests on, and it is a day off now: a person must look.
    announce(office, extended)
    assert "ให้เจ้าหน้าที่พิจารณา" in noted(office, case_id, "keep_date")[-1].reason
    assert office.case(case_id).due_date == extended


def test_a_pause_after_an_extension_is_counted_anew(office: CaseOffice) -> None:
    case_id = dated_case(office)
    office.do(case_id, Action.EXTEND, HEAD, due=date(2026, 11, 30), reason="รอข้อเท็จจริง")
    office.do(case_id, Action.HOLD, HEAD, reason="รอผลตรวจ")
    office.clock.now = datetime(2026, 11, 20, 3, tzinfo=UTC)
    assert office.do(case_id, Action.RESUME, HEAD).due_date == date(2026, 12, 2)
    done = announce(office, date(2026, 12, 1))
    assert [case.new_due for case in done.redated] == [date(2026, 12, 3)]


@pytest.mark.parametrize("minutes", [0, 30])
def test_a_redated_case_refuses_who_saw_it_before(office: CaseOffice, minutes: int) -> None:
    case_id = dated_case(office)
    seen = office.case(case_id).version
    office.clock.now = RECEIVED + timedelta(minutes=minutes)
    announce(office, date(2026, 11, 25))
    case = office.case(case_id)
    assert (case.version, case.state) == (seen + 1, CaseState.IN_REVIEW.value)
    with office.house.sessions.begin() as session:
        rows = session.scalars(select(DueDateRow).where(DueDateRow.case_id == case_id)).all()
    assert [row.superseded_at is None for row in rows].count(True) == 1
    wanted: dict[str, Any] = {"due": case.due_date, "reason": "x", "expected_version": seen}
    with pytest.raises(Exception, match="version"):
        office.do(case_id, Action.SET_DUE, HEAD, **wanted)


def test_on_postgresql_only_cases_that_move_are_held_while_dates_are_saved(
    office: CaseOffice,
) -> None:
    house = office.house
    if house.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer")
    moving, other = dated_case(office), dated_case(office)
    with house.sessions.begin() as session:
        # Due before the new day off: nothing of it is touched.
        row = session.scalars(
            select(DueDateRow).where(
                DueDateRow.case_id == other, DueDateRow.superseded_at.is_(None)
            )
        ).one()
        row.due_date = session.get_one(Case, other).due_date = date(2026, 11, 20)
        row.candidates = [{**row.candidates[0], "due_date": "2026-11-20"}]
    old = house.calendar
    table = apply_changes(house.calendars.table, [holiday(date(2026, 11, 26))], version="new")
    move = CalendarMove(
        old, WorkingCalendar.from_table(table), Actor("ratana", Role.REGISTRAR), office.clock(), "x"
    )
    finished: list[int] = []

    def act(case_id: int) -> None:
        office.do(case_id, Action.RETURN_DRAFT, HEAD, reason="แก้ไข")
        finished.append(case_id)

    threads = [threading.Thread(target=act, args=(case_id,)) for case_id in (moving, other)]
    with house.sessions.begin() as session:
        rules = house.configuration.deadlines
        (moved,) = redate_open_cases(session, rules, move, old.version)
        for thread in threads:
            thread.start()
        threads[1].join(timeout=30)
        assert finished == [other]
    threads[0].join(timeout=30)
    assert finished == [other, moving]
    assert moved.case_id == moving
    # Who came second has acted on the case as it was re-dated.
    assert office.case(moving).due_date == moved.new_due
    assert office.case(moving).version == 7
    assert verify_audit(house).outcome == "whole"
