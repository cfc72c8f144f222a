"""A person as they are entered: what a sign-in name, a shown name and an address may be."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from correspondence.errors import SarabanError, UsageFault
from correspondence.vocabulary import Secrecy
from registry.models import Person
from registry.transitions import MACHINE

_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
_RESERVED = frozenset({MACHINE.name, "machine", "model", "demo"})
_LONGEST = 200


class PersonUnknown(SarabanError):
    """Nobody in office has this sign-in name."""

    code = "person_unknown"


class PersonRefused(SarabanError):
    """A change of people that the office cannot have; the reason says why."""

    code = "person_refused"


def enter_person(
    session: Session,
    sign_in: str,
    thai_name: str,
    *,
    email: str = "",
    clearance: Secrecy = Secrecy.OPEN,
    at: datetime,
) -> Person:
    """Add a person without roles; `sign_in` is tidy.

    Raises:
        UsageFault: the name is empty or too long, or the address is none.
        PersonRefused: the sign-in name is or was somebody's.
    """
    shown, address = tidy_name(thai_name), tidy_address(email)
    # A name of somebody who has left stays theirs: the trail names people by it.
    if session.scalar(select(func.count(Person.id)).where(Person.sign_in == sign_in)):
        raise PersonRefused("The sign-in name is taken.", thai="ชื่อผู้ใช้นี้มีผู้ใช้แล้ว")
    person = Person(
        sign_in=sign_in,
        thai_name=shown,
        email=address,
        clearance=clearance.value,
        created_at=at,
    )
    session.add(person)
    session.flush()
    return person


def tidy_sign_in(sign_in: str) -> str:
    """Return a sign-in name as it is kept.

    Raises:
        UsageFault: it cannot be one.
    """
    name = sign_in.strip().lower()
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise UsageFault(
            "A sign-in name has 2 to 64 of a-z, 0-9 and ._@-.",
            thai="ชื่อผู้ใช้ต้องมี 2–64 ตัว ใช้ a-z 0-9 และ ._@- เท่านั้น",
        )
    return name


def tidy_name(thai_name: str) -> str:
    """Return the name that pages show, as it is kept.

    Raises:
        UsageFault: it is empty or too long.
    """
    shown = " ".join(thai_name.replace("\0", "").split())
    if not shown or len(shown) > _LONGEST:
        raise UsageFault("A person has a name.", thai="ต้องระบุชื่อ")
    return shown


def tidy_address(email: str) -> str:
    """Return an e-mail address as it is kept; "" stays so.

    Raises:
        UsageFault: it is none, or too long.
    """
    address = email.strip()
    if address and (len(address) > _LONGEST or not re.fullmatch(r"[^@\s]+@[^@\s]+", address)):
        raise UsageFault("That is no e-mail address.", thai="ที่อยู่อีเมลไม่ถูกต้อง")
    return address
