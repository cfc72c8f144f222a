"""The intake ledger: every item that ever arrived, each ending in a named outcome."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class IntakeItem(Base):
    """One arrived item: its bytes are in the blob store before anything else is tried.

    `file_name` and `message_id` are emptied when the outcome is `secret`. `sorted_at` is None
    until the rules of its mailbox were applied; what they said stands in `rule` (its name),
    `category_hint` and `priority` (higher is read first).
    """

    __tablename__ = "intake_items"
    __table_args__ = (
        UniqueConstraint("source", "source_key"),
        Index("ix_intake_items_outcome", "outcome", "next_attempt_at"),
        Index("ix_intake_items_arrived_at", "arrived_at", "id"),
        Index("ix_intake_items_sha256", "sha256"),
        Index("ix_intake_items_message_id", "message_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    source_key: Mapped[str]
    channel: Mapped[str]
    file_name: Mapped[str]
    message_id: Mapped[str | None]
    sha256: Mapped[str]
    content_sha256: Mapped[str | None] = mapped_column(index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    arrived_at: Mapped[datetime]
    stored_at: Mapped[datetime]
    outcome: Mapped[str]
    reason_code: Mapped[str] = mapped_column(default="")
    reason_thai: Mapped[str] = mapped_column(default="")
    reason_english: Mapped[str] = mapped_column(default="")
    suspicious: Mapped[bool] = mapped_column(default=False)
    sorted_at: Mapped[datetime | None]
    rule: Mapped[str | None]
    category_hint: Mapped[str | None]
    priority: Mapped[int] = mapped_column(default=0, server_default="0")
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    leased_by: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    source_done_at: Mapped[datetime | None]
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("intake_items.id"))


class SourceState(Base):
    """What is known of a mailbox or drop folder between polls."""

    __tablename__ = "source_states"

    source: Mapped[str] = mapped_column(primary_key=True)
    uid_validity: Mapped[int | None] = mapped_column(BigInteger)
    last_uid: Mapped[int | None] = mapped_column(BigInteger)
    last_poll_at: Mapped[datetime | None]
    last_good_poll_at: Mapped[datetime | None]
    fault_code: Mapped[str | None]
    leased_by: Mapped[str | None]
    leased_until: Mapped[datetime | None]
