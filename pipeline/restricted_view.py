"""Show a letter's national numbers to whoever must know them; every look leaves a trace."""

from __future__ import annotations

from correspondence.clock import bangkok_day
from correspondence.errors import ActionRefused, SarabanError
from correspondence.reading import RestrictedValue
from correspondence.vocabulary import Category
from pipeline.bootstrap import House
from pipeline.case_rights import case_facts
from pipeline.permissions import role_to_unmask
from pipeline.staff import staff_member
from registry.models import Case, Letter
from registry.restricted import look_at_restricted, note_refused_look
from registry.transitions import Actor

# `id` of the complaints group in groups.toml, which never changes.
COMPLAINTS = "complaints"


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
    restricted case is open to none of them, nor anything to whoever also administers. A refusal is
    written into the trail, too.

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
        case = session.get_one(Case, letter.case_id)
        staff = staff_member(session, sign_in, bangkok_day(now))
        found = role_to_unmask(staff, case_facts(session, case), _groups(case)) if staff else None
        if staff is not None and found is not None:
            actor = Actor(sign_in, found[0], staff.deputy_for(*found))
            return look_at_restricted(session, letter_id, actor, reason=reason, at=now)
        # The refusal has to stay when the error below leaves, so it commits on its own.
        if staff is not None and staff.held:
            refused = Actor(sign_in, staff.held[0][0])
            note_refused_look(session, letter_id, refused, reason=reason, at=now)
    raise RestrictedRefused("This person need not know it.", thai="ไม่มีสิทธิ์ดูข้อมูลส่วนที่ปิดไว้")


def _groups(case: Case) -> frozenset[str]:
    """Return whose officers and heads must know what is masked in a case's letters."""
    complaints = COMPLAINTS if case.category == Category.COMPLAINT.value else None
    return frozenset(group for group in (case.group_id, complaints) if group is not None)
