"""The secret desk: that a classified letter came, its grade, who may take it and who did."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from correspondence.clock import bangkok_day
from correspondence.reading import Frozen
from correspondence.vocabulary import IntakeOutcome, Role, Secrecy
from pipeline.bootstrap import House
from pipeline.desk_counts import not_handed_over
from pipeline.hand_over import grade_of
from pipeline.permissions import Permission, may
from pipeline.staff import GRADES, StaffMember, is_away
from registry.engine import open_snapshot
from registry.hand_over import HAND_OVER
from registry.models import AuditEvent, IntakeItem, Person, PersonRole

PAGE_SIZE = 50


class SecretLine(Frozen):
    """A secret item. Nothing is told of what it says, nor its subject or the name of its file.

    Attributes:
        grade: its secrecy grade.
        whom: names of those in office who may take it.
        may_take: whether whoever looks may.
        taken_by: the sign-in name of who took it, None while it waits.
        since: since when it stands there, as it stood when it was looked at.
    """

    id: int
    arrived_at: datetime
    since: datetime | None
    grade: Secrecy
    whom: tuple[str, ...]
    may_take: bool
    taken_by: str | None
    taken_at: datetime | None


class SecretPage(Frozen):
    """One page of the desk; `number` counts from 1."""

    rows: tuple[SecretLine, ...]
    number: int
    pages: int
    total: int


def secret_page(
    house: House, staff: StaffMember, number: int = 1, *, everything: bool = False
) -> SecretPage:
    """Return a page of the secret desk, oldest arrival first; nothing for the uncleared.

    Args:
        house: the office's house.
        staff: who looks.
        number: the page, from 1; one past the end gives the last.
        everything: also what was handed over before.
    """
    if not may(staff, Permission.WORK_SECRET_DESK):
        return SecretPage(rows=(), number=1, pages=1, total=0)
    secret = [IntakeItem.outcome == IntakeOutcome.SECRET.value]
    conditions = secret if everything else not_handed_over()
    with open_snapshot(house.sessions) as session:
        total = session.scalar(select(func.count(IntakeItem.id)).where(*conditions)) or 0
        pages = max(1, -(-total // PAGE_SIZE))
        number = min(max(number, 1), pages)
        cleared = _cleared(session, house)
        found = session.execute(
            select(IntakeItem, AuditEvent.actor, AuditEvent.at)
            .outerjoin(
                AuditEvent,
                and_(AuditEvent.intake_item_id == IntakeItem.id, AuditEvent.action == HAND_OVER),
            )
            .where(*conditions)
            .order_by(IntakeItem.arrived_at, IntakeItem.id)
            .limit(PAGE_SIZE)
            .offset((number - 1) * PAGE_SIZE)
        ).tuples()
        rows = tuple(_line(staff, cleared, *row) for row in found)
    return SecretPage(rows=rows, number=number, pages=pages, total=total)


def _line(
    staff: StaffMember,
    cleared: list[tuple[str, Secrecy]],
    item: IntakeItem,
    taken_by: str | None,
    taken_at: datetime | None,
) -> SecretLine:
    grade = grade_of(item)
    whom = tuple(name for name, reach in cleared if GRADES.index(reach) >= GRADES.index(grade))
    return SecretLine(
        id=item.id,
        arrived_at=item.arrived_at,
        since=item.settled_at,
        grade=grade,
        whom=whom,
        may_take=taken_by is None and staff.cleared_for(grade),
        taken_by=taken_by,
        taken_at=taken_at,
    )


def _cleared(session: Session, house: House) -> list[tuple[str, Secrecy]]:
    """Return the registrars of classified information who are there today, with their clearance."""
    today = bangkok_day(house.clock())
    denied = aliased(PersonRole)
    people = session.scalars(
        select(Person)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            PersonRole.role == Role.SECRET_REGISTRAR.value,
            Person.retired_at.is_(None),
            # A denial outweighs every role.
            ~exists().where(denied.person_id == Person.id, denied.role == Role.ADMINISTRATOR.value),
        )
        .order_by(Person.thai_name)
        .distinct()
    )
    known = set(Secrecy)
    return [
        (person.thai_name, Secrecy(person.clearance))
        for person in people
        if person.clearance in known and not is_away(person.absent_from, person.absent_until, today)
    ]
