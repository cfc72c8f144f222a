from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from correspondence.deadline import DueDecision
from correspondence.errors import UsageFault
from correspondence.states import Action
from correspondence.vocabulary import Category, Channel
from office.deadlines import Stage
from pipeline.bootstrap import House
from pipeline.kpi_numbers import KpiNumbers
from pipeline.kpi_view import KpiQuery, kpi_list, kpi_summary, kpi_table, working_days_worked
from registry.case_history import EXTEND
from registry.casework import record_due_date
from registry.models import AuditEvent, Case, FieldRow, Letter
from registry.transitions import CaseChange, take_action
from reports.kpi import Breakdown, KpiFilter
from reports.kpi_cell import STANDINGS, Figure
from reports.kpi_period import Period, read_kpi_period
from reports.kpi_stages import StagePlace
from routing.calendar import WorkingCalendar
from tests.conftest import SetClock
from tests.seeding import HEAD, REGISTRAR, Seed, finish, register, small_house

# database_url runs each test on SQLite and on PostgreSQL.

MARCH, APRIL = read_kpi_period(month="2569-03"), read_kpi_period(month="2569-04")
BOTH = Period(MARCH.first, APRIL.last)


@pytest.fixture
def house(tmp_path: Path, clock: SetClock, database_url: str) -> Iterator[House]:
    clock.now = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    opened = small_house(tmp_path / "home", clock, database_url=database_url)
    yield opened
    opened.close()


def _month(house: House, clock: SetClock, first: date, numbers: tuple[int, int, int, int]) -> None:
    in_time, late, open_in_time, overdue = numbers
    clock.now = datetime(first.year, first.month, first.day, 3, 0, tzinfo=UTC)
    due = first + timedelta(days=8)
    ids = [register(house, Seed(due=due)) for _ in range(in_time + late + overdue)]
    for _ in range(open_in_time):
        register(house, Seed(due=date(2026, 12, 30)))
    clock.move(days=8)
    for case_id in ids[:in_time]:
        finish(house, case_id)
    clock.move(days=1)
    for case_id in ids[in_time : in_time + late]:
        finish(house, case_id)


def _lists_are_as_long(house: House, query: KpiQuery, numbers: KpiNumbers) -> None:
    for figure in Figure:
        found = kpi_list(house, query, figure.value)
        assert found.number == len(found.cases) == getattr(numbers, figure.value)
    for stage in numbers.stages:
        for place in StagePlace:
            found = kpi_list(house, query, f"{stage.stage}.{place}")
            assert found.number == len(found.cases) == getattr(stage, place.value)


def test_the_worked_example(house: House, clock: SetClock) -> None:
    _month(house, clock, date(2026, 3, 2), (2, 1, 0, 2))
    _month(house, clock, date(2026, 4, 1), (4, 0, 2, 1))
    clock.now = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
    by_month = kpi_summary(house, KpiQuery(BOTH, by=(Breakdown.MONTH,)))
    assert [(row.month, row.numbers.in_time_percent) for row in by_month.rows] == [
        ("2026-03", 40.0),
        ("2026-04", 85.7),
    ]
    assert by_month.total.in_time_percent == 66.7
    for period, percent in ((MARCH, 40.0), (APRIL, 85.7), (BOTH, 66.7)):
        numbers = kpi_summary(house, KpiQuery(period)).total
        assert numbers.in_time_percent == percent
        _lists_are_as_long(house, KpiQuery(period), numbers)
    assert kpi_summary(house, KpiQuery(APRIL)).total.closed_in_period == 4


def test_an_empty_month_is_blank(house: House, clock: SetClock) -> None:
    clock.now = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
    numbers = kpi_summary(house, KpiQuery(MARCH, by=tuple(Breakdown))).total
    assert (numbers.received, numbers.in_time_percent) == (0, None)
    assert (numbers.average_days, numbers.median_days) == (None, None)


def test_days_are_the_government_s_working_days(house: House, clock: SetClock) -> None:
    # Songkran, 13 to 15 April, and a weekend lie between.
    clock.now = datetime(2026, 4, 10, 3, 0, tzinfo=UTC)
    first, second = register(house), register(house)
    clock.now = datetime(2026, 4, 17, 3, 0, tzinfo=UTC)
    finish(house, first)
    clock.now = datetime(2026, 4, 20, 3, 0, tzinfo=UTC)
    finish(house, second)
    clock.now = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
    total = kpi_summary(house, KpiQuery(APRIL)).total
    assert (total.average_days, total.median_days) == (2.5, 2.5)
    listed = kpi_list(house, KpiQuery(APRIL), "closed").cases
    assert [case.working_days for case in listed] == [2, 3]
    reviewed = next(stage for stage in total.stages if stage.stage is Stage.REVIEWED)
    # A complaint's standard for review is one working day.
    assert (reviewed.within, reviewed.beyond) == (0, 2)


