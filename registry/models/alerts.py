"""Alerts: faults of a mailbox, a folder or the house that an operator must see."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base

_OPEN = text("cleared_at IS NULL")


class Alert(Base):
    """One spell of one fault at one source: at most one is open, the next spell is a new row.

    `count` says how often it was met between `since` and `last_seen`. `raised_told_at` and
    `cleared_told_at` say when the administrators were sent word of either.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        Index(
            "uq_alerts_open",
            "source",
            "code",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    code: Mapped[str]
    since: Mapped[datetime]
    last_seen: Mapped[datetime]
    count: Mapped[int]
    cleared_at: Mapped[datetime | None]
    raised_told_at: Mapped[datetime | None]
    cleared_told_at: Mapped[datetime | None]
