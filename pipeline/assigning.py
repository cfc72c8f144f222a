"""Give a case to another group, or into the hands of one person of its group."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from correspondence.errors import ActionRefused
from correspondence.vocabulary import Role
from pipeline.case_turn import CaseTurn
from pipeline.staff import staff_member
from registry.casework import draft_in_force, supersede_drafts
from registry.models import Assignment, Case, GroupRow, Person, PersonRole
from registry.transitions import CaseChange

_HANDS = (Role.OFFICER.value, Role.GROUP_HEAD.value)
_MACHINE = "machine"


def reassign(turn: CaseTurn) -> None:
    """Give the case to another group, which then accepts or returns it.

    The machine's memo names the old group and is drafted anew; a person's stays in force.

    Raises:
        ActionRefused: no such group, or the case is its own already.
    """
    group_id = turn.request.group or ""
    group = turn.session.get(GroupRow, group_id)
    if group is None or group.retired_at is not None:
        raise ActionRefused("No such group.", thai="ไม่มีกลุ่มงานนี้")
    if group_id == turn.case.group_id:
        raise ActionRefused("The group has the case already.", thai="เรื่องนี้อยู่ที่กลุ่มนี้แล้ว")
    turn.end_assignment()
    turn.take(CaseChange(group_id=group_id))
    draft = draft_in_force(turn.session, turn.case)
    if draft is not None and draft.made_by == _MACHINE:
        supersede_drafts(turn.session, turn.case, at=turn.now)


def assign(turn: CaseTurn) -> None:
    """Put the case into the hands of a person of its group; the state stays.

    An officer takes a case that nobody has in hand, for themselves; all else is the heads' to do.

    Raises:
        ActionRefused: nobody of that name is an officer or the head there; an officer asks for
            somebody else, or for a case that somebody has.
    """
    sign_in = (turn.request.person or "").strip()
    if turn.actor.role is Role.OFFICER and not _heads(turn):
        _take_for_oneself(turn, sign_in)
    person = turn.session.scalars(
        select(Person)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            Person.sign_in == sign_in,
            Person.retired_at.is_(None),
            PersonRole.role.in_(_HANDS),
            or_(PersonRole.group_id.is_(None), PersonRole.group_id == turn.case.group_id),
        )
        .limit(1)
    ).first()
    if person is None:
        raise ActionRefused("Nobody of that name is in the group.", thai="ไม่มีผู้นี้ในกลุ่มงานของเรื่อง")
    turn.take(detail={"person": person.id})
    turn.end_assignment()
    turn.session.add(
        Assignment(
            case_id=turn.case.id,
            person_id=person.id,
            assigned_by=turn.actor.name,
            assigned_at=turn.now,
        )
    )


def in_hand(session: Session, case: Case) -> bool:
    """Tell whether somebody has a case in hand."""
    current = select(Assignment.id).where(
        Assignment.case_id == case.id, Assignment.ended_at.is_(None)
    )
    return session.scalar(current) is not None


def _heads(turn: CaseTurn) -> bool:
    """Tell whether an officer is a head here, too: the trail names the nearest role only."""
    person = staff_member(turn.session, turn.actor.name, turn.today)
    return person is not None and any(
        person.holds_for(role, turn.case.group_id) for role in (Role.GROUP_HEAD, Role.OFFICE_HEAD)
    )


def _take_for_oneself(turn: CaseTurn, sign_in: str) -> None:
    if sign_in != turn.actor.name:
        raise ActionRefused(
            "An officer takes a case for themselves only.", thai="เจ้าหน้าที่รับเรื่องไว้เองได้เท่านั้น"
        )
    if in_hand(turn.session, turn.case):
        raise ActionRefused("Somebody has the case in hand.", thai="เรื่องนี้มีเจ้าของเรื่องแล้ว")