def test_breakdowns_add_up_and_a_filter_lists_a_row(house: House, clock: SetClock) -> None:
    register(house, Seed(due=date(2026, 3, 20)))
    register(house, Seed(due=date(2026, 3, 20), channel=Channel.WEB))
    general = Seed(
        due=None, category=Category.GENERAL, subcategory="circular", group="administration"
    )
    third = register(house, general)
    clock.now = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
    by = (Breakdown.CATEGORY, Breakdown.GROUP, Breakdown.CHANNEL)
    found = kpi_summary(house, KpiQuery(MARCH, by=by))
    assert [(row.category, row.group, row.channel, row.numbers.received) for row in found.rows] == [
        ("complaint", "complaints", "email", 1),
        ("complaint", "complaints", "web", 1),
        ("general", "administration", "email", 1),
    ]
    only = KpiFilter(category=Category.GENERAL)
    narrowed = kpi_list(house, KpiQuery(MARCH, only=only), "open_undated")
    assert [case.case_id for case in narrowed.cases] == [third]
    assert narrowed.cases[0].register_number == "3/2569"


def test_in_time_is_judged_by_the_date_in_force_at_closing(house: House, clock: SetClock) -> None:
    case_id = register(house, Seed(due=date(2026, 3, 5)))
    clock.move(days=2)
    _redate(house, case_id, date(2026, 3, 16), EXTEND)
    clock.now = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)
    finish(house, case_id)
    clock.move(days=20)
    # A change of the calendar months later must not rewrite what was in time.
    _redate(house, case_id, date(2026, 3, 9), "redate")
    clock.now = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
    total = kpi_summary(house, KpiQuery(MARCH)).total
    assert (total.in_time, total.late, total.extended, total.kept_by_extension) == (1, 0, 1, 1)
    (case,) = kpi_list(house, KpiQuery(MARCH), "kept_by_extension").cases
    assert (case.due_date, case.original_due) == (date(2026, 3, 16), date(2026, 3, 5))


def test_an_answer_due_within_hours_is_late_on_the_same_day(house: House, clock: SetClock) -> None:
    case_id = register(house)
    noon = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
    _redate(house, case_id, date(2026, 3, 2), "redate", at_hour=noon)
    assert kpi_summary(house, KpiQuery(MARCH)).total.open_in_time == 1
    clock.now = noon + timedelta(minutes=1)
    assert kpi_summary(house, KpiQuery(MARCH)).total.open_overdue == 1
    finish(house, case_id)
    assert kpi_summary(house, KpiQuery(MARCH)).total.late == 1


def _redate(
    house: House, case_id: int, due: date, action: str, at_hour: datetime | None = None
) -> None:
    now = house.clock()
    with house.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        decision = DueDecision(
            received_at=case.opened_at,
            anchor_date=date(2026, 3, 2),
            due_date=due,
            due_at=at_hour,
            rule=None,
            holidays_counted=(),
            candidates=(),
            explanation="x",
            calendar_confirmed=True,
        )
        record_due_date(session, case, decision, calendar_version="test", at=now)
        session.add(
            AuditEvent(
                at=now,
                actor="head",
                action=action,
                case_id=case_id,
                from_state=case.state,
                to_state=case.state,
                reason="x",
                before={},
                after={},
            )
        )


def test_void_duplicate_returned_and_reopened(house: House, clock: SetClock) -> None:
    void, twin, returned, reopened = (
        register(house, Seed(due=date(2026, 3, 20))) for _ in range(4)
    )
    with house.sessions.begin() as session:
        for case_id, action, actor, change in (
            (void, Action.VOID, REGISTRAR, None),
            (twin, Action.MARK_DUPLICATE, REGISTRAR, CaseChange(duplicate_of_id=returned)),
            (returned, Action.RETURN_DRAFT, HEAD, None),
        ):
            case = session.get_one(Case, case_id)
            take_action(session, case, action, actor, at=clock(), reason="ซ้ำ", change=change)
    clock.move(days=1)
    finish(house, reopened)
    clock.move(days=1)
    with house.sessions.begin() as session:
        case = session.get_one(Case, reopened)
        take_action(session, case, Action.REOPEN, HEAD, at=clock(), reason="มีข้อมูลใหม่")
    clock.now = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
    table = kpi_table(house, KpiQuery(MARCH)).total
    assert table.cases(Figure.VOIDED) == (void,)
    assert table.cases(Figure.DUPLICATE) == (twin,)
    assert table.cases(Figure.RECEIVED) == (returned, reopened)
    assert table.cases(Figure.RETURNED) == (returned,)
    assert table.cases(Figure.REOPENED) == (reopened,)
    assert table.cases(Figure.OPEN_OVERDUE) == (returned, reopened)
    assert table.number(*STANDINGS) == 4


