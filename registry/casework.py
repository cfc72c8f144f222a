"""What the machine records on a case: classification, due date, draft; and who works on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case as case_when
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from correspondence.classification import Classification
from correspondence.deadline import DueDecision
from correspondence.memo import MemoDraft
from correspondence.vocabulary import CaseState
from registry.engine import Sessions
from registry.models import Assignment, Case, ClassificationRow, Draft, DueDateRow

MODEL = "model"
# Who made a memo that no person has.
MACHINE_DRAFT = "machine"
MAX_ATTEMPTS = 4
FIRST_BACK_OFF = timedelta(minutes=1)
MACHINE_STATES = (
    CaseState.REGISTERED,
    CaseState.CLASSIFIED,
    CaseState.ASSIGNED,
    CaseState.DRAFTING,
)

_URGENCY_RANK = {"most_urgent": 0, "very_urgent": 1, "urgent": 2}


def claim_cases(
    sessions: Sessions,
    owner: str,
    *,
    now: datetime,
    limit: int,
    lease: timedelta,
    only: Iterable[int] | None = None,
) -> list[int]:
    """Lease up to `limit` cases that wait for the machine, most urgent and oldest first.

    A case waits for the machine's draft only while none is in force.
    """
    has_draft = (
        select(Draft.id).where(Draft.case_id == Case.id, Draft.superseded_at.is_(None)).exists()
    )
    query = (
        select(Case.id)
        .where(
            Case.state.in_([state.value for state in MACHINE_STATES]),
            ~has_draft,
            or_(Case.leased_until.is_(None), Case.leased_until <= now),
            or_(Case.next_attempt_at.is_(None), Case.next_attempt_at <= now),
            Case.attempts < MAX_ATTEMPTS,
        )
        .order_by(
            case_when(_URGENCY_RANK, value=Case.urgency, else_=len(_URGENCY_RANK)),
            Case.opened_at,
            Case.id,
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if only is not None:
        query = query.where(Case.id.in_(list(only)))
    with sessions.begin() as session:
        ids = list(session.scalars(query))
        session.execute(
            update(Case).where(Case.id.in_(ids)).values(leased_by=owner, leased_until=now + lease)
        )
    return ids


def release_case(case: Case) -> None:
    """Give the lease back after a stage that ended well."""
    case.leased_by = case.leased_until = case.next_attempt_at = case.fault_code = None
    case.attempts = 0


def postpone_case(sessions: Sessions, case_id: int, code: str, now: datetime) -> None:
    """Record a failed stage; it is tried again later, at most MAX_ATTEMPTS times."""
    with sessions.begin() as session:
        case = session.get_one(Case, case_id, with_for_update=True)
        case.attempts += 1
        case.fault_code = code
        case.leased_by = case.leased_until = None
        case.next_attempt_at = now + FIRST_BACK_OFF * 2 ** (case.attempts - 1)


def put_cases_back(sessions: Sessions, case_ids: Iterable[int], code: str, now: datetime) -> None:
    """Let leased cases wait a minute for what they need; no try is counted."""
    with sessions.begin() as session:
        session.execute(
            update(Case)
            .where(Case.id.in_(list(case_ids)))
            .values(
                leased_by=None,
                leased_until=None,
                fault_code=code,
                next_attempt_at=now + FIRST_BACK_OFF,
            )
        )


def record_classification(
    session: Session,
    case: Case,
    found: Classification,
    *,
    at: datetime,
    decided_by: str = MODEL,
) -> None:
    """Keep a decision with its probabilities and evidence: a model's, or a person's by name."""
    session.add(
        ClassificationRow(
            case_id=case.id,
            decided_by=decided_by,
            category=found.category.value,
            subcategory=found.subcategory,
            probabilities=dict(found.probabilities),
            evidence=[item.model_dump() for item in found.evidence],
            abstained=found.abstained,
            model_version=found.model_version,
            decided_at=at,
        )
    )


def record_due_date(
    session: Session, case: Case, decision: DueDecision, *, calendar_version: str, at: datetime
) -> None:
    """Put a due date in force; an earlier one is kept as superseded."""
    session.execute(
        update(DueDateRow)
        .where(DueDateRow.case_id == case.id, DueDateRow.superseded_at.is_(None))
        .values(superseded_at=at)
    )
    session.add(due_date_row(case.id, decision, calendar_version=calendar_version, at=at))
    case.due_date = decision.due_date


def due_date_row(
    case_id: int, decision: DueDecision, *, calendar_version: str, at: datetime
) -> DueDateRow:
    """Return the row of a decision, not yet added to a session."""
    return DueDateRow(
        **due_date_values(case_id, decision, calendar_version=calendar_version, at=at)
    )


def due_date_values(
    case_id: int, decision: DueDecision, *, calendar_version: str, at: datetime
) -> dict[str, Any]:
    """Return the columns of the row of a decision."""
    return {
        "case_id": case_id,
        "received_at": decision.received_at,
        "anchor_date": decision.anchor_date,
        "due_date": decision.due_date,
        "due_at": decision.due_at,
        "rule_id": decision.rule.id if decision.rule else None,
        "candidates": [part.model_dump(mode="json") for part in decision.candidates],
        "holidays_counted": [day.isoformat() for day in decision.holidays_counted],
        "explanation": decision.explanation,
        "calendar_confirmed": decision.calendar_confirmed,
        "needs_person": decision.needs_person,
        "calendar_version": calendar_version,
        "computed_at": at,
    }


def record_draft(
    session: Session, case: Case, memo: MemoDraft, *, sha256: str, made_by: str, at: datetime
) -> int:
    """Keep a memo as the next version and return that version."""
    last = session.scalar(select(func.max(Draft.version)).where(Draft.case_id == case.id)) or 0
    supersede_drafts(session, case, at=at)
    session.add(
        Draft(
            case_id=case.id,
            version=last + 1,
            form=memo.form.value,
            template_version=memo.template_version,
            made_by=made_by,
            sha256=sha256,
            sections=[section.model_dump() for section in memo.sections],
            sentences=[sentence.model_dump() for sentence in memo.sentences],
            made_at=at,
        )
    )
    return int(last + 1)


def supersede_drafts(session: Session, case: Case, *, at: datetime) -> None:
    """Take the memo in force out of force; every version is kept."""
    session.execute(
        update(Draft)
        .where(Draft.case_id == case.id, Draft.superseded_at.is_(None))
        .values(superseded_at=at)
    )


def draft_in_force(session: Session, case: Case) -> Draft | None:
    """Return the memo in force of a case, None while there is none."""
    return session.scalar(
        select(Draft).where(Draft.case_id == case.id, Draft.superseded_at.is_(None))
    )


def end_assignment(session: Session, case: Case, *, at: datetime) -> None:
    """Take a case out of the hands of whoever has it."""
    session.execute(
        update(Assignment)
        .where(Assignment.case_id == case.id, Assignment.ended_at.is_(None))
        .values(ended_at=at)
    )
