"""Cases that belong together, and letters that do not: link, duplicate, split, merge."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from correspondence.errors import ActionRefused
from correspondence.states import STATE_TABLE
from correspondence.vocabulary import CaseState, LinkKind
from pipeline.case_dates import decide_letter, put_due
from pipeline.case_rights import act_as
from pipeline.case_turn import CaseTurn
from pipeline.link_decisions import CASE_DUPLICATE, LinkDecided
from registry.case_clock import due_in_force, lapse_extensions
from registry.case_joining import (
    follow_case,
    living_letters,
    move_letters,
    open_case_for,
)
from registry.casework import release_case
from registry.models import Case, CaseLink
from registry.outbox import withdraw_messages
from registry.transitions import CaseChange
from routing.clocks import move_due

_PEOPLES_OWN = (LinkKind.RELATED, LinkKind.EARLIER_MATTER)


def link(turn: CaseTurn) -> None:
    """Link a case with a related one or with the earlier matter; both trails say so.

    Raises:
        ActionRefused: no other case, or no such kind of link.
        CaseRestricted: one of the cases is restricted.
        LinkDecided: they are linked so already.
    """
    other, kind = turn.need_other(), turn.request.link
    if kind not in _PEOPLES_OWN:
        raise ActionRefused("This link is the machine's.", thai="ระบุได้เฉพาะเรื่องที่เกี่ยวข้องหรือเรื่องเดิม")
    same: ColumnElement[bool] = (CaseLink.case_id == turn.case.id) & (
        CaseLink.other_case_id == other.id
    )
    if kind is LinkKind.RELATED:
        turned = (CaseLink.case_id == other.id) & (CaseLink.other_case_id == turn.case.id)
        same = or_(same, turned)
    if turn.session.scalar(select(CaseLink.id).where(same, CaseLink.kind == kind.value).limit(1)):
        raise LinkDecided("The cases are linked so already.", thai="เชื่อมโยงเรื่องนี้ไว้แล้ว")
    turn.take(detail={"other_case": other.id, "kind": kind.value})
    turn.session.add(
        CaseLink(
            case_id=turn.case.id,
            other_case_id=other.id,
            kind=kind.value,
            reason=turn.reason,
            created_at=turn.now,
            confirmed_by=turn.actor.name,
            decided_at=turn.now,
        )
    )
    turn.note_on(other, after={"other_case": turn.case.id, "kind": kind.value})


def mark_duplicate(turn: CaseTurn) -> None:
    """End a case as a duplicate of an earlier one; its letter and number stay.

    Raises:
        ActionRefused: no other case, a void one, or one that is a duplicate of this case.
        CaseRestricted: one of the cases is restricted.
    """
    other = turn.need_other()
    # A duplicate of a duplicate is one of the first.
    first = other.duplicate_of_id or other.id
    if first == turn.case.id or other.state == CaseState.VOIDED.value:
        raise ActionRefused("That case cannot be the earlier one.", thai="เรื่องที่ระบุเป็นเรื่องเดิมไม่ได้")
    turn.take(CaseChange(duplicate_of_id=first), detail={"duplicate_of": first})
    _end(turn)


def split(turn: CaseTurn) -> int:
    """Split a letter off into a case of its own and return that case's id.

    The number goes with the letter. The machine classifies the new case; until then it has the
    date that the general rules give. The case keeps its first letter, which it was opened for.

    Raises:
        ActionRefused: not a letter of this case, the first one, or one whose number is void.
    """
    letters = living_letters(turn.session, turn.case)
    wanted = [letter for letter in letters if letter.id == turn.request.letter]
    if not wanted or wanted[0].id == turn.case.letters[0].id or len(letters) < 2:
        raise ActionRefused(
            "Only a further letter of the case, with its number in force, can be split off.",
            thai="แยกได้เฉพาะหนังสือฉบับถัดไปของเรื่องที่เลขรับยังใช้อยู่ เรื่องเดิมต้องเหลือหนังสือฉบับแรก",
        )
    letter = wanted[0]
    new = open_case_for(turn.session, letter, turn.case, at=turn.now)
    turn.take(detail={"letter": letter.id, "new_case": new.id})
    put_due(turn.house, turn.session, new, decide_letter(turn.house, letter), at=turn.now)
    turn.note_on(new, after={"letter": letter.id, "from_case": turn.case.id})
    return new.id


def merge(turn: CaseTurn) -> None:
    """Merge a case into an earlier open one: its letters move there, and it ends.

    The earlier of the two due dates holds from then on.

    Raises:
        ActionRefused: no other case, a later one, one that cannot take letters in, or the person
            may not do it there.
        CaseRestricted: one of the cases is restricted.
        ActionRefused: no number of the case is in force.
    """
    other = turn.need_other()
    allowed = STATE_TABLE.get((CaseState(other.state), turn.request.action))
    letters = living_letters(turn.session, turn.case)
    if allowed is None or not letters or not other.letters:
        raise ActionRefused(
            "That case takes no letters in now.", thai="เรื่องที่ระบุรับหนังสือเพิ่มไม่ได้ในขณะนี้"
        )
    if other.letters[0].id > turn.case.letters[0].id:
        raise ActionRefused(
            "Merge the later case into the earlier.", thai="ต้องรวมเรื่องที่รับทีหลังเข้ากับเรื่องที่รับก่อน"
        )
    act_as(turn.session, turn.actor.name, other, allowed.roles, turn.today)
    moved = [letter.id for letter in letters]
    turn.take(
        CaseChange(duplicate_of_id=other.id, besides=turn.request.given()),
        detail={"into": other.id, "letters": len(moved)},
    )
    move_letters(turn.session, letters, turn.case, other)
    # Before the messages go along: what was to be said of the old case is not said any more.
    _end(turn)
    follow_case(turn.session, turn.case, other, turn.actor, at=turn.now)
    before = _standing(other)
    _take_earlier_date(turn, other)
    other.version += 1
    other.updated_at = other.last_progress_at = turn.now
    turn.note_on(
        other,
        before=before,
        after={**_standing(other), "from_case": turn.case.id, "letters": moved},
    )


def _standing(case: Case) -> dict[str, int | str | None]:
    due = case.due_date.isoformat() if case.due_date else None
    return {"version": case.version, "due_date": due}


def _take_earlier_date(turn: CaseTurn, other: Case) -> None:
    theirs, ours = other.due_date, turn.case.due_date
    decision = due_in_force(turn.session, turn.case)
    if decision is None or ours is None or (theirs is not None and theirs <= ours):
        return
    lapse_extensions(turn.session, other, at=turn.now)
    merged = move_due(decision, ours, "ใช้กำหนดนี้เพราะเร็วกว่ากำหนดของเรื่องที่รวมเข้าด้วยกัน")
    put_due(turn.house, turn.session, other, merged, at=turn.now)


def _end(turn: CaseTurn) -> None:
    turn.end_assignment()
    release_case(turn.case)
    withdraw_messages(turn.session, turn.case.id, CASE_DUPLICATE, at=turn.now)