def test_the_figures_of_a_past_day_stay_what_they_were(house: House, clock: SetClock) -> None:
    case_id = register(house, Seed(due=date(2026, 3, 20)))
    clock.now = datetime(2026, 3, 31, 10, 0, tzinfo=UTC)
    then = kpi_summary(house, KpiQuery(MARCH))
    assert then.total.open_overdue == 1
    clock.now = datetime(2026, 4, 3, 3, 0, tzinfo=UTC)
    finish(house, case_id)
    assert kpi_summary(house, KpiQuery(MARCH)) == then
    later = kpi_summary(house, KpiQuery(MARCH, as_of=date(2026, 4, 3))).total
    assert (later.late, later.open_overdue, later.closed_in_period) == (1, 0, 0)
    assert kpi_summary(house, KpiQuery(APRIL)).total.closed_in_period == 1


def test_withheld_cases_count_and_their_list_shows_ids_only(house: House, clock: SetClock) -> None:
    plain, restricted, marked, cleared = (register(house) for _ in range(4))
    with house.sessions.begin() as session:
        session.get_one(Case, restricted).restricted = True
        for case_id, person in ((marked, None), (cleared, "open")):
            letter = session.query(Letter).filter_by(case_id=case_id).one()
            field = session.query(FieldRow).filter_by(letter_id=letter.id, name="secrecy").first()
            if field is None:
                field = FieldRow(
                    letter_id=letter.id,
                    name="secrecy",
                    position=0,
                    confidence=1.0,
                    needs_check=False,
                )
                session.add(field)
            field.machine_value = "secret"
            if person is not None:
                field.person_value, field.corrected_at = person, clock()
    clock.now = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
    assert kpi_summary(house, KpiQuery(MARCH)).total.received == 4
    cases = kpi_list(house, KpiQuery(MARCH), "received").cases
    assert [(case.case_id, case.withheld) for case in cases] == [
        (plain, False),
        (restricted, True),
        (marked, True),
        (cleared, False),
    ]
    for case in cases[1:3]:
        shown = case.model_dump(exclude={"case_id", "withheld"})
        assert set(shown.values()) == {None}


def test_months_begin_at_midnight_in_bangkok(house: House, clock: SetClock) -> None:
    clock.now = datetime(2026, 3, 31, 16, 59, tzinfo=UTC)
    first = register(house)
    clock.now = datetime(2026, 3, 31, 17, 0, tzinfo=UTC)
    second = register(house)
    clock.now = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
    assert kpi_table(house, KpiQuery(MARCH)).total.cases(Figure.RECEIVED) == (first,)
    assert kpi_table(house, KpiQuery(APRIL)).total.cases(Figure.RECEIVED) == (second,)


def test_a_day_to_come_has_no_figures(house: House) -> None:
    with pytest.raises(UsageFault):
        kpi_summary(house, KpiQuery(APRIL))
    with pytest.raises(UsageFault):
        kpi_summary(house, KpiQuery(MARCH, as_of=date(2026, 3, 20)))
    with pytest.raises(UsageFault):
        kpi_summary(house, KpiQuery(MARCH, as_of=date(2026, 2, 20)))
    with pytest.raises(UsageFault):
        kpi_list(house, KpiQuery(MARCH), "nothing")


def test_reading_figures_makes_no_writer_wait(house: House) -> None:
    from registry.engine import open_snapshot

    case_id = register(house)
    with open_snapshot(house.sessions) as session:
        before = session.get_one(Case, case_id).state
        finish(house, case_id)
        session.expire_all()
        assert session.get_one(Case, case_id).state == before


def test_working_days_are_counted_as_due_dates_are() -> None:
    calendar = WorkingCalendar.from_holidays([date(2026, 11, 25)])
    start = date(2026, 11, 19)
    for first in (start + timedelta(days=n) for n in range(7)):
        assert working_days_worked(first, first, calendar) == 0
        for days in range(1, 15):
            due = calendar.add_working_days(first, days)
            assert working_days_worked(first, due, calendar) == days
            assert working_days_worked(due, first, calendar) == 0
