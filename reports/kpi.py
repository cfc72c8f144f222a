"""Figures of a period (ตัวชี้วัด) by category × group × channel, each with the cases behind it.

The figures are of the cases received in the period, as they stood on a day. Every one of them is
in exactly one of the lists of `STANDINGS` (`kpi_cell`); a number is the length of its list. The
share in time counts ended in time and still open within the time, over all cases that have a due
date: two in time, one late and two open past the date are 40.0 %; a share of no case is blank.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from correspondence.vocabulary import CaseState, Category, Channel
from office.deadlines import Stage, StageEntry
from reports.case_course import CaseCourse
from reports.kpi_cell import ENDED, KEPT, Figure, KpiCell
from reports.kpi_period import Period
from reports.kpi_stages import StageTally, stage_places

_UNCOUNTED = MappingProxyType(
    {CaseState.VOIDED: Figure.VOIDED, CaseState.DUPLICATE: Figure.DUPLICATE}
)


class Breakdown(StrEnum):
    """What figures are broken down by; MONTH is that of receipt."""

    CATEGORY = "category"
    GROUP = "group"
    CHANNEL = "channel"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class KpiKey:
    """The cases of one row; None for what is not asked, and for what a case has not."""

    category: Category | None = None
    group: str | None = None
    channel: Channel | None = None
    month: str | None = None

    def order(self) -> tuple[str, int, str, int]:
        """Return where the row stands: the office's order, what is unknown last."""
        categories, channels = list(Category), list(Channel)
        return (
            self.month or "",
            categories.index(self.category) if self.category else len(categories),
            self.group or "\uffff",
            channels.index(self.channel) if self.channel else len(channels),
        )


@dataclass(frozen=True, slots=True)
class KpiFilter:
    """Which cases count at all; None for all of them."""

    category: Category | None = None
    group: str | None = None
    channel: Channel | None = None

    def lets(self, course: CaseCourse) -> bool:
        """Tell whether a case counts."""
        return (
            self.category in (None, course.category)
            and self.group in (None, course.group)
            and self.channel in (None, course.channel)
        )


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What cases are measured with.

    Attributes:
        worked: working days after the first day up to and with the last, the first not later.
        last_day: the last day that is within a stage's standard time, from the day it began.
        standard: the standard time of a stage for a category and sub-category, None without one.
    """

    worked: Callable[[date, date], int]
    last_day: Callable[[date, StageEntry], date]
    standard: Callable[[Stage, Category | None, str | None], StageEntry | None]


@dataclass(frozen=True, slots=True)
class KpiTable:
    """The figures of a period as they stood at the end of `as_of`; `by` says what rows are of."""

    period: Period
    as_of: date
    by: tuple[Breakdown, ...]
    rows: tuple[tuple[KpiKey, KpiCell], ...]
    total: KpiCell


def measure(
    courses: Iterable[CaseCourse],
    period: Period,
    as_of: date,
    yardstick: Yardstick,
    *,
    by: tuple[Breakdown, ...] = (),
    only: KpiFilter = KpiFilter(),
) -> KpiTable:
    """Return the figures of a period; each case is looked at once and not kept.

    Args:
        courses: cases up to the end of `as_of`, in any order, each once; those received outside
            the period count only as ended in it.
        period: the period.
        as_of: the day on which open cases are in time or overdue; received later is not counted.
        yardstick: the working days and the standard times.
        by: what to break down by; no rows for none.
        only: which cases count.

    Raises:
        CalendarYearMissing: a case reaches into a year without a calendar.
    """
    total = _Tally()
    rows: dict[KpiKey, _Tally] = defaultdict(_Tally)
    for course in courses:
        if course.received_on > as_of or not only.lets(course):
            continue
        cells = (total, rows[_key(course, by)]) if by else (total,)
        figures = tuple(_figures(course, period, as_of))
        if Figure.RECEIVED not in figures:
            for cell in cells:
                cell.add(course.case_id, figures)
            continue
        worked = (
            yardstick.worked(course.started_on, course.ended_on)
            if course.ended_on is not None
            else None
        )
        places = tuple(
            stage_places(course, as_of, yardstick.worked, yardstick.last_day, yardstick.standard)
        )
        for cell in cells:
            cell.add(course.case_id, figures)
            if worked is not None:
                cell.worked[worked] += 1
            for place in places:
                cell.stages[place.stage].add(course.case_id, place)
    return KpiTable(
        period=period,
        as_of=as_of,
        by=by,
        rows=tuple(
            (key, rows[key].cell()) for key in sorted(rows, key=KpiKey.order) if not rows[key].empty
        ),
        total=total.cell(),
    )


def standing(course: CaseCourse, as_of: date) -> Figure:
    """Return the one list of `STANDINGS` a case is in; the due date itself is in time.

    Where the deadline has an hour, the hour decides.
    """
    if course.uncounted is not None:
        return _UNCOUNTED[course.uncounted]
    if course.due_date is None:
        return Figure.OPEN_UNDATED if course.ended_on is None else Figure.CLOSED_UNDATED
    past = course.past_hour or (course.ended_on or as_of) > course.due_date
    if course.ended_on is not None:
        return Figure.LATE if past else Figure.IN_TIME
    return Figure.OPEN_OVERDUE if past else Figure.OPEN_IN_TIME


def _figures(course: CaseCourse, period: Period, as_of: date) -> Iterable[Figure]:
    stands = standing(course, as_of)
    received = period.holds(course.received_on)
    if course.uncounted is not None:
        if received:
            yield stands
        return
    if period.holds(course.ended_on):
        yield Figure.CLOSED_IN_PERIOD
    if not received:
        return
    yield Figure.RECEIVED
    yield stands
    if stands in ENDED:
        yield Figure.CLOSED
    if course.extended:
        yield Figure.EXTENDED
    judged = course.ended_on or as_of
    if stands in KEPT and course.original_due is not None and judged > course.original_due:
        yield Figure.KEPT_BY_EXTENSION
    if course.returned:
        yield Figure.RETURNED
    if course.reopened:
        yield Figure.REOPENED


def _key(course: CaseCourse, by: tuple[Breakdown, ...]) -> KpiKey:
    return KpiKey(
        category=course.category if Breakdown.CATEGORY in by else None,
        group=course.group if Breakdown.GROUP in by else None,
        channel=course.channel if Breakdown.CHANNEL in by else None,
        month=f"{course.received_on:%Y-%m}" if Breakdown.MONTH in by else None,
    )


@dataclass(slots=True)
class _Tally:
    """The lists of a cell while they grow."""

    lists: defaultdict[Figure, list[int]] = field(default_factory=lambda: defaultdict(list))
    worked: Counter[int] = field(default_factory=Counter)
    stages: dict[Stage, StageTally] = field(
        default_factory=lambda: {stage: StageTally() for stage in Stage}
    )

    @property
    def empty(self) -> bool:
        """Tell whether no case is in any list."""
        return not self.lists

    def add(self, case_id: int, figures: Iterable[Figure]) -> None:
        """Put a case into the lists of some figures."""
        for figure in figures:
            self.lists[figure].append(case_id)

    def cell(self) -> KpiCell:
        """Return what was counted."""
        return KpiCell(
            lists=MappingProxyType({f: tuple(sorted(ids)) for f, ids in self.lists.items()}),
            worked=MappingProxyType(dict(self.worked)),
            stages=MappingProxyType({s: tally.cell() for s, tally in self.stages.items()}),
        )
