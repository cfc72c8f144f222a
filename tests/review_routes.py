"""The review app's routes as its access table has them, and addresses for them in a house."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import select

from correspondence.thai_dates import BE_OFFSET
from correspondence.vocabulary import IntakeOutcome
from pipeline.bootstrap import House
from registry.models import Attachment, IntakeItem, Letter, Person
from registry.numbers import RegisterNumber
from review.access import ACCESS, Access

ROUTES = sorted(f"{method} {path}" for method, path in ACCESS)
CASE_ROUTES = [name for name in ROUTES if "{case_id}" in name]
GROUP_ROUTES = [name for name in ROUTES if name not in CASE_ROUTES]
FORMS = [name for name in ROUTES if not name.startswith("GET ")]
READS = [name for name in ROUTES if name.startswith("GET ")]
_PART = re.compile(r"{(\w+)(?::\w+)?}")


def access_of(route: str) -> Access:
    """Return what a route asks for."""
    method, _, path = route.partition(" ")
    return ACCESS[method, path]


def parts_of(house: House, case_id: int) -> dict[str, object]:
    """Return what stands for `{…}` in an address. ADD A LINE for a part of a new route."""
    with house.sessions.begin() as session:
        letter = session.scalars(select(Letter).where(Letter.case_id == case_id)).first()
        assert letter is not None
        number = RegisterNumber.of(letter)
        attachment = select(Attachment.id).where(Attachment.letter_id == letter.id)
        held = select(IntakeItem.id).where(IntakeItem.outcome == IntakeOutcome.HELD.value)
        person = session.scalars(select(Person).order_by(Person.id)).first()
        return {
            "action": "approve",
            "attachment_id": session.scalars(attachment).first() or 1,
            "case_id": case_id,
            "contribution_id": 1,
            "day": "2026-11-20",
            "group": "complaints",
            "group_id": "complaints",
            "item_id": session.scalars(held).first() or letter.intake_item_id,
            "letter_id": letter.id,
            "link_id": 1,
            "month": 11,
            "name": "saraban",
            "number": number.number,
            "page": 1,
            "part": 1,
            "person_id": person.id if person else 1,
            "place": 0,
            "row_id": 1,
            "section": 1,
            "token": "x" * 43,
            "sign_in": person.sign_in if person else "nobody",
            "version": 1,
            "view_id": 1,
            "year": number.year + BE_OFFSET,
        }


def address(route: str, parts: dict[str, object]) -> str:
    """Return the address of a route."""
    path = route.partition(" ")[2]
    missing = [part for part in _PART.findall(path) if part not in parts]
    assert not missing, (
        f"{route}: parts_of() in tests/{Path(__file__).name} has nothing for {missing}; add a line"
    )
    return _PART.sub(lambda found: str(parts[found[1]]), path)
