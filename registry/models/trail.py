"""The audit trail, the outbox and the record of cycles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class AuditEvent(Base):
    """One thing that happened; append-only, triggers refuse UPDATE and DELETE."""

    __tablename__ = "audit_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    intake_item_id: Mapped[int | None] = mapped_column(ForeignKey("intake_items.id"), index=True)
    from_state: Mapped[str | None]
    to_state: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]


class OutboxMessage(Base):
    """A message to be sent once; `key` is (alert, case, recipient, level).

    A draft leaves only after a person has released it; a withdrawn message never does. `token`
    is the first half of its Message-ID: an answer names it, and nobody else can know it.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    alert: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    fault_code: Mapped[str | None]
    draft: Mapped[bool] = mapped_column(default=False, server_default=false())
    released_by: Mapped[str | None]
    released_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    token: Mapped[str | None] = mapped_column(unique=True)


class Cycle(Base):
    """One pass of the house (a flow run or `saraban run`): when, and counts only."""

    __tablename__ = "cycles"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    run_id: Mapped[str | None]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str]
    counts: Mapped[dict[str, Any]]


class Report(Base):
    """A periodic report, made once per kind and period (`2026-11`, `2569`)."""

    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    period: Mapped[str]
    sha256: Mapped[str]
    figures: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
