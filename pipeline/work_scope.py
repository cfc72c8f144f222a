"""Whose work a case is: a person's own, their groups', or waiting for their decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased

from correspondence.vocabulary import CaseState, Role, Secrecy
from pipeline.permissions import Permission, may
from pipeline.staff import GRADES, OF_A_GROUP, StaffMember
from registry.models import Assignment, Case, FieldRow, Letter

_S = CaseState
# What nobody has to do anything about; a dispatched case is shown to whoever asks for that state.
ENDED: Final = (_S.CLOSED, _S.DUPLICATE, _S.VOIDED)
OPEN: Final = tuple(state for state in CaseState if state not in (*ENDED, _S.DISPATCHED))
_PROPOSED: Final = (_S.TRANSFER_PENDING, _S.NO_REPLY_PENDING)
_BY_ROLE: Final = (
    (Role.GROUP_HEAD, (_S.IN_REVIEW, *_PROPOSED)),
    (Role.OFFICE_HEAD, (_S.SIGN_OFF, *_PROPOSED)),
    (Role.SECRETARY, (_S.SIGN_OFF,)),
    (Role.REGISTRAR, (_S.TRIAGE, _S.AWAITING_DISPATCH)),
)
_OWN_TURN: Final = (_S.ASSIGNED, _S.DRAFTING)
_WHOLE_OFFICE: Final = (Role.REGISTRAR, Role.OFFICE_HEAD)


@dataclass(frozen=True, slots=True)
class WorkScope:
    """Conditions on `cases` for one person.

    Attributes:
        mine: the person has the case in hand.
        group: it is a group's of theirs; for those who answer for the office, any.
        waiting: the next step is theirs.
        everything: their work altogether, what the menu counts.
        office: whether `group` is the whole office.
    """

    mine: ColumnElement[bool]
    group: ColumnElement[bool]
    waiting: ColumnElement[bool]
    everything: ColumnElement[bool]
    office: bool


def work_scope(staff: StaffMember) -> WorkScope:
    """Return what is a person's work; a restricted case is only theirs who may open it."""
    if not may(staff, Permission.SEE_WORK):
        nothing = false()
        return WorkScope(nothing, nothing, nothing, nothing, office=False)
    open_to_them = or_(Case.restricted.is_(False), _cleared(staff))
    in_hand = select(Assignment.case_id).where(
        Assignment.person_id == staff.person_id, Assignment.ended_at.is_(None)
    )
    mine = and_(Case.id.in_(in_hand), open_to_them)
    own_groups = _of_groups(staff, OF_A_GROUP)
    office = any(staff.holds(role) for role in _WHOLE_OFFICE)
    decisions = [and_(mine, Case.state.in_([state.value for state in _OWN_TURN]))]
    for role, states in _BY_ROLE:
        if staff.holds(role):
            theirs = and_(Case.state.in_([state.value for state in states]), _reach(staff, role))
            if not set(states).isdisjoint(_PROPOSED):
                theirs = and_(theirs, _second_person(staff))
            decisions.append(and_(theirs, open_to_them))
    waiting = or_(*decisions)
    restricted = and_(Case.restricted.is_(True), _cleared(staff))
    return WorkScope(
        mine=mine,
        group=and_(true() if office else own_groups, open_to_them),
        waiting=waiting,
        everything=or_(mine, and_(own_groups, open_to_them), waiting, restricted),
        office=office,
    )


def _of_groups(staff: StaffMember, roles: frozenset[Role]) -> ColumnElement[bool]:
    held = {group for role, group in staff.held if role in roles}
    if None in held:
        return Case.group_id.is_not(None)
    return Case.group_id.in_(sorted(group for group in held if group is not None))


def _reach(staff: StaffMember, role: Role) -> ColumnElement[bool]:
    return _of_groups(staff, frozenset({role})) if role in OF_A_GROUP else true()


def _second_person(staff: StaffMember) -> ColumnElement[bool]:
    """Return the condition that it is not the person's own proposal."""
    # By itself, so that all else can be answered by the index of open cases.
    proposal = aliased(Case)
    own = select(proposal.id).where(
        proposal.state.in_([state.value for state in _PROPOSED]),
        proposal.proposed_by == staff.sign_in,
    )
    return Case.id.not_in(own)


def _cleared(staff: StaffMember) -> ColumnElement[bool]:
    """Return the condition that no letter of a restricted case is above a person's clearance."""
    if not staff.holds(Role.SECRET_REGISTRAR) or not staff.cleared_for(Secrecy.CONFIDENTIAL):
        return false()
    above = [grade.value for grade in GRADES if not staff.cleared_for(grade)]
    value = func.coalesce(FieldRow.person_value, FieldRow.machine_value)
    marked = (
        exists()
        .where(Letter.case_id == Case.id, FieldRow.letter_id == Letter.id)
        .where(FieldRow.name == "secrecy", value.in_(above))
        .correlate(Case)
    )
    return ~marked if above else true()


def with_assignment() -> ColumnElement[bool]:
    """Return the condition that joins the assignment in force to its case."""
    return and_(Assignment.case_id == Case.id, Assignment.ended_at.is_(None))


def first_letter() -> ColumnElement[bool]:
    """Return the condition that joins the first letter to its case."""
    first = (
        select(func.min(Letter.id))
        .where(Letter.case_id == Case.id)
        .correlate(Case)
        .scalar_subquery()
    )
    return Letter.id == first
