"""Open a case for a person, or refuse; the trail holds every look at a restricted case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.errors import SarabanError
from correspondence.vocabulary import Role
from pipeline.bootstrap import House
from pipeline.case_guard import CaseRestricted, CaseUnknown
from pipeline.case_rights import NEAREST, act_as, case_facts
from pipeline.permissions import OpenedCase, may_open
from pipeline.staff import StaffMember
from registry.engine import open_snapshot
from registry.models import AuditEvent, Case
from registry.trail import note_on_case

VIEWED = "view_case"
REFUSED = "refuse_case"


class CaseRefused(SarabanError):
    """The case is not one that this person may see."""

    code = "case_refused"


def open_case(house: House, case_id: int, staff: StaffMember, what: str) -> OpenedCase:
    """Open a case for a person, or refuse it; refusals and restricted looks are audited first.

    Args:
        house: the office's house.
        case_id: the case.
        staff: who looks, with the roles they hold now.
        what: what of the case is asked for, as a stable name for the trail.

    Raises:
        CaseUnknown: no such case.
        CaseRestricted: it is restricted and not open to this person.
        CaseRefused: it is another group's, or letters are not for this person.
    """
    with open_snapshot(house.sessions) as session:
        case = session.get(Case, case_id)
        if case is None:
            raise CaseUnknown("No such case.", thai="ไม่พบเรื่องนี้")
        facts = case_facts(session, case)
    allowed = may_open(staff, facts)
    if facts.restricted or not allowed:
        _note(house, case_id, staff, VIEWED if allowed else REFUSED, what)
    if allowed:
        return OpenedCase(case_id, staff.sign_in, facts.restricted)
    if facts.restricted:
        raise CaseRestricted("The case is restricted.", thai="เรื่องนี้จำกัดผู้เข้าถึง")
    raise CaseRefused("The case is not for this person.", thai="ท่านไม่มีสิทธิ์เปิดเรื่องนี้")


def note_look(session: Session, case: Case, by: str | None, action: str, *, at: datetime) -> None:
    """Write down who looks at a restricted case, before anything of it is shown.

    Args:
        session: an open transaction.
        case: the case.
        by: the sign-in name of whoever looks, known to be that person; None for nobody.
        action: what they look at, as a stable name for the trail.
        at: the moment, aware.

    Raises:
        CaseRestricted: nobody is named, or it is not open to this person.
    """
    if not by:
        raise CaseRestricted(
            "The case is restricted.", thai="เรื่องนี้จำกัดผู้เข้าถึง", remedy="Say who looks: --by."
        )
    actor = act_as(session, by, case, NEAREST, bangkok_day(at))
    note_on_case(session, case.id, actor, action, at=at, about={})


def _note(house: House, case_id: int, staff: StaffMember, action: str, what: str) -> None:
    role = Role.SECRET_REGISTRAR if action == VIEWED else next(iter(staff.held), (None, None))[0]
    with house.sessions.begin() as session:
        session.add(
            AuditEvent(
                at=house.clock(),
                actor=staff.sign_in,
                action=action,
                case_id=case_id,
                reason="",
                before={},
                after={"role": role.value if role else None, "what": what},
            )
        )
