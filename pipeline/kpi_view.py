"""The office's figures and the cases behind each number, for the web and the command line.

Who may see them is the caller's to know. A list tells no subject and no name; of a case that is
restricted or has a marked letter it tells the id only, though it counts in every number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.errors import UsageFault
from correspondence.reading import Frozen
from correspondence.vocabulary import Category, Channel, PeriodUnit, Roll
from office.deadlines import Stage, StageEntry
from pipeline.bootstrap import House
from registry.case_history import histories_of, period_histories, withheld_cases
from registry.engine import open_snapshot
from registry.models import Letter
from registry.numbers import RegisterNumber
from reports.case_course import CaseCourse, course_of
from reports.kpi import Breakdown, Figure, KpiCell, KpiFilter, KpiTable, Yardstick, list_of, measure
from reports.kpi_period import Period
from reports.kpi_stages import StageCell, StagePlace
from routing.calendar import WorkingCalendar
from routing.counting import count

_CHUNK = 500
_HOURS_A_DAY = 24
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class KpiQuery:
    """What is asked: `as_of` None is the period's last day, or today while it is not over."""

    period: Period
    by: tuple[Breakdown, ...] = ()
    only: KpiFilter = field(default_factory=KpiFilter)
    as_of: date | None = None


class StageNumbers(Frozen):
    """A stage in numbers; the first six have lists named for example `drafted.beyond`."""

    stage: Stage
    within: int
    beyond: int
    without: int
    waiting_within: int
    waiting_beyond: int
    waiting_without: int
    within_percent: float | None
    average_days: float | None
    median_days: float | None


class KpiNumbers(Frozen):
    """A cell in numbers; shares are 0 to 100, days are working days, None is blank (0/0)."""

    received: int
    closed: int
    in_time: int
    late: int
    open_in_time: int
    open_overdue: int
    closed_undated: int
    open_undated: int
    extended: int
    kept_by_extension: int
    returned: int
    reopened: int
    closed_in_period: int
    voided: int
    duplicate: int
    in_time_percent: float | None
    average_days: float | None
    median_days: float | None
    stages: tuple[StageNumbers, ...]


class KpiRow(Frozen):
    """One row; None for what is not broken down by, and for what a case has not."""

    category: Category | None
    group: str | None
    channel: Channel | None
    month: str | None
    numbers: KpiNumbers


class KpiSummary(Frozen):
    """JSON of `kpi`: days are ISO, CE; `standards` are the standard times measured against."""

    first: date
    last: date
    as_of: date
    period: str
    by: tuple[Breakdown, ...]
    rows: tuple[KpiRow, ...]
    total: KpiNumbers
    standards: tuple[StageEntry, ...]


class KpiCase(Frozen):
    """A case behind a number; only its id where it tells nothing else (`withheld`)."""

    case_id: int
    withheld: bool = False
    register_number: str | None = None
    category: Category | None = None
    group: str | None = None
    channel: Channel | None = None
    received_on: date | None = None
    ended_on: date | None = None
    due_date: date | None = None
    original_due: date | None = None
    working_days: int | None = None
    extended: int | None = None
    returned: int | None = None
    reopened: int | None = None


class KpiList(Frozen):
    """JSON of `kpi --list`: the cases behind one number of the total, by id."""

    first: date
    last: date
    as_of: date
    figure: str
    number: int
    cases: tuple[KpiCase, ...]


def kpi_table(house: House, query: KpiQuery) -> KpiTable:
    """Return the figures of a period with the case ids behind each number.

    Raises:
        UsageFault: the period has not begun, or the day asked for is not over or before it.
        CalendarYearMissing: a case reaches into a year without a calendar.
    """
    query = _dated(house, query)
    begin, end = query.period.bounds()
    until = _after(query)
    with open_snapshot(house.sessions) as session:
        return measure(
            (course_of(history) for history in period_histories(session, begin, end, until=until)),
            query.period,
            query.as_of or query.period.last,
            yardstick_of(house),
            by=query.by,
            only=query.only,
        )


def kpi_summary(house: House, query: KpiQuery) -> KpiSummary:
    """Return the figures of a period in numbers; raises what `kpi_table` raises."""
    table = kpi_table(house, query)
    return KpiSummary(
        first=table.period.first,
        last=table.period.last,
        as_of=table.as_of,
        period=table.period.thai,
        by=table.by,
        rows=tuple(
            KpiRow(
                category=key.category,
                group=key.group,
                channel=key.channel,
                month=key.month,
                numbers=numbers_of(cell),
            )
            for key, cell in table.rows
        ),
        total=numbers_of(table.total),
        standards=house.configuration.deadlines.stage,
    )


