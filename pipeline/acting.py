"""Whether a person may act in a role: their roles stand in `people`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from correspondence.errors import ActionRefused
from correspondence.vocabulary import Role
from registry.models import Person, PersonRole
from registry.transitions import Actor


def acting_person(session: Session, sign_in: str, roles: Sequence[Role]) -> Actor:
    """Return a person of the office in the first of these roles that they hold.

    Whoever administers acts in no role that may not be an administrator's. An office that has
    entered nobody yet is run by whoever may start the command: the name is then taken as given,
    in the first role.

    Args:
        session: an open transaction.
        sign_in: the sign-in name; the caller knows that it is that person.
        roles: the roles that may, the nearest to the work first.

    Raises:
        ActionRefused: no name, nobody of that name in office, or without these roles.
    """
    name = sign_in.strip()
    if not name:
        raise ActionRefused("Say who does it.", thai="ต้องระบุผู้ทำรายการ")
    if not session.scalar(select(func.count(Person.id))):
        return Actor(name, roles[0])
    held = set(
        session.scalars(
            select(PersonRole.role)
            .join(Person, Person.id == PersonRole.person_id)
            .where(Person.sign_in == name, Person.retired_at.is_(None))
        )
    )
    # A denial outweighs every role, as in `permissions.may`.
    denied = Role.ADMINISTRATOR.value in held and Role.ADMINISTRATOR not in roles
    for role in () if denied else roles:
        if role.value in held:
            return Actor(name, role)
    raise ActionRefused("This person holds no role that may do it.", thai="ผู้นี้ไม่มีบทบาทที่ทำรายการนี้ได้")
