"""Show a letter's national numbers to whoever must know them; every look leaves a trace."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.errors import ActionRefused, SarabanError
from correspondence.reading import RestrictedValue
from correspondence.vocabulary import Category, Role
from pipeline.bootstrap import House
from registry.models import Case, Letter, Person, PersonRole
from registry.restricted import look_at_restricted, note_refused_look
from registry.transitions import Actor

# `id` of the complaints group in groups.toml, which never changes.
COMPLAINTS = "complaints"
# In this order: the audit trail names the role nearest to the work.
_GROUP_ROLES = (Role.OFFICER, Role.GROUP_HEAD)


class LetterUnknown(SarabanError):
    """There is no letter with this id."""

    code = "letter_unknown"


class RestrictedRefused(SarabanError):
    """This person need not know what is masked in this letter."""

    code = "restricted_refused"


def restricted_values(
    house: House, letter_id: int, sign_in: str, reason: str
) -> tuple[RestrictedValue, ...]:
    """Return what is masked in a letter, once the audit trail holds who looked and why.

    Officers and heads of the group that has the case may look, those of the complaints group at
    every complaint, and the head of the office at all. Nobody else need know a citizen's number
    (`docs/architecture.md`, roles): not the registrar, a secretary or an administrator. A
    restricted case is open to none of them. A refusal is written into the trail, too.

    Args:
        house: the office's house.
        letter_id: the letter.
        sign_in: the sign-in name of the person, authenticated by the caller.
        reason: what for, in the person's words.

    Raises:
        LetterUnknown: no such letter.
        RestrictedRefused: the person may not look, is unknown or has left.
        ActionRefused: no reason is given.
    """
    if not reason.strip():
        raise ActionRefused("A look at restricted values needs a reason.", thai="ต้องระบุเหตุผลที่ขอดู")
    now = house.clock()
    with house.sessions.begin() as session:
        letter = session.get(Letter, letter_id)
        if letter is None:
            raise LetterUnknown("No such letter.", thai="ไม่พบหนังสือฉบับนี้")
        roles = _roles(session, sign_in)
        role = _looking_role(roles, session.get_one(Case, letter.case_id))
        if role is not None:
            return look_at_restricted(
                session, letter_id, Actor(sign_in, role), reason=reason, at=now
            )
        # The refusal has to stay when the error below leaves, so it commits on its own.
        if roles:
            refused = Actor(sign_in, roles[0][0])
            note_refused_look(session, letter_id, refused, reason=reason, at=now)
    raise RestrictedRefused("This person need not know it.", thai="ไม่มีสิทธิ์ดูข้อมูลส่วนที่ปิดไว้")


def _roles(session: Session, sign_in: str) -> list[tuple[Role, str | None]]:
    """Return role and group of a person in office; empty for everybody else."""
    rows = session.execute(
        select(PersonRole.role, PersonRole.group_id)
        .join(Person, Person.id == PersonRole.person_id)
        .where(Person.sign_in == sign_in, Person.retired_at.is_(None))
        .order_by(PersonRole.id)
    )
    return [(Role(role), group) for role, group in rows]


def _looking_role(roles: list[tuple[Role, str | None]], case: Case) -> Role | None:
    """Return the role in which a person may look at a case's restricted values, or None."""
    if case.restricted:
        return None
    groups = {case.group_id} - {None}
    if case.category == Category.COMPLAINT.value:
        groups.add(COMPLAINTS)
    for wanted in _GROUP_ROLES:
        if any(role is wanted and group in groups for role, group in roles):
            return wanted
    return Role.OFFICE_HEAD if any(role is Role.OFFICE_HEAD for role, _ in roles) else None
