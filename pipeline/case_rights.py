"""Who may act on a case: roles by group; a denial outweighs every role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import case as case_when
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from correspondence.errors import ActionRefused
from correspondence.vocabulary import CaseState, Role, Secrecy
from pipeline.case_guard import CaseRestricted
from pipeline.permissions import CaseFacts, may_open
from pipeline.staff import GRADES, staff_member
from registry.models import Case, FieldRow, Letter, Person
from registry.transitions import Actor

# The roles of people, the nearest to the work first: the trail names that one.
NEAREST = (
    Role.OFFICER,
    Role.GROUP_HEAD,
    Role.REGISTRAR,
    Role.OFFICE_HEAD,
    Role.SECRETARY,
)


def act_as(session: Session, sign_in: str, case: Case, roles: Iterable[Role], today: date) -> Actor:
    """Return a person in the role in which they may act on a case.

    Officers and heads of groups act on cases of their own group; whoever holds their role without
    a group, on all. An administrator acts on none, whatever other role they hold. A restricted
    case is open to a registrar of secrets with the clearance for its grade and to nobody else;
    at the secret desk they stand in for every role of the office. A deputy acts for who is away
    where their own roles do not reach, and the trail names for whom. An office that has entered
    nobody yet is run by whoever may start the command; its restricted cases by no one.

    Args:
        session: an open transaction.
        sign_in: the sign-in name; the caller knows that it is that person.
        case: the case.
        roles: the roles that may, as the state table has them.
        today: the day in Bangkok, for absences.

    Raises:
        ActionRefused: no name, nobody of that name in office, or without such a role here.
        CaseRestricted: the case is restricted, and not open to this person.
    """
    name = sign_in.strip()
    if not name:
        raise ActionRefused("Say who does it.", thai="ต้องระบุผู้ทำรายการ")
    return choose_actor(actors_on(session, name, case, today), roles)


def choose_actor(actors: Mapping[Role, Actor], roles: Iterable[Role]) -> Actor:
    """Return in which of these roles somebody acts: the nearest, on their own account first.

    Raises:
        ActionRefused: in none of them.
    """
    wanted = frozenset(roles)
    may = [actors[role] for role in NEAREST if role in wanted and role in actors]
    if not may:
        raise _refused()
    # On one's own account before in somebody's name.
    return next((actor for actor in may if actor.on_behalf_of is None), may[0])


def actors_on(session: Session, name: str, case: Case, today: date) -> Mapping[Role, Actor]:
    """Return by role how a person may act on a case at all; asked once for many actions.

    Raises:
        ActionRefused: nobody of that name in office, or the case is not theirs to see.
        CaseRestricted: the case is restricted, and not open to this person.
    """
    person = staff_member(session, name, today)
    # Before anybody is entered, whoever runs the command acts.
    if person is None and not session.scalar(select(func.count(Person.id))):
        if case.restricted:
            raise _restricted()
        return {role: Actor(name, role) for role in NEAREST}
    # Who may not see a case does nothing to it either.
    if person is None or not may_open(person, case_facts(session, case)):
        raise _restricted() if case.restricted else _refused()
    if case.restricted:
        return {role: Actor(name, role) for role in NEAREST}
    return {
        role: Actor(name, role, person.deputy_for(role, case.group_id))
        for role in NEAREST
        if person.holds_for(role, case.group_id)
    }


def case_facts(session: Session, case: Case) -> CaseFacts:
    """Return what of a case decides who may open it."""
    return CaseFacts(
        group=case.group_id,
        state=CaseState(case.state),
        restricted=case.restricted,
        grade=_grade(session, case) if case.restricted else Secrecy.OPEN,
    )


def _grade(session: Session, case: Case) -> Secrecy:
    """Return the highest grade on the letters of a restricted case, the lowest grade at least."""
    value = case_when(
        (FieldRow.corrected_at.is_not(None), FieldRow.person_value), else_=FieldRow.machine_value
    )
    found = session.scalars(
        select(value)
        .join(Letter, Letter.id == FieldRow.letter_id)
        .where(Letter.case_id == case.id, FieldRow.name == "secrecy")
    )
    known = set(Secrecy)
    grades = [Secrecy.CONFIDENTIAL, *(Secrecy(mark) for mark in found if mark in known)]
    return max(grades, key=GRADES.index)


def _refused() -> ActionRefused:
    return ActionRefused(
        "This person holds no role that may do it to this case.",
        thai="ผู้นี้ไม่มีบทบาทที่ทำรายการนี้กับเรื่องนี้ได้",
    )


def _restricted() -> CaseRestricted:
    return CaseRestricted("The case is restricted.", thai="เรื่องนี้จำกัดผู้เข้าถึง")
