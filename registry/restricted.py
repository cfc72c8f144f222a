"""Keep what a letter's text has masked, and show it against an entry in the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.errors import ActionRefused
from correspondence.national_ids import masked_national_ids
from correspondence.reading import RestrictedValue
from correspondence.vocabulary import RestrictedKind
from registry.models import AuditEvent, Letter, RestrictedRow
from registry.transitions import Actor

LOOKED = "look_at_restricted"
REFUSED = "refuse_restricted"


def keep_restricted(
    session: Session, letter_id: int, values: Iterable[RestrictedValue], *, at: datetime
) -> None:
    """Store a new letter's restricted values in the transaction that stores its text."""
    session.add_all(
        RestrictedRow(
            letter_id=letter_id,
            kind=value.kind.value,
            page=value.page,
            value=value.value,
            created_at=at,
        )
        for value in values
    )


def look_at_restricted(
    session: Session, letter_id: int, actor: Actor, *, reason: str, at: datetime
) -> tuple[RestrictedValue, ...]:
    """Return a letter's restricted values; writes the look into the audit trail first.

    The only way to them. Whether the actor may is the caller's to know; the caller commits
    before it shows anything.

    Args:
        session: an open transaction.
        letter_id: an existing letter.
        actor: who looks, in which role.
        reason: what for, in the actor's words.
        at: the moment, aware.

    Raises:
        ActionRefused: no reason is given.
    """
    if not reason.strip():
        raise ActionRefused("A look at restricted values needs a reason.", thai="ต้องระบุเหตุผลที่ขอดู")
    letter = session.get_one(Letter, letter_id)
    rows = session.scalars(
        select(RestrictedRow).where(RestrictedRow.letter_id == letter_id).order_by(RestrictedRow.id)
    ).all()
    _write(session, LOOKED, letter, actor, reason=reason, at=at, shown=len(rows))
    return tuple(
        RestrictedValue(kind=RestrictedKind(row.kind), page=row.page, value=row.value)
        for row in rows
    )


def note_refused_look(
    session: Session, letter_id: int, actor: Actor, *, reason: str, at: datetime
) -> None:
    """Write into the audit trail that somebody wanted to look and was refused."""
    letter = session.get_one(Letter, letter_id)
    _write(session, REFUSED, letter, actor, reason=reason, at=at, shown=0)


def _write(
    session: Session,
    action: str,
    letter: Letter,
    actor: Actor,
    *,
    reason: str,
    at: datetime,
    shown: int,
) -> None:
    session.add(
        AuditEvent(
            at=at,
            actor=actor.name,
            action=action,
            case_id=letter.case_id,
            from_state=None,
            to_state=None,
            # A person may repeat the number that the trail must not hold.
            reason=masked_national_ids(reason),
            before={},
            after={"letter": letter.id, "role": actor.role.value, "shown": shown},
        )
    )
    session.flush()
