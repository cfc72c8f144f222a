"""Who is away and who stands in: set by people for themselves, by administrators for anybody."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.errors import UsageFault
from correspondence.vocabulary import Role
from pipeline.bootstrap import House
from pipeline.people import begin_change, known_person
from pipeline.person_entry import PersonRefused
from registry.accounts import AuditValue, note_about_person
from registry.models import Person, PersonRole


def set_absence(
    house: House, sign_in: str, first: date | None, last: date | None, *, by: str
) -> None:
    """Set the days on which a person is away; None and None is back at work.

    People set their own; an administrator sets anybody's.

    Raises:
        PersonUnknown: nobody of that name.
        UsageFault: it ends before it begins.
        ActionRefused: `by` is somebody else and no administrator.
    """
    if (first is None and last is not None) or (first and last and last < first):
        raise UsageFault("An absence ends after it begins.", thai="วันสิ้นสุดต้องไม่ก่อนวันเริ่มลา")
    with house.sessions.begin() as session:
        actor, person = begin_change(session, sign_in, by, own=True)
        before = {"from": _day(person.absent_from), "until": _day(person.absent_until)}
        person.absent_from, person.absent_until = first, last
        note_about_person(
            session,
            actor,
            "set_absence",
            person.id,
            at=house.clock(),
            before=before,
            after={"from": _day(first), "until": _day(last)},
        )


def set_deputy(house: House, sign_in: str, deputy: str | None, *, by: str) -> None:
    """Name who stands in for a person; None for nobody.

    People name their own; an administrator names anybody's. A deputy gets the roles of a group
    and the notices while the person is away, never the clearance (`pipeline/staff.py`).

    Raises:
        PersonUnknown: nobody of one of the names.
        PersonRefused: a person cannot stand in for themselves, nor an administrator, who reads
            no letters, for somebody who does.
        ActionRefused: `by` is somebody else and no administrator.
    """
    with house.sessions.begin() as session:
        actor, person = begin_change(session, sign_in, by, own=True)
        other = known_person(session, deputy) if deputy is not None else None
        if other is not None and other.id == person.id:
            raise PersonRefused("Nobody is their own deputy.", thai="ผู้แทนต้องเป็นคนอื่น")
        if other is not None and _administers(session, other) and not _administers(session, person):
            raise PersonRefused(
                "An administrator reads no letters and stands in for nobody who does.",
                thai="ผู้ดูแลระบบอ่านหนังสือไม่ได้ จึงเป็นผู้แทนไม่ได้ โปรดเลือกผู้อื่น",
            )
        before: dict[str, AuditValue] = {"deputy": person.deputy_id}
        person.deputy_id = other.id if other else None
        note_about_person(
            session,
            actor,
            "set_deputy",
            person.id,
            at=house.clock(),
            before=before,
            after={"deputy": person.deputy_id},
        )


def _administers(session: Session, person: Person) -> bool:
    return (
        session.scalar(
            select(PersonRole.id).where(
                PersonRole.person_id == person.id, PersonRole.role == Role.ADMINISTRATOR.value
            )
        )
        is not None
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
