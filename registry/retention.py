"""What has ended and when: cases by the audit trail, items by their ledger row. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from correspondence.vocabulary import CaseState
from registry.chunks import chunks
from registry.models import AuditEvent, Case, IntakeItem, Letter
from registry.numbers import RegisterNumber

# Only these are over; a dispatched case may still be closed.
_OVER = (CaseState.CLOSED.value, CaseState.VOIDED.value, CaseState.DUPLICATE.value)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class EndedCase:
    """A case that is over; `ended_at` is aware, `restricted` hides what it is about."""

    id: int
    category: str | None
    restricted: bool
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class EndedItem:
    """An item put aside without a register number."""

    id: int
    outcome: str
    ended_at: datetime


def ended_cases(session: Session, before: datetime) -> Iterator[EndedCase]:
    """Yield the cases that are over since before a moment, by id."""
    ended = func.max(AuditEvent.at).label("ended_at")
    query = (
        select(Case.id, Case.category, Case.restricted, ended)
        .join(AuditEvent, AuditEvent.case_id == Case.id)
        .where(Case.state.in_(_OVER), AuditEvent.to_state == Case.state)
        .group_by(Case.id, Case.category, Case.restricted)
        .having(ended < before)
        .order_by(Case.id)
    )
    for row in session.execute(query.execution_options(yield_per=_CHUNK)).tuples():
        yield EndedCase(*row)


def ended_items(session: Session, outcome: str, before: datetime) -> Iterator[EndedItem]:
    """Yield the items that ended in an outcome before a moment, by id."""
    query = (
        select(IntakeItem.id, IntakeItem.outcome, IntakeItem.settled_at)
        .where(IntakeItem.outcome == outcome, IntakeItem.settled_at < before)
        .order_by(IntakeItem.id)
    )
    for item_id, ended_as, at in session.execute(query.execution_options(yield_per=_CHUNK)):
        yield EndedItem(item_id, ended_as, at)


def numbers_of_cases(session: Session, case_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the register numbers of these cases' letters, in their order."""
    found: dict[int, list[str]] = {}
    wanted = list(case_ids)
    for chunk in chunks(wanted):
        rows = session.execute(
            select(Letter.case_id, Letter.register_year, Letter.register_number)
            .where(Letter.case_id.in_(chunk))
            .order_by(Letter.case_id, Letter.register_year, Letter.register_number)
        )
        for case_id, year, number in rows:
            found.setdefault(case_id, []).append(str(RegisterNumber(year, number)))
    return {case_id: tuple(numbers) for case_id, numbers in found.items()}
