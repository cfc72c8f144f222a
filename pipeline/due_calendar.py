"""Due dates and meetings by day, and what is overdue: of the cases that a person may open.

A restricted case is there for whoever may open it, without what it is about. However many cases
there are, a page asks the database the same number of times.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from correspondence.clock import BANGKOK, bangkok_day
from correspondence.reading import Frozen
from correspondence.thai_dates import BE_OFFSET
from correspondence.thai_digits import fold_digits
from correspondence.vocabulary import CaseState, Category
from pipeline.bootstrap import House
from pipeline.search_view import SearchScope, openable
from pipeline.standing import OPEN_STATES
from registry.engine import open_snapshot
from registry.models import Case, FieldRow, Letter
from registry.numbers import RegisterNumber
from routing.faults import CalendarYearMissing

PAGE_SIZE: Final = 50
_MOST_MEETINGS = 2_000
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
# The first and last year that a page shows (CE): what lies outside is no date of a case.
_YEARS = range(2000, 2101)
_NEVER = (CaseState.VOIDED.value, CaseState.DUPLICATE.value)


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


class CalendarEntry(Frozen):
    """A due date or a meeting; `at` is the hour of a meeting (Bangkok), None for a day alone.

    `subject` is "" for a restricted case.
    """

    meeting: bool
    day: date
    at: datetime | None
    case_id: int
    register_number: str
    restricted: bool
    subject: str
    category: Category | None
    group: str | None
    state: CaseState
    urgency: str
    due_date: date | None


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


class OverduePage(Frozen):
    """Open cases past their due date, the latest first; `working_days` late by case."""

    entries: tuple[CalendarEntry, ...]
    working_days: dict[int, int]
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
        due = _due_counts(session, seen, start, end)
        meetings = _meetings(session, seen, start, end)
        met = Counter(entry.day for entry in meetings)
        of_month = sorted(one for one in {*due, *met} if month.first <= one < month.after)
        if day is None or not month.first <= day < month.after:
            day = today if today in of_month or not of_month else of_month[0]
            day = day if month.first <= day < month.after else month.first
        total = due[day]
        pages = max(1, -(-total // PAGE_SIZE))
        number = min(max(number, 1), pages)
        rows = session.execute(
            _cases(and_(seen, _open_cases(), Case.due_date == day))
            .order_by(Case.id)
            .limit(PAGE_SIZE)
            .offset((number - 1) * PAGE_SIZE)
        ).scalars()
        dues = _entries(session, [(case, None) for case in rows])
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
        entries=(*(entry for entry in meetings if entry.day == day), *dues),
        total=total + met[day],
        number=number,
        pages=pages,
    )


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
    late = and_(openable(scope), _open_cases(), Case.due_date < today)
    if group is not None:
        late = and_(late, Case.group_id == group)
    with open_snapshot(house.sessions) as session:
        total = session.scalar(select(func.count(Case.id)).where(late)) or 0
        pages = max(1, -(-total // PAGE_SIZE))
        number = min(max(number, 1), pages)
        rows = session.scalars(
            _cases(late)
            .order_by(Case.due_date, Case.id)
            .limit(PAGE_SIZE)
            .offset((number - 1) * PAGE_SIZE)
        )
        entries = _entries(session, [(case, None) for case in rows])
    days = {}
    for entry in entries:
        try:
            days[entry.case_id] = calendar.working_days_between(entry.day, today)
        except CalendarYearMissing:
            days[entry.case_id] = (today - entry.day).days
    return OverduePage(entries=entries, working_days=days, total=total, number=number, pages=pages)


def dated_entries(
    session: Session, seen: ColumnElement[bool], first: date, after: date, *, most: int
) -> tuple[CalendarEntry, ...]:
    """Return due dates and meetings from a day up to, but not on, another; at most so many.

    Args:
        session: an open transaction.
        seen: a condition on `Case`.
        first: the first day.
        after: the day after the last.
        most: due dates at most; the nearest to `first` are kept.
    """
    wanted = and_(seen, _open_cases(), Case.due_date >= first, Case.due_date < after)
    rows = session.scalars(_cases(wanted).order_by(Case.due_date, Case.id).limit(most))
    dues = _entries(session, [(case, None) for case in rows])
    return (*dues, *_meetings(session, seen, first, after))


def _open_cases() -> ColumnElement[bool]:
    return Case.state.in_(OPEN_STATES)


def _cases(wanted: ColumnElement[bool]) -> Select[tuple[Case]]:
    return select(Case).where(wanted)


def _due_counts(
    session: Session, seen: ColumnElement[bool], first: date, after: date
) -> Counter[date]:
    query = (
        select(Case.due_date, func.count(Case.id))
        .where(seen, _open_cases(), Case.due_date >= first, Case.due_date < after)
        .group_by(Case.due_date)
    )
    return Counter({day: count for day, count in session.execute(query).tuples() if day})


def _meetings(
    session: Session, seen: ColumnElement[bool], first: date, after: date
) -> tuple[CalendarEntry, ...]:
    """Return the meetings of those days by their hour, as a person or else the machine has it."""
    begin, end = first.isoformat(), after.isoformat()
    machine, person = FieldRow.machine_value, FieldRow.person_value
    query = (
        select(Case, FieldRow)
        .join(Letter, Letter.case_id == Case.id)
        .join(FieldRow, FieldRow.letter_id == Letter.id)
        .where(
            FieldRow.name == "meeting_at",
            or_(and_(machine >= begin, machine < end), and_(person >= begin, person < end)),
            seen,
            Case.state.not_in(_NEVER),
        )
        .order_by(FieldRow.id)
        .limit(_MOST_MEETINGS)
    )
    found = []
    for case, field in session.execute(query).tuples():
        moment = _moment(field.value)
        if moment is not None and first <= moment.date() < after:
            found.append((case, (moment, len(field.value or "") > len("2026-11-21"))))
    entries = _entries(session, found)
    return tuple(
        sorted(entries, key=lambda entry: (entry.day, entry.at or _MIDNIGHT, entry.case_id))
    )


_MIDNIGHT = datetime.min.replace(tzinfo=BANGKOK)


def _moment(value: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    return moment.replace(tzinfo=BANGKOK) if moment.tzinfo is None else moment.astimezone(BANGKOK)


def _entries(
    session: Session, found: Iterable[tuple[Case, tuple[datetime, bool] | None]]
) -> tuple[CalendarEntry, ...]:
    rows = list(found)
    told = _told(session, [case for case, _ in rows])
    return tuple(_entry(case, meeting, *told.get(case.id, ("", ""))) for case, meeting in rows)


def _entry(
    case: Case, meeting: tuple[datetime, bool] | None, number: str, subject: str
) -> CalendarEntry:
    moment, has_hour = meeting or (None, False)
    day = moment.date() if moment is not None else case.due_date
    if day is None:
        raise ValueError("an entry of the calendar has a day")
    return CalendarEntry(
        meeting=moment is not None,
        day=day,
        at=moment if has_hour else None,
        case_id=case.id,
        register_number=number,
        restricted=case.restricted,
        subject=subject,
        category=Category(case.category) if case.category else None,
        group=case.group_id,
        state=CaseState(case.state),
        urgency=case.urgency,
        due_date=case.due_date,
    )


def _told(session: Session, cases: Sequence[Case]) -> dict[int, tuple[str, str]]:
    """Return register number and subject of each case's first letter; one query, whatever many."""
    restricted = {case.id for case in cases if case.restricted}
    wanted = sorted({case.id for case in cases})
    if not wanted:
        return {}
    first = select(func.min(Letter.id)).where(Letter.case_id.in_(wanted)).group_by(Letter.case_id)
    query = (
        select(Letter, FieldRow)
        .outerjoin(
            FieldRow,
            (FieldRow.letter_id == Letter.id)
            & (FieldRow.name == "subject")
            & (FieldRow.position == 0)
            & Letter.case_id.not_in(restricted),
        )
        .where(Letter.id.in_(first))
    )
    return {
        letter.case_id: (str(RegisterNumber.of(letter)), (field.value or "") if field else "")
        for letter, field in session.execute(query).tuples()
    }
