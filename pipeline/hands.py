"""Who can have a case in hand, as far as a head may give one to them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import or_, select

from correspondence.reading import Frozen
from correspondence.states import STATE_TABLE, Action
from correspondence.vocabulary import CaseState, Role
from pipeline.bootstrap import House
from pipeline.staff import OF_A_GROUP, StaffMember
from registry.engine import open_snapshot
from registry.models import Person, PersonRole

_HEADS: Final = STATE_TABLE[CaseState.ASSIGNED, Action.REASSIGN].roles


class Hand(Frozen):
    """A person of a group; `group` is None for somebody of every group."""

    sign_in: str
    thai_name: str
    group: str | None


def may_give(staff: StaffMember) -> bool:
    """Tell whether a person gives cases to groups and people, as the state table has it."""
    return not staff.holds(Role.ADMINISTRATOR) and not staff.roles.isdisjoint(_HEADS)


def hands_of(house: House, staff: StaffMember) -> tuple[Hand, ...]:
    """Return the people of the groups that a person heads, of all for the head of the office."""
    if not may_give(staff):
        return ()
    groups = {group for role, group in staff.held if role is Role.GROUP_HEAD}
    query = (
        select(Person.sign_in, Person.thai_name, PersonRole.group_id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            Person.retired_at.is_(None), PersonRole.role.in_([role.value for role in OF_A_GROUP])
        )
        .order_by(PersonRole.group_id, Person.thai_name)
        .distinct()
    )
    if not staff.holds(Role.OFFICE_HEAD) and None not in groups:
        named = sorted(group for group in groups if group is not None)
        query = query.where(or_(PersonRole.group_id.is_(None), PersonRole.group_id.in_(named)))
    with open_snapshot(house.sessions) as session:
        return tuple(
            Hand(sign_in=sign_in, thai_name=name, group=group)
            for sign_in, name, group in session.execute(query)
        )
