"""Who must be told of an action: written into the outbox by the transaction of the action."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sqlalchemy import select

from correspondence.states import Action
from correspondence.thai_dates import thai_date
from correspondence.thai_digits import thai_digits
from correspondence.vocabulary import CaseState, Role
from pipeline.case_rights import case_facts
from pipeline.case_turn import CaseTurn
from pipeline.mail_templates import fill_template
from pipeline.recipients import RecipientList
from registry.models import Letter, Person
from registry.numbers import RegisterNumber
from registry.outbox import MessageKey, NewMessage, put_message

# Whose turn it is next, or whose work has changed under their hands.
_TOLD: Final[Mapping[Action, tuple[Role, ...]]] = MappingProxyType(
    {
        Action.CHOOSE_CATEGORY: (Role.GROUP_HEAD,),
        Action.RECATEGORISE: (Role.GROUP_HEAD,),
        Action.REASSIGN: (Role.GROUP_HEAD,),
        Action.RETURN_TO_TRIAGE: (Role.REGISTRAR,),
        Action.SUBMIT_DRAFT: (Role.GROUP_HEAD,),
        Action.RETURN_DRAFT: (Role.OFFICER,),
        Action.APPROVE: (Role.OFFICE_HEAD,),
        Action.APPROVE_WITH_EDITS: (Role.OFFICE_HEAD,),
        Action.REJECT: (Role.GROUP_HEAD, Role.OFFICER),
        Action.SIGN: (Role.REGISTRAR,),
        Action.REOPEN: (Role.GROUP_HEAD, Role.OFFICER),
        Action.HOLD: (Role.OFFICER,),
        Action.RESUME: (Role.OFFICER,),
        Action.SET_DUE: (Role.OFFICER,),
        Action.EXTEND: (Role.OFFICER,),
        Action.PROPOSE_TRANSFER: (Role.GROUP_HEAD, Role.OFFICE_HEAD),
        Action.PROPOSE_NO_REPLY: (Role.GROUP_HEAD, Role.OFFICE_HEAD),
        Action.CONFIRM_TRANSFER: (Role.OFFICER,),
        Action.REFUSE_TRANSFER: (Role.OFFICER,),
        Action.CONFIRM_NO_REPLY: (Role.OFFICER,),
        Action.REFUSE_NO_REPLY: (Role.OFFICER,),
        Action.ASSIGN: (Role.OFFICER,),
    }
)
# Alerts of the outbox begin so; the reminders' have other names.
ALERT: Final = "case_"


def tell_people(turn: CaseTurn) -> int:
    """Put a notice for everybody who must be told; returns how many were put.

    A notice names the register number, the action and the date, never what a letter says. It is
    keyed by the version that the action made, so it is put once. Whoever acts is not told of it.
    Of a restricted case only those are told who may open it, as in reminders: its number, date and
    state, neither group nor category.
    """
    roles = _TOLD.get(turn.request.action)
    if roles is None:
        return 0
    case = turn.case
    people = RecipientList(turn.session, turn.house.configuration.groups, turn.today)
    if case.restricted:
        addresses = people.cleared(case_facts(turn.session, case).grade)
    else:
        found = [people.addresses(role, case.group_id, case.id) for role in roles]
        addresses = tuple(address for part in found for address in part)
    own = _own_address(turn)
    put = 0
    for address in dict.fromkeys(addresses):
        if address and address != own:
            put += put_message(turn.session, _message(turn, address), at=turn.now)
    return put


def _own_address(turn: CaseTurn) -> str:
    query = select(Person.email).where(Person.sign_in == turn.actor.name)
    return (turn.session.scalar(query) or "").strip()


def _message(turn: CaseTurn, address: str) -> NewMessage:
    case = turn.case
    groups = {entry.id: entry.thai for entry in turn.house.configuration.groups.group}
    group = "-" if case.restricted else groups.get(case.group_id or "", "ยังไม่มอบกลุ่ม")
    text = fill_template(
        "case_notice",
        action=turn.request.action.thai,
        register_number=_number(turn),
        group=group,
        due_date=thai_date(case.due_date) if case.due_date else "ยังไม่ได้กำหนด",
        state=CaseState(case.state).thai,
        case_id=case.id,
    )
    key = MessageKey(f"{ALERT}{turn.request.action}", f"v{case.version}", case.id, address)
    return NewMessage(key, text.subject, text.body)


def _number(turn: CaseTurn) -> str:
    letter = turn.session.scalars(
        select(Letter).where(Letter.case_id == turn.case.id).order_by(Letter.id).limit(1)
    ).first()
    if letter is None:
        return "-"
    return thai_digits(str(RegisterNumber.of(letter)))
