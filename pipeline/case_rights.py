"""Who may act on a case: roles by group; a denial outweighs every role."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import case as case_when
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from correspondence.errors import ActionRefused
from correspondence.vocabulary import Role, Secrecy
from pipeline.case_view import CaseRestricted
from registry.models import Case, FieldRow, Letter, Person, PersonRole
from registry.transitions import Actor

# The roles of people, the nearest to the work first: the trail names that one.
NEAREST = (
    Role.OFFICER,
    Role.GROUP_HEAD,
    Role.REGISTRAR,
    Role.OFFICE_HEAD,
    Role.SECRETARY,
)
_OF_A_GROUP = frozenset({Role.OFFICER, Role.GROUP_HEAD})
_GRADES = tuple(Secrecy)


@dataclass(frozen=True, slots=True)
class _Standing:
    name: str
    clearance: Secrecy
    held: tuple[tuple[Role, str | None], ...]

    def holds(self, role: Role) -> bool:
        return any(held is role for held, _ in self.held)

    def holds_for(self, role: Role, case: Case) -> bool:
        if role not in _OF_A_GROUP:
            return self.holds(role)
        for held, group in self.held:
            if held is not role:
                continue
            # What nobody has been given yet any head of a group may take.
            unassigned = case.group_id is None and role is Role.GROUP_HEAD
            if group is None or group == case.group_id or unassigned:
                return True
        return False


def act_as(session: Session, sign_in: str, case: Case, roles: Iterable[Role]) -> Actor:
    """Return a person in the role in which they may act on a case.

    Officers and heads of groups act on cases of their own group; whoever holds their role without
    a group, on all. An administrator acts on none, whatever other role they hold. A restricted
    case is open to a registrar of secrets with the clearance for its grade and to nobody else;
    at the secret desk they stand in for every role of the office. An office that has entered
    nobody yet is run by whoever may start the command; its restricted cases by no one.

    Args:
        session: an open transaction.
        sign_in: the sign-in name; the caller knows that it is that person.
        case: the case.
        roles: the roles that may, as the state table has them.

    Raises:
        ActionRefused: no name, nobody of that name in office, or without such a role here.
        CaseRestricted: the case is restricted, and not open to this person.
    """
    name = sign_in.strip()
    if not name:
        raise ActionRefused("Say who does it.", thai="ต้องระบุผู้ทำรายการ")
    wanted = frozenset(roles)
    allowed = [role for role in NEAREST if role in wanted]
    if not session.scalar(select(func.count(Person.id))):
        if case.restricted:
            raise _restricted()
        if allowed:
            return Actor(name, allowed[0])
        raise _refused()
    person = _standing(session, name)
    if person is None or person.holds(Role.ADMINISTRATOR):
        raise _restricted() if case.restricted else _refused()
    if case.restricted:
        grade = _grade(session, case)
        cleared = _GRADES.index(person.clearance) >= _GRADES.index(grade)
        if not person.holds(Role.SECRET_REGISTRAR) or not cleared:
            raise _restricted()
        if allowed:
            return Actor(name, allowed[0])
        raise _refused()
    for role in allowed:
        if person.holds_for(role, case):
            return Actor(name, role)
    raise _refused()


def _standing(session: Session, name: str) -> _Standing | None:
    rows = session.execute(
        select(Person.clearance, PersonRole.role, PersonRole.group_id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(Person.sign_in == name, Person.retired_at.is_(None))
        .order_by(PersonRole.id)
    ).all()
    if not rows:
        return None
    known = set(Secrecy)
    clearance = Secrecy(rows[0][0]) if rows[0][0] in known else Secrecy.OPEN
    return _Standing(name, clearance, tuple((Role(role), group) for _, role, group in rows))


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
    return max(grades, key=_GRADES.index)


def _refused() -> ActionRefused:
    return ActionRefused(
        "This person holds no role that may do it to this case.",
        thai="ผู้นี้ไม่มีบทบาทที่ทำรายการนี้กับเรื่องนี้ได้",
    )


def _restricted() -> CaseRestricted:
    return CaseRestricted("The case is restricted.", thai="เรื่องนี้จำกัดผู้เข้าถึง")
