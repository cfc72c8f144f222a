"""Write into the audit trail what a person did about a case without moving it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from correspondence.national_ids import masked_national_ids
from registry.models import AuditEvent
from registry.transitions import Actor


def note_on_case(
    session: Session,
    case_id: int | None,
    actor: Actor,
    action: str,
    *,
    at: datetime,
    reason: str = "",
    about: Mapping[str, int],
) -> None:
    """Add one event in the caller's transaction; its states stay empty, for nothing moves.

    Args:
        session: an open transaction.
        case_id: the case it is about; None where there is none.
        actor: who, in which role.
        action: what was done, as a stable name.
        at: the moment, aware.
        reason: in the actor's words; national numbers in it are masked, because a person may
            repeat the number that the trail must not hold.
        about: ids and counts that say what it was done to.
    """
    session.add(
        AuditEvent(
            at=at,
            actor=actor.name,
            action=action,
            case_id=case_id,
            reason=as_noted(reason),
            before={},
            after={**about, **actor.noted},
        )
    )
    session.flush()


def as_noted(reason: str) -> str:
    """Return a reason as the trail keeps it: on PostgreSQL, too, which takes no NUL."""
    return masked_national_ids(reason.replace("\0", "").strip())
