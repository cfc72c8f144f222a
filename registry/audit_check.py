"""Check the audit trail of a database from end to end, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.audit_chain import EVENT_COLUMNS, read_head
from registry.audit_form import AuditKeys, EventRecord, Link
from registry.audit_walk import Anchor, AuditCheck, ChainWalk
from registry.models import AuditEvent, AuditLink

_CHUNK: Final = 1000
_EVENTS = AuditEvent.__table__
_LINKS = AuditLink.__table__
_LINK_COLUMNS = tuple(_LINKS.c[name] for name in Link.__dataclass_fields__)


def check_trail(session: Session, keys: AuditKeys, anchor: Anchor | None = None) -> AuditCheck:
    """Follow every link and look for events without one.

    Args:
        session: a snapshot (`open_snapshot`): what commits meanwhile must not show in half.
        keys: the keys of the chain.
        anchor: where the chain once ended, if that was kept.

    Raises:
        AuditBroken: the chain has no head.
    """
    walk = ChainWalk(keys, read_head(session.connection()), anchor)
    for link, event in _links(session):
        walk.follow(link, event)
    walk.meet_unchained(_unchained(session))
    return walk.end()


def _links(session: Session) -> Iterator[tuple[Link, EventRecord | None]]:
    joined = _LINKS.outerjoin(_EVENTS, _EVENTS.c.id == _LINKS.c.event_id)
    query = select(*_LINK_COLUMNS, *EVENT_COLUMNS).select_from(joined).order_by(_LINKS.c.sequence)
    split = len(_LINK_COLUMNS)
    for row in session.connection().execute(query.execution_options(yield_per=_CHUNK)):
        event = EventRecord(*row[split:]) if row[split] is not None else None
        yield Link(*row[:split]), event


def _unchained(session: Session) -> Iterator[int]:
    linked = select(_LINKS.c.sequence).where(_LINKS.c.event_id == _EVENTS.c.id)
    query = select(_EVENTS.c.id).where(~linked.exists()).order_by(_EVENTS.c.id)
    return iter(session.connection().scalars(query.execution_options(yield_per=_CHUNK)))
