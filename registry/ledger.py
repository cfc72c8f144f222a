"""The intake ledger: bytes and row are committed before anything is parsed (mail.md, rules 1-5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from correspondence.clock import Clock
from correspondence.national_ids import masked_national_ids
from correspondence.vocabulary import Channel, IntakeOutcome
from registry.blobs import BlobStore
from registry.chunks import chunks
from registry.engine import Sessions
from registry.models import AuditEvent, IntakeItem
from registry.polls import Polls

MAX_ATTEMPTS = 4
FIRST_BACK_OFF = timedelta(minutes=1)
ARCHIVE = "(archive)"
"""Source of old papers entered afterwards; no name that `sources.toml` may give."""
# `sha256` of an item whose bytes stayed at its source.
NO_BYTES = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One item as it arrived; `arrived_at` is aware, `source_key` unique within `source`.

    Attributes:
        priority: higher is read first; what a look at subject or file name asks for.
        to_sort: it waits for the rules of its mailbox before it may be claimed.
        renewable: start of the keys of its folder, where the server may have numbered its mails
            anew (UIDVALIDITY): an older row with the same bytes then takes the new key instead
            of a second row being made. Empty for sources whose keys never change.
        numbering: start of the keys that are in force; rows that have it are never renewed.
    """

    source: str
    source_key: str
    channel: Channel
    file_name: str
    message_id: str | None
    data: bytes = field(repr=False)
    arrived_at: datetime
    priority: int = 0
    to_sort: bool = False
    renewable: str = ""
    numbering: str = ""


@dataclass(frozen=True, slots=True)
class LeftOutside:
    """An item too big to take: its bytes stay at the source, its row is held from the start.

    `size` is in bytes; `code`, `thai` and `english` say why.
    """

    source: str
    source_key: str
    channel: Channel
    file_name: str
    size: int
    arrived_at: datetime
    code: str
    thai: str
    english: str


@dataclass(frozen=True, slots=True)
class StoredItem:
    """The ledger row of an arrival; `new` is False where it was already there."""

    id: int
    new: bool


