"""The intake ledger in the order of arrival, with what became of each item (`demo`)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_

from correspondence.reading import Frozen
from correspondence.vocabulary import CaseState, IntakeOutcome
from pipeline.bootstrap import House
from pipeline.register_rows import joined_rows
from registry.engine import open_snapshot
from registry.held import why
from registry.models import Case, ClassificationRow, Draft, IntakeItem, Letter
from registry.numbers import numbers_of_items


class LedgerLine(Frozen):
    """One item of the ledger; nothing of what a secret letter says.

    Where an item brought several letters, `register_number` and the case are the first's, and
    `register_numbers` are all of them.
    """

    item_id: int
    source: str
    file: str
    sha256: str
    message_id: str | None
    channel: str
    arrived_at: datetime
    outcome: IntakeOutcome
    reason: str | None
    register_number: str | None
    register_numbers: tuple[str, ...]
    case_id: int | None
    category: str | None
    subcategory: str | None
    confidence: float | None
    group: str | None
    due_date: date | None
    state: CaseState | None
    memo_sha256: str | None


def ledger_lines(house: House, *, limit: int = 500, offset: int = 0) -> list[LedgerLine]:
    """Return items of the ledger in the order of arrival."""
    query = (
        joined_rows()
        .where(or_(Letter.id.is_(None), Letter.part == 1))
        .order_by(IntakeItem.id)
        .limit(limit)
        .offset(offset)
    )
    with open_snapshot(house.sessions) as session:
        rows = session.execute(query).tuples().all()
        numbers = numbers_of_items(session, [item.id for item, *_ in rows])
        return [_line(numbers.get(row[0].id, ()), *row) for row in rows]


def _line(
    numbers: tuple[str, ...],
    item: IntakeItem,
    letter: Letter | None,
    case: Case | None,
    decided: ClassificationRow | None,
    draft: Draft | None,
) -> LedgerLine:
    return LedgerLine(
        item_id=item.id,
        source=item.source,
        file=item.file_name,
        sha256=item.sha256,
        message_id=item.message_id,
        channel=item.channel,
        arrived_at=item.arrived_at,
        outcome=IntakeOutcome(item.outcome),
        reason=why(item),
        register_number=numbers[0] if numbers else None,
        register_numbers=numbers,
        case_id=case.id if case else None,
        category=case.category if case else None,
        subcategory=case.subcategory if case else None,
        confidence=decided.probabilities.get(decided.category) if decided else None,
        group=case.group_id if case else None,
        due_date=case.due_date if case else None,
        state=CaseState(case.state) if case else None,
        memo_sha256=draft.sha256 if draft else None,
    )
