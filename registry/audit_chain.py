"""Chain every audit event of a transaction right before it commits, whatever code made it.

The head's row is locked last, when nothing else is left to lock: two transactions wait for each
other only through their commits, so there is no deadlock. A rollback leaves no gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, event, insert, select, update
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, sessionmaker

from correspondence.errors import ConfigurationFault, SarabanError
from registry.audit_form import (
    AuditKeys,
    EventRecord,
    Head,
    make_head,
    make_link,
    mark_of_broken_seal,
    seal_holds,
)
from registry.chunks import chunks
from registry.models import AuditEvent, AuditHead, AuditLink

_PENDING: Final = "saraban_audit_pending"

_EVENTS = AuditEvent.__table__
_HEAD = AuditHead.__table__
_LINKS = AuditLink.__table__
EVENT_COLUMNS = tuple(_EVENTS.c[name] for name in EventRecord.__dataclass_fields__)
_HEAD_COLUMNS = tuple(_HEAD.c[name] for name in Head.__dataclass_fields__)


class AuditBroken(SarabanError):
    """The audit trail was changed, shortened or lengthened behind the house's back."""

    code = "audit_broken"


class AuditKeyMissing(ConfigurationFault):
    """The trail is written with a key that this process was not given."""

    code = "audit_key_missing"


def chain_events(sessions: sessionmaker[Session], keys: AuditKeys) -> None:
    """Let every session of a factory chain its audit events at commit, with the key in force."""

    def gather(session: Session, _context: object) -> None:
        new = [row for row in session.new if isinstance(row, AuditEvent)]
        if new:
            session.info.setdefault(_PENDING, set()).update(row.id for row in new)

    def commit(session: Session) -> None:
        if session.in_nested_transaction():
            return
        session.flush()
        pending = session.info.pop(_PENDING, None)
        if pending:
            append_links(session.connection(), keys, sorted(pending))

    def end(session: Session, transaction: SessionTransaction) -> None:
        if transaction.parent is None:
            session.info.pop(_PENDING, None)

    event.listen(sessions, "after_flush", gather)
    event.listen(sessions, "before_commit", commit)
    event.listen(sessions, "after_transaction_end", end)
    event.listen(sessions, "do_orm_execute", _refuse_bulk)


def add_events(session: Session, events: Sequence[Mapping[str, Any]]) -> None:
    """Add many events at once in the caller's transaction; they are chained as all others are.

    Faster than objects where thousands of cases change in one act.

    Args:
        session: an open transaction of a factory that chains.
        events: the columns of each event; `reason`, `before` and `after` have to be among them.
    """
    if not events:
        return
    # In the order of what was added before.
    session.flush()
    ids = session.connection().execute(
        insert(AuditEvent).returning(_EVENTS.c.id, sort_by_parameter_order=True), list(events)
    )
    session.info.setdefault(_PENDING, set()).update(ids.scalars())


def append_links(connection: Connection, keys: AuditKeys, event_ids: Sequence[int]) -> None:
    """Append these events to the chain, in this order; those rolled back are left out.

    What is hashed is read back from the database: it is what a check will find there.

    Raises:
        AuditBroken: the chain has no head.
        AuditKeyMissing: the chain is written with a key that is not among these.
    """
    events = list(_read_events(connection, event_ids))
    if not events:
        return
    head = read_head(connection, lock=True)
    check_key(keys, head)
    intact = seal_holds(keys, head) and not _lost_its_key(connection, keys, head)
    previous = head.hash if intact else mark_of_broken_seal(head.hash)
    key_id, sequence = keys.current_id, head.sequence
    rows: list[dict[str, Any]] = []
    for record in events:
        sequence += 1
        link = make_link(keys, key_id=key_id, sequence=sequence, previous=previous, event=record)
        previous = link.hash
        rows.append({name: getattr(link, name) for name in link.__dataclass_fields__})
    connection.execute(insert(AuditLink), rows)
    made = make_head(keys, chain_id=head.chain_id, sequence=sequence, last=previous, key_id=key_id)
    connection.execute(
        update(AuditHead).values(
            sequence=made.sequence, hash=made.hash, key_id=made.key_id, seal=made.seal
        )
    )


def read_head(connection: Connection, *, lock: bool = False) -> Head:
    """Return the head; locked until the transaction ends if asked.

    Raises:
        AuditBroken: there is none.
    """
    query = select(*_HEAD_COLUMNS)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise AuditBroken(
            "The audit trail has no head.",
            thai="บันทึกการตรวจสอบถูกแก้ไข: ไม่มีส่วนหัวของสายโซ่",
            remedy="Restore the database from its backup.",
        )
    return Head(*row)


def check_key(keys: AuditKeys, head: Head) -> None:
    """Refuse to go on without the key that the chain is written with.

    Raises:
        AuditKeyMissing: it is not among these.
    """
    if not keys.knows(head.key_id):
        raise AuditKeyMissing(
            f"The audit trail is written with the key {head.key_id}, which is not given.",
            thai="ไม่ได้กำหนดกุญแจของบันทึกการตรวจสอบ (SARABAN_AUDIT_KEY)",
            remedy="Put it into SARABAN_AUDIT_KEY, behind a newer one if there is one.",
        )


def _lost_its_key(connection: Connection, keys: AuditKeys, head: Head) -> bool:
    """Tell whether a head without a key ends a chain that has one."""
    if not keys.current_id or head.key_id:
        return False
    last = select(_LINKS.c.key_id).where(_LINKS.c.sequence == head.sequence)
    return bool(connection.scalar(last))


def _read_events(connection: Connection, event_ids: Sequence[int]) -> Iterator[EventRecord]:
    for chunk in chunks(event_ids):
        query = select(*EVENT_COLUMNS).where(_EVENTS.c.id.in_(chunk))
        for row in connection.execute(query.order_by(_EVENTS.c.id)):
            yield EventRecord(*row)


def _refuse_bulk(state: ORMExecuteState) -> None:
    """An insert statement would pass the chain by."""
    mapper = state.bind_mapper
    if state.is_insert and mapper is not None and mapper.class_ is AuditEvent:
        raise RuntimeError("add AuditEvent objects, or call add_events; an insert is not chained")