class Ledger:
    """Every item that ever arrived; `polls` is what is known of the sources they come from."""

    def __init__(self, sessions: Sessions, blobs: BlobStore, clock: Clock) -> None:
        """Keep where rows and bytes go, and the clock."""
        self._sessions = sessions
        self._blobs = blobs
        self._clock = clock
        self.polls = Polls(sessions, clock)

    def store(self, arrival: Arrival) -> StoredItem:
        """Commit bytes and row; the same (source, source_key) a second time changes nothing.

        Raises:
            StorageFull: no room; the source keeps the item and the next poll tries again.
        """
        return self.store_many([arrival])[0]

    def store_many(self, arrivals: Sequence[Arrival]) -> list[StoredItem]:
        """Commit the bytes of all, then their rows at once; as `store`, in the same order.

        Raises:
            StorageFull: no room; nothing of these stands in the ledger yet.
        """
        digests = self._blobs.put_many([arrival.data for arrival in arrivals])
        pairs = list(zip(arrivals, digests, strict=True))
        try:
            with self._sessions.begin() as session:
                return [self._add(session, arrival, digest) for arrival, digest in pairs]
        except IntegrityError:
            # Another poller committed one of the keys between our look and our insert. One by
            # one, so that only those already there are passed over.
            return [self._add_alone(arrival, digest) for arrival, digest in pairs]

    def _add_alone(self, arrival: Arrival, digest: str) -> StoredItem:
        try:
            with self._sessions.begin() as session:
                return self._add(session, arrival, digest)
        except IntegrityError:
            with self._sessions.begin() as session:
                known = _item_id(session, arrival.source, arrival.source_key)
            if known is None:
                raise
            return StoredItem(known, new=False)

    def _add(self, session: Session, arrival: Arrival, digest: str) -> StoredItem:
        known = _item_id(session, arrival.source, arrival.source_key)
        if known is None and arrival.renewable:
            known = _renew_key(session, arrival, digest)
        if known is not None:
            return StoredItem(known, new=False)
        now = self._clock()
        row = IntakeItem(
            source=arrival.source,
            source_key=arrival.source_key,
            channel=arrival.channel.value,
            file_name=masked_national_ids(arrival.file_name),
            message_id=arrival.message_id,
            sha256=digest,
            size=len(arrival.data),
            arrived_at=arrival.arrived_at,
            stored_at=now,
            outcome=IntakeOutcome.PENDING.value,
            priority=arrival.priority,
            sorted_at=None if arrival.to_sort else now,
        )
        session.add(row)
        session.flush()
        return StoredItem(row.id, new=True)

    def note_outside(self, left: LeftOutside) -> StoredItem:
        """Commit a held row without bytes, so that the queue shows what lies at the source."""
        now = self._clock()
        row = IntakeItem(
            source=left.source,
            source_key=left.source_key,
            channel=left.channel.value,
            file_name=masked_national_ids(left.file_name),
            message_id=None,
            sha256=NO_BYTES,
            size=left.size,
            arrived_at=left.arrived_at,
            stored_at=now,
            sorted_at=now,
            settled_at=now,
            outcome=IntakeOutcome.HELD.value,
            reason_code=left.code,
            reason_thai=left.thai,
            reason_english=left.english,
        )
        # The source's lease keeps a second poller from the same key.
        with self._sessions.begin() as session:
            known = _item_id(session, left.source, left.source_key)
            if known is not None:
                return StoredItem(known, new=False)
            session.add(row)
            session.flush()
            session.add(
                AuditEvent(
                    at=now,
                    actor="saraban",
                    action="settle_intake",
                    intake_item_id=row.id,
                    reason=left.code,
                    before={"outcome": IntakeOutcome.PENDING.value},
                    after={"outcome": IntakeOutcome.HELD.value},
                )
            )
            return StoredItem(row.id, new=True)

    def known_keys(self, source: str, keys: Iterable[str]) -> set[str]:
        """Return which of the keys are already in the ledger."""
        wanted = list(keys)
        with self._sessions.begin() as session:
            found: set[str] = set()
            for chunk in chunks(wanted):
                found.update(
                    session.scalars(
                        select(IntakeItem.source_key).where(
                            IntakeItem.source == source,
                            IntakeItem.source_key.in_(chunk),
                        )
                    )
                )
            return found

    def claim(
        self,
        owner: str,
        limit: int,
        lease: timedelta,
        *,
        only: Iterable[int] | None = None,
        archive: bool = False,
    ) -> list[int]:
        """Lease up to `limit` pending items and return their ids.

        Those of a higher priority come first, then the oldest arrival. An item that still waits
        for the rules of its mailbox is left. Old papers of the archive are never claimed with
        the letters of the day: `archive` claims these alone.

        Two workers never get the same item: PostgreSQL skips locked rows, SQLite has one
        writer. A lease that ran out (its worker was killed) may be claimed again.
        """
        now = self._clock()
        query = (
            select(IntakeItem.id)
            .where(
                IntakeItem.outcome == IntakeOutcome.PENDING.value,
                IntakeItem.sorted_at.is_not(None),
                or_(IntakeItem.next_attempt_at.is_(None), IntakeItem.next_attempt_at <= now),
                or_(IntakeItem.leased_until.is_(None), IntakeItem.leased_until <= now),
            )
            .order_by(IntakeItem.priority.desc(), IntakeItem.arrived_at, IntakeItem.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        if only is not None:
            query = query.where(IntakeItem.id.in_(list(only)))
        else:
            of_archive = IntakeItem.source == ARCHIVE
            query = query.where(of_archive if archive else ~of_archive)
        with self._sessions.begin() as session:
            ids = list(session.scalars(query))
            if not ids:
                return ids
            session.execute(
                update(IntakeItem)
                .where(IntakeItem.id.in_(ids))
                .values(leased_by=owner, leased_until=now + lease, attempts=IntakeItem.attempts + 1)
            )
        return ids

    def postpone(self, item_id: int, code: str, thai: str, english: str) -> IntakeOutcome:
        """Let a failed item be tried again later; after the last try it is held.

        Back-off doubles from one minute. Returns PENDING or HELD.
        """
        now = self._clock()
        with self._sessions.begin() as session:
            item = session.get_one(IntakeItem, item_id, with_for_update=True)
            item.reason_code, item.reason_thai, item.reason_english = code, thai, english
            item.leased_by = item.leased_until = None
            if item.attempts >= MAX_ATTEMPTS:
                item.outcome = IntakeOutcome.HELD.value
                item.settled_at = now
                return IntakeOutcome.HELD
            item.next_attempt_at = now + FIRST_BACK_OFF * 2 ** (item.attempts - 1)
            return IntakeOutcome.PENDING

    def put_back(self, item_ids: Iterable[int], code: str, thai: str, english: str) -> None:
        """Let leased items wait a minute for what they need; no try is counted.

        For what is no fault of theirs: the blob store is away.
        """
        now = self._clock()
        with self._sessions.begin() as session:
            for chunk in chunks(list(item_ids)):
                session.execute(
                    update(IntakeItem)
                    .where(
                        IntakeItem.id.in_(chunk), IntakeItem.outcome == IntakeOutcome.PENDING.value
                    )
                    .values(
                        leased_by=None,
                        leased_until=None,
                        attempts=case((IntakeItem.attempts > 0, IntakeItem.attempts - 1), else_=0),
                        next_attempt_at=now + FIRST_BACK_OFF,
                        reason_code=code,
                        reason_thai=thai,
                        reason_english=english,
                    )
                )

    def not_done(self, source: str) -> list[tuple[int, str]]:
        """Return (id, source key) of stored items whose source has not been told yet."""
        with self._sessions.begin() as session:
            rows = session.execute(
                select(IntakeItem.id, IntakeItem.source_key)
                .where(IntakeItem.source == source, IntakeItem.source_done_at.is_(None))
                .order_by(IntakeItem.id)
            )
            return [(row[0], row[1]) for row in rows]

    def mark_source_done(self, *item_ids: int) -> None:
        """Note that the mails were moved or the files put away."""
        if not item_ids:
            return
        with self._sessions.begin() as session:
            for chunk in chunks(item_ids):
                session.execute(
                    update(IntakeItem)
                    .where(IntakeItem.id.in_(chunk))
                    .values(source_done_at=self._clock())
                )

    def counts(self) -> dict[IntakeOutcome, int]:
        """Return how many items stand in each outcome."""
        with self._sessions.begin() as session:
            rows = session.execute(
                select(IntakeItem.outcome, func.count()).group_by(IntakeItem.outcome)
            )
            return {IntakeOutcome(outcome): count for outcome, count in rows}


def _item_id(session: Session, source: str, key: str) -> int | None:
    return session.scalar(
        select(IntakeItem.id).where(IntakeItem.source == source, IntakeItem.source_key == key)
    )


def _renew_key(session: Session, arrival: Arrival, digest: str) -> int | None:
    """Give an older row of the same bytes the new key; returns its id, or None without one.

    Rule 2: when UIDVALIDITY changed, the folder is listed anew and matched by hash. The earliest
    row is taken first, so that copies of one mail find a row each.
    """
    row = session.scalar(
        select(IntakeItem)
        .where(
            IntakeItem.source == arrival.source,
            IntakeItem.sha256 == digest,
            IntakeItem.source_key.startswith(arrival.renewable, autoescape=True),
            ~IntakeItem.source_key.startswith(arrival.numbering, autoescape=True),
        )
        .order_by(IntakeItem.id)
        .limit(1)
        .with_for_update()
    )
    if row is None:
        return None
    row.source_key, row.source_done_at = arrival.source_key, None
    session.flush()
    return row.id
