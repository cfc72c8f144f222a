"""Take the next case: the most urgent of a person's groups that nobody has in hand."""

from __future__ import annotations

from typing import Final

from sqlalchemy import case, exists, select

from correspondence.errors import ActionRefused, StaleVersion
from correspondence.reading import Frozen
from correspondence.states import STATE_TABLE, Action
from correspondence.vocabulary import Role
from pipeline.bootstrap import House
from pipeline.case_actions import act_on_case
from pipeline.case_guard import CaseRestricted
from pipeline.case_request import CaseRequest
from pipeline.staff import OF_A_GROUP, StaffMember
from registry.engine import open_snapshot
from registry.models import Assignment, Case

_RANK = {"most_urgent": 0, "very_urgent": 1, "urgent": 2}
_TAKEN_IN: Final = tuple(state for state, action in STATE_TABLE if action is Action.ASSIGN)
# How many others may be faster before it is given up.
_TRIES = 25


class NextCase(Frozen):
    """What "take the next" came to; None where nothing is left to take."""

    case_id: int | None = None


def may_take(staff: StaffMember) -> bool:
    """Tell whether a person has cases in hand at all: in a group of their own, not as a deputy."""
    return any(role in OF_A_GROUP for role, _ in _own(staff))


def take_next(house: House, staff: StaffMember) -> NextCase:
    """Put the most urgent case that nobody has into a person's hands, by the state table.

    Of two people at once one gets it and the other the next one.
    """
    if not may_take(staff):
        return NextCase()
    for case_id, version in _candidates(house, staff):
        request = CaseRequest(
            case_id=case_id,
            action=Action.ASSIGN,
            by=staff.sign_in,
            person=staff.sign_in,
            expected_version=version,
        )
        try:
            act_on_case(house, request)
        except (StaleVersion, ActionRefused, CaseRestricted):
            continue
        return NextCase(case_id=case_id)
    return NextCase()


def _candidates(house: House, staff: StaffMember) -> list[tuple[int, int]]:
    groups = {group for role, group in _own(staff) if role in OF_A_GROUP}
    taken = exists().where(Assignment.case_id == Case.id, Assignment.ended_at.is_(None))
    query = (
        select(Case.id, Case.version)
        .where(
            Case.state.in_([state.value for state in _TAKEN_IN]),
            Case.restricted.is_(False),
            ~taken,
        )
        .order_by(
            case(_RANK, value=Case.urgency, else_=len(_RANK)),
            case((Case.due_date.is_(None), 1), else_=0),
            Case.due_date,
            Case.id,
        )
        .limit(_TRIES)
    )
    if None not in groups:
        query = query.where(Case.group_id.in_(sorted(group for group in groups if group)))
    with open_snapshot(house.sessions) as session:
        return list(session.execute(query).tuples())


def _own(staff: StaffMember) -> tuple[tuple[Role, str | None], ...]:
    return staff.held[: len(staff.held) - len(staff.deputised)]
