"""What is overdue: open cases past their due date that a person may open, the latest first."""

from __future__ import annotations

from typing import Final

from sqlalchemy import and_, func, select

from correspondence.clock import bangkok_day
from correspondence.reading import Frozen
from pipeline.bootstrap import House
from pipeline.dated_entries import CalendarEntry, cases_where, entries_of, open_cases
from pipeline.search_view import SearchScope, openable
from registry.engine import open_snapshot
from registry.models import Case
from routing.faults import CalendarYearMissing

PAGE_SIZE: Final = 50


class OverduePage(Frozen):
    """Open cases past their due date, the latest first; `working_days` late by case."""

    entries: tuple[CalendarEntry, ...]
    working_days: dict[int, int]
    total: int
    number: int
    pages: int


def overdue_page(
    house: House, *, scope: SearchScope, group: str | None = None, number: int = 1
) -> OverduePage:
    """Return a page of what is overdue today (Bangkok), what is latest first.

    Args:
        house: the office's house.
        scope: what whoever looks may open.
        group: only cases of this group; None for all.
        number: the page, from 1; one past the end gives the last.
    """
    today = bangkok_day(house.clock())
    calendar = house.calendars.refresh()
    late = and_(openable(scope), open_cases(), Case.due_date < today)
    if group is not None:
        late = and_(late, Case.group_id == group)
    with open_snapshot(house.sessions) as session:
        total = session.scalar(select(func.count(Case.id)).where(late)) or 0
        pages = max(1, -(-total // PAGE_SIZE))
        number = min(max(number, 1), pages)
        rows = session.scalars(
            cases_where(late)
            .order_by(Case.due_date, Case.id)
            .limit(PAGE_SIZE)
            .offset((number - 1) * PAGE_SIZE)
        )
        entries = entries_of(session, [(case, None) for case in rows])
    days = {}
    for entry in entries:
        try:
            days[entry.case_id] = calendar.working_days_between(entry.day, today)
        except CalendarYearMissing:
            days[entry.case_id] = (today - entry.day).days
    return OverduePage(entries=entries, working_days=days, total=total, number=number, pages=pages)
