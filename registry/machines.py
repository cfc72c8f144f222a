"""The machines of a house: each says what it is, so that another can see whether it fits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from registry.models import MachineRow


class MachineRole(StrEnum):
    """What a machine does: everything (`serve`), or reading and drafting alone (`work`)."""

    SERVE = "serve"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class MachineCard:
    """What a machine says of itself.

    Attributes:
        name: its own among the machines of the house.
        role: what it does.
        release: the program's version and the last migration it knows.
        configuration: SHA-256 (hex) of all files of `config/` as they are understood.
        mark: SHA-256 (hex) of a blob that it has written.
        readers: letters it reads at once.
        connections: the most it may hold open to the database.
        seen_at: when it said so last; aware.
    """

    name: str
    role: MachineRole
    release: str
    configuration: str
    mark: str
    readers: int
    connections: int
    seen_at: datetime


def enter_machine(session: Session, card: MachineCard) -> None:
    """Write down what a machine says of itself, in place of what it said before."""
    session.merge(
        MachineRow(
            name=card.name,
            role=card.role.value,
            release=card.release,
            configuration=card.configuration,
            mark=card.mark,
            readers=card.readers,
            connections=card.connections,
            seen_at=card.seen_at,
        )
    )


def machines_since(session: Session, since: datetime) -> tuple[MachineCard, ...]:
    """Return the machines that were seen from a moment on, by name."""
    rows = session.scalars(
        select(MachineRow).where(MachineRow.seen_at >= since).order_by(MachineRow.name)
    )
    return tuple(
        MachineCard(
            name=row.name,
            role=MachineRole(row.role),
            release=row.release,
            configuration=row.configuration,
            mark=row.mark,
            readers=row.readers,
            connections=row.connections,
            seen_at=row.seen_at,
        )
        for row in rows
    )


def has_workers(session: Session) -> bool:
    """Tell whether machines beside the first one work, or have worked, for this house."""
    return bool(session.scalar(select(exists().where(MachineRow.role == MachineRole.WORK.value))))
