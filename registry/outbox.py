"""The outbox: a notice is put once by its key and leaves once, however often a run repeats.

A message is written in the transaction that gives rise to it and sent afterwards, so a mail
server that is away loses nothing. A draft waits for the person who releases it; a withdrawn
message stays, visibly, and never leaves.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from registry.chunks import chunks
from registry.engine import Sessions
from registry.models import OutboxMessage

# The alert of a message that tells a mail's sender the register number.
ACKNOWLEDGEMENT = "acknowledgement"
# The recipient of a message that no mail server takes begins with it.
CHANNEL = "channel:"
MAX_REFUSALS = 5
FIRST_BACK_OFF = timedelta(minutes=5)
LONGEST_BACK_OFF = timedelta(hours=1)


class Carrier(StrEnum):
    """Who takes a message: the mail server, or a channel such as a webhook."""

    MAIL = "mail"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class MessageKey:
    """What makes a message the same: (alert, case, recipient, level).

    Attributes:
        alert: why it is sent, for example `overdue`; no slash in it.
        level: the step of the alert and what it counts from, for example `1:2026-11-20`.
        case_id: the case, None for a notice about none.
        recipient: the mail address, or the name of a channel.
    """

    alert: str
    level: str
    case_id: int | None
    recipient: str

    def __str__(self) -> str:
        """Return the unique key; the address comes last, because anything may stand in it."""
        return f"{self.alert}:{self.level}/{self.case_id or '-'}/{self.recipient}"


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A notice to send; ids, dates and groups only, never what a letter says.

    A `draft` is held until a person releases it.
    """

    key: MessageKey
    subject: str
    body: str
    draft: bool = False


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """A claimed message, to be sent and then marked."""

    id: int
    key: str
    recipient: str
    subject: str
    body: str
    token: str


@dataclass(frozen=True, slots=True)
class OutboxStanding:
    """How many messages are sent, wait, were refused for good, are drafts, were withdrawn."""

    sent: int
    waiting: int
    given_up: int
    drafts: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class DraftMessage:
    """A draft that waits for a person; its address is the recipient's own."""

    id: int
    alert: str
    case_id: int | None
    recipient: str
    subject: str
    body: str
    created_at: datetime


def put_message(session: Session, message: NewMessage, *, at: datetime) -> bool:
    """Put a message in the caller's transaction; False where its key is already there."""
    return insert_message(session, message, at=at) is not None


