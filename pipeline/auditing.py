"""Check the audit trail, make anchors of it to keep elsewhere, and show what happened to a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from pydantic import AwareDatetime, Field, JsonValue, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.errors import UsageFault
from correspondence.reading import Frozen
from pipeline.alerts import AUDIT
from pipeline.bootstrap import House
from pipeline.case_guard import CaseUnknown
from pipeline.case_opening import note_look
from registry.alerts import clear_alerts, raise_alert
from registry.audit_chain import AuditBroken
from registry.audit_check import check_trail
from registry.audit_walk import Anchor, AuditBreak, AuditCheck, BreakKind
from registry.engine import open_snapshot
from registry.models import AuditEvent, AuditLink, Case

WHOLE: Final = "whole"
LOOKED: Final = "look_at_trail"
_HASH = Field(pattern=r"^[0-9a-f]{64}$")


class AuditAnchor(Frozen):
    """Where the chain ended at a moment; kept elsewhere it tells a shortened or remade chain."""

    kind: Literal["saraban_audit_anchor"] = "saraban_audit_anchor"
    chain_id: str = Field(max_length=64)
    sequence: int = Field(ge=0)
    hash: str = _HASH
    keyed_from: int | None
    made_at: AwareDatetime


class BreakLine(Frozen):
    """A place where the chain does not hold; link and event, None where there is none."""

    kind: BreakKind
    thai: str
    sequence: int | None
    event_id: int | None


class AuditReport(Frozen):
    """What a check found: `whole` or `audit_broken`, with the first breaks and how many there are.

    `events` is the number of links; `keyed_from` the first one made with a key; `anchor_sequence`
    the link that a given anchor names.
    """

    outcome: Literal["whole", "audit_broken"]
    chain_id: str
    events: int
    hash: str
    keyed_from: int | None
    anchor_sequence: int | None
    breaks: tuple[BreakLine, ...]
    break_count: int
    checked_at: datetime


class TrailLine(Frozen):
    """An audit event of a case with its place in the chain; None where no link holds it."""

    id: int
    sequence: int | None
    at: datetime
    actor: str
    action: str
    item_id: int | None
    from_state: str | None
    to_state: str | None
    reason: str
    before: JsonValue
    after: JsonValue


def verify_audit(house: House, anchor: AuditAnchor | None = None) -> AuditReport:
    """Check the trail from end to end in constant memory; raises or clears its alert.

    Raises:
        AuditKeyMissing: it is written with a key that SARABAN_AUDIT_KEY does not hold.
    """
    held = Anchor(anchor.chain_id, anchor.sequence, anchor.hash) if anchor else None
    now = house.clock()
    try:
        with open_snapshot(house.sessions) as session:
            found = check_trail(session, house.audit_keys, held)
    except AuditBroken:
        # Without a head nothing tells where the chain ended.
        found = AuditCheck("", 0, "", None, (AuditBreak(BreakKind.HEAD),), 1)
    with house.sessions.begin() as session:
        if found.break_count:
            raise_alert(session, AUDIT, AuditBroken.code, at=now)
        else:
            clear_alerts(session, AUDIT, at=now)
    return AuditReport(
        outcome="audit_broken" if found.break_count else "whole",
        chain_id=found.chain_id,
        events=found.sequence,
        hash=found.hash,
        keyed_from=found.keyed_from,
        anchor_sequence=anchor.sequence if anchor else None,
        breaks=tuple(_break(one) for one in found.breaks),
        break_count=found.break_count,
        checked_at=now,
    )


def make_anchor(house: House) -> AuditAnchor:
    """Return where the chain ends now, once it is checked.

    Raises:
        AuditBroken: an anchor would only make the breaks look as if they were meant.
    """
    report = verify_audit(house)
    if report.outcome != WHOLE:
        raise AuditBroken(
            f"The audit trail is broken in {report.break_count} places; no anchor was made.",
            thai=f"บันทึกการตรวจสอบไม่ครบถ้วน {report.break_count} แห่ง จึงไม่ออกหลักหมุด",
            remedy="See `saraban audit verify`.",
        )
    return AuditAnchor(
        chain_id=report.chain_id,
        sequence=report.events,
        hash=report.hash,
        keyed_from=report.keyed_from,
        made_at=report.checked_at,
    )


def read_anchor(document: bytes) -> AuditAnchor:
    """Return the anchor of a file.

    Raises:
        UsageFault: it is none.
    """
    try:
        return AuditAnchor.model_validate_json(document)
    except ValidationError:
        raise UsageFault("The file is not an anchor that `saraban audit anchor` wrote.") from None


def case_trail(house: House, case_id: int, *, by: str | None = None) -> tuple[TrailLine, ...]:
    """Return everything that the trail holds about a case, oldest first.

    A restricted case shows it to those alone who may open it, and the look is written down.

    Args:
        house: the office's house.
        case_id: the case.
        by: the sign-in name of the person who looks; needed for a restricted case.

    Raises:
        CaseUnknown: no such case.
        CaseRestricted: it is restricted, and nobody is named who may open it.
    """
    with house.sessions.begin() as session:
        case = session.get(Case, case_id)
        if case is None:
            raise CaseUnknown("No such case.", thai="ไม่พบเรื่องนี้")
        if case.restricted:
            note_look(session, case, by, LOOKED, at=house.clock())
        return tuple(_lines(session, case_id))


def _break(found: AuditBreak) -> BreakLine:
    return BreakLine(
        kind=found.kind, thai=found.kind.thai, sequence=found.sequence, event_id=found.event_id
    )


def _lines(session: Session, case_id: int) -> Sequence[TrailLine]:
    rows = session.execute(
        select(AuditEvent, AuditLink.sequence)
        .outerjoin(AuditLink, AuditLink.event_id == AuditEvent.id)
        .where(AuditEvent.case_id == case_id)
        .order_by(AuditEvent.id)
    )
    return [
        TrailLine(
            id=event.id,
            sequence=sequence,
            at=event.at,
            actor=event.actor,
            action=event.action,
            item_id=event.intake_item_id,
            from_state=event.from_state,
            to_state=event.to_state,
            reason=event.reason,
            before=event.before,
            after=event.after,
        )
        for event, sequence in rows
    ]
