"""The register numbers of cases: each by its first letter."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.chunks import chunks
from registry.models import Letter
from registry.numbers import RegisterNumber


def first_numbers(session: Session, case_ids: Sequence[int]) -> dict[int, str]:
    """Return the number of each case's first letter by the case's id; none for one without."""
    found: dict[int, str] = {}
    for chunk in chunks(case_ids):
        first = select(func.min(Letter.id)).where(Letter.case_id.in_(chunk))
        rows = session.execute(
            select(Letter.case_id, Letter.register_year, Letter.register_number).where(
                Letter.id.in_(first.group_by(Letter.case_id))
            )
        )
        found |= {case_id: str(RegisterNumber(year, number)) for case_id, year, number in rows}
    return found
