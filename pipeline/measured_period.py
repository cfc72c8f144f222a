"""The figures of a period with the facts of every case behind them, remembered while they hold.

A year of a large office takes seconds to count. What was counted is right until the audit trail
grows, for nothing changes a case without an event; where counting took long it is served a little
longer, so that a busy office does not count anew for every click.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Final

from sqlalchemy import func, select

from correspondence.clock import bangkok_day
from correspondence.errors import UsageFault
from correspondence.vocabulary import Category
from pipeline.bootstrap import House
from pipeline.kpi_view import yardstick_of
from registry.case_history import CaseHistory, period_histories
from registry.engine import open_snapshot
from registry.models import AuditEvent
from reports.case_course import CaseCourse, course_of
from reports.kpi import measure
from reports.kpi_cell import Figure, KpiCell
from reports.kpi_period import Period

LONG: Final = 1.0
"""Seconds from which counting takes long."""
SERVED: Final = 300.0
"""Seconds for which figures that took long are served although cases have changed."""
_KEPT = 4


@dataclass(frozen=True, slots=True)
class CaseFact:
    """What a figure is narrowed by: the days (CE) it came and ended, its category, its group."""

    received_on: date
    ended_on: date | None
    category: Category | None
    group: str | None


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of a period as of a day, with the facts of each case by its id."""

    cell: KpiCell
    facts: Mapping[int, CaseFact]
    as_of: date

    def cases(self, figure: Figure, groups: tuple[str | None, ...] | None = None) -> list[int]:
        """Return the cases behind a figure, ascending; `groups` narrows them, None to all."""
        ids = self.cell.cases(figure)
        if groups is None:
            return list(ids)
        return [case_id for case_id in ids if self.facts[case_id].group in groups]


@dataclass(frozen=True, slots=True)
class _Kept:
    measured: Measured
    mark: tuple[object, ...]
    at: float
    seconds: float


@dataclass(slots=True)
class _Noted:
    """Courses as they pass, with what is kept of each."""

    facts: dict[int, CaseFact] = field(default_factory=dict)

    def pass_on(self, courses: Iterable[CaseCourse]) -> Iterator[CaseCourse]:
        for course in courses:
            self.facts[course.case_id] = CaseFact(
                course.received_on, course.ended_on, course.category, course.group
            )
            yield course


_kept: OrderedDict[tuple[str, Period, date], _Kept] = OrderedDict()
# Two who ask at once wait for one count.
_counting = Lock()


def measure_period(house: House, period: Period, *, as_of: date | None = None) -> Measured:
    """Return the figures of a period.

    Args:
        house: where the register is.
        period: days of receipt and of closing.
        as_of: the day the figures are of; the period's last, or today while it is not over.

    Raises:
        UsageFault: the period has not begun, or the day asked for is not over or before it.
        CalendarYearMissing: a case reaches into a year without a calendar.
    """
    today = bangkok_day(house.clock())
    day = as_of or min(period.last, today)
    if not period.first <= day <= today:
        raise UsageFault(
            "Figures are of a day that is not later than today nor before the period.",
            thai="วันที่ของตัวชี้วัดต้องไม่เกินวันนี้และไม่ก่อนช่วงเวลาที่ขอ",
        )
    key = (house.settings.database, period, day)
    with _counting:
        mark = _mark(house)
        found = _kept.get(key)
        if found is not None and _holds(found, mark):
            _kept.move_to_end(key)
            return found.measured
        began = time.monotonic()
        measured = _measure(house, period, day)
        now = time.monotonic()
        _kept[key] = _Kept(measured, mark, now, now - began)
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return measured


def _holds(kept: _Kept, mark: tuple[object, ...]) -> bool:
    if kept.mark == mark:
        return True
    # Another calendar counts at once, however long it takes.
    same_rules = kept.mark[1:] == mark[1:]
    return same_rules and kept.seconds > LONG and time.monotonic() - kept.at < SERVED


def _mark(house: House) -> tuple[object, ...]:
    """Return what figures rest on: the trail, the calendar, and the hour for deadlines by hour."""
    with open_snapshot(house.sessions) as session:
        last = session.scalar(select(func.max(AuditEvent.id)))
    return last, house.calendars.refresh().version, f"{house.clock():%Y-%m-%d %H}"


def _measure(house: House, period: Period, day: date) -> Measured:
    begin, end = period.bounds()
    noted = _Noted()

    def course(history: CaseHistory) -> CaseCourse:
        return course_of(history, house.clock())

    with open_snapshot(house.sessions) as session:
        histories = period_histories(session, begin, end, until=Period(day, day).bounds()[1])
        courses = noted.pass_on(map(course, histories))
        table = measure(courses, period, day, yardstick_of(house))
    return Measured(table.total, noted.facts, day)
