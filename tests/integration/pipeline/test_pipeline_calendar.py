"""The office's calendar in the registry: history, re-dating of open cases, the yearly reminder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from correspondence.clock import BANGKOK
from correspondence.errors import ActionRefused, UsageFault
from correspondence.states import Action
from correspondence.vocabulary import Category, Channel, Role
from office.calendar_changes import HolidayChange, HolidayEffect, YearChange
from office.calendar_table import CalendarEntry
from office.places import find_folder
from pipeline.bootstrap import House
from pipeline.calendar_changes import preview_changes, save_changes
from pipeline.calendar_watch import catch_up_dates, tend_calendar
from registry.calendar import calendar_history
from registry.casework import record_due_date
from registry.models import AuditEvent, Case, DueDateRow, OutboxMessage
from registry.transitions import take_action
from routing.due import DueRequest, decide_due
from routing.faults import CalendarYearMissing
from tests.conftest import SetClock
from tests.seeding import REGISTRAR, Seed, employ, finish, register, small_house

SPECIAL = date(2023, 7, 31)
ANNOUNCED = datetime(2023, 7, 25, 3, tzinfo=UTC)


def special(effect: HolidayEffect = HolidayEffect.ADD, day: date = SPECIAL) -> HolidayChange:
    entry = CalendarEntry(
        day=day, name="วันหยุดราชการเพิ่มเป็นกรณีพิเศษ", source="มติคณะรัฐมนตรี 25 กรกฎาคม 2566"
    )
    return HolidayChange(effect=effect, entry=entry)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The shipped config as it stood before 25 July 2023: 31 July was a working day."""
    folder = tmp_path / "config"
    shutil.copytree(find_folder("config"), folder)
    table = folder / "calendar.toml"
    table.write_text(
        'version = "2023-01-01"\nregion = "central"\nconfirmed_years = [2022, 2023]\n'
        '[[remove]]\ndate = 2023-07-31\nname = "วันหยุดพิเศษ"\nsource = "ยังไม่มีมติ"\n',
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def house(tmp_path: Path, config: Path, database_url: str) -> Iterator[tuple[House, SetClock]]:
    clock = SetClock(ANNOUNCED)
    opened = small_house(tmp_path, clock, config=config, database_url=database_url)
    yield opened, clock
    opened.close()


def open_case(house: House, clock: SetClock, received: date, **known: object) -> int:
    """Register a case received on a day and date it by the rules."""
    clock.now = datetime.combine(received, datetime.min.time(), tzinfo=BANGKOK) + timedelta(hours=9)
    seed = Seed(category=Category.GENERAL, subcategory="other", group="administration")
    case_id = register(house, seed)
    request = DueRequest.model_validate(
        {
            "received_at": clock.now,
            "category": Category.GENERAL,
            "subcategory": "other",
            "channel": Channel.EMAIL,
            **known,
        }
    )
    decision = decide_due(request, house.configuration.deadlines, house.calendar)
    with house.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        version = house.calendar.version
        record_due_date(session, case, decision, calendar_version=version, at=clock.now)
    clock.now = ANNOUNCED
    return case_id


def due_of(house: House, case_id: int) -> date | None:
    with house.sessions.begin() as session:
        return session.get_one(Case, case_id).due_date


def events(house: House, *actions: str) -> list[AuditEvent]:
    with house.sessions.begin() as session:
        return list(
            session.scalars(
                select(AuditEvent).where(AuditEvent.action.in_(actions)).order_by(AuditEvent.id)
            )
        )


def test_special_day_added_late_redates_exactly_the_open_cases_that_cross_it(
    house: tuple[House, SetClock],
) -> None:
    office, clock = house
    before_it = open_case(office, clock, date(2023, 7, 10))
    crossing = open_case(office, clock, date(2023, 7, 21))
    crossing_too = open_case(office, clock, date(2023, 7, 24))
    closed = open_case(office, clock, date(2023, 7, 21))
    finish(office, closed)
    dates = {c: due_of(office, c) for c in (before_it, crossing, crossing_too, closed)}

    preview = preview_changes(office, [special()])
    assert [case.case_id for case in preview.redated] == [crossing, crossing_too]
    assert not preview.saved
    assert [(day.day, day.off) for day in preview.days] == [(SPECIAL, True)]
    assert {c: due_of(office, c) for c in dates} == dates
    assert events(office, "redate", "calendar_add") == []

    saved = save_changes(office, [special()], by="registrar")
    assert saved.saved
    assert saved.redated == preview.redated
    assert saved.open_cases == 3
    assert due_of(office, crossing) == date(2023, 8, 7)
    assert due_of(office, before_it) == dates[before_it]
    assert due_of(office, closed) == dates[closed]
    told = events(office, "redate")
    assert [event.case_id for event in told] == [crossing, crossing_too]
    for event in told:
        assert event.actor == "registrar"
        assert event.before["due_date"] == str(dates[event.case_id or 0])
        assert event.after["due_date"] == str(due_of(office, event.case_id or 0))
        assert "เพิ่มวันหยุด ๓๑ กรกฎาคม ๒๕๖๖" in event.reason
        assert "มติคณะรัฐมนตรี 25 กรกฎาคม 2566" in event.reason
    (entered,) = events(office, "calendar_add")
    assert entered.after["day"] == "2023-07-31"
    with office.sessions.begin() as session:
        rows = session.scalars(
            select(DueDateRow).where(DueDateRow.case_id == crossing).order_by(DueDateRow.id)
        ).all()
        assert [row.superseded_at is None for row in rows] == [False, False, True]
        assert rows[-1].calendar_version == saved.version == office.calendar.version
        assert "๓๑ กรกฎาคม ๒๕๖๖" in rows[-1].explanation
        assert session.get_one(Case, crossing).last_progress_at < ANNOUNCED
    # Everybody is up to date: there is nothing to catch up with.
    assert catch_up_dates(office) == ()


def test_day_taken_back_brings_dates_back_and_the_history_keeps_both(
    house: tuple[House, SetClock],
) -> None:
    office, clock = house
    case_id = open_case(office, clock, date(2023, 7, 21))
    first = due_of(office, case_id)
    save_changes(office, [special()], by="registrar")
    assert due_of(office, case_id) != first
    save_changes(office, [special(HolidayEffect.REMOVE)], by="registrar")
    assert due_of(office, case_id) == first
    assert office.calendar.is_working_day(SPECIAL)
    with office.sessions.begin() as session:
        acts = calendar_history(session)
    assert [act.change.effect for act in acts if isinstance(act.change, HolidayChange)] == [
        HolidayEffect.ADD,
        HolidayEffect.REMOVE,
    ]
    assert {act.by for act in acts} == {"registrar"}


def test_date_a_person_has_set_stays_and_the_trail_says_so(
    house: tuple[House, SetClock],
) -> None:
    office, clock = house
    case_id = open_case(office, clock, date(2023, 7, 21))
    with office.sessions.begin() as session:
        session.execute(update(Case).where(Case.id == case_id).values(due_date=date(2023, 9, 1)))
    saved = save_changes(office, [special()], by="registrar")
    assert saved.redated == ()
    assert [case.case_id for case in saved.kept] == [case_id]
    assert due_of(office, case_id) == date(2023, 9, 1)
    (event,) = events(office, "keep_date")
    assert "ให้เจ้าหน้าที่พิจารณา" in event.reason


def test_later_change_of_calendar_toml_is_caught_up_with(
    house: tuple[House, SetClock], tmp_path: Path, config: Path, database_url: str
) -> None:
    office, clock = house
    case_id = open_case(office, clock, date(2023, 7, 21))
    untouched = open_case(office, clock, date(2023, 7, 10))
    stays = due_of(office, untouched)
    (config / "calendar.toml").write_text(
        'version = "2023-07-25"\nregion = "central"\nconfirmed_years = [2022, 2023]\n'
    )
    again = small_house(tmp_path, clock, config=config, database_url=database_url)
    try:
        assert [case.case_id for case in catch_up_dates(again)] == [case_id]
        assert due_of(again, case_id) == date(2023, 8, 7)
        assert due_of(again, untouched) == stays
        (event,) = events(again, "redate")
        assert event.actor == "saraban"
        assert "2023-07-25" in event.reason
        assert catch_up_dates(again) == ()
    finally:
        again.close()


def test_case_dated_while_the_calendar_changed_is_caught_up_with(
    house: tuple[House, SetClock],
) -> None:
    office, clock = house
    save_changes(office, [special()], by="registrar")
    late = open_case(office, clock, date(2023, 7, 21))
    old = office.calendars.of_version("2023-01-01")
    assert old is not None
    request = DueRequest(
        received_at=datetime(2023, 7, 21, 9, tzinfo=BANGKOK), category=Category.GENERAL
    )
    stale = decide_due(request, office.configuration.deadlines, old)
    with office.sessions.begin() as session:
        case = session.get_one(Case, late)
        record_due_date(session, case, stale, calendar_version=old.version, at=clock.now)
    assert due_of(office, late) == date(2023, 8, 4)
    assert [case.case_id for case in catch_up_dates(office)] == [late]
    assert due_of(office, late) == date(2023, 8, 7)


def test_year_confirmed_renews_what_dates_say_and_moves_none(
    house: tuple[House, SetClock],
) -> None:
    office, clock = house
    case_id = open_case(office, clock, date(2023, 12, 28))
    first = due_of(office, case_id)
    change = YearChange(year=2024, source="มติคณะรัฐมนตรี เรื่อง วันหยุดราชการปี 2567")
    assert preview_changes(office, [change]).years == (2024,)
    saved = save_changes(office, [change], by="registrar")
    assert saved.redated == saved.kept == ()
    assert due_of(office, case_id) == first
    assert office.calendar.confirmed(2024)
    with office.sessions.begin() as session:
        row = session.scalars(
            select(DueDateRow).where(
                DueDateRow.case_id == case_id, DueDateRow.superseded_at.is_(None)
            )
        ).one()
        assert row.calendar_confirmed
    save_changes(office, [change.model_copy(update={"confirmed": False})], by="registrar")
    assert not office.calendar.confirmed(2024)


def test_change_that_leaves_a_year_without_data_is_undone_as_a_whole(
    house: tuple[House, SetClock],
) -> None:
    office, clock = house
    open_case(office, clock, date(2023, 7, 21), stated_deadline=date(2023, 8, 1))
    with office.sessions.begin() as session:
        session.execute(update(DueDateRow).values(calendar_version="2023-01-01"))
    gone = [special(HolidayEffect.REMOVE, day) for day in office.calendar.holidays(2023)]
    # The seed still has data of the year: removing every holiday is a decision, not a gap.
    assert preview_changes(office, gone).saved is False
    with pytest.raises(UsageFault):
        save_changes(office, [], by="registrar")
    with pytest.raises(CalendarYearMissing):
        office.calendar.holidays(2500)


def test_only_whom_the_office_lets_may_change_the_calendar(
    house: tuple[House, SetClock],
) -> None:
    office, _ = house
    employ(office, "malee", Role.OFFICER, "administration")
    employ(office, "adun", Role.ADMINISTRATOR, None)
    with pytest.raises(ActionRefused):
        save_changes(office, [special()], by="malee")
    assert office.calendar.is_working_day(SPECIAL)
    save_changes(office, [special()], by="adun")
    assert not office.calendar.is_working_day(SPECIAL)


@pytest.mark.parametrize("table", ["holidays", "calendar_years"])
@pytest.mark.parametrize("change", ["UPDATE {} SET note = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_calendars_history(
    house: tuple[House, SetClock], table: str, change: str
) -> None:
    office, _ = house
    save_changes(office, [special(), YearChange(year=2024, source="มติ")], by="registrar")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        office.sessions.begin() as session,
    ):
        session.execute(text(change.format(table)))


def test_next_years_calendar_is_asked_for_in_october_once(
    house: tuple[House, SetClock],
) -> None:
    office, clock = house
    employ(office, "sarabun", Role.REGISTRAR, None)
    clock.now = datetime(2023, 9, 30, 5, tzinfo=UTC)
    assert tend_calendar(office).unconfirmed_year is None
    clock.now = datetime(2023, 9, 30, 17, 30, tzinfo=UTC)  # half past midnight of 1 October
    assert (tend_calendar(office).unconfirmed_year, tend_calendar(office).asked) == (2024, 0)
    with office.sessions.begin() as session:
        (message,) = session.scalars(select(OutboxMessage)).all()
        assert message.recipient == "sarabun@office.example"
        assert "๒๕๖๗" in message.subject
    clock.now = datetime(2023, 12, 5, 5, tzinfo=UTC)
    assert tend_calendar(office).asked == 0
    save_changes(office, [YearChange(year=2024, source="มติ")], by="sarabun")
    assert tend_calendar(office).unconfirmed_year is None


def test_a_missed_october_is_asked_for_in_january(house: tuple[House, SetClock]) -> None:
    office, clock = house
    employ(office, "sarabun", Role.REGISTRAR, None)
    clock.now = datetime(2024, 1, 8, 5, tzinfo=UTC)
    assert (tend_calendar(office).unconfirmed_year, tend_calendar(office).asked) == (2024, 0)
    with office.sessions.begin() as session:
        assert len(session.scalars(select(OutboxMessage)).all()) == 1


def test_voided_and_held_cases_are_told_apart(house: tuple[House, SetClock]) -> None:
    office, clock = house
    case_id = open_case(office, clock, date(2023, 7, 21))
    first = due_of(office, case_id)
    with office.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        take_action(session, case, Action.VOID, REGISTRAR, at=clock.now, reason="ซ้ำ")
    assert save_changes(office, [special()], by="registrar").redated == ()
    assert due_of(office, case_id) == first
