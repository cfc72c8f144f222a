"""Secret items: that the registrar of classified information took them, and their one export."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.chunks import chunks
from registry.held import item_events
from registry.models import AuditEvent

HAND_OVER = "hand_over_item"
EXPORT = "export_item"
EXPORT_FAILED = "export_item_failed"
REFUSED = "refuse_hand_over"


def handed_over(session: Session, item_ids: Iterable[int]) -> set[int]:
    """Return which of these items were handed over."""
    wanted = list(item_ids)
    found: set[int] = set()
    for chunk in chunks(wanted):
        rows = session.scalars(
            select(AuditEvent.intake_item_id).where(
                AuditEvent.intake_item_id.in_(chunk),
                AuditEvent.action == HAND_OVER,
            )
        )
        found.update(row for row in rows if row is not None)
    return found


def was_exported(session: Session, item_id: int) -> bool:
    """Tell whether an item's bytes were given out; a try that failed does not count."""
    actions = [event.action for event in item_events(session, item_id, (EXPORT, EXPORT_FAILED))]
    return actions.count(EXPORT) > actions.count(EXPORT_FAILED)
