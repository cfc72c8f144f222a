"""What a person has just chosen in triage, and whether they may take it back."""

from __future__ import annotations

from sqlalchemy import select

from correspondence.clock import bangkok_day
from correspondence.reading import Frozen
from correspondence.states import Action
from correspondence.vocabulary import Category
from pipeline.bootstrap import House
from pipeline.case_actions import actions_on
from pipeline.case_guard import CaseRestricted
from pipeline.staff import StaffMember
from registry.engine import open_snapshot
from registry.models import AuditEvent, Case, Letter
from registry.numbers import RegisterNumber


class ChosenCase(Frozen):
    """What a person has just chosen, and what the state table lets them take back."""

    case_id: int
    version: int
    register_number: str
    category: Category | None
    group: str | None
    may_undo: bool
    may_change: bool


def chosen_case(house: House, staff: StaffMember, case_id: int) -> ChosenCase | None:
    """Return a case whose category a person chose last themselves; None for any other."""
    with open_snapshot(house.sessions) as session:
        last = session.scalars(
            select(AuditEvent)
            .where(AuditEvent.case_id == case_id, AuditEvent.to_state.is_not(None))
            .order_by(AuditEvent.id.desc())
            .limit(1)
        ).first()
        chose = last is not None and last.action == Action.CHOOSE_CATEGORY.value
        if last is None or not chose or last.actor != staff.sign_in:
            return None
        found = session.get_one(Case, case_id)
        letter = session.scalars(
            select(Letter).where(Letter.case_id == case_id).order_by(Letter.id).limit(1)
        ).first()
        try:
            may = {
                one.action
                for one in actions_on(session, found, staff.sign_in, bangkok_day(house.clock()))
            }
        except CaseRestricted:
            return None
        return ChosenCase(
            case_id=case_id,
            version=found.version,
            register_number=str(RegisterNumber.of(letter)) if letter else str(case_id),
            category=Category(found.category) if found.category else None,
            group=found.group_id,
            may_undo=Action.RETURN_TO_TRIAGE in may,
            may_change=Action.RECATEGORISE in may,
        )
