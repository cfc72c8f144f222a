"""The office's dashboard: figures of a period and what is open today, with the cases behind them.

The figures of a period are those of `pipeline/kpi_view.py` (`docs/figures.md`), read in one pass;
what is open is counted as of this moment, whenever it came. Restricted cases count in every
number. Who may see them is the caller's to know (`pipeline.permissions.figure_scope`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from correspondence.clock import bangkok_day
from correspondence.reading import Frozen
from correspondence.vocabulary import Category
from pipeline.bootstrap import House
from pipeline.measured_period import Measured, measure_period
from pipeline.memo_quality import memo_decisions
from pipeline.open_cases import OpenCount, open_counts
from registry.engine import open_snapshot
from registry.learning import judged_cases
from reports.kpi_cell import DATED, KEPT, Figure
from reports.kpi_period import Period
from reports.memo_quality import MemoFigure
from reports.shares import percent_of

NONE = "-"
"""What a case without a category or a group is asked for by."""
_SHOWN = (Figure.RECEIVED, Figure.CLOSED_IN_PERIOD, *DATED)


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
    measured = measure_period(house, period)
    cases = {figure: measured.cases(figure, _groups(group)) for figure in _SHOWN}
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
        total=_counts(cases),
        months=tuple(_months(measured, cases, period)),
        categories=tuple(_categories(measured, cases)),
        open=open_counts(house, group=group),
        classifier=ClassifierCounts(
            judged=len(judged.judged),
            abstained=len(judged.abstained),
            corrected=len(judged.corrected),
            corrected_percent=percent_of(len(judged.corrected), len(judged.judged)),
        ),
        memos={figure: len(ids) for figure, ids in memos.items()},
    )


def _groups(group: str | None) -> tuple[str | None, ...] | None:
    return None if group is None else (group,)


def _counts(cases: Mapping[Figure, Sequence[int]]) -> FigureCounts:
    numbers = {figure: len(cases[figure]) for figure in _SHOWN}
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


def _categories(
    measured: Measured, cases: Mapping[Figure, Sequence[int]]
) -> Iterator[CategoryCounts]:
    for category in (*Category, None):
        own = {
            figure: [one for one in ids if measured.facts[one].category is category]
            for figure, ids in cases.items()
        }
        counts = _counts(own)
        if counts.received or counts.closed:
            yield CategoryCounts(category=category, counts=counts)


def _months(
    measured: Measured, cases: Mapping[Figure, Sequence[int]], period: Period
) -> Iterator[MonthCounts]:
    received = Counter(
        measured.facts[one].received_on.replace(day=1) for one in cases[Figure.RECEIVED]
    )
    closed = Counter(
        ended.replace(day=1)
        for one in cases[Figure.CLOSED_IN_PERIOD]
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
