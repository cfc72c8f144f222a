"""The sent table of reminders: which level of which case went to whom, in which message."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class NoticeRow(Base):
    """A reminder put into a message, once; `key` is (alert, level, case, recipient).

    `level` is the alert with its step and what it counts from, for example
    `overdue:1:2026-11-24`. A digest holds many, a message about one case one or two.
    """

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    level: Mapped[str]
    recipient: Mapped[str]
    message_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"))
    put_at: Mapped[datetime]
