"""Calendar feeds: a person's own secret address for the due dates of one group."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class CalendarFeed(Base):
    """One address of a feed; only the SHA-256 of its token is kept.

    `group_id` None is the whole office. A person has at most one that is not revoked for a group.
    """

    __tablename__ = "calendar_feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    group_id: Mapped[str | None] = mapped_column(ForeignKey("groups.id"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
