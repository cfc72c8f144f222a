"""A member of staff as permissions see one: roles by group and clearance, read anew each time.

While a person is away their deputy holds their roles of a group, too: neither the office's roles
nor the clearance, and nothing where either of them is an administrator. A deputy who is away
leaves it to their own deputy, as notices do (`pipeline/recipients.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from correspondence.vocabulary import Role, Secrecy
from registry.models import Person, PersonRole

OF_A_GROUP: Final = frozenset({Role.OFFICER, Role.GROUP_HEAD})
GRADES: Final = tuple(Secrecy)


@dataclass(frozen=True, slots=True)
class DeputyRole:
    """A role held for somebody who is away; `of` is that person's sign-in name."""

    role: Role
    group: str | None
    of: str


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person in office.

    Attributes:
        person_id: of `people`.
        sign_in: the name the audit trail knows them by.
        thai_name: as pages greet them.
        clearance: the highest secrecy grade they may see.
        held: roles, each in one group or (None) in the whole office; their own first, then
            those they hold as a deputy.
        deputised: which of them they hold only because somebody is away.
    """

    person_id: int
    sign_in: str
    thai_name: str
    clearance: Secrecy
    held: tuple[tuple[Role, str | None], ...]
    deputised: tuple[DeputyRole, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        """Every role they hold somewhere."""
        return frozenset(role for role, _ in self.held)

    def holds(self, role: Role) -> bool:
        """Tell whether they hold a role anywhere."""
        return role in self.roles

    def holds_for(self, role: Role, group_id: str | None) -> bool:
        """Tell whether they hold a role for a case of a group; None: no group has it yet."""
        if role not in OF_A_GROUP:
            return self.holds(role)
        return any(held is role and _reaches(role, group, group_id) for held, group in self.held)

    def deputy_for(self, role: Role, group_id: str | None) -> str | None:
        """Return for whom they hold a role for a case of a group; None: on their own account."""
        own = self.held[: len(self.held) - len(self.deputised)]
        if any(held is role and _reaches(role, group, group_id) for held, group in own):
            return None
        for one in self.deputised:
            if one.role is role and _reaches(role, one.group, group_id):
                return one.of
        return None

    def cleared_for(self, grade: Secrecy) -> bool:
        """Tell whether their clearance reaches a grade."""
        return GRADES.index(self.clearance) >= GRADES.index(grade)


def staff_member(session: Session, sign_in: str, today: date) -> StaffMember | None:
    """Return the person in office of a sign-in name; None for everybody else.

    Args:
        session: an open transaction.
        sign_in: the sign-in name.
        today: the day in Bangkok, for absences.
    """
    person = session.scalar(
        select(Person).where(Person.sign_in == sign_in, Person.retired_at.is_(None))
    )
    return as_staff(session, person, today) if person is not None else None


def as_staff(session: Session, person: Person, today: date) -> StaffMember:
    """Return a person with the roles they hold on a day (in Bangkok)."""
    rows = session.execute(
        select(PersonRole.role, PersonRole.group_id)
        .where(PersonRole.person_id == person.id)
        .order_by(PersonRole.id)
    )
    own = tuple((Role(role), group) for role, group in rows)
    deputised = _deputised(session, person, own, today)
    clearance = Secrecy(person.clearance) if person.clearance in set(Secrecy) else Secrecy.OPEN
    return StaffMember(
        person_id=person.id,
        sign_in=person.sign_in,
        thai_name=person.thai_name,
        clearance=clearance,
        held=own + tuple((one.role, one.group) for one in deputised),
        deputised=deputised,
    )


def is_away(first: date | None, last: date | None, today: date) -> bool:
    """Tell whether a day lies in an absence; one without a last day goes on."""
    return first is not None and first <= today and (last is None or today <= last)


def _deputised(
    session: Session, person: Person, own: tuple[tuple[Role, str | None], ...], today: date
) -> tuple[DeputyRole, ...]:
    """Return the roles of a group that a person holds for those who are away today."""
    administers = any(role is Role.ADMINISTRATOR for role, _ in own)
    if administers or is_away(person.absent_from, person.absent_until, today):
        return ()
    deputies = dict(
        session.execute(
            select(Person.id, Person.deputy_id).where(
                Person.retired_at.is_(None),
                Person.absent_from <= today,
                or_(Person.absent_until.is_(None), Person.absent_until >= today),
            )
        )
        .tuples()
        .all()
    )
    away = [absent for absent in deputies if _stands_in(deputies, absent) == person.id]
    if not away:
        return ()
    rows = session.execute(
        select(PersonRole.person_id, PersonRole.role, PersonRole.group_id, Person.sign_in)
        .join(Person, Person.id == PersonRole.person_id)
        .where(PersonRole.person_id.in_(away))
        .order_by(PersonRole.id)
    ).all()
    # What an administrator is denied nobody does in their name.
    denied = {row.person_id for row in rows if row.role == Role.ADMINISTRATOR.value}
    return tuple(
        DeputyRole(Role(row.role), row.group_id, row.sign_in)
        for row in rows
        if Role(row.role) in OF_A_GROUP and row.person_id not in denied
    )


def _stands_in(deputies: dict[int, int | None], absent: int) -> int | None:
    """Return who stands in for an absent person: the first of the chain who is there."""
    asked, at = {absent}, deputies[absent]
    while at is not None and at in deputies and at not in asked:
        asked.add(at)
        at = deputies[at]
    return None if at in asked else at


def _reaches(role: Role, group: str | None, group_id: str | None) -> bool:
    # What nobody has been given yet any head of a group may take.
    unassigned = group_id is None and role is Role.GROUP_HEAD
    return group is None or group == group_id or unassigned
