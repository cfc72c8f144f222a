"""A case as it lies before one person: what they may do, what there is to choose from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.errors import ActionRefused, UsageFault
from correspondence.reading import Frozen
from correspondence.states import STATE_TABLE, Action
from correspondence.thai_dates import common_era_year
from correspondence.thai_digits import fold_digits
from correspondence.vocabulary import CaseState, Category, Role
from pipeline.bootstrap import House
from pipeline.case_actions import PossibleAction, actions_on
from pipeline.case_guard import CaseRestricted, CaseUnknown
from pipeline.case_record import (
    ContributionView,
    CoordinationView,
    contributions_of,
    coordination_of,
)
from pipeline.case_rights import actors_on, case_facts, choose_actor
from pipeline.permissions import OpenedCase, may_open
from pipeline.staff import StaffMember
from registry.case_joining import living_letters
from registry.casework import draft_in_force
from registry.engine import open_snapshot
from registry.models import AuditEvent, Case, Letter, Person, PersonRole
from registry.numbers import RegisterNumber, find_letter

_HANDS: Final = (Role.OFFICER.value, Role.GROUP_HEAD.value)
_MOST_EVENTS: Final = 100


class PersonChoice(Frozen):
    """Somebody who may have the case in hand."""

    sign_in: str
    thai_name: str


class LetterChoice(Frozen):
    """A letter of the case that may be split off."""

    id: int
    register_number: str


class CaseDesk(Frozen):
    """A case as one person may work on it.

    Attributes:
        case_id: the case.
        version: what a request of this person expects.
        number: register number of its first letter, the id where it has none.
        state: where it stands.
        category: of the case, None while there is none.
        subcategory: likewise.
        group: id of its group.
        due_date: the date in force (CE).
        draft_version: of the memo in force, None while there is none.
        actions: what this person may do, in the order of the table.
        needs_another: what this person's role may do, but only somebody else this time, because
            they proposed it themselves.
        people: who of the group may have it in hand; asked only where that may be decided.
        letters: letters that may be split off.
        contributions: what agencies were asked.
        coordination: the log.
    """

    case_id: int
    version: int
    number: str
    state: CaseState
    category: Category | None
    subcategory: str | None
    group: str | None
    due_date: date | None
    draft_version: int | None
    actions: tuple[PossibleAction, ...]
    needs_another: tuple[Action, ...]
    people: tuple[PersonChoice, ...]
    letters: tuple[LetterChoice, ...]
    contributions: tuple[ContributionView, ...]
    coordination: tuple[CoordinationView, ...]

    def possible(self, action: Action) -> PossibleAction | None:
        """Return the action where this person may take it now."""
        return next((entry for entry in self.actions if entry.action is action), None)

    @property
    def awaited(self) -> tuple[ContributionView, ...]:
        """The contributions that have not come yet."""
        return tuple(row for row in self.contributions if row.received_at is None)


class CaseStep(Frozen):
    """Something done to a case since a page was opened."""

    at: datetime
    actor: str
    action: str


def case_desk(house: House, opened: OpenedCase) -> CaseDesk:
    """Return what stands ready on a case for the person who has it open.

    Raises:
        CaseUnknown: no such case.
        CaseRestricted: it has become restricted since it was opened.
    """
    today = bangkok_day(house.clock())
    with open_snapshot(house.sessions) as session:
        case = _case(session, opened)
        actions = actions_on(session, case, opened.by, today)
        may = {entry.action for entry in actions}
        draft = draft_in_force(session, case)
        letters = session.scalars(
            select(Letter).where(Letter.case_id == case.id).order_by(Letter.id)
        ).all()
        return CaseDesk(
            case_id=case.id,
            version=case.version,
            number=str(RegisterNumber.of(letters[0])) if letters else str(case.id),
            state=CaseState(case.state),
            category=Category(case.category) if case.category else None,
            subcategory=case.subcategory,
            group=case.group_id,
            due_date=case.due_date,
            draft_version=draft.version if draft else None,
            actions=actions,
            needs_another=_needs_another(session, case, opened.by, today),
            people=_people(session, case) if Action.ASSIGN in may else (),
            letters=_splittable(session, case) if Action.SPLIT in may and letters[1:] else (),
            contributions=contributions_of(session, case, today),
            coordination=coordination_of(session, case),
        )


def steps_since(house: House, opened: OpenedCase, version: int) -> tuple[CaseStep, ...]:
    """Return what was done to a case after the version that somebody saw, the oldest first.

    Raises:
        CaseUnknown: no such case.
        CaseRestricted: it has become restricted since it was opened.
    """
    with open_snapshot(house.sessions) as session:
        case = _case(session, opened)
        events = session.scalars(
            select(AuditEvent)
            .where(AuditEvent.case_id == case.id)
            .order_by(AuditEvent.id.desc())
            .limit(_MOST_EVENTS)
        ).all()
        return tuple(
            CaseStep(at=event.at, actor=event.actor, action=event.action)
            for event in reversed(events)
            if isinstance(made := event.after.get("version"), int) and made > version
        )


def still_open(house: House, case_id: int, staff: StaffMember) -> bool:
    """Tell whether a person may see a case after what they have just done to it."""
    with open_snapshot(house.sessions) as session:
        case = session.get(Case, case_id)
        return case is not None and may_open(staff, case_facts(session, case))


def case_of_number(house: House, written: str) -> int:
    """Return the case of a letter by its register number: `12/2569`, or `12` of this year.

    Digits may be Thai, the year B.E. or C.E.

    Raises:
        UsageFault: it is no register number.
        CaseUnknown: no letter has it.
    """
    number, _, year = (part.strip() for part in fold_digits(written).partition("/"))
    this_year = bangkok_day(house.clock()).year
    christian = common_era_year(int(year)) if _is_number(year) else this_year if not year else None
    if not _is_number(number) or christian is None:
        raise UsageFault("Not a register number.", thai="เลขรับไม่ถูกต้อง โปรดพิมพ์เลขและปี เช่น ๑๒/๒๕๖๙")
    with open_snapshot(house.sessions) as session:
        letter = find_letter(session, RegisterNumber(christian, int(number)))
        if letter is None:
            raise CaseUnknown("No letter has that number.", thai="ไม่มีหนังสือเลขรับนี้ในทะเบียน")
        return letter.case_id


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 9


def _case(session: Session, opened: OpenedCase) -> Case:
    case = session.get(Case, opened.case_id)
    if case is None:
        raise CaseUnknown("No such case.", thai="ไม่พบเรื่องนี้")
    if not opened.opens(case.id, restricted=case.restricted):
        raise CaseRestricted("The case is restricted.", thai="เรื่องนี้จำกัดผู้เข้าถึง")
    return case


def _needs_another(session: Session, case: Case, by: str, today: date) -> tuple[Action, ...]:
    if case.proposed_by != by:
        return ()
    state = CaseState(case.state)
    edges = {
        action: edge
        for action in Action
        if (edge := STATE_TABLE.get((state, action))) is not None and edge.second_person
    }
    if not edges:
        return ()
    found = []
    try:
        actors = actors_on(session, by, case, today)
    except ActionRefused:
        return ()
    for action, edge in edges.items():
        try:
            choose_actor(actors, edge.roles)
        except ActionRefused:
            continue
        found.append(action)
    return tuple(found)


def _splittable(session: Session, case: Case) -> tuple[LetterChoice, ...]:
    """Return the letters that may be split off: all that live, but the first of the case."""
    letters = living_letters(session, case)
    first = session.scalar(select(func.min(Letter.id)).where(Letter.case_id == case.id))
    return tuple(
        LetterChoice(id=letter.id, register_number=str(RegisterNumber.of(letter)))
        for letter in letters
        if letter.id != first
    )


def _people(session: Session, case: Case) -> tuple[PersonChoice, ...]:
    rows = session.execute(
        select(Person.sign_in, Person.thai_name)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            Person.retired_at.is_(None),
            PersonRole.role.in_(_HANDS),
            or_(PersonRole.group_id.is_(None), PersonRole.group_id == case.group_id),
        )
        .distinct()
        .order_by(Person.thai_name, Person.sign_in)
    )
    return tuple(PersonChoice(sign_in=row.sign_in, thai_name=row.thai_name) for row in rows)