def kpi_list(house: House, query: KpiQuery, figure: str) -> KpiList:
    """Return the cases behind one number; narrow `query.only` for a number of a row.

    Args:
        house: where the register is.
        query: as for the figures; rows play no part.
        figure: `late`, or of a stage `drafted.beyond`.

    Raises:
        UsageFault: no such figure, or what `kpi_table` raises.
    """
    query = _dated(house, replace(query, by=()))
    table = kpi_table(house, query)
    ids = list_of(table.total, figure)
    yardstick = yardstick_of(house)
    with open_snapshot(house.sessions) as session:
        withheld = withheld_cases(session, ids)
        open_ids = [case_id for case_id in ids if case_id not in withheld]
        numbers = _register_numbers(session, open_ids)
        shown = {
            history.case_id: _shown(course_of(history), numbers.get(history.case_id), yardstick)
            for history in histories_of(session, open_ids, until=_after(query))
        }
    return KpiList(
        first=table.period.first,
        last=table.period.last,
        as_of=table.as_of,
        figure=figure,
        number=len(ids),
        cases=tuple(
            shown.get(case_id) or KpiCase(case_id=case_id, withheld=True) for case_id in ids
        ),
    )


def yardstick_of(house: House) -> Yardstick:
    """Return the office's calendar and standard times to measure with."""
    calendar = house.calendar

    @lru_cache(maxsize=_REMEMBERED)
    def worked(first: date, last: date) -> int:
        return working_days_worked(first, last, calendar)

    @lru_cache(maxsize=_REMEMBERED)
    def last_day(began: date, days: int, unit: PeriodUnit) -> date:
        if unit is PeriodUnit.HOURS:
            # Stages are measured in days.
            return count(began, days // _HOURS_A_DAY, PeriodUnit.CALENDAR, Roll.NONE, calendar)
        return count(began, days, unit, Roll.NONE, calendar)

    return Yardstick(
        worked=worked,
        last_day=lambda began, entry: last_day(began, entry.days, entry.unit),
        standard=lru_cache(maxsize=_REMEMBERED)(house.configuration.deadlines.stage_standard),
    )


def working_days_worked(first: date, last: date, calendar: WorkingCalendar) -> int:
    """Return the working days after the first day up to and with the last; 0 where it is earlier.

    Counted as a due date is: the first day is day 0, so what came on one day and ended on the
    next working day took 1.
    """
    if last <= first:
        return 0
    return (
        calendar.working_days_between(first, last)
        - calendar.is_working_day(first)
        + calendar.is_working_day(last)
    )


def numbers_of(cell: KpiCell) -> KpiNumbers:
    """Return a cell in numbers, each the length of its list."""
    lengths = {figure.value: cell.number(figure) for figure in Figure}
    return KpiNumbers(
        **lengths,
        in_time_percent=cell.in_time_percent,
        average_days=cell.average_days,
        median_days=cell.median_days,
        stages=tuple(_stage_numbers(stage, cell.stages[stage]) for stage in Stage),
    )


def _stage_numbers(stage: Stage, cell: StageCell) -> StageNumbers:
    lengths = {place.value: len(cell.cases(place)) for place in StagePlace}
    return StageNumbers(
        stage=stage,
        **lengths,
        within_percent=cell.within_percent,
        average_days=cell.average_days,
        median_days=cell.median_days,
    )


def _dated(house: House, query: KpiQuery) -> KpiQuery:
    today = bangkok_day(house.clock())
    as_of = query.as_of or min(query.period.last, today)
    if not query.period.first <= as_of <= today:
        raise UsageFault(
            "Figures are of a day that is not later than today nor before the period.",
            thai="วันที่ของตัวชี้วัดต้องไม่เกินวันนี้และไม่ก่อนช่วงเวลาที่ขอ",
            remedy="Ask for a period that has begun.",
        )
    return replace(query, as_of=as_of)


def _after(query: KpiQuery) -> datetime:
    day = query.as_of or query.period.last
    return Period(day, day).bounds()[1]


def _register_numbers(session: Session, case_ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(case_ids), _CHUNK):
        chunk = case_ids[start : start + _CHUNK]
        first = select(func.min(Letter.id)).where(Letter.case_id.in_(chunk))
        rows = session.execute(
            select(Letter.case_id, Letter.register_year, Letter.register_number).where(
                Letter.id.in_(first.group_by(Letter.case_id))
            )
        )
        found |= {case_id: str(RegisterNumber(year, number)) for case_id, year, number in rows}
    return found


def _shown(course: CaseCourse, number: str | None, yardstick: Yardstick) -> KpiCase:
    return KpiCase(
        case_id=course.case_id,
        register_number=number,
        category=course.category,
        group=course.group,
        channel=course.channel,
        received_on=course.received_on,
        ended_on=course.ended_on,
        due_date=course.due_date,
        original_due=course.original_due,
        working_days=yardstick.worked(course.started_on, course.ended_on)
        if course.ended_on
        else None,
        extended=course.extended,
        returned=course.returned,
        reopened=course.reopened,
    )
