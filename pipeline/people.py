"""Staff and their accounts, changed by administrators; every change stands in the audit trail.

The command line and the web app come through here. No change leaves the office without an
administrator, and nobody is administrator and reader of letters at once.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.errors import UsageFault
from correspondence.vocabulary import Role, Secrecy
from pipeline.acting import acting_person
from pipeline.bootstrap import House
from pipeline.passwords import hash_password, keyless_hash, one_time_word
from pipeline.person_entry import (
    PersonRefused,
    PersonUnknown,
    enter_person,
    tidy_address,
    tidy_name,
    tidy_sign_in,
)
from registry.accounts import (
    AuditValue,
    end_sign_ins,
    forget_all_tries,
    lock_accounts,
    note_about_person,
    person_named,
    set_password,
)
from registry.models import Account, GroupRow, Person, PersonRole
from registry.transitions import Actor

GROUP_ROLES = frozenset({Role.OFFICER, Role.GROUP_HEAD})


def add_person(
    house: House,
    sign_in: str,
    *,
    thai_name: str,
    email: str = "",
    roles: tuple[tuple[Role, str | None], ...],
    clearance: Secrecy = Secrecy.OPEN,
    by: str,
) -> str:
    """Enter a person with their roles and return the one-time password to hand over.

    Args:
        house: the office's house.
        sign_in: lower-case letters, digits and `._@-`.
        thai_name: as the pages show it.
        email: where notices go; "" for nowhere.
        roles: each with its group, None for the whole office.
        clearance: the highest secrecy grade the person may see.
        by: who does it; the caller knows that it is that person.

    Raises:
        UsageFault: the name, a group or the address is none.
        PersonRefused: the name is taken, or the roles do not go together.
        ActionRefused: `by` is no administrator.
    """
    name = tidy_sign_in(sign_in)
    password = one_time_word()
    password_hash = hash_password(password)
    now = house.clock()
    with house.sessions.begin() as session:
        lock_accounts(session)
        actor = administrator(session, by)
        person_id = enter_person(
            session, name, thai_name, email=email, clearance=clearance, at=now
        ).id
        note_about_person(
            session, actor, "add_person", person_id, at=now, after={"clearance": clearance.value}
        )
        for role, group in roles:
            _give(session, actor, person_id, role, group, now)
        set_password(session, person_id, password_hash, must_change=True, at=now)
    return password


def change_person(
    house: House, sign_in: str, *, thai_name: str | None, email: str | None, by: str
) -> None:
    """Change the name that pages show of a person and the address of their notices.

    The sign-in name stays: the trail knows people by it. The trail keeps the name and the
    address they had.

    Args:
        house: the office's house.
        sign_in: whom.
        thai_name: as the pages show it; None leaves it.
        email: where notices go, "" for nowhere; None leaves it.
        by: the administrator's sign-in name.

    Raises:
        PersonUnknown: nobody of that name.
        UsageFault: the name is empty or too long, or the address is none.
        ActionRefused: `by` is no administrator.
    """
    shown = tidy_name(thai_name) if thai_name is not None else None
    address = tidy_address(email) if email is not None else None
    with house.sessions.begin() as session:
        actor, person = begin_change(session, sign_in, by)
        shown = person.thai_name if shown is None else shown
        address = person.email if address is None else address
        before: dict[str, AuditValue] = {"thai_name": person.thai_name, "email": person.email}
        after: dict[str, AuditValue] = {"thai_name": shown, "email": address}
        if before == after:
            return
        person.thai_name, person.email = shown, address
        note_about_person(
            session,
            actor,
            "change_person",
            person.id,
            at=house.clock(),
            before=before,
            after=after,
        )


def give_role(house: House, sign_in: str, role: Role, group: str | None, *, by: str) -> None:
    """Give a person a role, in one group or (None) in the whole office.

    Raises:
        PersonUnknown, PersonRefused, UsageFault, ActionRefused: as `add_person`.
    """
    with house.sessions.begin() as session:
        actor, person = begin_change(session, sign_in, by)
        _give(session, actor, person.id, role, group, house.clock())


def take_role(house: House, sign_in: str, role: Role, group: str | None, *, by: str) -> None:
    """Take a role from a person.

    Raises:
        PersonUnknown: nobody of that name.
        PersonRefused: they do not hold it, or the office would be without an administrator.
        ActionRefused: `by` is no administrator.
    """
    with house.sessions.begin() as session:
        actor, person = begin_change(session, sign_in, by)
        row = _held(session, person.id, role, group)
        if row is None:
            raise PersonRefused("The person does not hold that role.", thai="ผู้นี้ไม่มีบทบาทนั้น")
        if role is Role.ADMINISTRATOR:
            _keep_one(session, person.id)
        session.delete(row)
        note_about_person(
            session, actor, "take_role", person.id, at=house.clock(), before=_named(role, group)
        )


def renew_password(house: House, sign_in: str, *, by: str) -> str:
    """Return a new one-time password of a person; they are signed out everywhere.

    An account tied to the identity provider is untied: whom it names next is tied anew.

    Raises:
        PersonUnknown: nobody of that name.
        ActionRefused: `by` is no administrator.
    """
    password = one_time_word()
    password_hash = hash_password(password)
    with house.sessions.begin() as session:
        actor, person = begin_change(session, sign_in, by)
        set_password(session, person.id, password_hash, must_change=True, at=house.clock())
        session.get_one(Account, person.id).provider_subject = None
        end_sign_ins(session, person.id)
        forget_all_tries(session, keyless_hash(person.sign_in))
        note_about_person(session, actor, "renew_password", person.id, at=house.clock())
    return password


def retire_person(house: House, sign_in: str, *, by: str) -> None:
    """End a person's time in office: they cannot sign in or act; what they did stays.

    Raises:
        PersonUnknown: nobody of that name.
        PersonRefused: the office would be without an administrator.
        ActionRefused: `by` is no administrator.
    """
    with house.sessions.begin() as session:
        actor, person = begin_change(session, sign_in, by)
        _keep_one(session, person.id)
        person.retired_at = house.clock()
        end_sign_ins(session, person.id)
        for other in session.scalars(select(Person).where(Person.deputy_id == person.id)):
            other.deputy_id = None
        note_about_person(session, actor, "retire_person", person.id, at=house.clock())


def set_clearance(house: House, sign_in: str, clearance: Secrecy, *, by: str) -> None:
    """Set the highest secrecy grade a person may see.

    Raises:
        PersonUnknown: nobody of that name.
        ActionRefused: `by` is no administrator.
    """
    with house.sessions.begin() as session:
        actor, person = begin_change(session, sign_in, by)
        before: dict[str, AuditValue] = {"clearance": person.clearance}
        person.clearance = clearance.value
        note_about_person(
            session,
            actor,
            "set_clearance",
            person.id,
            at=house.clock(),
            before=before,
            after={"clearance": clearance.value},
        )


def administrator(session: Session, by: str) -> Actor:
    """Return who changes people. While no administrator is in office, whoever runs the command.

    Raises:
        ActionRefused: no name, or not an administrator's.
    """
    if by.strip() and not has_administrator(session):
        return Actor(by.strip(), Role.ADMINISTRATOR)
    return acting_person(session, by, (Role.ADMINISTRATOR,))


def has_administrator(session: Session) -> bool:
    """Tell whether an administrator is in office."""
    return bool(_administrators(session))


def begin_change(
    session: Session, sign_in: str, by: str, *, own: bool = False
) -> tuple[Actor, Person]:
    """Return who changes a person, and the person, with the accounts locked.

    Args:
        session: an open transaction.
        sign_in: whom.
        by: an administrator, or where `own` the person themselves.
        own: whether people change this of their own.

    Raises:
        PersonUnknown: nobody of that name.
        ActionRefused: `by` may not.
    """
    lock_accounts(session)
    person = person_named(session, sign_in.strip().lower())
    if own and person is not None and by.strip().lower() == person.sign_in:
        roles = session.scalars(select(PersonRole.role).where(PersonRole.person_id == person.id))
        return Actor(person.sign_in, Role(next(iter(roles), Role.OFFICER.value))), person
    actor = administrator(session, by)
    return actor, person or known_person(session, sign_in)


def known_person(session: Session, sign_in: str) -> Person:
    """Return the person in office of a sign-in name.

    Raises:
        PersonUnknown: nobody has it.
    """
    person = person_named(session, sign_in.strip().lower())
    if person is None:
        raise PersonUnknown("Nobody in office has that name.", thai="ไม่พบผู้ใช้ชื่อนี้")
    return person


def _give(
    session: Session, actor: Actor, person_id: int, role: Role, group: str | None, at: datetime
) -> None:
    if role is Role.MACHINE:
        raise PersonRefused("The machine's role is nobody's.", thai="บทบาทของระบบให้บุคคลไม่ได้")
    if group is not None:
        known = session.get(GroupRow, group)
        if known is None or known.retired_at is not None:
            raise UsageFault("There is no such group.", thai="ไม่มีกลุ่มงานนี้")
        if role not in GROUP_ROLES:
            raise PersonRefused(
                f"{role.value} is a role of the whole office.",
                thai="บทบาทนี้เป็นของทั้งสำนักงาน ไม่แยกกลุ่ม",
            )
    if _held(session, person_id, role, group) is not None:
        return
    held = set(session.scalars(select(PersonRole.role).where(PersonRole.person_id == person_id)))
    others = held - {role.value}
    if others and Role.ADMINISTRATOR.value in {role.value, *held}:
        raise PersonRefused(
            "An administrator reads no letters: that needs a person of its own.",
            thai="ผู้ดูแลระบบอ่านหนังสือไม่ได้ จึงมีบทบาทอื่นร่วมไม่ได้ ให้แยกบัญชี",
        )
    session.add(PersonRole(person_id=person_id, role=role.value, group_id=group))
    note_about_person(session, actor, "give_role", person_id, at=at, after=_named(role, group))


def _held(session: Session, person_id: int, role: Role, group: str | None) -> PersonRole | None:
    in_group = PersonRole.group_id.is_(None) if group is None else PersonRole.group_id == group
    return session.scalar(
        select(PersonRole).where(
            PersonRole.person_id == person_id, PersonRole.role == role.value, in_group
        )
    )


def _keep_one(session: Session, leaving: int) -> None:
    staying = _administrators(session)
    if staying == {leaving}:
        raise PersonRefused(
            "The last administrator cannot go: nobody could enter another.",
            thai="ต้องมีผู้ดูแลระบบอย่างน้อยหนึ่งคน",
        )


def _administrators(session: Session) -> set[int]:
    return set(
        session.scalars(
            select(PersonRole.person_id)
            .join(Person, Person.id == PersonRole.person_id)
            .where(PersonRole.role == Role.ADMINISTRATOR.value, Person.retired_at.is_(None))
        )
    )


def _named(role: Role, group: str | None) -> dict[str, AuditValue]:
    return {"held": role.value, "group": group}
