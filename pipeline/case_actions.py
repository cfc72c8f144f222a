"""The one door through which people act on cases, for the command line and the web app.

An action is one transaction: state, audit event, what belongs to it, and the notices of whoever
must be told. The case is locked first; who has seen an older version is told so. A request with an
idempotency key is carried out once however often it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.errors import ActionRefused, SarabanError
from correspondence.reading import Frozen
from correspondence.states import STATE_TABLE, Action, edge_for
from correspondence.vocabulary import CaseState, Category, Role
from pipeline.assigning import assign, in_hand, reassign
from pipeline.bootstrap import House
from pipeline.case_guard import CaseUnknown
from pipeline.case_notices import tell_people
from pipeline.case_request import CaseRequest, CaseResult
from pipeline.case_rights import act_as, actors_on, choose_actor
from pipeline.case_turn import CaseTurn
from pipeline.choosing import choose_category, return_to_triage
from pipeline.contributing import ask_contribution, log_coordination, receive_contribution
from pipeline.deciding import (
    approve_with_edits,
    decide_on_draft,
    edit_draft,
    propose_transfer,
    submit_draft,
    take_plainly,
    void_case,
)
from pipeline.joining import link, mark_duplicate, merge, split
from pipeline.pacing import extend, hold, reopen, resume, set_due
from pipeline.redrafting import redraft
from registry.casework import draft_in_force
from registry.engine import open_snapshot
from registry.models import ActionKey, Case
from registry.transitions import check_version

_WORK: Final[Mapping[Action, Callable[[CaseTurn], int | None]]] = MappingProxyType(
    {
        Action.CHOOSE_CATEGORY: choose_category,
        Action.RETURN_TO_TRIAGE: return_to_triage,
        Action.RECATEGORISE: choose_category,
        Action.REASSIGN: reassign,
        Action.ASSIGN: assign,
        Action.START_DRAFT: take_plainly,
        Action.EDIT_DRAFT: edit_draft,
        Action.REDRAFT: redraft,
        Action.SUBMIT_DRAFT: submit_draft,
        Action.APPROVE: decide_on_draft,
        Action.APPROVE_WITH_EDITS: approve_with_edits,
        Action.RETURN_DRAFT: decide_on_draft,
        Action.SIGN: decide_on_draft,
        Action.REJECT: decide_on_draft,
        Action.DISPATCH: decide_on_draft,
        Action.CLOSE: take_plainly,
        Action.REOPEN: reopen,
        Action.HOLD: hold,
        Action.RESUME: resume,
        Action.SET_DUE: set_due,
        Action.EXTEND: extend,
        Action.ASK_CONTRIBUTION: ask_contribution,
        Action.RECEIVE_CONTRIBUTION: receive_contribution,
        Action.LOG_COORDINATION: log_coordination,
        Action.PROPOSE_TRANSFER: propose_transfer,
        Action.CONFIRM_TRANSFER: take_plainly,
        Action.REFUSE_TRANSFER: take_plainly,
        Action.PROPOSE_NO_REPLY: take_plainly,
        Action.CONFIRM_NO_REPLY: take_plainly,
        Action.REFUSE_NO_REPLY: take_plainly,
        Action.LINK: link,
        Action.MARK_DUPLICATE: mark_duplicate,
        Action.SPLIT: split,
        Action.MERGE: merge,
        Action.VOID: void_case,
    }
)


class KeyReused(SarabanError):
    """Another request was carried out under this idempotency key."""

    code = "key_reused"


class PossibleAction(Frozen):
    """What a person may do to a case now; `required` are the fields it needs."""

    action: Action
    thai: str
    required: tuple[str, ...]
    to: CaseState
    second_person: bool


def act_on_case(house: House, request: CaseRequest) -> CaseResult:
    """Carry out one action of one person on one case, in one transaction, or refuse it whole.

    Args:
        house: the office's house.
        request: who asks for what; the caller knows that it is that person.

    Returns:
        The case as it stands afterwards; of a repeated request, as it stood after the first.

    Raises:
        CaseUnknown: no such case, or the other case is not there.
        CaseRestricted: a case is restricted and not open to this person.
        StaleVersion: somebody else changed the case first.
        ActionRefused: the state table, the person's roles or the case do not allow it; a field
            is missing; a second person is needed.
        KeyReused: the key belongs to another request.
        ExtensionRefused, MemoRefused, LinkDecided: as their actions say.
        CalendarYearMissing: a date lies in a year without holidays.
    """
    with house.sessions.begin() as session:
        if request.key is not None:
            earlier = _take_key(house, session, request)
            if earlier is not None:
                return earlier
        turn = _begin(house, session, request)
        opened = _WORK[request.action](turn)
        session.flush()
        tell_people(turn)
        result = _result(session, turn.case, request.action, opened)
        if request.key is not None:
            session.get_one(ActionKey, request.key).result = result.stored()
        return result


def possible_actions(house: House, case_id: int, by: str) -> tuple[PossibleAction, ...]:
    """Return what a person may do to a case as it stands, in the order of the state table.

    Raises:
        CaseUnknown: no such case.
        CaseRestricted: it is restricted and not open to this person.
    """
    with open_snapshot(house.sessions) as session:
        case = session.get(Case, case_id)
        if case is None:
            raise _unknown()
        return actions_on(session, case, by, bangkok_day(house.clock()))


def actions_on(session: Session, case: Case, by: str, today: date) -> tuple[PossibleAction, ...]:
    """Return what a person may do to a case of an open transaction; `today` in Bangkok.

    Raises:
        CaseRestricted: it is restricted and not open to this person.
    """
    found = []
    state = CaseState(case.state)
    try:
        actors = actors_on(session, by.strip(), case, today)
    except ActionRefused:
        return ()
    for action in Action:
        edge = STATE_TABLE.get((state, action))
        if edge is None or action not in _WORK:
            continue
        try:
            actor = choose_actor(actors, edge.roles)
        except ActionRefused:
            continue
        if edge.second_person and actor.name == case.proposed_by:
            continue
        if action is Action.ASSIGN and actor.role is Role.OFFICER and in_hand(session, case):
            continue
        found.append(
            PossibleAction(
                action=action,
                thai=action.thai,
                required=tuple(sorted(edge.required)),
                to=edge.to,
                second_person=edge.second_person,
            )
        )
    return tuple(found)


def _take_key(house: House, session: Session, request: CaseRequest) -> CaseResult | None:
    """Take the key for this request, or return what came of it before.

    A second request under the same key waits here until the first is through.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    taken = session.execute(
        dialect.insert(ActionKey)
        .values(
            key=request.key,
            fingerprint=request.fingerprint(),
            case_id=_known(session, request.case_id),
            result={},
            done_at=house.clock(),
        )
        .on_conflict_do_nothing(index_elements=[ActionKey.key])
        .returning(ActionKey.key)
    ).scalar_one_or_none()
    if taken is not None:
        return None
    row = session.get_one(ActionKey, request.key)
    if row.fingerprint != request.fingerprint():
        raise KeyReused("The key belongs to another request.", thai="รหัสคำขอนี้ใช้กับรายการอื่นไปแล้ว")
    return CaseResult.model_validate({**row.result, "repeated": True})


