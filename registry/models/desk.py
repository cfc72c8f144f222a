"""What a person's own desk keeps: which version of a case they have seen, and their views."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class CaseLook(Base):
    """The version of a case that a person last opened; a later one is unread for them."""

    __tablename__ = "case_looks"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id"), primary_key=True, autoincrement=False
    )
    case_id: Mapped[int] = mapped_column(
        ForeignKey("cases.id"), primary_key=True, autoincrement=False, index=True
    )
    version: Mapped[int]
    seen_at: Mapped[datetime]


class SavedView(Base):
    """A name that a person gave to filters of their work; `filters` as the address has them."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str]
    filters: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
