"""A member of staff as permissions see one: roles by group and clearance, read anew each time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.vocabulary import Role, Secrecy
from registry.models import Person, PersonRole

OF_A_GROUP: Final = frozenset({Role.OFFICER, Role.GROUP_HEAD})
GRADES: Final = tuple(Secrecy)


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person in office.

    Attributes:
        person_id: of `people`.
        sign_in: the name the audit trail knows them by.
        thai_name: as pages greet them.
        clearance: the highest secrecy grade they may see.
        held: roles, each in one group or (None) in the whole office.
    """

    person_id: int
    sign_in: str
    thai_name: str
    clearance: Secrecy
    held: tuple[tuple[Role, str | None], ...]

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
        for held, group in self.held:
            if held is not role:
                continue
            # What nobody has been given yet any head of a group may take.
            unassigned = group_id is None and role is Role.GROUP_HEAD
            if group is None or group == group_id or unassigned:
                return True
        return False

    def cleared_for(self, grade: Secrecy) -> bool:
        """Tell whether their clearance reaches a grade."""
        return GRADES.index(self.clearance) >= GRADES.index(grade)


def staff_member(session: Session, sign_in: str) -> StaffMember | None:
    """Return the person in office of a sign-in name; None for everybody else."""
    person = session.scalar(
        select(Person).where(Person.sign_in == sign_in, Person.retired_at.is_(None))
    )
    return as_staff(session, person) if person is not None else None


def as_staff(session: Session, person: Person) -> StaffMember:
    """Return a person with the roles they hold now."""
    rows = session.execute(
        select(PersonRole.role, PersonRole.group_id)
        .where(PersonRole.person_id == person.id)
        .order_by(PersonRole.id)
    )
    clearance = Secrecy(person.clearance) if person.clearance in set(Secrecy) else Secrecy.OPEN
    return StaffMember(
        person_id=person.id,
        sign_in=person.sign_in,
        thai_name=person.thai_name,
        clearance=clearance,
        held=tuple((Role(role), group) for role, group in rows),
    )
