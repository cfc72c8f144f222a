"""Holding pen, quarantine, secret desk and what is to be retried, as queues of ledger rows.

Every change locks the row, looks whether it still stands where the person saw it, and writes its
audit event in the caller's transaction: of two clerks at once, one is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from correspondence.errors import SarabanError, StaleVersion
from correspondence.vocabulary import IntakeOutcome
from registry.models import AuditEvent, IntakeItem
from registry.trail import as_noted
from registry.transitions import Actor

RETRY = "retry_item"
RELEASE = "release_item"
REJECT = "reject_item"
PLACE = "place_item"
NOT_A_LETTER = "not_a_letter"


class ItemUnknown(SarabanError):
    """The ledger has no item of this id."""

    code = "item_unknown"


class ItemMovedOn(StaleVersion):
    """The item no longer stands where this action may take it, or somebody else was first."""

    code = "item_moved_on"


@dataclass(frozen=True, slots=True)
class Seen:
    """How an item stood when a person looked at it; `since` is aware, None while pending."""

    outcome: IntakeOutcome
    since: datetime | None


@dataclass(frozen=True, slots=True)
class ItemLease:
    """Whose an item is while it is read at once, and until when."""

    owner: str
    until: datetime


def why(item: IntakeItem) -> str | None:
    """Return why an item stands where it does, in Thai, then English; None without a reason."""
    return f"{item.reason_thai} / {item.reason_english}" if item.reason_code else None


def queued_items(
    session: Session,
    outcomes: Collection[IntakeOutcome],
    *,
    code: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[IntakeItem]:
    """Return the items that stand in these outcomes, oldest arrival first.

    Of the pending ones those alone that failed and wait for their next try. `code` names one
    reason; `limit` and `offset` cut out a page.
    """
    settled = [o.value for o in outcomes if o is not IntakeOutcome.PENDING]
    wanted: list[ColumnElement[bool]] = [IntakeItem.outcome.in_(settled)]
    if IntakeOutcome.PENDING in outcomes:
        wanted.append(
            and_(
                IntakeItem.outcome == IntakeOutcome.PENDING.value,
                IntakeItem.reason_code != "",
            )
        )
    query = select(IntakeItem).where(or_(*wanted)).order_by(IntakeItem.arrived_at, IntakeItem.id)
    if code is not None:
        query = query.where(IntakeItem.reason_code == code)
    return list(session.scalars(query.limit(limit).offset(offset)))


def find_item(session: Session, item_id: int) -> IntakeItem:
    """Return an item.

    Raises:
        ItemUnknown: the ledger has none of this id.
    """
    item = session.get(IntakeItem, item_id)
    if item is None:
        raise ItemUnknown(f"There is no item {item_id}.", thai="ไม่พบรายการนี้ในบัญชีรับเข้า")
    return item


def lock_item(
    session: Session,
    item_id: int,
    allowed: Collection[IntakeOutcome],
    *,
    now: datetime,
    seen: Seen | None = None,
) -> IntakeItem:
    """Return an item, locked until the transaction ends, if it still stands in such an outcome.

    Args:
        session: an open transaction.
        item_id: the item.
        allowed: where the action may take it.
        now: the moment, aware; an item that is being read now is not given.
        seen: how the person saw it; None where they named the id alone.

    Raises:
        ItemUnknown: the ledger has none of this id.
        ItemMovedOn: it stands elsewhere, changed since it was seen, or is being read.
    """
    item = session.get(IntakeItem, item_id, with_for_update=True, populate_existing=True)
    if item is None:
        return find_item(session, item_id)
    changed = seen is not None and (item.outcome, item.settled_at) != (seen.outcome, seen.since)
    if changed or item.outcome not in {outcome.value for outcome in allowed}:
        raise ItemMovedOn(
            f"Item {item_id} is {item.outcome} now; nothing was changed.",
            thai=f"รายการนี้อยู่ในสถานะ “{IntakeOutcome(item.outcome).thai}” แล้ว ไม่มีการเปลี่ยนแปลงใด",
            remedy="Look at it again.",
        )
    if item.leased_until is not None and item.leased_until > now:
        raise ItemMovedOn(
            f"Item {item_id} is being read now; nothing was changed.",
            thai="ระบบกำลังอ่านรายการนี้อยู่ ไม่มีการเปลี่ยนแปลงใด",
            remedy="Look at it again in a while.",
        )
    return item


def reopen_item(
    session: Session,
    item: IntakeItem,
    actor: Actor,
    action: str,
    *,
    reason: str,
    at: datetime,
    lease: ItemLease | None = None,
) -> None:
    """Let a locked item be read anew, all its tries before it; with a lease by its owner only."""
    before = item_picture(item)
    item.outcome = IntakeOutcome.PENDING.value
    item.reason_code = item.reason_thai = item.reason_english = ""
    item.settled_at = item.next_attempt_at = item.duplicate_of_id = None
    item.sorted_at = item.sorted_at or at
    item.leased_by = lease.owner if lease else None
    item.leased_until = lease.until if lease else None
    item.attempts = 1 if lease else 0
    note_item(session, item, actor, action, reason=reason, at=at, before=before)


def reject_item(
    session: Session, item: IntakeItem, actor: Actor, *, reason: str, at: datetime
) -> None:
    """End a locked item as not a letter; its bytes stay, and it can be reopened."""
    before = item_picture(item)
    item.outcome = IntakeOutcome.REJECTED.value
    item.reason_code = NOT_A_LETTER
    item.reason_thai = "เจ้าหน้าที่เห็นว่ามิใช่หนังสือ"
    item.reason_english = "A person found that it is not a letter."
    item.settled_at = at
    item.leased_by = item.leased_until = item.next_attempt_at = None
    note_item(session, item, actor, REJECT, reason=reason, at=at, before=before)


def note_item(
    session: Session,
    item: IntakeItem,
    actor: Actor,
    action: str,
    *,
    reason: str,
    at: datetime,
    before: dict[str, Any] | None = None,
    case_id: int | None = None,
) -> None:
    """Write into the audit trail what a person did with an item; national numbers are masked."""
    session.add(
        AuditEvent(
            at=at,
            actor=actor.name,
            action=action,
            case_id=case_id,
            intake_item_id=item.id,
            reason=as_noted(reason),
            before=item_picture(item) if before is None else before,
            after={"outcome": item.outcome, "role": actor.role.value},
        )
    )
    session.flush()


def item_events(
    session: Session, item_id: int, actions: Iterable[str] | None = None
) -> list[AuditEvent]:
    """Return what happened to an item, oldest first; of these kinds only, where named."""
    query = select(AuditEvent).where(AuditEvent.intake_item_id == item_id).order_by(AuditEvent.id)
    if actions is not None:
        query = query.where(AuditEvent.action.in_(list(actions)))
    return list(session.scalars(query))


def released_by(session: Session, item_id: int) -> str | None:
    """Return who let an automatic mail out of quarantine; None where nobody did.

    Such a mail is registered as a letter of its own; it never reopens a case.
    """
    events = item_events(session, item_id, (RELEASE, REJECT))
    return events[-1].actor if events and events[-1].action == RELEASE else None


def item_picture(item: IntakeItem) -> dict[str, Any]:
    """Return how an item stands, as the audit trail keeps it."""
    return {"outcome": item.outcome, "code": item.reason_code, "attempts": item.attempts}
