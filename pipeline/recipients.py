"""Whom a notice goes to: who has the case, or the role's holders; deputies stand in for them.

A chain never ends with nobody while anybody is there: without a holder at work the notice
climbs, and where all are away it goes to the first of them all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.vocabulary import Role, Secrecy
from office.taxonomy import Groups
from pipeline.staff import is_away
from registry.models import Assignment, Person, PersonRole

# Without a holder of the role the notice climbs; a notice that reaches nobody helps nobody.
_CLIMB = {
    Role.REGISTRAR: (Role.REGISTRAR, Role.OFFICE_HEAD, Role.SECRETARY),
    Role.OFFICER: (Role.OFFICER, Role.GROUP_HEAD, Role.OFFICE_HEAD, Role.SECRETARY),
    Role.GROUP_HEAD: (Role.GROUP_HEAD, Role.OFFICE_HEAD, Role.SECRETARY),
    Role.OFFICE_HEAD: (Role.OFFICE_HEAD, Role.SECRETARY),
    Role.ADMINISTRATOR: (Role.ADMINISTRATOR, Role.REGISTRAR, Role.OFFICE_HEAD),
}
_OF_A_GROUP = (Role.OFFICER, Role.GROUP_HEAD)


@dataclass(frozen=True, slots=True)
class _Staff:
    email: str
    clearance: str
    deputy_id: int | None
    absent_from: date | None
    absent_until: date | None

    def absent(self, today: date) -> bool:
        return is_away(self.absent_from, self.absent_until, today)


class RecipientList:
    """Mail addresses by role and group, as they stand on one day."""

    def __init__(self, session: Session, groups: Groups, today: date) -> None:
        """Load people and roles once; `today` is the day in Bangkok."""
        self._groups = {group.id: group.email.strip() for group in groups.group}
        self._today = today
        self._staff = {
            person.id: _Staff(
                person.email.strip(),
                person.clearance,
                person.deputy_id,
                person.absent_from,
                person.absent_until,
            )
            for person in session.scalars(select(Person).where(Person.retired_at.is_(None)))
        }
        self._holders: dict[tuple[str, str | None], list[int]] = defaultdict(list)
        for row in session.scalars(select(PersonRole).order_by(PersonRole.id)):
            self._holders[row.role, row.group_id].append(row.person_id)
        current = select(Assignment.case_id, Assignment.person_id).where(
            Assignment.ended_at.is_(None)
        )
        self._owners = dict(session.execute(current).tuples().all())

    def addresses(
        self, role: Role, group_id: str | None, case_id: int | None = None
    ) -> tuple[str, ...]:
        """Return the addresses for a role in a group, each once; empty where nobody is known.

        A case without a group is the registrar's. What concerns the officers goes to the one who
        has the case, where one does. Who is away is stood in for by the deputy; without one the
        group's own mailbox (`groups.toml`) is taken, then the next higher role. Where everybody
        on the way is away, those asked first get it.

        Args:
            role: who should be told.
            group_id: the group that has the case, None while no group does.
            case_id: the case, for its owner.
        """
        wanted = Role.REGISTRAR if role in _OF_A_GROUP and not group_id else role
        away: tuple[str, ...] = ()
        for people, mailbox in self._steps(wanted, group_id, case_id):
            if found := _each_once(self._address(person) for person in people):
                return found
            if mailbox:
                return (mailbox,)
            away = away or _each_once(self._own_address(person) for person in people)
        return away

    def cleared(self, grade: Secrecy) -> tuple[str, ...]:
        """Return the addresses of those who may open a restricted case of this grade.

        They are the registrars of classified information with the clearance; a deputy without
        either stands in for nobody here. Where all of them are away, they get it all the same;
        it never climbs to anybody who may not open the case.
        """
        holders = {
            person
            for (role, _), people in self._holders.items()
            if role == Role.SECRET_REGISTRAR.value
            for person in people
        }
        # A denial outweighs every role.
        denied = {
            person
            for (role, _), people in self._holders.items()
            if role == Role.ADMINISTRATOR.value
            for person in people
        }
        able = sorted(person for person in holders - denied if self._may_see(person, grade))
        there = [person for person in able if not self._staff[person].absent(self._today)]
        return _each_once(map(self._own_address, there)) or _each_once(map(self._own_address, able))

    def _may_see(self, person_id: int, grade: Secrecy) -> bool:
        person = self._staff.get(person_id)
        if person is None or person.clearance not in set(Secrecy):
            return False
        grades = tuple(Secrecy)
        return grades.index(Secrecy(person.clearance)) >= grades.index(grade)

    def _steps(
        self, wanted: Role, group_id: str | None, case_id: int | None
    ) -> Iterator[tuple[list[int], str]]:
        """Yield people to ask one after the other, with the mailbox that stands for them."""
        owner = self._owners.get(case_id) if case_id is not None else None
        if wanted is Role.OFFICER and owner is not None:
            yield [owner], ""
        for role in _CLIMB.get(wanted, (wanted,)):
            group = group_id if role in _OF_A_GROUP else None
            yield self._holders_of(role, group_id), self._groups.get(group or "", "")

    def _holders_of(self, role: Role, group_id: str | None) -> list[int]:
        in_office = self._holders.get((role.value, None), [])
        in_group = self._holders.get((role.value, group_id), []) if group_id else []
        return in_group or in_office

    def _address(self, person_id: int | None, asked: frozenset[int] = frozenset()) -> str:
        """Return a person's address, or of the deputy who stands in; "" where all are away."""
        if person_id is None or person_id in asked:
            return ""
        person = self._staff.get(person_id)
        if person is None:
            return ""
        if person.absent(self._today) or not person.email:
            return self._address(person.deputy_id, asked | {person_id})
        return person.email

    def _own_address(self, person_id: int) -> str:
        person = self._staff.get(person_id)
        return person.email if person else ""


def _each_once(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for address in addresses if address))
