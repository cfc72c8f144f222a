"""The case state table: `(state, action) → (roles, required fields, next state)`.

An action whose next state is the state itself (an extension, a note on whom one has called) is no
move; it is in the table because it, too, is for some roles only and needs its fields.

The machine moves a case from registered to in_review; only people accept, approve, sign,
dispatch, close and reopen (ไม่ตัดสินใจแทนผู้บังคับบัญชา). Overdue, extended, urgent and secret are
computed or flags, never states.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from correspondence.errors import ActionRefused
from correspondence.vocabulary import CaseState, Role, ThaiTerm


class Action(ThaiTerm):
    """What may be done to a case (รายการที่ทำกับเรื่อง)."""

    CLASSIFY = "classify", "จำแนกประเภท"
    ABSTAIN = "abstain", "ส่งให้เจ้าหน้าที่เลือกประเภท"
    ROUTE = "route", "มอบกลุ่ม"
    CHOOSE_CATEGORY = "choose_category", "เลือกประเภทเรื่อง"
    RETURN_TO_TRIAGE = "return_to_triage", "ส่งกลับให้เลือกประเภทใหม่"
    RECATEGORISE = "recategorise", "เปลี่ยนประเภทเรื่อง"
    REASSIGN = "reassign", "มอบให้กลุ่มอื่น"
    ASSIGN = "assign", "มอบเจ้าของเรื่อง"
    START_DRAFT = "start_draft", "รับเรื่องและเริ่มร่าง"
    EDIT_DRAFT = "edit_draft", "บันทึกร่างที่แก้ไข"
    REDRAFT = "redraft", "ร่างใหม่จากหนังสือ"
    SUBMIT_DRAFT = "submit_draft", "เสนอร่าง"
    APPROVE = "approve", "เห็นชอบ"
    APPROVE_WITH_EDITS = "approve_with_edits", "เห็นชอบโดยแก้ไข"
    RETURN_DRAFT = "return_draft", "ส่งร่างคืนให้แก้ไข"
    SIGN = "sign", "ลงนาม"
    REJECT = "reject", "ไม่ลงนาม"
    DISPATCH = "dispatch", "ส่งออก"
    CLOSE = "close", "ยุติเรื่อง"
    REOPEN = "reopen", "เปิดเรื่องอีกครั้ง"
    HOLD = "hold", "พักเรื่อง"
    RESUME = "resume", "ดำเนินเรื่องต่อ"
    SET_DUE = "set_due", "กำหนดวันตามคำสั่งผู้บังคับบัญชา"
    EXTEND = "extend", "ขยายเวลา"
    ASK_CONTRIBUTION = "ask_contribution", "ขอข้อมูลจากหน่วยงาน"
    RECEIVE_CONTRIBUTION = "receive_contribution", "รับข้อมูลจากหน่วยงาน"
    LOG_COORDINATION = "log_coordination", "บันทึกการประสานงาน"
    PROPOSE_TRANSFER = "propose_transfer", "เสนอโอนเรื่อง"
    CONFIRM_TRANSFER = "confirm_transfer", "อนุมัติโอนเรื่อง"
    REFUSE_TRANSFER = "refuse_transfer", "ไม่อนุมัติโอนเรื่อง"
    PROPOSE_NO_REPLY = "propose_no_reply", "เสนอไม่ตอบ"
    CONFIRM_NO_REPLY = "confirm_no_reply", "อนุมัติไม่ตอบ"
    REFUSE_NO_REPLY = "refuse_no_reply", "ไม่อนุมัติไม่ตอบ"
    LINK = "link", "เชื่อมโยงกับเรื่องอื่น"
    MARK_DUPLICATE = "mark_duplicate", "ระบุว่าเป็นเรื่องซ้ำ"
    SPLIT = "split", "แยกหนังสือเป็นเรื่องใหม่"
    MERGE = "merge", "รวมเข้ากับเรื่องอื่น"
    VOID = "void", "ยกเลิกเลขรับ"


@dataclass(frozen=True, slots=True)
class Edge:
    """One row of the table.

    Attributes:
        roles: who may take it.
        required: names of the fields that must be given with it.
        to: the next state.
        second_person: the actor must differ from whoever proposed it.
    """

    roles: frozenset[Role]
    required: frozenset[str]
    to: CaseState
    second_person: bool = False


_S, _A = CaseState, Action
_MACHINE = frozenset({Role.MACHINE})
_OFFICERS = frozenset({Role.OFFICER, Role.GROUP_HEAD})
_HEADS = frozenset({Role.GROUP_HEAD, Role.OFFICE_HEAD})
_SIGNERS = frozenset({Role.OFFICE_HEAD, Role.SECRETARY})
_DESK = frozenset({Role.REGISTRAR, Role.GROUP_HEAD, Role.OFFICE_HEAD})
_NOTHING: frozenset[str] = frozenset()
_REASON = frozenset({"reason"})

_ACTIVE = (_S.ASSIGNED, _S.DRAFTING, _S.IN_REVIEW)
# Where somebody has the case in hand; what is done here without a move leaves it there.
_OPEN = (
    _S.TRIAGE,
    *_ACTIVE,
    _S.SIGN_OFF,
    _S.AWAITING_DISPATCH,
    _S.ON_HOLD,
    _S.AWAITING_CONTRIBUTION,
    _S.TRANSFER_PENDING,
    _S.NO_REPLY_PENDING,
)
# A case on hold has no date in force: its date comes back when it goes on.
_DATED = tuple(state for state in _OPEN if state is not _S.ON_HOLD)


def _build() -> dict[tuple[CaseState, Action], Edge]:
    table = {
        (_S.REGISTERED, _A.CLASSIFY): Edge(_MACHINE, frozenset({"category"}), _S.CLASSIFIED),
        (_S.CLASSIFIED, _A.ROUTE): Edge(_MACHINE, frozenset({"group"}), _S.ASSIGNED),
        (_S.CLASSIFIED, _A.ABSTAIN): Edge(_MACHINE, _NOTHING, _S.TRIAGE),
        (_S.TRIAGE, _A.CHOOSE_CATEGORY): Edge(_DESK, frozenset({"category"}), _S.ASSIGNED),
        (_S.ASSIGNED, _A.START_DRAFT): Edge(_MACHINE | _OFFICERS, _NOTHING, _S.DRAFTING),
        (_S.DRAFTING, _A.SUBMIT_DRAFT): Edge(
            _MACHINE | _OFFICERS, frozenset({"draft"}), _S.IN_REVIEW
        ),
        # Kept without a step further; the reviewer then sees the later version.
        (_S.DRAFTING, _A.EDIT_DRAFT): Edge(_OFFICERS, frozenset({"draft"}), _S.DRAFTING),
        (_S.IN_REVIEW, _A.EDIT_DRAFT): Edge(_OFFICERS | _HEADS, frozenset({"draft"}), _S.IN_REVIEW),
        # The machine drafts anew at the word of whoever has the memo in hand.
        (_S.DRAFTING, _A.REDRAFT): Edge(_OFFICERS, _NOTHING, _S.DRAFTING),
        (_S.IN_REVIEW, _A.REDRAFT): Edge(_HEADS, _NOTHING, _S.IN_REVIEW),
        (_S.IN_REVIEW, _A.APPROVE): Edge(_HEADS, _NOTHING, _S.SIGN_OFF),
        (_S.IN_REVIEW, _A.APPROVE_WITH_EDITS): Edge(_HEADS, frozenset({"draft"}), _S.SIGN_OFF),
        (_S.IN_REVIEW, _A.RETURN_DRAFT): Edge(_HEADS, _REASON, _S.DRAFTING),
        (_S.SIGN_OFF, _A.SIGN): Edge(_SIGNERS, _NOTHING, _S.AWAITING_DISPATCH),
        (_S.SIGN_OFF, _A.REJECT): Edge(_SIGNERS, _REASON, _S.DRAFTING),
        (_S.AWAITING_DISPATCH, _A.DISPATCH): Edge(
            frozenset({Role.REGISTRAR, Role.OFFICE_HEAD}), _NOTHING, _S.DISPATCHED
        ),
        (_S.DISPATCHED, _A.CLOSE): Edge(_OFFICERS | _HEADS, _NOTHING, _S.CLOSED),
        (_S.CLOSED, _A.REOPEN): Edge(_HEADS, _REASON, _S.ASSIGNED),
        (_S.ON_HOLD, _A.RESUME): Edge(_HEADS, _NOTHING, _S.ASSIGNED),
        (_S.AWAITING_CONTRIBUTION, _A.RECEIVE_CONTRIBUTION): Edge(_OFFICERS, _NOTHING, _S.DRAFTING),
        (_S.TRANSFER_PENDING, _A.CONFIRM_TRANSFER): Edge(
            _HEADS, _NOTHING, _S.CLOSED, second_person=True
        ),
        (_S.TRANSFER_PENDING, _A.REFUSE_TRANSFER): Edge(_HEADS, _REASON, _S.ASSIGNED),
        (_S.NO_REPLY_PENDING, _A.CONFIRM_NO_REPLY): Edge(
            _HEADS, _NOTHING, _S.CLOSED, second_person=True
        ),
        (_S.NO_REPLY_PENDING, _A.REFUSE_NO_REPLY): Edge(_HEADS, _REASON, _S.ASSIGNED),
    }
    for state in _ACTIVE:
        table[state, _A.RECATEGORISE] = Edge(_DESK, frozenset({"category", "reason"}), _S.ASSIGNED)
        table[state, _A.REASSIGN] = Edge(_HEADS, frozenset({"group", "reason"}), _S.ASSIGNED)
        table[state, _A.RETURN_TO_TRIAGE] = Edge(_HEADS, _REASON, _S.TRIAGE)
        table[state, _A.HOLD] = Edge(_HEADS, _REASON, _S.ON_HOLD)
        table[state, _A.ASK_CONTRIBUTION] = Edge(
            _OFFICERS, frozenset({"agency"}), _S.AWAITING_CONTRIBUTION
        )
        table[state, _A.PROPOSE_TRANSFER] = Edge(
            _OFFICERS, frozenset({"reason", "agency"}), _S.TRANSFER_PENDING
        )
        table[state, _A.PROPOSE_NO_REPLY] = Edge(_OFFICERS, _REASON, _S.NO_REPLY_PENDING)
    for state in (_S.REGISTERED, _S.CLASSIFIED):
        # A person takes over what the machine cannot classify or route.
        table[state, _A.RETURN_TO_TRIAGE] = Edge(_DESK, _REASON, _S.TRIAGE)
    waiting = _S.AWAITING_CONTRIBUTION
    for state in (*_ACTIVE, waiting):
        # An officer takes what nobody has in hand, for themselves only (`pipeline/assigning.py`).
        table[state, _A.ASSIGN] = Edge(_OFFICERS | _HEADS, frozenset({"person"}), state)
    table[waiting, _A.ASK_CONTRIBUTION] = Edge(_OFFICERS, frozenset({"agency"}), waiting)
    for state in _DATED:
        table[state, _A.SET_DUE] = Edge(_HEADS, frozenset({"due", "reason"}), state)
        table[state, _A.EXTEND] = Edge(_HEADS, frozenset({"due", "reason"}), state)
    for state in (*_OPEN, _S.DISPATCHED):
        # In triage no group has the case, so no officer has.
        people = _DESK if state is _S.TRIAGE else _OFFICERS | _DESK
        table[state, _A.LOG_COORDINATION] = Edge(people, frozenset({"contact", "channel"}), state)
        table[state, _A.LINK] = Edge(people, frozenset({"other_case"}), state)
    table[_S.CLOSED, _A.LINK] = Edge(_OFFICERS | _DESK, frozenset({"other_case"}), _S.CLOSED)
    for state in (_S.TRIAGE, *_ACTIVE):
        table[state, _A.SPLIT] = Edge(_DESK, frozenset({"letter", "reason"}), state)
        table[state, _A.MERGE] = Edge(_DESK, frozenset({"other_case", "reason"}), _S.DUPLICATE)
        table[state, _A.MARK_DUPLICATE] = Edge(_DESK, frozenset({"duplicate_of"}), _S.DUPLICATE)
    for state in (_S.REGISTERED, _S.CLASSIFIED, _S.TRIAGE, *_ACTIVE):
        table[state, _A.VOID] = Edge(
            frozenset({Role.REGISTRAR, Role.OFFICE_HEAD}), _REASON, _S.VOIDED
        )
    return table


STATE_TABLE = MappingProxyType(_build())


def edge_for(
    state: CaseState, action: Action, role: Role, given: frozenset[str] = frozenset()
) -> Edge:
    """Return the edge an actor may take.

    Args:
        state: where the case is.
        action: what is asked.
        role: the actor's role.
        given: names of the fields that came with the request.

    Raises:
        ActionRefused: no such edge, not for this role, or a required field is missing.
    """
    edge = STATE_TABLE.get((state, action))
    if edge is None:
        raise ActionRefused(
            f"{action} is not possible while a case is {state}.",
            thai=f"ทำรายการนี้ไม่ได้ขณะเรื่องอยู่ในสถานะ “{state.thai}”",
        )
    if role not in edge.roles:
        raise ActionRefused(
            f"{action} is not for the role {role}.",
            thai=f"บทบาท “{role.thai}” ไม่มีสิทธิ์ทำรายการนี้",
        )
    missing = edge.required - given
    if missing:
        raise ActionRefused(
            f"{action} needs {', '.join(sorted(missing))}.",
            thai="กรอกข้อมูลที่จำเป็นไม่ครบ: " + ", ".join(sorted(missing)),
        )
    return edge


def actions_for(state: CaseState, role: Role) -> tuple[Action, ...]:
    """Return what a role may do to a case in a state, in the order of `Action`."""
    return tuple(
        action
        for action in Action
        if (edge := STATE_TABLE.get((state, action))) is not None and role in edge.roles
    )
