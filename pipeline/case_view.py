"""One case with everything recorded on it: fields, decisions, due date, drafts, history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.reading import Frozen
from correspondence.vocabulary import CaseState, Category, MemoForm
from pipeline.bootstrap import House
from pipeline.case_guard import opened_row
from pipeline.decision_view import (
    ClassificationView,
    DueView,
    due_in_force,
    latest_classification,
)
from pipeline.letter_view import LetterView, letters_of_case
from pipeline.likeness_view import LikenessView, case_likeness
from pipeline.permissions import OpenedCase
from registry.engine import open_snapshot
from registry.models import Assignment, AuditEvent, Draft, Person

# A restricted case has an entry for every look at it.
_MOST_EVENTS: Final = 300


class DraftView(Frozen):
    """One version of a memo."""

    version: int
    form: MemoForm
    made_by: str
    made_at: datetime
    superseded: bool


class EventView(Frozen):
    """One entry of the history; `on_behalf_of` is for whom a deputy acted."""

    at: datetime
    actor: str
    action: str
    from_state: CaseState | None
    to_state: CaseState | None
    reason: str
    on_behalf_of: str | None = None


class CaseView(Frozen):
    """Everything the case page shows, without what the letters say.

    `version` is what a change expects; `owner` the Thai name of whoever has the case in hand.
    The history begins with the newest entry and holds the last ones only.
    """

    id: int
    version: int
    restricted: bool
    owner: str | None
    state: CaseState
    category: Category | None
    subcategory: str | None
    group: str | None
    urgency: str
    due_date: date | None
    letters: tuple[LetterView, ...]
    classification: ClassificationView | None
    due: DueView | None
    drafts: tuple[DraftView, ...]
    history: tuple[EventView, ...]
    likeness: LikenessView = LikenessView()


def case_view(house: House, case_id: int, opened: OpenedCase | None = None) -> CaseView:
    """Return a case.

    Args:
        house: the office's house.
        case_id: the case.
        opened: that somebody may see it; a restricted case needs it.

    Raises:
        CaseUnknown: no such case.
        CaseRestricted: it is restricted and was not opened as such.
    """
    with open_snapshot(house.sessions) as session:
        case = opened_row(session, case_id, opened)
        classification = latest_classification(session, case.id)
        evidence = classification.evidence if classification else ()
        return CaseView(
            id=case.id,
            version=case.version,
            restricted=case.restricted,
            owner=_owner(session, case.id),
            state=CaseState(case.state),
            category=Category(case.category) if case.category else None,
            subcategory=case.subcategory,
            group=case.group_id,
            urgency=case.urgency,
            due_date=case.due_date,
            letters=letters_of_case(house, session, case.id, evidence),
            classification=classification,
            due=due_in_force(session, case.id),
            drafts=_drafts(session, case.id),
            history=_history(session, case.id),
            likeness=case_likeness(
                session, case.id, least=house.configuration.likeness.campaign.least
            ),
        )


def _owner(session: Session, case_id: int) -> str | None:
    return session.scalar(
        select(Person.thai_name)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(Assignment.case_id == case_id, Assignment.ended_at.is_(None))
    )


def _drafts(session: Session, case_id: int) -> tuple[DraftView, ...]:
    # Without the sections: every version has the memo's whole text.
    rows = session.execute(
        select(Draft.version, Draft.form, Draft.made_by, Draft.made_at, Draft.superseded_at)
        .where(Draft.case_id == case_id)
        .order_by(Draft.version)
    ).tuples()
    return tuple(
        DraftView(
            version=version,
            form=MemoForm(form),
            made_by=made_by,
            made_at=made_at,
            superseded=superseded_at is not None,
        )
        for version, form, made_by, made_at, superseded_at in rows
    )


def _history(session: Session, case_id: int) -> tuple[EventView, ...]:
    rows = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.case_id == case_id)
        .order_by(AuditEvent.id.desc())
        .limit(_MOST_EVENTS)
    )
    return tuple(
        EventView(
            at=row.at,
            actor=row.actor,
            action=row.action,
            from_state=CaseState(row.from_state) if row.from_state else None,
            to_state=CaseState(row.to_state) if row.to_state else None,
            reason=row.reason,
            on_behalf_of=row.after.get("for"),
        )
        for row in rows
    )
