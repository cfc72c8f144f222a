"""The cases behind a figure of the dashboard, a page of them: no subject, no name.

Of a case that is restricted or has a marked letter a list tells the id only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from correspondence.clock import bangkok_day
from correspondence.errors import UsageFault
from correspondence.reading import Frozen
from correspondence.vocabulary import Category
from pipeline.bootstrap import House
from pipeline.dashboard import NONE
from pipeline.kpi_numbers import KpiCase
from pipeline.kpi_view import listed_cases
from pipeline.measured_period import measure_period
from pipeline.memo_quality import memo_decisions
from pipeline.open_cases import Age, DueStanding, open_case_ids
from registry.engine import open_snapshot
from registry.learning import judged_cases
from reports.kpi_cell import Figure
from reports.kpi_period import Period
from reports.memo_quality import MemoFigure

PAGE_ROWS = 50
OPEN_NOW = "open_now"
CLASSIFIER = ("judged", "abstained", "corrected")
MEMOS = {
    f"memo_{figure.value}": figure for figure in MemoFigure if figure is not MemoFigure.UNREADABLE
}


@dataclass(frozen=True, slots=True)
class FigureAsk:
    """Which figure, of which cases.

    Attributes:
        figure: a `Figure`; `open_now`; one of CLASSIFIER or of MEMOS.
        period: of the figure; `open_now` has none.
        as_of: the day the figures are of, None for the period's last or today.
        category: only of this one, `-` for none; "" for all. Of figures of `Figure` only.
        groups: only of these, None among them for cases of no group; None for all.
        age: of `open_now` only.
        standing: of `open_now` only.
    """

    figure: str
    period: Period
    as_of: date | None = None
    category: str = ""
    groups: tuple[str | None, ...] | None = None
    age: Age | None = None
    standing: DueStanding | None = None


class FigureList(Frozen):
    """A page of the cases behind a figure; `number` of `pages`, both from 1."""

    figure: str
    total: int
    number: int
    pages: int
    cases: tuple[KpiCase, ...]


def figure_list(house: House, ask: FigureAsk, number: int = 1) -> FigureList:
    """Return a page of the cases behind a figure.

    Who may see them, and of which groups, is the caller's to know.

    Raises:
        UsageFault: no such figure or category, or a period that has not begun.
        CalendarYearMissing: a case reaches into a year without a calendar.
    """
    ids = _ids(house, ask)
    pages = max(1, -(-len(ids) // PAGE_ROWS))
    number = min(number, pages)
    shown = ids[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    return FigureList(
        figure=ask.figure,
        total=len(ids),
        number=number,
        pages=pages,
        cases=listed_cases(house, shown, until=_until(house, ask)),
    )


def _ids(house: House, ask: FigureAsk) -> Sequence[int]:
    if ask.figure == OPEN_NOW:
        return open_case_ids(house, groups=ask.groups, age=ask.age, standing=ask.standing)
    if ask.figure in list(Figure):
        return _measured_ids(house, ask)
    # These figures are narrowed to one group or none.
    group = ask.groups[0] if ask.groups else None
    begin, end = ask.period.bounds()
    with open_snapshot(house.sessions) as session:
        if ask.figure in CLASSIFIER:
            judged = judged_cases(session, begin, end, group=group)
            return sorted(getattr(judged, ask.figure))
        if ask.figure in MEMOS:
            found = memo_decisions(session, ask.period, group=group)
            return found.get(MEMOS[ask.figure], [])
    raise UsageFault("There is no figure of that name.", thai="ไม่มีตัวเลขชื่อนี้")


def _measured_ids(house: House, ask: FigureAsk) -> Sequence[int]:
    category = None
    if ask.category not in ("", NONE):
        if ask.category not in list(Category):
            raise UsageFault("There is no such category.", thai="ไม่มีประเภทนี้")
        category = Category(ask.category)
    measured = measure_period(house, ask.period, as_of=ask.as_of)
    return [
        case_id
        for case_id in measured.cases(Figure(ask.figure), ask.groups)
        if not ask.category or measured.facts[case_id].category is category
    ]


def _until(house: House, ask: FigureAsk) -> datetime:
    """Return up to when a case's days are told: as the figure had them, and today's for others."""
    today = bangkok_day(house.clock())
    measured = ask.figure in list(Figure)
    day = (ask.as_of or min(ask.period.last, today)) if measured else today
    return Period(day, day).bounds()[1]
