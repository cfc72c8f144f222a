"""Which reminders are put, to whom, in which message: the sent table behind `<=`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from correspondence.vocabulary import CaseState
from registry.chunks import chunks
from registry.models import Case, NoticeRow, OutboxMessage
from registry.outbox import MessageKey

# The alert of the daily message that holds all reminders of one person.
DIGEST = "digest"
_NOTICE_LOCK = 7_260_425_571


@dataclass(frozen=True, slots=True)
class PutNotice:
    """A reminder in a message: the case and the level (`overdue:1:2026-11-24`)."""

    case_id: int
    level: str


def lock_notices(session: Session) -> None:
    """Let one pass at a time decide who is reminded, until the caller's transaction ends.

    Two passes at once would both find what neither has put. SQLite has one writer.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_NOTICE_LOCK)))


def put_levels(session: Session, case_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """Return for each case the levels put so far, to whomever."""
    found: dict[int, set[str]] = defaultdict(set)
    wanted = list(case_ids)
    for chunk in chunks(wanted):
        rows = session.execute(
            select(NoticeRow.case_id, NoticeRow.level).where(NoticeRow.case_id.in_(chunk))
        ).tuples()
        for case_id, level in rows:
            found[case_id].add(level)
    return {case_id: frozenset(levels) for case_id, levels in found.items()}


def record_notices(
    session: Session,
    notices: Iterable[PutNotice],
    *,
    recipient: str,
    message_id: int,
    at: datetime,
) -> None:
    """Note what a message holds; what is noted already stays as it is."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows = [
        {
            "key": f"{notice.level}/{notice.case_id}/{recipient}",
            "case_id": notice.case_id,
            "level": notice.level,
            "recipient": recipient,
            "message_id": message_id,
            "put_at": at,
        }
        for notice in notices
    ]
    for chunk in chunks(rows):
        session.execute(
            dialect.insert(NoticeRow).on_conflict_do_nothing(index_elements=[NoticeRow.key]),
            chunk,
        )


def digest_key(day: date, recipient: str) -> MessageKey:
    """Return the key of a person's digest of a day: there is one."""
    return MessageKey(DIGEST, day.isoformat(), None, recipient)


def digest_recipients(session: Session, day: date) -> frozenset[str]:
    """Return who has been given a digest on this day (Bangkok)."""
    return frozenset(
        session.scalars(
            select(OutboxMessage.recipient).where(
                OutboxMessage.alert == DIGEST,
                OutboxMessage.key.startswith(f"{DIGEST}:{day.isoformat()}/", autoescape=True),
            )
        )
    )


def void_cases_of(session: Session, message_id: int) -> frozenset[int]:
    """Return the cases a message reminds of that are void, or part of another case, by now."""
    gone = [CaseState.VOIDED.value, CaseState.DUPLICATE.value]
    query = (
        select(NoticeRow.case_id)
        .join(Case, Case.id == NoticeRow.case_id)
        .where(NoticeRow.message_id == message_id, Case.state.in_(gone))
    )
    return frozenset(session.scalars(query))
