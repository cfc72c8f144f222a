"""The office's dashboard: figures of a period and what is open today, with the cases behind them.

The figures of a period are those of `pipeline/kpi_view.py` (`docs/figures.md`), read in one pass;
what is open is counted as of this moment, whenever it came. Restricted cases count in every
number. Who may see them is the caller's to know (`pipeline.permissions.figure_scope`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from correspondence.clock import bangkok_day
from correspondence.errors import UsageFault
from correspondence.reading import Frozen
from correspondence.vocabulary import Category
from pipeline.bootstrap import House
from pipeline.kpi_view import yardstick_of
from pipeline.memo_quality import memo_decisions
from pipeline.open_cases import OpenCount, open_counts
from registry.case_history import CaseHistory, period_histories
from registry.engine import open_snapshot
from registry.learning import judged_cases
from reports.case_course import CaseCourse, course_of
from reports.kpi import KpiFilter, measure
from reports.kpi_cell import DATED, KEPT, Figure, KpiCell
from reports.kpi_period import Period
from reports.memo_quality import MemoFigure
from reports.shares import percent_of

NONE = "-"
"""What a case without a category or a group is asked for by."""


class FigureCounts(Frozen):
    """Figures of some cases; `in_time_percent` is 0 to 100, None where none has a due date."""

    received: int
    closed: int
    in_time: int
    late: int
    open_in_time: int
    open_overdue: int
    in_time_percent: float | None


class MonthCounts(Frozen):
    """What came and what was closed in a month; `first` is its first day (CE)."""

    first: date
    last: date
    received: int
    closed: int


class CategoryCounts(Frozen):
    """The figures of a category, None for cases nobody has given one."""

    category: Category | None
    counts: FigureCounts


class ClassifierCounts(Frozen):
    """Letters the classifier judged, left to people, and was corrected on by people."""

    judged: int
    abstained: int
    corrected: int
    corrected_percent: float | None


class Dashboard(Frozen):
    """Everything one look at the office shows.

    Attributes:
        first: the period's first day (CE).
        last: its last.
        as_of: the day the period's figures are of.
        today: the day `open` is of.
        group: the group it is narrowed to, None for the whole office.
        target: the share in time that the office wants, 0 to 100, None where it set none.
        total: the period's figures.
        months: by month of receipt and of closing; empty where the period is one month.
        categories: by category, in the office's order.
        open: open cases by group, age and due date.
        classifier: of letters judged in the period.
        memos: what reviews of the period did to the machine's memos.
    """

    first: date
    last: date
    as_of: date
    today: date
    group: str | None
    target: int | None
    total: FigureCounts
    months: tuple[MonthCounts, ...]
    categories: tuple[CategoryCounts, ...]
    open: tuple[OpenCount, ...]
    classifier: ClassifierCounts
    memos: dict[MemoFigure, int]


@dataclass(frozen=True, slots=True)
class CaseFact:
    """What a figure is narrowed by: the days (CE) it came and ended, its category, its group."""

    received_on: date
    ended_on: date | None
    category: Category | None
    group: str | None


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of a period with the facts of each case behind them, by case id."""

    cell: KpiCell
    facts: Mapping[int, CaseFact]
    as_of: date


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


def dashboard(house: House, period: Period, group: str | None = None) -> Dashboard:
    """Return the dashboard of a period.

    Args:
        house: where the register is.
        period: days of receipt and of closing.
        group: only cases of this group; None for the whole office.

    Raises:
        UsageFault: the period has not begun.
        CalendarYearMissing: a case reaches into a year without a calendar.
    """
    measured = measure_period(house, period, group=group)
    begin, end = period.bounds()
    with open_snapshot(house.sessions) as session:
        judged = judged_cases(session, begin, end, group=group)
        memos = memo_decisions(session, period, group=group)
    return Dashboard(
        first=period.first,
        last=period.last,
        as_of=measured.as_of,
        today=bangkok_day(house.clock()),
        group=group,
        target=house.configuration.deadlines.in_time_target,
        total=_counts(measured, None),
        months=tuple(_months(measured, period)),
        categories=tuple(_categories(measured)),
        open=open_counts(house, group=group),
        classifier=ClassifierCounts(
            judged=len(judged.judged),
            abstained=len(judged.abstained),
            corrected=len(judged.corrected),
            corrected_percent=percent_of(len(judged.corrected), len(judged.judged)),
        ),
        memos={figure: len(ids) for figure, ids in memos.items()},
    )


def measure_period(
    house: House, period: Period, *, group: str | None = None, as_of: date | None = None
) -> Measured:
    """Return the figures of a period with the facts of each case; see `kpi_view` for `as_of`.

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
    begin, end = period.bounds()
    noted = _Noted()

    def course(history: CaseHistory) -> CaseCourse:
        return course_of(history, house.clock())

    with open_snapshot(house.sessions) as session:
        histories = period_histories(session, begin, end, until=Period(day, day).bounds()[1])
        table = measure(
            noted.pass_on(map(course, histories)),
            period,
            day,
            yardstick_of(house),
            only=KpiFilter(group=group),
        )
    return Measured(table.total, noted.facts, day)


def _counts(measured: Measured, category: Category | None, *, every: bool = True) -> FigureCounts:
    numbers = {
        figure: len(measured.cell.cases(figure))
        if every
        else sum(measured.facts[one].category is category for one in measured.cell.cases(figure))
        for figure in (Figure.RECEIVED, Figure.CLOSED_IN_PERIOD, *DATED)
    }
    return FigureCounts(
        received=numbers[Figure.RECEIVED],
        closed=numbers[Figure.CLOSED_IN_PERIOD],
        in_time=numbers[Figure.IN_TIME],
        late=numbers[Figure.LATE],
        open_in_time=numbers[Figure.OPEN_IN_TIME],
        open_overdue=numbers[Figure.OPEN_OVERDUE],
        in_time_percent=percent_of(
            sum(numbers[figure] for figure in KEPT), sum(numbers[figure] for figure in DATED)
        ),
    )


def _categories(measured: Measured) -> Iterator[CategoryCounts]:
    for category in (*Category, None):
        counts = _counts(measured, category, every=False)
        if counts.received or counts.closed:
            yield CategoryCounts(category=category, counts=counts)


def _months(measured: Measured, period: Period) -> Iterator[MonthCounts]:
    received = Counter(
        measured.facts[one].received_on.replace(day=1)
        for one in measured.cell.cases(Figure.RECEIVED)
    )
    closed = Counter(
        ended.replace(day=1)
        for one in measured.cell.cases(Figure.CLOSED_IN_PERIOD)
        if (ended := measured.facts[one].ended_on) is not None
    )
    months = months_of(period)
    if len(months) == 1:
        return
    for month in months:
        if month.first <= measured.as_of:
            yield MonthCounts(
                first=month.first,
                last=month.last,
                received=received[month.first],
                closed=closed[month.first],
            )


def months_of(period: Period) -> list[Period]:
    """Return the months that a period of whole months has."""
    found: list[Period] = []
    day = period.first
    while day <= period.last:
        after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        found.append(Period(day, date.fromordinal(after.toordinal() - 1)))
        day = after
    return found
