"""What happened to cases: their moves, extensions and due dates, streamed case by case.

Three ordered queries are read side by side, so that a year of cases needs the memory of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, or_, select
from sqlalchemy.orm import Session

from correspondence.vocabulary import CaseState, Category, Channel, Secrecy
from registry.chunks import chunks
from registry.models import AuditEvent, Case, DueDateRow, FieldRow, Letter

# Names of audit events that are counted although the state stays.
EXTEND = "extend"
# The answer has left or the matter is closed: what the office owed is done.
ENDS = (CaseState.DISPATCHED, CaseState.CLOSED)
_BATCH = 2000


@dataclass(frozen=True, slots=True)
class CaseStep:
    """An audit event of a case; `at` is aware, the states are None where it moves nothing."""

    at: datetime
    action: str
    from_state: CaseState | None
    to_state: CaseState | None

    @property
    def moves(self) -> bool:
        """Tell whether the case was in another state before."""
        return self.to_state is not None and self.from_state is not self.to_state


@dataclass(frozen=True, slots=True)
class DatedDue:
    """A due date (None: none could be set) and the aware moment from which it was in force.

    `due_at` is the aware moment where the deadline has an hour.
    """

    since: datetime
    due_date: date | None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """A case as it stands, and what happened to it before the moment `until`, oldest first.

    `channel` and `registered_at` are those of its first letter, None where it has none.
    `due_dates` are all that ever were, those set later included.
    """

    case_id: int
    until: datetime
    state: CaseState
    category: Category | None
    subcategory: str | None
    group: str | None
    channel: Channel | None
    opened_at: datetime
    registered_at: datetime | None
    due_date: date | None
    steps: tuple[CaseStep, ...]
    due_dates: tuple[DatedDue, ...]


def period_histories(
    session: Session, begin: datetime, end: datetime, *, until: datetime
) -> Iterator[CaseHistory]:
    """Yield every case received in [begin, end) and every one that ended in it, by id.

    Args:
        session: an open transaction; a snapshot, or a case may change between its parts.
        begin: first moment of the period, aware.
        end: first moment after it.
        until: what happened from this moment on is left out.
    """
    ended = select(AuditEvent.case_id).where(
        AuditEvent.to_state.in_([state.value for state in ENDS]),
        AuditEvent.at >= begin,
        AuditEvent.at < min(end, until),
        AuditEvent.case_id.is_not(None),
    )
    received = (Case.opened_at >= begin) & (Case.opened_at < end)
    # Old papers entered afterwards are nobody's work of the period.
    wanted = or_(received, Case.id.in_(ended)) & Case.archived.is_(False)
    return _histories(session, wanted, until)


def histories_of(
    session: Session, case_ids: Iterable[int], *, until: datetime
) -> Iterator[CaseHistory]:
    """Yield the histories of some cases, by id; unknown ids are left out."""
    wanted = sorted(set(case_ids))
    for chunk in chunks(wanted):
        yield from _histories(session, Case.id.in_(chunk), until)


def withheld_cases(session: Session, case_ids: Sequence[int]) -> frozenset[int]:
    """Return which of these cases tell nothing in a list: restricted, or with a marked letter."""
    found: set[int] = set()
    grade = case(
        (FieldRow.corrected_at.is_not(None), FieldRow.person_value), else_=FieldRow.machine_value
    )
    for chunk in chunks(case_ids):
        found |= set(session.scalars(select(Case.id).where(Case.id.in_(chunk), Case.restricted)))
        found |= set(
            session.scalars(
                select(Letter.case_id)
                .join(FieldRow, FieldRow.letter_id == Letter.id)
                .where(
                    Letter.case_id.in_(chunk),
                    FieldRow.name == "secrecy",
                    grade != Secrecy.OPEN.value,
                )
            )
        )
    return frozenset(found)


def _histories(
    session: Session, wanted: ColumnElement[bool], until: datetime
) -> Iterator[CaseHistory]:
    ids = select(Case.id).where(wanted)
    first = select(Letter.id).where(Letter.case_id == Case.id).order_by(Letter.id).limit(1)
    cases = _stream(
        session,
        select(
            Case.id,
            Case.state,
            Case.category,
            Case.subcategory,
            Case.group_id,
            Letter.channel,
            Case.opened_at,
            Letter.registered_at,
            Case.due_date,
        )
        .outerjoin(Letter, Letter.id == first.correlate(Case).scalar_subquery())
        .where(wanted)
        .order_by(Case.id),
    )
    steps = _Follower(
        _stream(
            session,
            select(
                AuditEvent.case_id,
                AuditEvent.at,
                AuditEvent.action,
                AuditEvent.from_state,
                AuditEvent.to_state,
            )
            .where(
                AuditEvent.case_id.in_(ids),
                AuditEvent.at < until,
                or_(AuditEvent.to_state.is_not(None), AuditEvent.action == EXTEND),
            )
            .order_by(AuditEvent.case_id, AuditEvent.id),
        )
    )
    dues = _Follower(
        _stream(
            session,
            select(
                DueDateRow.case_id,
                DueDateRow.computed_at,
                DueDateRow.due_date,
                DueDateRow.due_at,
            )
            .where(DueDateRow.case_id.in_(ids))
            .order_by(DueDateRow.case_id, DueDateRow.id),
        )
    )
    for case_id, state, category, subcategory, group, channel, opened, registered, due in cases:
        yield CaseHistory(
            case_id=case_id,
            until=until,
            state=CaseState(state),
            category=Category(category) if category else None,
            subcategory=subcategory,
            group=group,
            channel=Channel(channel) if channel else None,
            opened_at=opened,
            registered_at=registered,
            due_date=due,
            steps=tuple(
                CaseStep(at, action, _state(before), _state(after))
                for _, at, action, before, after in steps.rows_of(case_id)
            ),
            due_dates=tuple(
                DatedDue(at, day, due_at) for _, at, day, due_at in dues.rows_of(case_id)
            ),
        )


def _stream(session: Session, query: Select[Any]) -> Iterator[Row[Any]]:
    return iter(session.execute(query.execution_options(yield_per=_BATCH)))


def _state(value: str | None) -> CaseState | None:
    return CaseState(value) if value else None


class _Follower:
    """Rows ordered by their first column, handed out to whoever asks in the same order."""

    def __init__(self, rows: Iterator[Row[Any]]) -> None:
        self._groups = groupby(rows, key=lambda row: row[0])
        self._next = next(self._groups, None)

    def rows_of(self, case_id: int) -> Iterable[Row[Any]]:
        """Return the rows of a case; ids must be asked in ascending order."""
        while self._next is not None and self._next[0] < case_id:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != case_id:
            return ()
        rows = tuple(self._next[1])
        self._next = next(self._groups, None)
        return rows
