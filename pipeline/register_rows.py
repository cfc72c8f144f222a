"""The rows of the register as the database joins them: item, letter, case, decision, memo."""

from __future__ import annotations

from sqlalchemy import Select, func, select

from registry.models import Case, ClassificationRow, Draft, IntakeItem, Letter


def joined_rows() -> Select[tuple[IntakeItem, Letter, Case, ClassificationRow, Draft]]:
    """Return the select of items with what became of each: a row a letter, one where none is.

    The decision is the latest on the category, the memo the one in force. All but the item are
    None in a row that has none of them.
    """
    latest = (
        select(func.max(ClassificationRow.id))
        .where(ClassificationRow.case_id == Case.id)
        .correlate(Case)
        .scalar_subquery()
    )
    return (
        select(IntakeItem, Letter, Case, ClassificationRow, Draft)
        .outerjoin(Letter, Letter.intake_item_id == IntakeItem.id)
        .outerjoin(Case, Case.id == Letter.case_id)
        .outerjoin(ClassificationRow, ClassificationRow.id == latest)
        .outerjoin(Draft, (Draft.case_id == Case.id) & Draft.superseded_at.is_(None))
    )
