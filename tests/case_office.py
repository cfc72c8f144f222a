"""An office with people in every role, and cases brought to any state through the one door."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from correspondence.states import Action
from correspondence.vocabulary import CaseState, Category, ContactChannel, Role
from pipeline.bootstrap import House
from pipeline.case_actions import act_on_case
from pipeline.case_request import CaseRequest, CaseResult
from registry.models import AuditEvent, Case, CaseLink, DueDateRow, Letter
from tests.conftest import SetClock
from tests.seeding import Seed, employ, register

GROUP = "complaints"
STAFF = {
    Role.REGISTRAR: "ratana",
    Role.OFFICER: "wichai",
    Role.GROUP_HEAD: "somchai",
    Role.OFFICE_HEAD: "prasert",
    Role.SECRETARY: "malee",
    Role.SECRET_REGISTRAR: "kamon",
    Role.ADMINISTRATOR: "admin",
}
SECOND = {Role.GROUP_HEAD: "suda", Role.OFFICE_HEAD: "anong", Role.OFFICER: "nipa"}


def plain_docx(text: str = "แก้ไขแล้ว") -> bytes:
    """Return the smallest package that is a .docx."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", f"<w>{text}</w>")
    return buffer.getvalue()


def staff_office(house: House) -> None:
    """Employ somebody in every role, and a second person where two are needed."""
    for role, name in STAFF.items():
        grouped = role in (Role.OFFICER, Role.GROUP_HEAD)
        clearance = "secret" if role is Role.SECRET_REGISTRAR else "open"
        employ(house, name, role, GROUP if grouped else None, clearance=clearance)
    employ(house, SECOND[Role.GROUP_HEAD], Role.GROUP_HEAD, GROUP)
    employ(house, SECOND[Role.OFFICER], Role.OFFICER, GROUP)
    employ(house, SECOND[Role.OFFICE_HEAD], Role.OFFICE_HEAD, None)
    employ(house, "pranee", Role.OFFICER, "political")
    employ(house, "decha", Role.GROUP_HEAD, "political")


