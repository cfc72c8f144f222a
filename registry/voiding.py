"""Void a register number (ยกเลิกเลขรับ): the number stays burned, letter and case stay.

A case whose only living number is voided ends in `voided` by the state table. Where other letters
of the case have numbers in force, the case goes on and the number alone is void.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.errors import ActionRefused
from correspondence.states import Action, edge_for
from correspondence.vocabulary import CaseState
from registry.casework import release_case
from registry.chunks import chunks
from registry.models import AuditEvent, Case, Letter
from registry.outbox import withdraw_messages
from registry.search_index import withdraw_letter
from registry.trail import as_noted, note_on_case
from registry.transitions import Actor, take_action

VOID_NUMBER = "void_number"
CASE_VOIDED = "case_voided"


def void_number(
    session: Session, letter: Letter, actor: Actor, *, reason: str, at: datetime
) -> bool:
    """Void a letter's number in the caller's transaction; tells whether its case is void, too.

    A void case loses its lease, and what waits in the outbox about it never leaves.

    Args:
        session: an open transaction.
        letter: the letter, loaded in this session.
        actor: who, in which role.
        reason: why, in the actor's words; national numbers in it are masked.
        at: the moment, aware.

    Raises:
        ActionRefused: the number is void already, there is no reason, or the state table does
            not allow it to this role now.
    """
    case = session.get_one(Case, letter.case_id, with_for_update=True, populate_existing=True)
    numbers = session.scalars(select(Letter.id).where(Letter.case_id == case.id)).all()
    void = void_reasons(session, numbers)
    if letter.id in void:
        raise ActionRefused("The number is void already.", thai="เลขรับนี้ยกเลิกไปแล้ว")
    reason = as_noted(reason)
    given = frozenset({"reason"} if reason else ())
    edge_for(CaseState(case.state), Action.VOID, actor.role, given)
    withdraw_letter(session, letter.id)
    if set(numbers) - set(void) == {letter.id}:
        take_action(session, case, Action.VOID, actor, at=at, reason=reason)
        release_case(case)
        withdraw_messages(session, case.id, CASE_VOIDED, at=at)
        return True
    about = {"letter": letter.id}
    note_on_case(session, case.id, actor, VOID_NUMBER, at=at, reason=reason, about=about)
    return False


def void_reasons(session: Session, letter_ids: Iterable[int]) -> dict[int, str]:
    """Return why each of these letters' numbers is void; those in force are not in it."""
    found: dict[int, str] = {}
    wanted = list(letter_ids)
    for chunk in chunks(wanted):
        letters: dict[int, list[Letter]] = defaultdict(list)
        query = select(Letter).where(Letter.id.in_(chunk))
        for letter in session.scalars(query):
            letters[letter.case_id].append(letter)
        events = session.scalars(
            select(AuditEvent)
            .where(
                AuditEvent.case_id.in_(letters),
                AuditEvent.action.in_((VOID_NUMBER, Action.VOID.value)),
            )
            .order_by(AuditEvent.id)
        )
        for event in events:
            for letter in letters.get(event.case_id or 0, ()):
                alone = event.action == VOID_NUMBER
                meant = event.after.get("letter") == letter.id if alone else True
                # A letter that joined the case afterwards has its own number.
                if meant and letter.registered_at <= event.at:
                    found.setdefault(letter.id, event.reason)
    return found
