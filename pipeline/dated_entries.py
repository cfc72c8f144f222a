"""Due dates and meetings as entries of a list: number, subject, category, group, state.

Any number of entries takes the same number of queries; a restricted case has no subject.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, select, union
from sqlalchemy.orm import Session

from correspondence.clock import BANGKOK
from correspondence.reading import Frozen
from correspondence.vocabulary import CaseState, Category
from pipeline.standing import OPEN_STATES
from registry.models import Case, FieldRow, Letter
from registry.numbers import RegisterNumber

_MOST_MEETINGS = 2_000
Columns = TypeVar("Columns", bound=tuple[Any, ...])
_NEVER = (CaseState.VOIDED.value, CaseState.DUPLICATE.value)


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
    wanted = and_(seen, open_cases(), Case.due_date >= first, Case.due_date < after)
    rows = session.scalars(cases_where(wanted).order_by(Case.due_date, Case.id).limit(most))
    dues = entries_of(session, [(case, None) for case in rows])
    return (*dues, *meetings_of(session, seen, first, after))


def open_cases() -> ColumnElement[bool]:
    """Return the condition of a case that still waits for the office."""
    return Case.state.in_(OPEN_STATES)


def cases_where(wanted: ColumnElement[bool]) -> Select[tuple[Case]]:
    """Return the query of these cases."""
    return select(Case).where(wanted)


def due_counts(
    session: Session, seen: ColumnElement[bool], first: date, after: date
) -> Counter[date]:
    """Return how many open cases are due on each of the days from `first`, but not on `after`."""
    query = (
        select(Case.due_date, func.count(Case.id))
        .where(seen, open_cases(), Case.due_date >= first, Case.due_date < after)
        .group_by(Case.due_date)
    )
    return Counter({day: count for day, count in session.execute(query).tuples() if day})


def meeting_counts(
    session: Session, seen: ColumnElement[bool], first: date, after: date
) -> Counter[date]:
    """Return how many meetings there are on each of the days from `first`, but not on `after`."""
    query = _meeting_query(
        select(FieldRow.machine_value, FieldRow.person_value, FieldRow.corrected_at),
        seen,
        first,
        after,
    )
    counted: Counter[date] = Counter()
    for machine, person, corrected_at in session.execute(query).tuples():
        moment = _moment(person if corrected_at is not None else machine)
        if moment is not None and first <= moment.date() < after:
            counted[moment.date()] += 1
    return counted


def meetings_of(
    session: Session, seen: ColumnElement[bool], first: date, after: date
) -> tuple[CalendarEntry, ...]:
    """Return the meetings of those days by their hour, as a person or else the machine has it."""
    query = _meeting_query(select(Case, FieldRow), seen, first, after)
    found = []
    for case, field in session.execute(query.limit(_MOST_MEETINGS)).tuples():
        moment = _moment(field.value)
        if moment is not None and first <= moment.date() < after:
            found.append((case, (moment, len(field.value or "") > len("2026-11-21"))))
    entries = entries_of(session, found)
    return tuple(sorted(entries, key=lambda one: (one.day, one.at or _MIDNIGHT, one.case_id)))


def _meeting_query(
    query: Select[Columns], seen: ColumnElement[bool], first: date, after: date
) -> Select[Columns]:
    begin, end = first.isoformat(), after.isoformat()
    # Not a parameter: else no database knows that the indexes of meetings will do.
    is_meeting = FieldRow.name == literal_column("'meeting_at'")
    of_days = union(
        *(
            select(FieldRow.id).where(is_meeting, value >= begin, value < end)
            for value in (FieldRow.machine_value, FieldRow.person_value)
        )
    )
    return (
        query.select_from(FieldRow)
        .join(Letter, Letter.id == FieldRow.letter_id)
        .join(Case, Case.id == Letter.case_id)
        .where(FieldRow.id.in_(of_days), seen, Case.state.not_in(_NEVER))
        .order_by(FieldRow.id)
    )


_MIDNIGHT = datetime.min.replace(tzinfo=BANGKOK)


def _moment(value: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    return moment.replace(tzinfo=BANGKOK) if moment.tzinfo is None else moment.astimezone(BANGKOK)


def entries_of(
    session: Session, found: Iterable[tuple[Case, tuple[datetime, bool] | None]]
) -> tuple[CalendarEntry, ...]:
    """Return entries of cases in their order: meetings where a moment is given.

    Args:
        session: an open transaction.
        found: cases, each with its meeting and whether that has an hour, or None for its due date.
    """
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
