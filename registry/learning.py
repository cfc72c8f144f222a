"""What people decided, for the classifier to learn from; and the versions that came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, selectinload

from correspondence.vocabulary import CaseState
from registry.models import Case, ClassificationRow, Letter, ModelVersionRow

MACHINE_DECIDES = "model"
"""Who decided where no person did; such rows never teach."""

_NO_MATTER = (CaseState.VOIDED.value, CaseState.DUPLICATE.value)


def people_decisions(session: Session, newest: int) -> list[tuple[Case, ClassificationRow]]:
    """Return the cases whose category a person decided last, with that decision, oldest first.

    Restricted cases, duplicates and voided ones are not among them. Letters, their pages and
    fields are loaded.

    Args:
        session: an open transaction.
        newest: how many at most, counted from the newest decision.
    """
    last = (
        select(func.max(ClassificationRow.id))
        .where(ClassificationRow.decided_by != MACHINE_DECIDES)
        .group_by(ClassificationRow.case_id)
    )
    rows = session.execute(
        select(Case, ClassificationRow)
        .join(ClassificationRow, ClassificationRow.case_id == Case.id)
        .where(
            ClassificationRow.id.in_(last),
            Case.restricted.is_(False),
            Case.state.not_in(_NO_MATTER),
        )
        .options(
            selectinload(Case.letters).selectinload(Letter.pages),
            selectinload(Case.letters).selectinload(Letter.fields),
        )
        .order_by(ClassificationRow.id.desc())
        .limit(newest)
    )
    return [(case, row) for case, row in rows][::-1]


def decision_counts(session: Session, since: datetime, until: datetime) -> tuple[int, int, int]:
    """Return how many letters the model judged in a time, abstained on, and was corrected on.

    Corrected are those where a person later gave another category than the model, whether it
    had abstained or not.

    Args:
        session: an open transaction.
        since: the first moment, aware.
        until: the moment after the last, aware.
    """
    first = (
        select(func.min(ClassificationRow.id))
        .where(ClassificationRow.decided_by == MACHINE_DECIDES)
        .group_by(ClassificationRow.case_id)
    )
    judged = {
        row.case_id: row
        for row in session.scalars(
            select(ClassificationRow).where(
                ClassificationRow.id.in_(first),
                ClassificationRow.decided_at >= since,
                ClassificationRow.decided_at < until,
            )
        )
    }
    overruled = {
        row.case_id
        for row in session.scalars(
            select(ClassificationRow).where(
                ClassificationRow.decided_by != MACHINE_DECIDES,
                ClassificationRow.decided_at >= since,
            )
        )
        if row.case_id in judged and row.category != judged[row.case_id].category
    }
    return len(judged), sum(row.abstained for row in judged.values()), len(overruled)


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


def promote(session: Session, row: ModelVersionRow, *, at: datetime, by: str) -> None:
    """Note that a version answers from now on, and that no other does."""
    session.execute(update(ModelVersionRow).values(in_force_since=None))
    session.refresh(row)
    row.promoted_at = row.in_force_since = at
    row.promoted_by, row.refused = by, ""
