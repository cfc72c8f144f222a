"""Case transitions: state and one audit event, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from correspondence.errors import ActionRefused, StaleVersion
from correspondence.states import Action, edge_for
from correspondence.vocabulary import CaseState, Role
from registry.models import AuditEvent, Case


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it: the sign-in name, the role used, and for whom where a deputy stands in."""

    name: str
    role: Role
    on_behalf_of: str | None = None

    @property
    def noted(self) -> dict[str, str]:
        """What the trail's `after` tells of the role."""
        told = {"role": self.role.value}
        return told | ({"for": self.on_behalf_of} if self.on_behalf_of else {})


MACHINE = Actor("saraban", Role.MACHINE)


# What somebody does to a case without bringing it further: the no-progress clock runs on.
NO_PROGRESS = frozenset({Action.SET_DUE, Action.EXTEND, Action.ASSIGN, Action.LINK, Action.REDRAFT})


@dataclass(frozen=True, slots=True)
class CaseChange:
    """What a transition changes besides the state; None leaves a value as it is.

    `besides` names further required fields of the table that came with the request.
    """

    category: str | None = None
    subcategory: str | None = None
    group_id: str | None = None
    duplicate_of_id: int | None = None
    agency: str | None = None
    draft_version: int | None = None
    besides: frozenset[str] = frozenset()

    def given(self, reason: str) -> frozenset[str]:
        """Return the names of the table's required fields that are filled."""
        filled = {
            "category": self.category,
            "group": self.group_id,
            "duplicate_of": self.duplicate_of_id,
            "agency": self.agency,
            "draft": self.draft_version,
            "reason": reason.strip() or None,
        }
        return self.besides | {name for name, value in filled.items() if value is not None}


def take_action(
    session: Session,
    case: Case,
    action: Action,
    actor: Actor,
    *,
    at: datetime,
    change: CaseChange | None = None,
    reason: str = "",
    expected_version: int | None = None,
    stays: bool = False,
    detail: Mapping[str, int | str | None] | None = None,
) -> None:
    """Move a case along one edge of the state table and write the audit event.

    The event of an action that leaves the case where it is names no states: it is no move.
    A case in triage belongs to no group.

    Args:
        session: an open transaction; nothing is committed here.
        case: the case, loaded in this session.
        action: the edge.
        actor: who, in which role.
        at: the moment, aware.
        change: what changes besides the state.
        reason: in the actor's words; some edges demand it.
        expected_version: the version the actor saw; None for the machine, which holds a lease.
        stays: the case stays where it is although the edge leads on (one of several answers).
        detail: what else the event keeps: ids, days and counts.

    Raises:
        ActionRefused: the table does not allow it.
        StaleVersion: somebody else changed the case first.
    """
    change = change or CaseChange()
    check_version(case, expected_version)
    state = CaseState(case.state)
    edge = edge_for(state, action, actor.role, change.given(reason))
    if edge.second_person and case.proposed_by == actor.name:
        raise ActionRefused(f"{action} needs a second person.", thai="ต้องให้ผู้อื่นที่มิใช่ผู้เสนอเป็นผู้ยืนยัน")
    before = _picture(case)
    to = state if stays else edge.to
    case.state = to.value
    case.version += 1
    case.updated_at = at
    if action not in NO_PROGRESS:
        case.last_progress_at = at
    case.category = change.category or case.category
    case.subcategory = change.subcategory or case.subcategory
    case.group_id = None if to is CaseState.TRIAGE else change.group_id or case.group_id
    case.duplicate_of_id = change.duplicate_of_id or case.duplicate_of_id
    if action in (Action.PROPOSE_TRANSFER, Action.PROPOSE_NO_REPLY):
        case.proposed_by = actor.name
    if action is Action.REOPEN:
        case.reopen_count += 1
    after = {**_picture(case), **actor.noted, **(detail or {})}
    if change.draft_version is not None:
        after["draft_version"] = change.draft_version
    session.add(
        AuditEvent(
            at=at,
            actor=actor.name,
            action=action.value,
            case_id=case.id,
            from_state=state.value if to is not state else None,
            to_state=to.value if to is not state else None,
            reason=reason,
            before=before,
            after=after,
        )
    )


def check_version(case: Case, expected: int | None) -> None:
    """Refuse what was decided on an older state of a case; None expects nothing.

    Raises:
        StaleVersion: somebody else changed the case since.
    """
    if expected is not None and expected != case.version:
        raise StaleVersion(
            f"Case {case.id} is at version {case.version}, not {expected}.",
            thai="มีผู้แก้ไขเรื่องนี้ก่อนแล้ว โปรดเปิดดูข้อมูลล่าสุด",
        )


def _picture(case: Case) -> dict[str, Any]:
    return {
        "version": case.version,
        "category": case.category,
        "subcategory": case.subcategory,
        "group": case.group_id,
        "due_date": case.due_date.isoformat() if case.due_date else None,
    }
