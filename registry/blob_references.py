"""Which blobs the database refers to, each once, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Column, Table, func, literal, select, union
from sqlalchemy.orm import Session

from registry.models import Draft, IntakeItem, Report

CHUNK = 500
# Columns that every schema since the first has: a backup may be of an older one.
_HOLDERS: dict[str, Column[str]] = {
    name: table.c.sha256
    for name, table in (
        ("intake_item", IntakeItem.__table__),
        ("draft", Draft.__table__),
        ("report", Report.__table__),
    )
    if isinstance(table, Table)
}


@dataclass(frozen=True, slots=True, order=True)
class Referrer:
    """A record whose bytes a blob holds: `intake_item`, `draft` or `report`, and its id."""

    record: str
    id: int


def digests_after(session: Session, last: str, limit: int = CHUNK) -> list[str]:
    """Return the next SHA-256 (hex) referred to, in their order, without those up to `last`."""
    # One short index walk a table: a union over whole tables would sort them each time.
    parts = [
        select(
            select(column).where(column > last).distinct().order_by(column).limit(limit).subquery()
        )
        for column in _HOLDERS.values()
    ]
    found = union(*parts).subquery()
    digest = found.c[0]
    return list(session.scalars(select(digest).order_by(digest).limit(limit)))


def referred_digests(session: Session) -> Iterator[str]:
    """Yield every SHA-256 that is referred to, once each, in their order."""
    last = ""
    while chunk := digests_after(session, last):
        yield from chunk
        last = chunk[-1]


def count_digests(session: Session) -> int:
    """Return how many different blobs are referred to."""
    found = union(*(select(column).where(column != "") for column in _HOLDERS.values())).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def referrers(session: Session, digest: str, limit: int) -> list[Referrer]:
    """Return up to `limit` records whose bytes a blob holds."""
    found: list[Referrer] = []
    for name, column in _HOLDERS.items():
        query = (
            select(literal(name), column.table.c.id)
            .where(column == digest)
            .order_by(column.table.c.id)
            .limit(limit - len(found))
        )
        found.extend(Referrer(record, row_id) for record, row_id in session.execute(query))
    return found
