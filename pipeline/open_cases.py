"""What is open at this moment: by group, by age and by due date, counted in one query."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, case, func, select

from correspondence.clock import bangkok_day
from correspondence.reading import Frozen
from pipeline.bootstrap import House
from pipeline.standing import OPEN_STATES
from registry.engine import open_snapshot
from registry.models import Case
from reports.kpi_period import first_moment

# The answer has left, or there is nothing to answer.


class Age(StrEnum):
    """Calendar days since a case came, today's counted as 0."""

    WEEK = "0-7"
    MONTH = "8-30"
    TWO_MONTHS = "31-60"
    THREE_MONTHS = "61-90"
    OLDER = "91"


class DueStanding(StrEnum):
    """How an open case stands against its due date today; the date itself is in time."""

    IN_TIME = "in_time"
    OVERDUE = "overdue"
    UNDATED = "undated"


_LAST_DAY = {Age.WEEK: 7, Age.MONTH: 30, Age.TWO_MONTHS: 60, Age.THREE_MONTHS: 90}


class OpenCount(Frozen):
    """Open cases of a group (None: of none yet), an age and a standing."""

    group: str | None
    age: Age
    standing: DueStanding
    number: int


def open_counts(house: House, *, group: str | None = None) -> tuple[OpenCount, ...]:
    """Return how many cases are open, only where there are some; `group` narrows to one."""
    today = bangkok_day(house.clock())
    # Grouped outside: PostgreSQL does not know two expressions with parameters for the same.
    one = (
        select(
            Case.group_id.label("of"),
            _age(today).label("age"),
            _standing(today).label("standing"),
        )
        .where(*_wanted(group))
        .subquery()
    )
    columns = (one.c.of, one.c.age, one.c.standing)
    query = select(*columns, func.count()).group_by(*columns).order_by(*columns)
    with open_snapshot(house.sessions) as session:
        return tuple(
            OpenCount(group=of, age=Age(old), standing=DueStanding(stands), number=number)
            for of, old, stands, number in session.execute(query).tuples()
        )


def open_case_ids(
    house: House,
    *,
    groups: tuple[str | None, ...] | None = None,
    age: Age | None = None,
    standing: DueStanding | None = None,
) -> list[int]:
    """Return the open cases of some groups (None: of all), an age, a standing; the oldest first."""
    today = bangkok_day(house.clock())
    conditions = _wanted(None)
    if groups is not None:
        named = [group for group in groups if group is not None]
        of_groups: ColumnElement[bool] = Case.group_id.in_(named)
        if None in groups:
            of_groups = of_groups | Case.group_id.is_(None)
        conditions.append(of_groups)
    if age is not None:
        conditions.append(_age(today) == age.value)
    if standing is not None:
        conditions.append(_standing(today) == standing.value)
    query = select(Case.id).where(*conditions).order_by(Case.opened_at, Case.id)
    with open_snapshot(house.sessions) as session:
        return list(session.scalars(query))


def _wanted(group: str | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [Case.state.in_(OPEN_STATES)]
    if group is not None:
        wanted.append(Case.group_id == group)
    return wanted


def _age(today: date) -> ColumnElement[str]:
    return case(
        *(
            (Case.opened_at >= first_moment(today - timedelta(days=days)), age.value)
            for age, days in _LAST_DAY.items()
        ),
        else_=Age.OLDER.value,
    )


def _standing(today: date) -> ColumnElement[str]:
    return case(
        (Case.due_date.is_(None), DueStanding.UNDATED.value),
        (Case.due_date < today, DueStanding.OVERDUE.value),
        else_=DueStanding.IN_TIME.value,
    )
