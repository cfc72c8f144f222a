"""The queues of items as the review app lists them, a page at a time, with names of files.

They are for whoever may see the holding pen; secret items are `pipeline/secret_desk.py`'s.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select

from correspondence.reading import Frozen
from correspondence.vocabulary import Channel, IntakeOutcome
from pipeline.bootstrap import House
from registry.engine import open_snapshot
from registry.models import IntakeItem

PAGE_SIZE = 50


class Queue(StrEnum):
    """Where an item waits; `pending` are those that failed and are tried again by themselves."""

    HELD = "held"
    PENDING = "pending"
    REJECTED = "rejected"
    QUARANTINED = "quarantined"


class WaitingLine(Frozen):
    """An item of a queue. Moments are aware, `size` is in bytes.

    `since` is since when it stands there, None while it waits for its next try.
    """

    id: int
    source: str
    channel: Channel
    file_name: str
    arrived_at: datetime
    since: datetime | None
    outcome: IntakeOutcome
    reason_thai: str
    reason_english: str
    attempts: int
    next_attempt_at: datetime | None
    size: int
    suspicious: bool


class WaitingPage(Frozen):
    """One page of a queue; `number` counts from 1."""

    rows: tuple[WaitingLine, ...]
    number: int
    pages: int
    total: int


def waiting_page(house: House, queue: Queue, number: int = 1) -> WaitingPage:
    """Return a page of a queue, oldest arrival first; a number past the end gives the last page."""
    conditions = _conditions(queue)
    with open_snapshot(house.sessions) as session:
        total = session.scalar(select(func.count(IntakeItem.id)).where(*conditions)) or 0
        pages = max(1, -(-total // PAGE_SIZE))
        number = min(max(number, 1), pages)
        items = session.scalars(
            select(IntakeItem)
            .where(*conditions)
            .order_by(IntakeItem.arrived_at, IntakeItem.id)
            .limit(PAGE_SIZE)
            .offset((number - 1) * PAGE_SIZE)
        )
        rows = tuple(_line(item) for item in items)
    return WaitingPage(rows=rows, number=number, pages=pages, total=total)


def _conditions(queue: Queue) -> list[ColumnElement[bool]]:
    conditions = [IntakeItem.outcome == queue.value]
    if queue is Queue.PENDING:
        conditions.append(IntakeItem.reason_code != "")
    return conditions


def _line(item: IntakeItem) -> WaitingLine:
    return WaitingLine(
        id=item.id,
        source=item.source,
        channel=Channel(item.channel),
        file_name=item.file_name,
        arrived_at=item.arrived_at,
        since=item.settled_at,
        outcome=IntakeOutcome(item.outcome),
        reason_thai=item.reason_thai,
        reason_english=item.reason_english,
        attempts=item.attempts,
        next_attempt_at=item.next_attempt_at,
        size=item.size,
        suspicious=item.suspicious,
    )
