"""What people decided, for the classifier to learn from; and the versions that came of it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select, true, update
from sqlalchemy.orm import Session, selectinload

from correspondence.vocabulary import CaseState
from registry.casework import MODEL
from registry.models import (
    Case,
    ClassificationRow,
    Letter,
    LetterSignatureRow,
    ModelVersionRow,
)
from registry.transitions import MACHINE

_VERSIONS_LOCK = 7_260_425_571
_NO_MATTER = (CaseState.VOIDED.value, CaseState.DUPLICATE.value)


class PersonDecision(NamedTuple):
    """A case whose category a person decided, the decision, and the campaign of its letter."""

    case: Case
    decision: ClassificationRow
    campaign_id: int | None


def people_decisions(session: Session, newest: int, of_campaign: int) -> list[PersonDecision]:
    """Return the cases whose category a person decided last, oldest decision first.

    Restricted cases, duplicates and voided ones are not among them. Letters, their pages and
    fields are loaded.

    Args:
        session: an open transaction.
        newest: how many at most, counted from the newest decision.
        of_campaign: how many at most of one petition that many sent in.
    """
    campaigns = _campaigns_decided(session)
    taken: dict[int, int | None] = {}
    often: Counter[int] = Counter()
    for decision_id, campaign_id in campaigns:
        if len(taken) == newest:
            break
        if campaign_id is not None:
            often[campaign_id] += 1
            if often[campaign_id] > of_campaign:
                continue
        taken[decision_id] = campaign_id
    rows = session.execute(
        select(Case, ClassificationRow)
        .join(ClassificationRow, ClassificationRow.case_id == Case.id)
        .where(ClassificationRow.id.in_(taken))
        .options(
            selectinload(Case.letters).selectinload(Letter.pages),
            selectinload(Case.letters).selectinload(Letter.fields),
        )
        .order_by(ClassificationRow.id)
    )
    return [PersonDecision(case, row, taken[row.id]) for case, row in rows]


def _campaigns_decided(session: Session) -> list[tuple[int, int | None]]:
    """Return people's last decisions by id, the newest first, with the campaign of the letter."""
    last = (
        select(func.max(ClassificationRow.id))
        .where(ClassificationRow.decided_by != MODEL)
        .group_by(ClassificationRow.case_id)
    )
    first_letter = (
        select(func.min(Letter.id)).where(Letter.case_id == Case.id).correlate(Case)
    ).scalar_subquery()
    rows = session.execute(
        select(ClassificationRow.id, LetterSignatureRow.campaign_id)
        .join(Case, Case.id == ClassificationRow.case_id)
        .outerjoin(LetterSignatureRow, LetterSignatureRow.letter_id == first_letter)
        .where(
            ClassificationRow.id.in_(last),
            Case.restricted.is_(False),
            Case.state.not_in(_NO_MATTER),
        )
        .order_by(ClassificationRow.id.desc())
    )
    return [(decision_id, campaign_id) for decision_id, campaign_id in rows]


class JudgedCases(NamedTuple):
    """Ids of the cases the model judged in a time, those it left to people, those corrected."""

    judged: frozenset[int]
    abstained: frozenset[int]
    corrected: frozenset[int]


def decision_counts(session: Session, since: datetime, until: datetime) -> tuple[int, int, int]:
    """Return how many letters the model judged in a time, abstained on, and was corrected on.

    Args:
        session: an open transaction.
        since: the first moment, aware.
        until: the moment after the last, aware.
    """
    found = judged_cases(session, since, until)
    return len(found.judged), len(found.abstained), len(found.corrected)


def judged_cases(
    session: Session, since: datetime, until: datetime, *, group: str | None = None
) -> JudgedCases:
    """Return the cases the model judged in a time, abstained on, and was corrected on.

    Corrected are those where a person later gave another category than the model, whether it
    had abstained or not.

    Args:
        session: an open transaction.
        since: the first moment, aware.
        until: the moment after the last, aware.
        group: only cases that this group has now; None for all.
    """
    row = ClassificationRow
    of_group = (
        row.case_id.in_(select(Case.id).where(Case.group_id == group))
        if group is not None
        else true()
    )
    first = select(func.min(row.id)).where(row.decided_by == MODEL).group_by(row.case_id)
    judged = {
        case_id: (category, abstained)
        for case_id, category, abstained in session.execute(
            select(row.case_id, row.category, row.abstained).where(
                row.id.in_(first),
                row.decided_at >= since,
                row.decided_at < until,
                row.case_id.not_in(select(Case.id).where(Case.archived)),
                of_group,
            )
        ).tuples()
    }
    decided = session.execute(
        select(row.case_id, row.category).where(
            row.decided_by != MODEL, row.decided_at >= since, of_group
        )
    ).tuples()
    return JudgedCases(
        frozenset(judged),
        frozenset(case_id for case_id, (_, abstained) in judged.items() if abstained),
        frozenset(
            case_id
            for case_id, category in decided
            if case_id in judged and category != judged[case_id][0]
        ),
    )


def find_version(session: Session, version: str) -> ModelVersionRow | None:
    """Return what is kept of a version, or None."""
    return session.scalar(select(ModelVersionRow).where(ModelVersionRow.version == version))


def all_versions(session: Session) -> list[ModelVersionRow]:
    """Return all versions ever kept, the newest first."""
    return list(session.scalars(select(ModelVersionRow).order_by(ModelVersionRow.id.desc())))


def version_before(session: Session, version: str) -> ModelVersionRow | None:
    """Return the newest version made before this one that ever answered, or None."""
    current = find_version(session, version)
    if current is None:
        return None
    return session.scalar(
        select(ModelVersionRow)
        .where(ModelVersionRow.id < current.id, ModelVersionRow.promoted_at.is_not(None))
        .order_by(ModelVersionRow.id.desc())
        .limit(1)
    )


def in_force_row(session: Session) -> ModelVersionRow | None:
    """Return the version that answers, or None where none ever did."""
    return session.scalar(
        select(ModelVersionRow).where(ModelVersionRow.in_force_since.is_not(None)).limit(1)
    )


def wait_for_turn(session: Session) -> None:
    """Wait until no other transaction writes versions down; hold that to this one's end."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_VERSIONS_LOCK)))


def chosen_by_a_person(session: Session) -> datetime | None:
    """Return when a person last chose which version answers; None once the machine learnt since.

    A shipped model that a new program brings along does not end a person's choice; a model that
    learnt from people's decisions and was put in force by the machine does.
    """
    of_machine = ModelVersionRow.promoted_by == MACHINE.name
    chosen = session.scalar(select(func.max(ModelVersionRow.promoted_at)).where(~of_machine))
    learnt = session.scalar(
        select(func.max(ModelVersionRow.promoted_at)).where(
            of_machine, ModelVersionRow.corrections > 0
        )
    )
    return chosen if chosen is not None and (learnt is None or learnt <= chosen) else None


def promote(session: Session, row: ModelVersionRow, *, at: datetime, by: str) -> None:
    """Note that a version answers from now on, and that no other does."""
    session.execute(update(ModelVersionRow).values(in_force_since=None))
    session.refresh(row)
    row.promoted_at = row.in_force_since = at
    row.promoted_by, row.refused = by, ""
