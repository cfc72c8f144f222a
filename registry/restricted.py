"""Keep what a letter's text has masked, and show it against an entry in the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.errors import ActionRefused
from correspondence.reading import RestrictedValue
from correspondence.vocabulary import RestrictedKind
from registry.models import Letter, RestrictedRow
from registry.trail import note_on_case
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
    about = {"letter": letter.id, "shown": len(rows)}
    note_on_case(session, letter.case_id, actor, LOOKED, at=at, reason=reason, about=about)
    return tuple(
        RestrictedValue(kind=RestrictedKind(row.kind), page=row.page, value=row.value)
        for row in rows
    )


def note_refused_look(
    session: Session, letter_id: int, actor: Actor, *, reason: str, at: datetime
) -> None:
    """Write into the audit trail that somebody wanted to look and was refused."""
    letter = session.get_one(Letter, letter_id)
    about = {"letter": letter.id, "shown": 0}
    note_on_case(session, letter.case_id, actor, REFUSED, at=at, reason=reason, about=about)
