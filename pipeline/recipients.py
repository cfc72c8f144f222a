"""Whom a notice goes to: the holders of a role in the case's group, their deputies when away."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.vocabulary import Role
from office.taxonomy import Groups
from registry.models import Person, PersonRole

# Without a holder of the role the notice climbs; a notice that reaches nobody helps nobody.
_CLIMB = {
    Role.REGISTRAR: (Role.REGISTRAR, Role.OFFICE_HEAD),
    Role.OFFICER: (Role.OFFICER, Role.GROUP_HEAD, Role.OFFICE_HEAD),
    Role.GROUP_HEAD: (Role.GROUP_HEAD, Role.OFFICE_HEAD),
}


@dataclass(frozen=True, slots=True)
class _Staff:
    email: str
    deputy_id: int | None
    absent_from: date | None
    absent_until: date | None

    def absent(self, today: date) -> bool:
        if self.absent_from is None:
            return False
        return self.absent_from <= today and (
            self.absent_until is None or today <= self.absent_until
        )


class RecipientList:
    """Mail addresses by role and group, as they stand on one day."""

    def __init__(self, session: Session, groups: Groups, today: date) -> None:
        """Load people and roles once; `today` is the day in Bangkok."""
        self._groups = {group.id: group.email for group in groups.group}
        self._today = today
        self._staff = {
            person.id: _Staff(
                person.email.strip(), person.deputy_id, person.absent_from, person.absent_until
            )
            for person in session.scalars(select(Person).where(Person.retired_at.is_(None)))
        }
        self._holders: dict[tuple[str, str | None], list[int]] = defaultdict(list)
        for row in session.scalars(select(PersonRole).order_by(PersonRole.id)):
            self._holders[row.role, row.group_id].append(row.person_id)

    def addresses(self, role: Role, group_id: str | None) -> tuple[str, ...]:
        """Return the addresses for a role in a group, each once; empty where nobody is known.

        A case without a group is the registrar's. The group's own mailbox (`groups.toml`)
        comes before the next higher role.
        """
        wanted = role if group_id or role is Role.OFFICE_HEAD else Role.REGISTRAR
        for step in _CLIMB.get(wanted, (wanted,)):
            found = [
                address
                for person_id in self._holders_of(step, group_id)
                if (address := self._address(person_id, frozenset()))
            ]
            if found:
                return tuple(dict.fromkeys(found))
            if group_id and self._groups.get(group_id):
                return (self._groups[group_id],)
        return ()

    def _holders_of(self, role: Role, group_id: str | None) -> list[int]:
        in_office = self._holders.get((role.value, None), [])
        in_group = self._holders.get((role.value, group_id), []) if group_id else []
        return in_group or in_office

    def _address(self, person_id: int | None, asked: frozenset[int]) -> str:
        """Return a person's address, or of the deputy who stands in; "" where all are away."""
        if person_id is None or person_id in asked:
            return ""
        person = self._staff.get(person_id)
        if person is None:
            return ""
        if person.absent(self._today) or not person.email:
            standing_in = self._address(person.deputy_id, asked | {person_id})
            return standing_in or person.email
        return person.email
