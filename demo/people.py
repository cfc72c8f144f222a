"""Staff of the demo: invented people, one of each role, with one password for all of them."""

from __future__ import annotations

from correspondence.vocabulary import Role, Secrecy
from pipeline.bootstrap import House
from pipeline.passwords import hash_password, one_time_word
from registry.accounts import (
    end_sign_ins,
    lock_accounts,
    note_about_person,
    person_named,
    set_password,
)
from registry.models import Person, PersonRole
from registry.transitions import MACHINE

# sign-in name: Thai name, role, group, clearance
STAFF: dict[str, tuple[str, Role, str | None, Secrecy]] = {
    "head": ("นางกัลยา รุ่งเรือง", Role.OFFICE_HEAD, None, Secrecy.OPEN),
    "registrar": ("นางสาวสมศรี ลงรับ", Role.REGISTRAR, None, Secrecy.OPEN),
    "officer": ("นายวิชัย ตั้งใจ", Role.OFFICER, "complaints", Secrecy.OPEN),
    "group.head": ("นางมาลัย ตรวจดี", Role.GROUP_HEAD, "complaints", Secrecy.OPEN),
    "secretary": ("นายธนา เลขางาม", Role.SECRETARY, None, Secrecy.OPEN),
    "secret.registrar": ("นางสุดา เก็บมิด", Role.SECRET_REGISTRAR, None, Secrecy.SECRET),
    "admin": ("นายสมชาย ดูแล", Role.ADMINISTRATOR, None, Secrecy.OPEN),
}


def staff_the_demo(house: House) -> str:
    """Enter the demo's people and return their password, new with every run.

    It need not be changed at the first sign-in: the letters are samples, and whoever runs the
    demo wants to see the pages.
    """
    password = one_time_word()
    password_hash = hash_password(password)
    now = house.clock()
    with house.sessions.begin() as session:
        lock_accounts(session)
        for sign_in, (thai_name, role, group, clearance) in STAFF.items():
            person = person_named(session, sign_in)
            if person is None:
                person = Person(
                    sign_in=sign_in, thai_name=thai_name, clearance=clearance.value, created_at=now
                )
                session.add(person)
                session.flush()
                session.add(PersonRole(person_id=person.id, role=role.value, group_id=group))
            set_password(session, person.id, password_hash, must_change=False, at=now)
            end_sign_ins(session, person.id)
            note_about_person(session, MACHINE, "staff_the_demo", person.id, at=now)
    return password
