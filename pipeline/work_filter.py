"""What a person's work can be narrowed to, and what that asks of the cases."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, or_

from correspondence.reading import Frozen
from correspondence.vocabulary import CaseState, Category, Urgency
from pipeline.staff import StaffMember
from pipeline.work_scope import OPEN, WorkScope
from registry.models import Case, CaseLook

SOON_DAYS = 3


class WorkView(StrEnum):
    """Whose cases: all of a person's work, in their hands, of their group, waiting for them."""

    ALL = "all"
    MINE = "mine"
    GROUP = "group"
    WAITING = "waiting"


class Band(StrEnum):
    """How near a due date is; `soon` is within three days, `later` holds what has no date, too."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"


class WorkFilter(Frozen):
    """What the list is narrowed to; None narrows nothing."""

    view: WorkView = WorkView.ALL
    state: CaseState | None = None
    category: Category | None = None
    urgency: Urgency | None = None
    band: Band | None = None
    unread: bool = False


def joined(query: Select[Any], staff: StaffMember) -> Select[Any]:
    """Return a query over cases, with what the person last saw of each beside it."""
    look = and_(CaseLook.case_id == Case.id, CaseLook.person_id == staff.person_id)
    return query.select_from(Case).outerjoin(CaseLook, look)


def is_unread() -> ColumnElement[bool]:
    """Return the condition of a case that changed since the person opened it, or never was."""
    return or_(CaseLook.version.is_(None), CaseLook.version < Case.version)


def band_on(today: date) -> ColumnElement[str]:
    """Return the band of a case's due date; `today` in Bangkok."""
    return case(
        (Case.due_date < today, Band.OVERDUE.value),
        (Case.due_date == today, Band.TODAY.value),
        (Case.due_date <= today + timedelta(days=SOON_DAYS), Band.SOON.value),
        else_=Band.LATER.value,
    )


def _open(wanted: WorkFilter) -> ColumnElement[bool]:
    states = (CaseState.DISPATCHED,) if wanted.state is CaseState.DISPATCHED else OPEN
    return Case.state.in_([state.value for state in states])


def work_conditions(
    scope: WorkScope, wanted: WorkFilter, band: ColumnElement[str]
) -> list[ColumnElement[bool]]:
    """Return the conditions of the cases that a person asks for."""
    conditions = [of_view(scope, wanted.view), _open(wanted)]
    if wanted.state is not None:
        conditions.append(Case.state == wanted.state.value)
    if wanted.category is not None:
        # What a restricted case is about is not told by a filter either.
        conditions += [Case.category == wanted.category.value, Case.restricted.is_(False)]
    if wanted.urgency is not None:
        conditions.append(Case.urgency == wanted.urgency.value)
    if wanted.band is not None:
        conditions.append(band == wanted.band.value)
    if wanted.unread:
        conditions.append(is_unread())
    return conditions


def of_view(scope: WorkScope, view: WorkView) -> ColumnElement[bool]:
    """Return the condition of the cases of a view."""
    return {
        WorkView.ALL: scope.everything,
        WorkView.MINE: scope.mine,
        WorkView.GROUP: scope.group,
        WorkView.WAITING: scope.waiting,
    }[view]
