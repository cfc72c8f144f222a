"""What people do to a case besides moving it: extensions, pauses, contributions, coordination."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base

_CURRENT = text("ended_at IS NULL")
_RUNNING = text("resumed_at IS NULL")


class Extension(Base):
    """One extension of a case's time (ขยายเวลา); `original_due` is the date before the first.

    `agreed_by` is the body that agreed where the date was not the office's own. It lapses when
    the date is decided anew, which is then an original of its own.
    """

    __tablename__ = "extensions"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    original_due: Mapped[date]
    from_due: Mapped[date]
    to_due: Mapped[date]
    reason: Mapped[str]
    agreed_by: Mapped[str] = mapped_column(default="")
    granted_by: Mapped[str]
    granted_at: Mapped[datetime]
    lapsed_at: Mapped[datetime | None]


class Pause(Base):
    """A time in which a case stood still (พักเรื่อง); at most one of a case is running.

    `due_row_id` is the decision in force when it began, `due_before` its date, `due_after` the
    date restored at its end.
    """

    __tablename__ = "pauses"
    __table_args__ = (
        Index(
            "uq_pauses_running",
            "case_id",
            unique=True,
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    due_row_id: Mapped[int | None] = mapped_column(ForeignKey("due_dates.id"))
    due_before: Mapped[date | None]
    due_after: Mapped[date | None]
    reason: Mapped[str]
    paused_by: Mapped[str]
    paused_at: Mapped[datetime]
    resumed_by: Mapped[str | None]
    resumed_at: Mapped[datetime | None]


class Contribution(Base):
    """What an agency was asked to contribute, by a due date of its own."""

    __tablename__ = "contributions"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    agency: Mapped[str]
    question: Mapped[str] = mapped_column(default="")
    due_date: Mapped[date]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")
    received_by: Mapped[str | None]
    received_at: Mapped[datetime | None]


class CoordinationEntry(Base):
    """บันทึกการประสานงาน: whom one spoke with, by which channel, what was promised by when."""

    __tablename__ = "coordination_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    contact: Mapped[str]
    channel: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    promised_by: Mapped[date | None]
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]


class Assignment(Base):
    """Who has a case in hand (เจ้าของเรื่อง); at most one of a case is current."""

    __tablename__ = "assignments"
    __table_args__ = (
        Index(
            "uq_assignments_current",
            "case_id",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    assigned_by: Mapped[str]
    assigned_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ActionKey(Base):
    """A request that was carried out, by its idempotency key; a repeat gets the same result.

    `fingerprint` tells a repeat from another request under the same key.
    """

    __tablename__ = "action_keys"

    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    result: Mapped[dict[str, Any]]
    done_at: Mapped[datetime]
