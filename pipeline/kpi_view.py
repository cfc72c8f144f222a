"""The office's figures and the cases behind each number, for the web and the command line.

Who may see them is the caller's to know. A list tells no subject and no name; of a case that is
restricted or has a marked letter it tells the id only, though it counts in every number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache

from correspondence.clock import bangkok_day
from correspondence.errors import UsageFault
from correspondence.vocabulary import PeriodUnit, Roll
from pipeline.bootstrap import House
from pipeline.kpi_numbers import KpiCase, KpiList, KpiRow, KpiSummary, numbers_of
from pipeline.register_numbers import first_numbers
from registry.case_history import histories_of, period_histories, withheld_cases
from registry.engine import open_snapshot
from reports.case_course import CaseCourse, course_of
from reports.kpi import Breakdown, KpiFilter, KpiTable, Yardstick, measure
from reports.kpi_cell import list_of
from reports.kpi_period import Period
from routing.calendar import WorkingCalendar
from routing.counting import count

_HOURS_A_DAY = 24
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class KpiQuery:
    """What is asked: `as_of` None is the period's last day, or today while it is not over."""

    period: Period
    by: tuple[Breakdown, ...] = ()
    only: KpiFilter = field(default_factory=KpiFilter)
    as_of: date | None = None


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
            (
                course_of(history, house.clock())
                for history in period_histories(session, begin, end, until=until)
            ),
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
    return KpiList(
        first=table.period.first,
        last=table.period.last,
        as_of=table.as_of,
        figure=figure,
        number=len(ids),
        cases=listed_cases(house, ids, until=_after(query)),
    )


def listed_cases(house: House, ids: Sequence[int], *, until: datetime) -> tuple[KpiCase, ...]:
    """Return what a list tells of some cases, in their order, as they stood at a moment.

    Args:
        house: where the register is.
        ids: of the cases.
        until: what happened from this moment (aware) on is left out.
    """
    yardstick = yardstick_of(house)
    with open_snapshot(house.sessions) as session:
        withheld = withheld_cases(session, ids)
        open_ids = [case_id for case_id in ids if case_id not in withheld]
        numbers = first_numbers(session, open_ids)
        shown = {
            history.case_id: _shown(course_of(history), numbers.get(history.case_id), yardstick)
            for history in histories_of(session, open_ids, until=until)
        }
    return tuple(shown.get(case_id) or KpiCase(case_id=case_id, withheld=True) for case_id in ids)


def yardstick_of(house: House) -> Yardstick:
    """Return the office's calendar and standard times to measure with."""
    calendar = house.calendars.refresh()

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