@dataclass
class CaseOffice:
    """A house with its people; `fields` fills what an action needs."""

    house: House
    clock: SetClock
    kept: dict[CaseState, int] = field(default_factory=dict)
    filled: dict[tuple[CaseState, Action], dict[str, Any]] = field(default_factory=dict)

    def do(self, case_id: int, action: Action, by: str, **asked: Any) -> CaseResult:
        """Carry out an action with just what is asked."""
        return act_on_case(self.house, CaseRequest(case_id=case_id, action=action, by=by, **asked))

    def fields(self, case_id: int, action: Action) -> dict[str, Any]:
        """Return fields with which an action can be carried out on a case."""
        case = self.case(case_id)
        match action:
            case Action.CHOOSE_CATEGORY:
                return {"category": Category.COMPLAINT, "subcategory": "opinion"}
            case Action.RECATEGORISE:
                chosen = {"category": Category.PARLIAMENTARY, "subcategory": "consultation"}
                return {**chosen, "reason": "เป็นข้อหารือ"}
            case Action.REASSIGN:
                return {"group": "political", "reason": "เป็นงานของกลุ่มการเมือง"}
            case Action.ASSIGN:
                return {"person": STAFF[Role.OFFICER]}
            case Action.SUBMIT_DRAFT | Action.APPROVE_WITH_EDITS | Action.EDIT_DRAFT:
                return {"memo": plain_docx()}
            case Action.SET_DUE | Action.EXTEND:
                base = max(case.due_date or self.clock().date(), self.clock().date())
                later = self.house.calendar.add_working_days(base, 3)
                return {"due": later, "reason": "ต้องรอข้อเท็จจริง", "agency": "ผู้กำหนด"}
            case Action.ASK_CONTRIBUTION:
                return {"agency": "สำนักงานเขตพื้นที่", "note": "ขอข้อเท็จจริง"}
            case Action.LOG_COORDINATION:
                return {"contact": "คุณสมศรี", "channel": ContactChannel.TELEPHONE, "note": "รับปาก"}
            case Action.PROPOSE_TRANSFER:
                return {"agency": "กรมอื่น", "reason": "อยู่นอกอำนาจ"}
            case Action.LINK:
                return {"other_case": register(self.house)}
            case Action.MARK_DUPLICATE:
                return {"duplicate_of": register(self.house)}
            case Action.SPLIT:
                return {"letter": self.add_letter(case_id), "reason": "คนละเรื่อง"}
            case Action.MERGE:
                return {"other_case": self.earlier_case(case_id), "reason": "เรื่องเดียวกัน"}
            case _:
                return {"reason": "เหตุผลของการทำรายการ"}

    def case(self, case_id: int) -> Case:
        """Return a case as it stands."""
        with self.house.sessions.begin() as session:
            return session.get_one(Case, case_id)

    def events(self, case_id: int) -> list[AuditEvent]:
        """Return the trail of a case."""
        query = select(AuditEvent).where(AuditEvent.case_id == case_id).order_by(AuditEvent.id)
        with self.house.sessions.begin() as session:
            return list(session.scalars(query))

    def add_letter(self, case_id: int) -> int:
        """Put a second letter into a case, as a mail of several letters does."""
        other = register(self.house)
        with self.house.sessions.begin() as session:
            letter = session.scalars(select(Letter).where(Letter.case_id == other)).one()
            letter.case_id = case_id
            # No suggested link may lead to a case that has no letter.
            session.execute(
                delete(CaseLink).where(
                    or_(CaseLink.case_id == other, CaseLink.other_case_id == other)
                )
            )
            return letter.id

    def earlier_case(self, case_id: int) -> int:
        """Return an open case that came before this one: their letters change places."""
        other = register(self.house)
        with self.house.sessions.begin() as session:
            mine = session.scalars(select(Letter).where(Letter.case_id == case_id)).all()
            theirs = session.scalars(select(Letter).where(Letter.case_id == other)).all()
            for letter in mine:
                letter.case_id = other
            for letter in theirs:
                letter.case_id = case_id
        return other

    def register(self, seed: Seed) -> int:
        """Register a case that was dated with the calendar in force, as the machine does."""
        case_id = register(self.house, seed)
        with self.house.sessions.begin() as session:
            session.execute(
                update(DueDateRow)
                .where(DueDateRow.case_id == case_id)
                .values(calendar_version=self.house.calendar.version)
            )
        return case_id

    def reach(self, state: CaseState) -> int:
        """Return a new case that people and the machine have brought to a state."""
        if state in (CaseState.REGISTERED, CaseState.CLASSIFIED):
            case_id = register(self.house, Seed(abstained=True))
            with self.house.sessions.begin() as session:
                # The machine failed before it came further.
                session.get_one(Case, case_id).state = state.value
            return case_id
        case_id = self.register(Seed(abstained=state is CaseState.TRIAGE))
        head, chief = STAFF[Role.GROUP_HEAD], STAFF[Role.OFFICE_HEAD]
        walk: dict[CaseState, list[tuple[Action, str]]] = {
            CaseState.TRIAGE: [],
            CaseState.IN_REVIEW: [],
            CaseState.DRAFTING: [(Action.RETURN_DRAFT, head)],
            CaseState.SIGN_OFF: [(Action.APPROVE, head)],
            CaseState.ON_HOLD: [(Action.HOLD, head)],
            CaseState.ASSIGNED: [(Action.HOLD, head), (Action.RESUME, head)],
            CaseState.AWAITING_CONTRIBUTION: [(Action.ASK_CONTRIBUTION, STAFF[Role.OFFICER])],
            CaseState.TRANSFER_PENDING: [(Action.PROPOSE_TRANSFER, STAFF[Role.OFFICER])],
            CaseState.NO_REPLY_PENDING: [(Action.PROPOSE_NO_REPLY, STAFF[Role.OFFICER])],
        }
        walk[CaseState.AWAITING_DISPATCH] = [*walk[CaseState.SIGN_OFF], (Action.SIGN, chief)]
        walk[CaseState.DISPATCHED] = [*walk[CaseState.AWAITING_DISPATCH], (Action.DISPATCH, chief)]
        walk[CaseState.CLOSED] = [*walk[CaseState.DISPATCHED], (Action.CLOSE, head)]
        for action, by in walk[state]:
            self.do(case_id, action, by, **self.fields(case_id, action))
        assert self.case(case_id).state == state.value
        return case_id

    def untouched(self, state: CaseState, action: Action) -> tuple[int, dict[str, Any]]:
        """Return a case that refusals share, for they change nothing, with the action's fields."""
        if state not in self.kept:
            self.kept[state] = self.reach(state)
        case_id = self.kept[state]
        if (state, action) not in self.filled:
            self.filled[state, action] = self.fields(case_id, action)
        return case_id, dict(self.filled[state, action])

    def count(self) -> int:
        """Return how many audit events there are."""
        with self.house.sessions.begin() as session:
            return session.scalar(select(func.count(AuditEvent.id))) or 0
