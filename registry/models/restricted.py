"""The restricted store: what stands masked everywhere else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class RestrictedRow(Base):
    """One value that a letter's text has masked, a national number.

    No relationship leads here: a letter is loaded without it. Read it through
    `registry.restricted.look_at_restricted` only, which writes who looked.
    """

    __tablename__ = "restricted_values"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), index=True)
    kind: Mapped[str]
    page: Mapped[int | None]
    value: Mapped[str]
    created_at: Mapped[datetime]
