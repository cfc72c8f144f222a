"""Raise, clear, list and tell alerts: one open row per source and fault code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.models import Alert


@dataclass(frozen=True, slots=True)
class AlertNews:
    """What the administrators have not been told of an alert; moments are aware.

    Attributes:
        alert_id: the alert.
        source: the mailbox, folder or part of the house.
        code: the fault's code.
        since: when it was met first.
        cleared_at: when it passed, None while it is in force.
        raised_told: whether they know that it was raised.
    """

    alert_id: int
    source: str
    code: str
    since: datetime
    cleared_at: datetime | None
    raised_told: bool


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An alert in force; moments are aware."""

    source: str
    code: str
    since: datetime
    last_seen: datetime
    count: int


def raise_alert(
    session: Session,
    source: str,
    code: str,
    *,
    at: datetime,
    since: datetime | None = None,
    count: int = 1,
) -> None:
    """Open an alert, or count once more in the open one; nothing is committed here.

    Args:
        session: the transaction to write in.
        source: the mailbox, folder or part of the house.
        code: the fault's code.
        at: when it was met last.
        since: when it was met first, by default `at`.
        count: how often it was met.
    """
    if _count_again(session, source, code, at, count):
        return
    try:
        with session.begin_nested():
            session.add(
                Alert(source=source, code=code, since=since or at, last_seen=at, count=count)
            )
            session.flush()
    except IntegrityError:
        # Another process opened it between our look and our insert.
        _count_again(session, source, code, at, count)


def clear_alerts(
    session: Session, source: str, *, at: datetime, but: Iterable[str] = ()
) -> list[str]:
    """Clear the open alerts of a source, less those named; returns the codes cleared."""
    standing = (Alert.source == source, Alert.cleared_at.is_(None), Alert.code.not_in(list(but)))
    codes = list(session.scalars(select(Alert.code).where(*standing).order_by(Alert.code)))
    if codes:
        session.execute(update(Alert).where(*standing).values(cleared_at=at))
    return codes


def open_alerts(session: Session) -> list[OpenAlert]:
    """Return the alerts in force, oldest first."""
    rows = session.scalars(
        select(Alert).where(Alert.cleared_at.is_(None)).order_by(Alert.since, Alert.id)
    )
    return [OpenAlert(row.source, row.code, row.since, row.last_seen, row.count) for row in rows]


def untold_alerts(session: Session) -> list[AlertNews]:
    """Return what the administrators have not been told yet, oldest first."""
    rows = session.scalars(
        select(Alert)
        .where(
            or_(
                Alert.raised_told_at.is_(None),
                and_(Alert.cleared_at.is_not(None), Alert.cleared_told_at.is_(None)),
            )
        )
        .order_by(Alert.since, Alert.id)
    )
    return [
        AlertNews(
            row.id, row.source, row.code, row.since, row.cleared_at, row.raised_told_at is not None
        )
        for row in rows
    ]


def mark_told(session: Session, news: Iterable[AlertNews], *, at: datetime) -> None:
    """Note that word of these went into the outbox, of their end too where they have passed."""
    for told in news:
        values: dict[str, datetime] = {} if told.raised_told else {"raised_told_at": at}
        if told.cleared_at is not None:
            values["cleared_told_at"] = at
        session.execute(update(Alert).where(Alert.id == told.alert_id).values(**values))


def _count_again(session: Session, source: str, code: str, at: datetime, count: int) -> bool:
    done = session.execute(
        update(Alert)
        .where(Alert.source == source, Alert.code == code, Alert.cleared_at.is_(None))
        .values(last_seen=at, count=Alert.count + count)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]
