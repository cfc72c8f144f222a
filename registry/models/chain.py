"""The chain of the audit trail: one link an event, and the head that says where it ends."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class AuditLink(Base):
    """A link of the chain; append-only. `form` names how the event was written down to be hashed.

    `key_id` is empty for a plain SHA-256, else it names the key of the HMAC.
    """

    __tablename__ = "audit_links"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(ForeignKey("audit_events.id"), unique=True)
    form: Mapped[int]
    key_id: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str]


class AuditHead(Base):
    """The one row that says how long the chain is and how it ends; it only ever moves on."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chain_id: Mapped[str]
    sequence: Mapped[int]
    hash: Mapped[str]
    key_id: Mapped[str]
    seal: Mapped[str]
