"""Addresses of calendar feeds as rows; a token comes in as a hash and stays one."""

from __future__ import annotations

import hmac
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models import CalendarFeed


def keep_feed(
    session: Session, person_id: int, group_id: str | None, token_hash: str, *, at: datetime
) -> CalendarFeed:
    """Keep a new address in the caller's transaction; the one before it for the group ends."""
    end_feeds(session, person_id, group_id, at=at)
    feed = CalendarFeed(
        person_id=person_id, group_id=group_id, token_hash=token_hash, created_at=at
    )
    session.add(feed)
    session.flush()
    return feed


def end_feeds(session: Session, person_id: int, group_id: str | None, *, at: datetime) -> int:
    """End a person's addresses for a group; returns how many there were."""
    feeds = [feed for feed in feeds_of_person(session, person_id) if feed.group_id == group_id]
    for feed in feeds:
        feed.revoked_at = at
    session.flush()
    return len(feeds)


def feeds_of_person(session: Session, person_id: int) -> list[CalendarFeed]:
    """Return a person's addresses that are not revoked, in the order they were made."""
    query = select(CalendarFeed).where(
        CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None)
    )
    return list(session.scalars(query.order_by(CalendarFeed.id)))


def find_feed(session: Session, token_hash: str) -> CalendarFeed | None:
    """Return the address in force with this hash of a token, compared in constant time."""
    feed = session.scalar(select(CalendarFeed).where(CalendarFeed.token_hash == token_hash))
    if feed is None or not hmac.compare_digest(feed.token_hash, token_hash):
        return None
    return feed if feed.revoked_at is None else None
