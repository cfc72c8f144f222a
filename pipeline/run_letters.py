"""The letters of a run, for whoever watches runs: numbers, ids and outcomes, no words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from correspondence.reading import Frozen
from pipeline.bootstrap import House
from registry.engine import open_snapshot
from registry.models import Case, IntakeItem, Letter
from registry.numbers import RegisterNumber

MOST = 200


class RunLetter(Frozen):
    """One letter: its ledger row, where it ended, and its case where it has one."""

    item_id: int
    outcome: str
    register_number: str | None = None
    case_id: int | None = None
    state: str | None = None


def letters_since(house: House, since: datetime, *, most: int = MOST) -> tuple[RunLetter, ...]:
    """Return what was registered, or ended otherwise, from a moment on; the newest first.

    Args:
        house: the office's house.
        since: aware; the start of the run.
        most: how many at most.
    """
    query = (
        select(IntakeItem, Letter, Case)
        .outerjoin(Letter, Letter.intake_item_id == IntakeItem.id)
        .outerjoin(Case, Case.id == Letter.case_id)
        .where(IntakeItem.settled_at >= since)
        .order_by(IntakeItem.id.desc(), Letter.id.desc())
        .limit(most)
    )
    with open_snapshot(house.sessions) as session:
        return tuple(
            RunLetter(
                item_id=item.id,
                outcome=item.outcome,
                register_number=str(RegisterNumber.of(letter)) if letter else None,
                case_id=case.id if case else None,
                state=case.state if case else None,
            )
            for item, letter, case in session.execute(query).tuples()
        )


def review_address(house: House) -> str:
    """Return where the office's people open the review app, without a slash at the end."""
    return house.settings.review_url or f"http://127.0.0.1:{house.settings.review_port}"
