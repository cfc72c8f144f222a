"""The open cases as the clocks see them: dates, last progress, and whether a group has accepted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.states import Action
from correspondence.thai_digits import thai_digits
from correspondence.vocabulary import CaseState, Role, Urgency
from pipeline.standing import DONE_STATES
from registry.chunks import chunks
from registry.models import AuditEvent, Case, Contribution, Letter
from registry.notices import put_levels
from registry.numbers import RegisterNumber
from registry.transitions import MACHINE
from routing.awaited import AwaitedPart
from routing.reminders import Assignment, WatchedCase

# While a case rests, its clocks rest too.
UNWATCHED = (*DONE_STATES, CaseState.ON_HOLD)
# Until a group has it a case is the registrar's, whichever group had it before.
WITHOUT_GROUP = (CaseState.REGISTERED, CaseState.CLASSIFIED, CaseState.TRIAGE)
# Who must act there; in every other state it is the group.
WAITS_FOR = {
    CaseState.SIGN_OFF: Role.OFFICE_HEAD,
    CaseState.AWAITING_DISPATCH: Role.REGISTRAR,
}
# These give a case to a group; RESUME and refusals give it back to the one that had accepted it.
_ASSIGNING = frozenset(
    {Action.ROUTE, Action.CHOOSE_CATEGORY, Action.RECATEGORISE, Action.REASSIGN, Action.REOPEN}
)
# What the desk and others do to a case without taking it on.
_NOT_ACCEPTING = _ASSIGNING | {Action.RETURN_TO_TRIAGE, Action.SET_DUE, Action.LINK, Action.SPLIT}


@dataclass(frozen=True, slots=True)
class OpenCases:
    """Open cases by id, and the same as `routing.reminders` takes them."""

    cases: dict[int, Case]
    watched: tuple[WatchedCase, ...]


def watch_cases(session: Session) -> OpenCases:
    """Return every open case whose clocks run."""
    watched = [state.value for state in CaseState if state not in UNWATCHED]
    query = select(Case).where(Case.state.in_(watched))
    cases = {case.id: case for case in session.scalars(query.order_by(Case.id))}
    put = put_levels(session, cases)
    unaccepted = _unaccepted(session, cases)
    awaited = _awaited(session, cases)
    return OpenCases(
        cases,
        tuple(
            WatchedCase(
                case_id=case.id,
                due_date=case.due_date,
                last_progress=bangkok_day(case.last_progress_at),
                opened=bangkok_day(case.opened_at),
                sent=put.get(case.id, frozenset()),
                urgency=Urgency(case.urgency),
                unaccepted=unaccepted.get(case.id),
                waits_for=WAITS_FOR.get(CaseState(case.state)),
                awaited=awaited.get(case.id, ()),
            )
            for case in cases.values()
        ),
    )


def group_in_charge(case: Case) -> str | None:
    """Return the group that has a case now, None while none does."""
    return None if CaseState(case.state) in WITHOUT_GROUP else case.group_id


def register_numbers(session: Session, case_ids: Iterable[int]) -> dict[int, str]:
    """Return the register number of each case's first letter, in Thai digits."""
    wanted = sorted(set(case_ids))
    numbers: dict[int, str] = {}
    for chunk in chunks(wanted):
        rows = session.execute(
            select(Letter.case_id, Letter.register_year, Letter.register_number)
            .where(Letter.case_id.in_(chunk))
            .order_by(Letter.id)
        ).tuples()
        for case_id, year, number in rows:
            numbers.setdefault(case_id, thai_digits(str(RegisterNumber(year, number))))
    return numbers


def _awaited(session: Session, cases: dict[int, Case]) -> dict[int, tuple[AwaitedPart, ...]]:
    """Return what agencies still owe to the cases that wait for them."""
    found: dict[int, tuple[AwaitedPart, ...]] = {}
    waiting = [
        case.id for case in cases.values() if case.state == CaseState.AWAITING_CONTRIBUTION.value
    ]
    for chunk in chunks(waiting):
        for row in session.scalars(
            select(Contribution)
            .where(
                Contribution.case_id.in_(chunk),
                Contribution.received_at.is_(None),
            )
            .order_by(Contribution.id)
        ):
            part = AwaitedPart(row.id, bangkok_day(row.asked_at), row.due_date)
            found[row.case_id] = (*found.get(row.case_id, ()), part)
    return found


def _unaccepted(session: Session, cases: dict[int, Case]) -> dict[int, Assignment]:
    """Return the assignments since which nobody has done anything to the case.

    The machine's draft accepts nothing; any action of a person that takes the case on does.
    """
    found: dict[int, Assignment] = {}
    wanted = [case.id for case in cases.values() if group_in_charge(case)]
    for chunk in chunks(wanted):
        events = session.execute(
            select(AuditEvent.case_id, AuditEvent.action, AuditEvent.at)
            .where(
                AuditEvent.case_id.in_(chunk),
                # Also what leaves the state as it is: an owner named, a call logged.
                AuditEvent.action.in_(tuple(Action)),
                or_(AuditEvent.actor != MACHINE.name, AuditEvent.action.in_(_ASSIGNING)),
            )
            .order_by(AuditEvent.id)
        ).tuples()
        for case_id, action, at in events:
            if case_id is None:
                continue
            group = cases[case_id].group_id
            if action in _ASSIGNING and group:
                found[case_id] = Assignment(bangkok_day(at), group)
            elif action not in _NOT_ACCEPTING:
                found.pop(case_id, None)
    return found
