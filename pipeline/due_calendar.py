"""A month of due dates and meetings by day: of the cases that a person may open.

A restricted case is there for whoever may open it, without what it is about. However many cases
there are, a page asks the database the same number of times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import and_

from correspondence.clock import bangkok_day
from correspondence.reading import Frozen
from correspondence.thai_dates import BE_OFFSET
from correspondence.thai_digits import fold_digits
from pipeline.bootstrap import House
from pipeline.dated_entries import (
    CalendarEntry,
    cases_where,
    due_counts,
    entries_of,
    meeting_counts,
    meetings_of,
    open_cases,
)
from pipeline.search_view import SearchScope, openable
from registry.engine import open_snapshot
from registry.models import Case
from routing.faults import CalendarYearMissing

PAGE_SIZE: Final = 50
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
# The first and last year that a page shows (CE): what lies outside is no date of a case.
_YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the CE calendar; written in B.E.: `2569-11`."""

    year: int
    month: int

    def __str__(self) -> str:
        """Return the month as an address has it."""
        return f"{self.year + BE_OFFSET}-{self.month:02}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def after(self) -> date:
        """The first day of the next month."""
        return (self.first + timedelta(days=31)).replace(day=1)

    def beside(self, step: int) -> Month | None:
        """Return the month before (-1) or after (1); None outside the years that are shown."""
        day = self.after if step > 0 else self.first - timedelta(days=1)
        return Month(day.year, day.month) if day.year in _YEARS else None


class CalendarDay(Frozen):
    """A day of the grid; `own` tells that it is of the month shown, `holiday` its Thai name."""

    day: date
    own: bool
    working: bool
    holiday: str | None
    due: int
    meetings: int


class CalendarMonth(Frozen):
    """A month in weeks from Monday; `entries` are of `day`, `total` of them there are."""

    weeks: tuple[tuple[CalendarDay, ...], ...]
    due: int
    meetings: int
    day: date
    entries: tuple[CalendarEntry, ...]
    total: int
    number: int
    pages: int


def read_month(text: str, today: date) -> Month:
    """Return a month as an address has it, in B.E. or C.E.; this month for anything else."""
    found = _MONTH.fullmatch(fold_digits(text[:10]))
    if found:
        year, month = int(found[1]), int(found[2])
        year = year - BE_OFFSET if year - BE_OFFSET in _YEARS else year
        if year in _YEARS and 1 <= month <= 12:
            return Month(year, month)
    return Month(today.year, today.month)


def month_calendar(
    house: House,
    month: Month,
    *,
    scope: SearchScope,
    group: str | None = None,
    day: date | None = None,
    number: int = 1,
) -> CalendarMonth:
    """Return a month with its counts, and what is on one day of it.

    Args:
        house: the office's house.
        month: the month.
        scope: what whoever looks may open.
        group: only cases of this group; None for all.
        day: the day whose entries are listed; by default today where it is in the month and has
            any, else the first day that has.
        number: the page of that day's due dates, from 1.
    """
    today = bangkok_day(house.clock())
    calendar = house.calendars.refresh()
    start = month.first - timedelta(days=month.first.weekday())
    end = month.after + timedelta(days=-month.after.weekday() % 7)
    seen = openable(scope) if group is None else and_(openable(scope), Case.group_id == group)
    with open_snapshot(house.sessions) as session:
        due = due_counts(session, seen, start, end)
        met = meeting_counts(session, seen, start, end)
        of_month = sorted(one for one in {*due, *met} if month.first <= one < month.after)
        if day is None or not month.first <= day < month.after:
            day = today if today in of_month or not of_month else of_month[0]
            day = day if month.first <= day < month.after else month.first
        total = due[day]
        pages = max(1, -(-total // PAGE_SIZE))
        number = min(max(number, 1), pages)
        rows = session.execute(
            cases_where(and_(seen, open_cases(), Case.due_date == day))
            .order_by(Case.id)
            .limit(PAGE_SIZE)
            .offset((number - 1) * PAGE_SIZE)
        ).scalars()
        dues = entries_of(session, [(case, None) for case in rows])
        meetings = meetings_of(session, seen, day, day + timedelta(days=1))
    days = [start + timedelta(days=step) for step in range((end - start).days)]
    cells = []
    for one in days:
        try:
            working, holiday = calendar.is_working_day(one), calendar.name_of(one)
        except CalendarYearMissing:
            working, holiday = one.weekday() < 5, None
        cells.append(
            CalendarDay(
                day=one,
                own=month.first <= one < month.after,
                working=working,
                holiday=holiday,
                due=due[one],
                meetings=met[one],
            )
        )
    return CalendarMonth(
        weeks=tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7)),
        due=sum(cell.due for cell in cells if cell.own),
        meetings=sum(cell.meetings for cell in cells if cell.own),
        day=day,
        entries=(*meetings, *dues),
        total=total + met[day],
        number=number,
        pages=pages,
    )