def insert_message(session: Session, message: NewMessage, *, at: datetime) -> int | None:
    """Put a message in the caller's transaction; its id, None where its key is already there."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = (
        dialect.insert(OutboxMessage)
        .values(
            key=str(message.key),
            alert=message.key.alert,
            case_id=message.key.case_id,
            recipient=message.key.recipient,
            subject=message.subject,
            body=message.body,
            created_at=at,
            attempts=0,
            draft=message.draft,
            token=secrets.token_hex(16),
        )
        .on_conflict_do_nothing(index_elements=[OutboxMessage.key])
        .returning(OutboxMessage.id)
    )
    return session.execute(statement).scalar_one_or_none()


def key_token(key: str) -> str:
    """Return the token of a message of before there were random ones."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def noticed_levels(session: Session, case_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """Return for each case the `alert:level` of every message put so far, to whomever."""
    found: dict[int, set[str]] = defaultdict(set)
    wanted = list(case_ids)
    for chunk in chunks(wanted):
        rows = session.execute(
            select(OutboxMessage.case_id, OutboxMessage.key).where(OutboxMessage.case_id.in_(chunk))
        ).tuples()
        for case_id, key in rows:
            if case_id is not None:
                found[case_id].add(key.partition("/")[0])
    return {case_id: frozenset(levels) for case_id, levels in found.items()}


def claim_messages(
    sessions: Sessions,
    *,
    now: datetime,
    limit: int,
    lease: timedelta,
    withheld: Iterable[str] = (),
    carrier: Carrier = Carrier.MAIL,
) -> list[WaitingMessage]:
    """Lease up to `limit` unsent messages that are due, oldest first.

    A sender that is killed loses its lease when it runs out; until then nobody else sends.

    Args:
        sessions: where the outbox is.
        now: the moment, aware.
        limit: at most so many.
        lease: how long the sender may take.
        withheld: alerts that must wait (outside office hours).
        carrier: who takes them.
    """
    of_channel = OutboxMessage.recipient.startswith(CHANNEL, autoescape=True)
    query = (
        select(OutboxMessage)
        .where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.draft.is_(False),
            OutboxMessage.withdrawn_at.is_(None),
            OutboxMessage.attempts < MAX_REFUSALS,
            or_(OutboxMessage.next_attempt_at.is_(None), OutboxMessage.next_attempt_at <= now),
            OutboxMessage.alert.not_in(list(withheld)),
            of_channel if carrier is Carrier.CHANNEL else not_(of_channel),
        )
        .order_by(OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    with sessions.begin() as session:
        rows = session.scalars(query).all()
        for row in rows:
            row.next_attempt_at = now + lease
        return [
            WaitingMessage(
                row.id,
                row.key,
                row.recipient,
                row.subject,
                row.body,
                row.token or key_token(row.key),
            )
            for row in rows
        ]


def mark_sent(sessions: Sessions, message_id: int, *, at: datetime) -> None:
    """Note that the mail server took the message."""
    with sessions.begin() as session:
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == message_id)
            .values(sent_at=at, next_attempt_at=None, fault_code=None)
        )


def mark_refused(sessions: Sessions, message_id: int, code: str, *, at: datetime) -> None:
    """Note that the server refused this message; after MAX_REFUSALS it is given up, visibly."""
    with sessions.begin() as session:
        row = session.get_one(OutboxMessage, message_id, with_for_update=True)
        row.attempts += 1
        row.fault_code = code
        row.next_attempt_at = at + min(FIRST_BACK_OFF * 2 ** (row.attempts - 1), LONGEST_BACK_OFF)


def defer_messages(
    sessions: Sessions, message_ids: Iterable[int], code: str, *, at: datetime
) -> None:
    """Give messages back because the server is away; that is not their fault, so no count.

    The pause grows with the age of a message, from FIRST_BACK_OFF to LONGEST_BACK_OFF.
    """
    with sessions.begin() as session:
        rows = session.scalars(
            select(OutboxMessage).where(
                OutboxMessage.id.in_(list(message_ids)), OutboxMessage.sent_at.is_(None)
            )
        )
        for row in rows:
            pause = min(max((at - row.created_at) / 2, FIRST_BACK_OFF), LONGEST_BACK_OFF)
            row.next_attempt_at, row.fault_code = at + pause, code


def draft_messages(session: Session) -> list[DraftMessage]:
    """Return the drafts that wait for a person, oldest first."""
    rows = session.scalars(select(OutboxMessage).where(_waiting_draft()).order_by(OutboxMessage.id))
    return [
        DraftMessage(
            row.id, row.alert, row.case_id, row.recipient, row.subject, row.body, row.created_at
        )
        for row in rows
    ]


def release_message(session: Session, message_id: int, by: str, *, at: datetime) -> bool:
    """Let a draft leave at the next sending; False where no such draft waits."""
    done = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, _waiting_draft())
        .values(draft=False, released_by=by, released_at=at)
        .returning(OutboxMessage.id)
    )
    return done.scalar_one_or_none() is not None


def withdraw_message(session: Session, message_id: int, code: str, *, at: datetime) -> bool:
    """Keep a draft from ever leaving, for the reason `code`; False where no such draft waits."""
    done = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, _waiting_draft())
        .values(withdrawn_at=at, fault_code=code)
        .returning(OutboxMessage.id)
    )
    return done.scalar_one_or_none() is not None


def withdraw_messages(session: Session, case_id: int, code: str, *, at: datetime) -> int:
    """Keep everything unsent about a case from ever leaving; returns how many messages."""
    done = session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.case_id == case_id,
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=at, fault_code=code, next_attempt_at=None)
        .returning(OutboxMessage.id)
    )
    return len(done.scalars().all())


def rewrite_message(session: Session, message_id: int, subject: str, body: str) -> None:
    """Let a message that was not sent yet say something else."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.sent_at.is_(None))
        .values(subject=subject, body=body)
    )


def withdraw_claimed(session: Session, message_id: int, code: str, *, at: datetime) -> None:
    """Keep a message from leaving that its sender has claimed, for the reason `code`."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.sent_at.is_(None))
        .values(withdrawn_at=at, fault_code=code, next_attempt_at=None)
    )


def _waiting_draft() -> ColumnElement[bool]:
    return and_(
        OutboxMessage.draft.is_(True),
        OutboxMessage.withdrawn_at.is_(None),
        OutboxMessage.sent_at.is_(None),
    )


def outbox_standing(sessions: Sessions) -> OutboxStanding:
    """Return how the outbox stands."""
    unsent = and_(
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.draft.is_(False),
        OutboxMessage.withdrawn_at.is_(None),
    )
    with sessions.begin() as session:

        def number_of(*conditions: object) -> int:
            query = select(func.count()).select_from(OutboxMessage)
            return session.scalar(query.where(*conditions)) or 0  # type: ignore[arg-type]

        return OutboxStanding(
            sent=number_of(OutboxMessage.sent_at.is_not(None)),
            waiting=number_of(unsent, OutboxMessage.attempts < MAX_REFUSALS),
            given_up=number_of(unsent, OutboxMessage.attempts >= MAX_REFUSALS),
            drafts=number_of(_waiting_draft()),
            withdrawn=number_of(OutboxMessage.withdrawn_at.is_not(None)),
        )