def _begin(house: House, session: Session, request: CaseRequest) -> CaseTurn:
    """Lock the cases and see that the person may."""
    wanted = {request.case_id}
    other_id = request.duplicate_of if request.action is Action.MARK_DUPLICATE else None
    other_id = other_id if other_id is not None else request.other_case
    if other_id is not None:
        wanted.add(other_id)
    # In the order of ids, so that two people never wait for each other.
    cases = {
        case_id: session.get(Case, case_id, with_for_update=True, populate_existing=True)
        for case_id in sorted(wanted)
    }
    case = cases[request.case_id]
    other = cases[other_id] if other_id is not None else None
    if case is None or (other_id is not None and other is None):
        raise _unknown()
    check_version(case, request.expected_version)
    state = CaseState(case.state)
    edge = STATE_TABLE.get((state, request.action))
    people = (edge.roles if edge else frozenset(Role)) - {Role.MACHINE}
    actor = act_as(session, request.by, case, people, bangkok_day(house.clock()))
    edge_for(state, request.action, actor.role, _given(session, case, request))
    if request.action not in _WORK:
        raise ActionRefused("This is the machine's to do.", thai="รายการนี้ระบบเป็นผู้ทำ")
    return CaseTurn(
        house=house,
        session=session,
        case=case,
        other=other,
        actor=actor,
        request=request,
        now=house.clock(),
    )


def _given(session: Session, case: Case, request: CaseRequest) -> frozenset[str]:
    """Return the names of the table's fields that came with a request."""
    texts = {"reason": request.reason, "agency": request.agency, "group": request.group}
    given = {name for name, text in texts.items() if text and text.strip()}
    if request.category is not None:
        given.add("category")
    if request.duplicate_of is not None:
        given.add("duplicate_of")
    # What stands already is submitted as it is; an edited memo has to be handed in.
    stands = request.action is Action.SUBMIT_DRAFT and draft_in_force(session, case) is not None
    if stands or request.memo is not None:
        given.add("draft")
    return request.given() | given


def _result(session: Session, case: Case, action: Action, opened: int | None) -> CaseResult:
    draft = draft_in_force(session, case)
    return CaseResult(
        case_id=case.id,
        action=action,
        state=CaseState(case.state),
        version=case.version,
        category=Category(case.category) if case.category else None,
        subcategory=case.subcategory,
        group=case.group_id,
        due_date=case.due_date,
        draft_version=draft.version if draft else None,
        new_case_id=opened,
    )


def _known(session: Session, case_id: int) -> int:
    if session.scalar(select(Case.id).where(Case.id == case_id)) is None:
        raise _unknown()
    return case_id


def _unknown() -> CaseUnknown:
    return CaseUnknown("No such case.", thai="ไม่พบเรื่องนี้")
