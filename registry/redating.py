"""What re-dating reads and writes: open cases with the dates in force, in chunks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from correspondence.classification import Classification
from correspondence.deadline import DueDecision
from correspondence.reading import LetterFields
from correspondence.vocabulary import CaseState, Category, Channel
from registry.audit_chain import add_events
from registry.case_clock import NO_FACTS, ClockFacts, clock_facts
from registry.casework import due_date_values
from registry.chunks import chunks
from registry.dated_case import DatedCase
from registry.letter_file import letter_fields
from registry.models import Case, ClassificationRow, DueDateRow, FieldRow, Letter
from registry.numbers import RegisterNumber
from registry.transitions import Actor

REDATED = "redate"
DATE_KEPT = "keep_date"
DONE_STATES = (CaseState.CLOSED, CaseState.DUPLICATE, CaseState.VOIDED, CaseState.DISPATCHED)
# As a list of what is asked for: databases find these by an index.
_OPEN = [state.value for state in CaseState if state not in DONE_STATES]
_DATING = ("stated_deadline", "meeting_at", "urgency")
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class DatingFacts:
    """What the due date of a case is decided from: its first letter, its category, its clock."""

    register_number: RegisterNumber
    received_at: datetime
    channel: Channel
    fields: LetterFields
    classification: Classification | None
    clock: ClockFacts


@dataclass(frozen=True, slots=True)
class NewDate:
    """A decision to put in force, or (`moved` and `renewed` False) a date that stays and why."""

    dated: DatedCase
    decision: DueDecision
    reason: str
    moved: bool
    renewed: bool


def count_open_cases(session: Session) -> int:
    """Return how many cases are open."""
    return session.scalar(select(func.count()).select_from(Case).where(Case.state.in_(_OPEN))) or 0


def dated_cases(session: Session, *, version: str | None = None) -> Iterator[list[DatedCase]]:
    """Yield the open cases that have a due date decided, in chunks by id.

    Args:
        session: an open session.
        version: only cases whose date was last found right with this state of the calendar.
    """
    last = 0
    while True:
        query = _dated(version).where(Case.id > last).limit(_CHUNK)
        found = [DatedCase(*row) for row in session.execute(query)]
        if not found:
            return
        last = found[-1].case_id
        yield found


def locked_cases(
    session: Session, chosen: list[DatedCase], version: str | None = None
) -> list[DatedCase]:
    """Take the rows of these cases for this transaction and return them as they are now.

    A case that is done by now, or dated anew with another state of the calendar, is left out.
    Everybody else goes on with all other cases. SQLite has one writer, who sees what was read.
    """
    if session.get_bind().dialect.name != "postgresql" or not chosen:
        return chosen
    query = _dated(version).where(Case.id.in_([dated.case_id for dated in chosen]))
    session.execute(
        select(Case.id)
        .where(Case.id.in_([dated.case_id for dated in chosen]))
        .order_by(Case.id)
        .with_for_update()
    )
    return [DatedCase(*row) for row in session.execute(query)]


def _dated(version: str | None) -> Select[Any]:
    query = (
        select(
            Case.id,
            Case.state,
            Case.category,
            Case.subcategory,
            Case.due_date,
            DueDateRow.id,
            DueDateRow.received_at,
            DueDateRow.anchor_date,
            DueDateRow.due_at,
            DueDateRow.rule_id,
            DueDateRow.candidates,
            DueDateRow.holidays_counted,
            DueDateRow.explanation,
            DueDateRow.calendar_confirmed,
            DueDateRow.needs_person,
            DueDateRow.calendar_version,
            DueDateRow.computed_at,
        )
        .join(DueDateRow, DueDateRow.case_id == Case.id)
        .where(Case.state.in_(_OPEN), DueDateRow.superseded_at.is_(None))
        .order_by(Case.id, DueDateRow.id)
    )
    return query if version is None else query.where(DueDateRow.calendar_version == version)


def dating_facts(session: Session, cases: Iterable[DatedCase]) -> dict[int, DatingFacts]:
    """Return by case id what the due dates of these cases are decided from."""
    wanted = {case.case_id: case for case in cases}
    clocks = clock_facts(session, wanted)
    first = select(func.min(Letter.id)).where(Letter.case_id.in_(wanted)).group_by(Letter.case_id)
    letters = {
        row.id: row
        for row in session.execute(
            select(
                Letter.id,
                Letter.case_id,
                Letter.register_year,
                Letter.register_number,
                Letter.received_at,
                Letter.channel,
            ).where(Letter.id.in_(first))
        )
    }
    fields: dict[int, list[FieldRow]] = {letter_id: [] for letter_id in letters}
    for row in session.scalars(
        select(FieldRow).where(FieldRow.letter_id.in_(letters), FieldRow.name.in_(_DATING))
    ):
        fields[row.letter_id].append(row)
    latest = (
        select(func.max(ClassificationRow.id))
        .where(ClassificationRow.case_id.in_(wanted))
        .group_by(ClassificationRow.case_id)
    )
    decided = {
        row.case_id: row
        for row in session.execute(
            select(
                ClassificationRow.case_id,
                ClassificationRow.subcategory,
                ClassificationRow.probabilities,
                ClassificationRow.abstained,
                ClassificationRow.model_version,
            ).where(ClassificationRow.id.in_(latest))
        )
    }
    return {
        letter.case_id: DatingFacts(
            register_number=RegisterNumber(letter.register_year, letter.register_number),
            received_at=letter.received_at,
            channel=Channel(letter.channel),
            fields=letter_fields(fields[letter.id]),
            classification=_classification(wanted[letter.case_id], decided.get(letter.case_id)),
            clock=clocks.get(letter.case_id, NO_FACTS),
        )
        for letter in letters.values()
    }


def put_dates(
    session: Session, dates: Iterable[NewDate], *, actor: Actor, version: str, at: datetime
) -> None:
    """Put decisions in force and write into the trail why, in the caller's transaction.

    A date that moves supersedes its row, changes the case and has one audit event with the old
    and the new date. A decision with the same date and other grounds supersedes its row only.
    A date that stays for a person to look at has its event.
    """
    chosen = list(dates)
    connection = session.connection()
    renewed = [new for new in chosen if new.renewed]
    if renewed:
        connection.execute(
            update(DueDateRow)
            .where(DueDateRow.id.in_([new.dated.due_id for new in renewed]))
            .values(superseded_at=at)
        )
        connection.execute(
            insert(DueDateRow),
            [
                due_date_values(new.dated.case_id, new.decision, calendar_version=version, at=at)
                for new in renewed
            ],
        )
    moved = [new for new in chosen if new.moved]
    if moved:
        connection.execute(
            update(Case)
            .where(Case.id == bindparam("moved_case"))
            .values(due_date=bindparam("moved_to"), version=Case.version + 1, updated_at=at),
            [{"moved_case": new.dated.case_id, "moved_to": new.decision.due_date} for new in moved],
        )
    add_events(
        session,
        [
            {
                "at": at,
                "actor": actor.name,
                "action": REDATED if new.moved else DATE_KEPT,
                "case_id": new.dated.case_id,
                "reason": new.reason,
                "before": {
                    "due_date": _iso(new.dated.due_date),
                    "calendar": new.dated.calendar_version,
                },
                "after": {
                    "due_date": _iso(new.decision.due_date if new.moved else new.dated.due_date),
                    "calendar": version,
                },
            }
            for new in chosen
            if new.moved or not new.renewed
        ],
    )
    # What the session holds of these cases is old now.
    session.expire_all()


def mark_checked(session: Session, due_date_ids: Iterable[int], version: str) -> None:
    """Note on rows in force that their dates are right with this state of the calendar, too."""
    wanted = list(due_date_ids)
    for chunk in chunks(wanted):
        session.execute(
            update(DueDateRow)
            .where(
                DueDateRow.id.in_(chunk),
                DueDateRow.superseded_at.is_(None),
            )
            .values(calendar_version=version)
            .execution_options(synchronize_session=False)
        )


def versions_in_use(session: Session) -> Mapping[str, int]:
    """Return the calendar versions of the dates in force of open cases, each with its number."""
    return dict(
        session.execute(
            select(DueDateRow.calendar_version, func.count())
            .join(Case, Case.id == DueDateRow.case_id)
            .where(Case.state.in_(_OPEN), DueDateRow.superseded_at.is_(None))
            .group_by(DueDateRow.calendar_version)
        )
        .tuples()
        .all()
    )


def _classification(case: DatedCase, row: Row[Any] | None) -> Classification | None:
    """Return the category as it stands: a person's choice on the case before the model's."""
    if row is None or case.category is None:
        return None
    return Classification(
        category=Category(case.category),
        subcategory=case.subcategory or row.subcategory,
        probabilities=row.probabilities,
        abstained=row.abstained and case.state == CaseState.TRIAGE.value,
        evidence=(),
        model_version=row.model_version,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
