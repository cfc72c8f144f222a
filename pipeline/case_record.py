"""What people have done to a case and may do now, without what its letters say."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.reading import Frozen
from correspondence.states import Action
from correspondence.vocabulary import CaseState, Category, ContactChannel
from pipeline.bootstrap import House
from pipeline.case_actions import PossibleAction, actions_on
from pipeline.case_guard import CaseUnknown
from pipeline.case_opening import VIEWED, note_look
from pipeline.likeness_view import LinkView, case_likeness
from registry.case_clock import extensions_in_force
from registry.models import (
    Assignment,
    Case,
    Contribution,
    CoordinationEntry,
    Extension,
    Letter,
    Pause,
    Person,
)
from registry.numbers import RegisterNumber


class ExtensionView(Frozen):
    """One extension; it no longer counts once the date was decided anew (`lapsed`)."""

    original_due: date
    from_due: date
    to_due: date
    reason: str
    agreed_by: str
    granted_by: str
    granted_at: datetime
    lapsed: bool


class PauseView(Frozen):
    """One pause; `resumed_at` is None while the case rests."""

    reason: str
    paused_by: str
    paused_at: datetime
    resumed_at: datetime | None
    due_before: date | None
    due_after: date | None


class ContributionView(Frozen):
    """What an agency was asked; `overdue` where it has not come by its own date."""

    id: int
    agency: str
    question: str
    due_date: date
    asked_by: str
    asked_at: datetime
    answer: str
    received_at: datetime | None
    overdue: bool


class CoordinationView(Frozen):
    """One entry of the coordination log."""

    contact: str
    channel: ContactChannel
    note: str
    promised_by: date | None
    entered_by: str
    entered_at: datetime


class CaseRecord(Frozen):
    """A case in people's hands.

    `original_due_date` is the date before it was extended, None where it was not; `version` is
    what a request expects; `actions` is empty where nobody was named.
    """

    id: int
    version: int
    state: CaseState
    register_numbers: tuple[str, ...]
    category: Category | None
    subcategory: str | None
    group: str | None
    owner: str | None
    urgency: str
    restricted: bool
    due_date: date | None
    original_due_date: date | None
    extended: int
    reopened: int
    duplicate_of: int | None
    extensions: tuple[ExtensionView, ...]
    pauses: tuple[PauseView, ...]
    contributions: tuple[ContributionView, ...]
    coordination: tuple[CoordinationView, ...]
    links: tuple[LinkView, ...]
    actions: tuple[PossibleAction, ...]


def case_record(house: House, case_id: int, by: str | None = None) -> CaseRecord:
    """Return what people have done to a case, and what this person may do.

    A look at a restricted case is written into the trail before anything is shown.

    Args:
        house: the office's house.
        case_id: the case.
        by: the sign-in name of whoever looks, known to be that person; None for nobody.

    Raises:
        CaseUnknown: no such case.
        CaseRestricted: it is restricted and not open to this person.
    """
    now = house.clock()
    with house.sessions.begin() as session:
        case = session.get(Case, case_id)
        if case is None:
            raise CaseUnknown("No such case.", thai="ไม่พบเรื่องนี้")
        if case.restricted:
            note_look(session, case, by, VIEWED, at=now)
        least = house.configuration.likeness.campaign.least
        extensions = session.scalars(
            select(Extension).where(Extension.case_id == case.id).order_by(Extension.id)
        ).all()
        in_force = extensions_in_force(session, case)
        letters = session.scalars(
            select(Letter).where(Letter.case_id == case.id).order_by(Letter.id)
        )
        return CaseRecord(
            id=case.id,
            version=case.version,
            state=CaseState(case.state),
            register_numbers=tuple(str(RegisterNumber.of(letter)) for letter in letters),
            category=Category(case.category) if case.category else None,
            subcategory=case.subcategory,
            group=case.group_id,
            owner=_owner(session, case),
            urgency=case.urgency,
            restricted=case.restricted,
            due_date=case.due_date,
            original_due_date=in_force[0].original_due if in_force else None,
            extended=len(extensions),
            reopened=case.reopen_count,
            duplicate_of=case.duplicate_of_id,
            extensions=tuple(_extension(row) for row in extensions),
            pauses=_pauses(session, case),
            contributions=contributions_of(session, case, bangkok_day(now)),
            coordination=coordination_of(session, case),
            links=case_likeness(session, case.id, least=least).links,
            actions=actions_on(session, case, by, bangkok_day(now)) if by else (),
        )


def _owner(session: Session, case: Case) -> str | None:
    return session.scalar(
        select(Person.sign_in)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(Assignment.case_id == case.id, Assignment.ended_at.is_(None))
    )


def _extension(row: Extension) -> ExtensionView:
    return ExtensionView(
        original_due=row.original_due,
        from_due=row.from_due,
        to_due=row.to_due,
        reason=row.reason,
        agreed_by=row.agreed_by,
        granted_by=row.granted_by,
        granted_at=row.granted_at,
        lapsed=row.lapsed_at is not None,
    )


def _pauses(session: Session, case: Case) -> tuple[PauseView, ...]:
    rows = session.scalars(select(Pause).where(Pause.case_id == case.id).order_by(Pause.id))
    return tuple(
        PauseView(
            reason=row.reason,
            paused_by=row.paused_by,
            paused_at=row.paused_at,
            resumed_at=row.resumed_at,
            due_before=row.due_before,
            due_after=row.due_after,
        )
        for row in rows
    )


def contributions_of(session: Session, case: Case, today: date) -> tuple[ContributionView, ...]:
    """Return what agencies were asked about a case, in order; `today` in Bangkok."""
    rows = session.scalars(
        select(Contribution).where(Contribution.case_id == case.id).order_by(Contribution.id)
    )
    return tuple(
        ContributionView(
            id=row.id,
            agency=row.agency,
            question=row.question,
            due_date=row.due_date,
            asked_by=row.asked_by,
            asked_at=row.asked_at,
            answer=row.answer,
            received_at=row.received_at,
            overdue=row.received_at is None and today > row.due_date,
        )
        for row in rows
    )


def coordination_of(session: Session, case: Case) -> tuple[CoordinationView, ...]:
    """Return the coordination log of a case, in order."""
    rows = session.scalars(
        select(CoordinationEntry)
        .where(CoordinationEntry.case_id == case.id)
        .order_by(CoordinationEntry.id)
    )
    return tuple(
        CoordinationView(
            contact=row.contact,
            channel=ContactChannel(row.channel),
            note=row.note,
            promised_by=row.promised_by,
            entered_by=row.entered_by,
            entered_at=row.entered_at,
        )
        for row in rows
    )


def action_named(name: str) -> Action | None:
    """Return the action of a name as people type it (`return-draft`), or None."""
    wanted = name.strip().lower().replace("-", "_")
    return Action(wanted) if wanted in set(Action) else None
