"""What was decided on a case and why: its category with evidence, its due date with the rules."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.classification import Evidence
from correspondence.deadline import DueCandidate
from correspondence.reading import Frozen
from correspondence.vocabulary import Category
from registry.models import ClassificationRow, DueDateRow


class ClassificationView(Frozen):
    """The latest decision on the category; probabilities highest first, each 0 to 1."""

    category: Category
    subcategory: str
    decided_by: str
    abstained: bool
    probabilities: tuple[tuple[str, float], ...]
    evidence: tuple[Evidence, ...]
    model_version: str


class DueView(Frozen):
    """The due date in force, why, and every rule that applied."""

    anchor_date: date
    due_date: date | None
    explanation: str
    holidays_counted: tuple[date, ...]
    candidates: tuple[DueCandidate, ...]
    calendar_confirmed: bool
    needs_person: bool


def latest_classification(session: Session, case_id: int) -> ClassificationView | None:
    """Return the latest decision on the category of a case; None where there is none."""
    row = session.scalars(
        select(ClassificationRow)
        .where(ClassificationRow.case_id == case_id)
        .order_by(ClassificationRow.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    ranked = sorted(row.probabilities.items(), key=lambda entry: -entry[1])
    return ClassificationView(
        category=Category(row.category),
        subcategory=row.subcategory,
        decided_by=row.decided_by,
        abstained=row.abstained,
        probabilities=tuple(ranked),
        evidence=tuple(Evidence.model_validate(item) for item in row.evidence),
        model_version=row.model_version,
    )


def due_in_force(session: Session, case_id: int) -> DueView | None:
    """Return the due date in force of a case; None where none was found yet."""
    row = session.scalars(
        select(DueDateRow)
        .where(DueDateRow.case_id == case_id, DueDateRow.superseded_at.is_(None))
        .order_by(DueDateRow.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return DueView(
        anchor_date=row.anchor_date,
        due_date=row.due_date,
        explanation=row.explanation,
        holidays_counted=tuple(date.fromisoformat(day) for day in row.holidays_counted),
        candidates=tuple(DueCandidate.model_validate(item) for item in row.candidates),
        calendar_confirmed=row.calendar_confirmed,
        needs_person=row.needs_person,
    )
