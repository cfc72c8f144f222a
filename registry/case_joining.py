"""Letters change cases: one is split off, or those of a merged case move to the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from correspondence.vocabulary import CaseState, Urgency
from registry.models import AuditEvent, Case, CaseLink, FieldRow, Letter, OutboxMessage
from registry.transitions import Actor
from registry.voiding import void_reasons


def living_letters(session: Session, case: Case) -> list[Letter]:
    """Return the letters of a case whose numbers are in force, in the order they came.

    A letter with a void number stays where it is: what voided it stands on that case.
    """
    letters = session.scalars(
        select(Letter).where(Letter.case_id == case.id).order_by(Letter.id)
    ).all()
    void = void_reasons(session, [letter.id for letter in letters])
    return [letter for letter in letters if letter.id not in void]


def open_case_for(session: Session, letter: Letter, old: Case, *, at: datetime) -> Case:
    """Open a case of its own for a letter of another case; its number goes with it."""
    urgency = session.scalars(
        select(FieldRow).where(FieldRow.letter_id == letter.id, FieldRow.name == "urgency")
    ).first()
    mark = urgency.value if urgency else None
    case = Case(
        state=CaseState.REGISTERED.value,
        version=1,
        urgency=mark if mark in set(Urgency) else Urgency.NORMAL.value,
        restricted=old.restricted,
        opened_at=letter.received_at,
        updated_at=at,
        last_progress_at=at,
    )
    session.add(case)
    session.flush()
    move_letters(session, [letter], old, case)
    return case


def move_letters(session: Session, letters: Iterable[Letter], old: Case, new: Case) -> None:
    """Move letters from one case to another; their register numbers stay as they are."""
    for letter in letters:
        letter.case_id = new.id
    session.flush()
    for case in (old, new):
        session.expire(case, ["letters"])


def follow_case(session: Session, old: Case, new: Case, actor: Actor, *, at: datetime) -> None:
    """Let what leads to a merged case lead to the one that has taken it in.

    Links go along, unless the other case has the same already or is the other end: those are
    decided by the merging. Answers to messages of the old case reach the new one.
    """
    links = session.scalars(
        select(CaseLink)
        .where((CaseLink.case_id == old.id) | (CaseLink.other_case_id == old.id))
        .order_by(CaseLink.id)
    ).all()
    for link in links:
        ends = [new.id if end == old.id else end for end in (link.case_id, link.other_case_id)]
        known = session.scalar(
            select(CaseLink.id).where(
                CaseLink.case_id == ends[0],
                CaseLink.other_case_id == ends[1],
                CaseLink.kind == link.kind,
            )
        )
        if ends[0] != ends[1] and known is None:
            link.case_id, link.other_case_id = ends
            session.flush()
        elif link.decided_at is None:
            link.confirmed_by, link.decided_at = actor.name, at
    session.execute(
        update(OutboxMessage).where(OutboxMessage.case_id == old.id).values(case_id=new.id)
    )


def note_joining(
    session: Session,
    case: Case,
    action: str,
    actor: Actor,
    *,
    at: datetime,
    reason: str,
    before: Mapping[str, int | str | None],
    after: Mapping[str, int | str | list[int] | None],
) -> None:
    """Write into the trail of the other case what was done to it."""
    session.add(
        AuditEvent(
            at=at,
            actor=actor.name,
            action=action,
            case_id=case.id,
            from_state=None,
            to_state=None,
            reason=reason,
            before=dict(before),
            after={**after, **actor.noted},
        )
    )
