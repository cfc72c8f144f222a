"""The machines that share this database, as each last said of itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class MachineRow(Base):
    """One machine: what it does, with which release and configuration, and how much at once.

    `role` is `serve` or `work`. `mark` is the SHA-256 of a blob that it has written: whoever does
    not find it looks into another store. `readers` are letters read at once, `connections` the
    most it may hold open to the database.
    """

    __tablename__ = "machines"

    name: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    release: Mapped[str]
    configuration: Mapped[str]
    mark: Mapped[str]
    readers: Mapped[int]
    connections: Mapped[int]
    seen_at: Mapped[datetime]
