"""How much waits at each desk that a person sees: one query for the menu of every page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select

from correspondence.reading import Frozen
from correspondence.vocabulary import CaseState, IntakeOutcome
from pipeline.bootstrap import House
from pipeline.permissions import Permission, may
from pipeline.staff import StaffMember
from pipeline.work_scope import OPEN, work_scope
from registry.engine import open_snapshot
from registry.hand_over import HAND_OVER
from registry.models import AuditEvent, Case, IntakeItem


class DeskCounts(Frozen):
    """Cases of a person's work and in triage, items that wait; None where they may not see it."""

    work: int | None = None
    triage: int | None = None
    held: int | None = None
    quarantined: int | None = None
    secret: int | None = None


def desk_counts(house: House, staff: StaffMember) -> DeskCounts:
    """Return what a person's menu counts, in one query."""
    waiting = may(staff, Permission.SEE_WAITING)
    counted = {
        "work": _work(staff) if may(staff, Permission.SEE_WORK) else None,
        "triage": _triage() if may(staff, Permission.DO_TRIAGE) else None,
        "held": _items(IntakeOutcome.HELD) if waiting else None,
        "quarantined": _items(IntakeOutcome.QUARANTINED) if waiting else None,
        "secret": _secret() if may(staff, Permission.WORK_SECRET_DESK) else None,
    }
    asked = {name: query for name, query in counted.items() if query is not None}
    if not asked:
        return DeskCounts()
    with open_snapshot(house.sessions) as session:
        row = session.execute(select(*(query.label(name) for name, query in asked.items()))).one()
    return DeskCounts.model_validate(dict(row._mapping))


def in_triage() -> list[ColumnElement[bool]]:
    """Return the conditions of a case in triage; restricted ones are the secret desk's."""
    return [Case.state == CaseState.TRIAGE.value, Case.restricted.is_(False)]


def not_handed_over() -> list[ColumnElement[bool]]:
    """Return the conditions of a secret item that nobody has taken yet."""
    taken = (
        exists()
        .where(AuditEvent.intake_item_id == IntakeItem.id, AuditEvent.action == HAND_OVER)
        .correlate(IntakeItem)
    )
    return [IntakeItem.outcome == IntakeOutcome.SECRET.value, ~taken]


def _work(staff: StaffMember) -> ScalarSelect[Any]:
    query = select(func.count(Case.id)).where(
        Case.state.in_([state.value for state in OPEN]), work_scope(staff).everything
    )
    return query.scalar_subquery()


def _triage() -> ScalarSelect[Any]:
    return select(func.count(Case.id)).where(*in_triage()).scalar_subquery()


def _items(outcome: IntakeOutcome) -> ScalarSelect[Any]:
    return (
        select(func.count(IntakeItem.id))
        .where(IntakeItem.outcome == outcome.value)
        .scalar_subquery()
    )


def _secret() -> ScalarSelect[Any]:
    return select(func.count(IntakeItem.id)).where(*not_handed_over()).scalar_subquery()
