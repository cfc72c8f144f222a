"""A person decides on a suggested link: accept or decline, each audited."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.errors import ActionRefused, SarabanError, StaleVersion
from correspondence.states import Action
from correspondence.vocabulary import LinkKind, Role
from pipeline.bootstrap import House
from pipeline.case_guard import CaseRestricted
from pipeline.case_rights import act_as
from registry.casework import end_assignment, release_case
from registry.models import Case, CaseLink
from registry.outbox import withdraw_messages
from registry.trail import note_on_case
from registry.transitions import Actor, CaseChange, take_action

ACCEPT = "accept_link"
DECLINE = "decline_link"
CASE_DUPLICATE = "case_duplicate"

# Who may mark a duplicate, as the state table has it.
_MAY = (Role.REGISTRAR, Role.GROUP_HEAD, Role.OFFICE_HEAD)
_ONE_LETTER = frozenset({LinkKind.SAME_FILE, LinkKind.PERHAPS_DUPLICATE})


class LinkUnknown(SarabanError):
    """There is no link with this id."""

    code = "link_unknown"


class LinkDecided(SarabanError):
    """A person has accepted or declined this link before."""

    code = "link_decided"


def accept_link(
    house: House, link_id: int, *, by: str, expected_version: int | None = None
) -> None:
    """Accept a suggestion in one transaction.

    A likely duplicate ends the later case as a duplicate of the earlier, by the state table; its
    letter and number stay. A likely relation is only confirmed.

    Args:
        house: the office's house.
        link_id: the link.
        by: the sign-in name of the person.
        expected_version: the version of the later case that the person saw.

    Raises:
        LinkUnknown, LinkDecided: no such link, or it is decided.
        CaseRestricted: one of the cases is restricted.
        ActionRefused: the person may not, or the state of the case does not allow it.
        StaleVersion: somebody else changed the case first.
    """
    now = house.clock()
    with house.sessions.begin() as session:
        actor, link, case, other = _open(session, link_id, by, now)
        if LinkKind(link.kind) in _ONE_LETTER:
            # A duplicate of a duplicate is one of the first.
            first = other.duplicate_of_id or other.id
            if first == case.id:
                raise ActionRefused(
                    "The earlier case is a duplicate of this one.",
                    thai="เรื่องเดิมเป็นเรื่องซ้ำของเรื่องนี้อยู่แล้ว",
                )
            take_action(
                session,
                case,
                Action.MARK_DUPLICATE,
                actor,
                at=now,
                change=CaseChange(duplicate_of_id=first),
                reason=link.reason,
                expected_version=expected_version,
            )
            release_case(case)
            end_assignment(session, case, at=now)
            withdraw_messages(session, case.id, CASE_DUPLICATE, at=now)
        link.confirmed_by, link.decided_at = actor.name, now
        _note(session, ACCEPT, link, actor, now)


def decline_link(house: House, link_id: int, *, by: str) -> None:
    """Decline a suggestion: both cases go on, and it is not shown as open any more.

    Raises:
        LinkUnknown, LinkDecided: no such link, or it is decided.
        CaseRestricted: one of the cases is restricted.
        ActionRefused: the person may not.
    """
    now = house.clock()
    with house.sessions.begin() as session:
        actor, link, _, _ = _open(session, link_id, by, now)
        link.declined_by, link.decided_at = actor.name, now
        _note(session, DECLINE, link, actor, now)


def _open(
    session: Session, link_id: int, by: str, now: datetime
) -> tuple[Actor, CaseLink, Case, Case]:
    """Lock the cases of a link and the link, and see that the person may decide on it."""
    link = session.get(CaseLink, link_id)
    if link is None:
        raise LinkUnknown("No such link.", thai="ไม่พบรายการนี้")
    ends = (link.case_id, link.other_case_id)
    # Cases first, in the order of ids, so that two people never wait for each other.
    cases = {
        case_id: session.get_one(Case, case_id, with_for_update=True) for case_id in sorted(ends)
    }
    session.refresh(link, with_for_update=True)
    if any(case.restricted for case in cases.values()):
        raise CaseRestricted("The case is restricted.", thai="เรื่องนี้จำกัดผู้เข้าถึง")
    if link.decided_at is not None:
        raise LinkDecided("The link is decided.", thai="มีผู้ตัดสินรายการนี้แล้ว")
    if ends != (link.case_id, link.other_case_id):
        raise StaleVersion(
            "One of the cases was merged into another just now.",
            thai="มีผู้รวมเรื่องนี้เข้ากับเรื่องอื่นแล้ว โปรดเปิดดูข้อมูลล่าสุด",
        )
    case, other = cases[link.case_id], cases[link.other_case_id]
    return act_as(session, by, case, _MAY, bangkok_day(now)), link, case, other


def _note(session: Session, action: str, link: CaseLink, actor: Actor, at: datetime) -> None:
    about = {"link": link.id, "other_case": link.other_case_id}
    note_on_case(session, link.case_id, actor, action, at=at, reason=link.reason, about=about)
