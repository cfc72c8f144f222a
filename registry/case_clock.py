"""The clocks of a case: the date in force, when its clock began, its pauses and extensions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from correspondence.deadline import DueCandidate, DueDecision
from correspondence.states import Action
from registry.dated_case import DatedCase
from registry.models import AuditEvent, Case, DueDateRow, Extension, Pause


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """What people gave the clock of a case, from when it was last opened on.

    Attributes:
        reopened_at: when it was last opened again; None where it never was.
        ordered_at: when a superior last ordered a day; None where none did.
        pauses: the pauses that are over, oldest first.
        extension: the last extension in force.
    """

    reopened_at: datetime | None = None
    ordered_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    extension: Extension | None = None


NO_FACTS = ClockFacts()


def clock_facts(session: Session, case_ids: Collection[int]) -> dict[int, ClockFacts]:
    """Return by case id what people gave the clocks of these cases; others are not in it."""
    acts: dict[tuple[int, str], datetime] = {}
    wanted = (Action.REOPEN.value, Action.SET_DUE.value)
    for case_id, action, at in session.execute(
        select(AuditEvent.case_id, AuditEvent.action, func.max(AuditEvent.at))
        .where(AuditEvent.case_id.in_(case_ids), AuditEvent.action.in_(wanted))
        .group_by(AuditEvent.case_id, AuditEvent.action)
    ).tuples():
        if case_id is not None:
            acts[case_id, action] = at
    reopened = {case_id: at for (case_id, action), at in acts.items() if action == wanted[0]}
    ordered = {case_id: at for (case_id, action), at in acts.items() if action == wanted[1]}
    pauses: dict[int, list[Pause]] = defaultdict(list)
    for pause in session.scalars(
        select(Pause)
        .where(Pause.case_id.in_(case_ids), Pause.resumed_at.is_not(None))
        .order_by(Pause.id)
    ):
        if pause.case_id not in reopened or pause.paused_at >= reopened[pause.case_id]:
            pauses[pause.case_id].append(pause)
    extensions = {
        extension.case_id: extension
        for extension in session.scalars(
            select(Extension)
            .where(Extension.case_id.in_(case_ids), Extension.lapsed_at.is_(None))
            .order_by(Extension.id)
        )
    }
    return {
        case_id: ClockFacts(
            reopened_at=reopened.get(case_id),
            ordered_at=ordered.get(case_id),
            pauses=tuple(pauses.get(case_id, ())),
            extension=extensions.get(case_id),
        )
        for case_id in {*reopened, *ordered, *pauses, *extensions}
    }


def due_row_in_force(session: Session, case: Case) -> DueDateRow | None:
    """Return the row of the decision in force on a case, None before the first."""
    return session.scalars(
        select(DueDateRow)
        .where(DueDateRow.case_id == case.id, DueDateRow.superseded_at.is_(None))
        .order_by(DueDateRow.id.desc())
        .limit(1)
    ).first()


def due_in_force(session: Session, case: Case) -> DueDecision | None:
    """Return the decision in force on a case, None before the first."""
    row = due_row_in_force(session, case)
    return as_decision(row) if row is not None else None


def as_decision(row: DueDateRow | DatedCase) -> DueDecision:
    """Return a decision as it was recorded.

    `rule` is the one the date was counted by, also where a person moved the date afterwards.
    """
    candidates = tuple(DueCandidate.model_validate(part) for part in row.candidates)
    rules = (candidate.rule for candidate in candidates if candidate.rule.id == row.rule_id)
    return DueDecision(
        received_at=row.received_at,
        anchor_date=row.anchor_date,
        due_date=row.due_date,
        due_at=row.due_at,
        rule=next(rules, None),
        holidays_counted=tuple(date.fromisoformat(day) for day in row.holidays_counted),
        candidates=candidates,
        explanation=row.explanation,
        calendar_confirmed=row.calendar_confirmed,
        needs_person=row.needs_person,
    )


def reopened_at(session: Session, case: Case) -> datetime | None:
    """Return when a case was last opened again, None where it never was."""
    return session.scalar(
        select(func.max(AuditEvent.at)).where(
            AuditEvent.case_id == case.id, AuditEvent.action == Action.REOPEN.value
        )
    )


def running_pause(session: Session, case: Case) -> Pause | None:
    """Return the pause that a case is in, or None."""
    return session.scalar(select(Pause).where(Pause.case_id == case.id, Pause.resumed_at.is_(None)))


def extensions_in_force(session: Session, case: Case) -> Sequence[Extension]:
    """Return the extensions of the date as it was last decided, oldest first."""
    query = select(Extension).where(Extension.case_id == case.id, Extension.lapsed_at.is_(None))
    return session.scalars(query.order_by(Extension.id)).all()


def lapse_extensions(session: Session, case: Case, *, at: datetime) -> None:
    """Let the extensions of a date lapse that is decided anew; they are kept."""
    for extension in extensions_in_force(session, case):
        extension.lapsed_at = at
