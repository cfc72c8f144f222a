"""This machine among those of the house: what it says of itself, and whether it fits the others."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from correspondence.clock import Clock
from correspondence.errors import SarabanError
from office.settings import Settings
from pipeline.backup import saraban_version
from pipeline.bootstrap import House
from pipeline.check import Check
from registry.blobs import BlobStore
from registry.connections import connections_of_serve, connections_of_work
from registry.machines import MachineCard, MachineRole, enter_machine, machines_since
from registry.migrate import newest_revision
from registry.models import MachineRow

LOOKED_BACK: Final = timedelta(days=1)
SKEW_SECONDS: Final = 5.0
"""Leases are taken and ended by the machines' own clocks."""


class MachineUnfit(SarabanError):
    """This machine may not work for the house: it sees other bytes, rules or times."""

    code = "machine_unfit"


def release_name() -> str:
    """Return this release: the program's version and the last migration it knows."""
    return f"{saraban_version()} schema {newest_revision()}"


def configuration_version(folder: Path) -> str:
    """Return the SHA-256 (hex) of all files of `config/` by their names."""
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0")
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def enter_this_machine(house: House, role: MachineRole) -> MachineCard:
    """Write down what this machine is, with a mark in the blob store; returns what was written.

    Raises:
        BlobStoreAway: the blob store cannot be written.
    """
    settings = house.settings
    mark = f"saraban machine {settings.machine_name} {uuid.uuid4().hex}"
    serves = role is MachineRole.SERVE
    card = MachineCard(
        name=settings.machine_name,
        role=role,
        release=release_name(),
        configuration=configuration_version(settings.config_folder),
        mark=house.blobs.put(mark.encode()),
        readers=settings.worker_count,
        connections=connections_of_serve() if serves else connections_of_work(),
        seen_at=house.clock(),
    )
    with house.sessions.begin() as session:
        enter_machine(session, card)
    return card


def see_this_machine(house: House) -> None:
    """Note that this machine is at work; nothing where it was never entered."""
    with house.sessions.begin() as session:
        session.execute(
            update(MachineRow)
            .where(MachineRow.name == house.settings.machine_name)
            .values(
                seen_at=house.clock(),
                release=release_name(),
                configuration=configuration_version(house.settings.config_folder),
            )
        )


def check_fit(house: House) -> None:
    """Look whether this machine may work beside `saraban serve` of another.

    Raises:
        MachineUnfit: names what does not fit; nothing was changed.
    """
    if house.engine.dialect.name != "postgresql":
        raise _unfit("The database is a file of this machine", "SARABAN_DATABASE_URL")
    own = own_card(house.settings, house.clock())
    with house.sessions() as session:
        checks = list(compare_machines(session, house.blobs, own, house.clock))
        others = _others(session, house.settings.machine_name, house.clock)
    if not any(card.role is MachineRole.SERVE for card in others):
        raise _unfit("No machine with saraban serve was seen for a day", "SARABAN_DATABASE_URL")
    for check in checks:
        if check.needed and not check.ok:
            raise _unfit(f"{check.name}: {check.detail}", check.remedy)


def own_card(settings: Settings, now: datetime) -> MachineCard:
    """Return what this machine would say of itself at a moment (aware); nothing is written."""
    return MachineCard(
        name=settings.machine_name,
        role=MachineRole.WORK,
        release=release_name(),
        configuration=configuration_version(settings.config_folder),
        mark="",
        readers=settings.worker_count,
        connections=connections_of_work(),
        seen_at=now,
    )


def compare_machines(
    session: Session, blobs: BlobStore, own: MachineCard, clock: Clock
) -> Iterator[Check]:
    """Yield one check for each other machine of the last day and each thing that must agree.

    Another release is told and lets work go on: so it is while the house is upgraded.

    Raises:
        BlobStoreAway: the blob store cannot be read.
    """
    for other in _others(session, own.name, clock):
        same_bytes = blobs.exists(other.mark)
        yield Check(
            name=f"machine {other.name} blobs",
            ok=same_bytes,
            needed=True,
            detail="the same store" if same_bytes else "writes into another blob store",
            remedy="" if same_bytes else "Set SARABAN_BLOB_URL to the same store on both.",
        )
        same_rules = other.configuration == own.configuration
        yield Check(
            name=f"machine {other.name} configuration",
            ok=same_rules,
            needed=True,
            detail="the same" if same_rules else "its config/ differs from this machine's",
            remedy="" if same_rules else "Copy config/ from the machine of saraban serve.",
        )
        same_release = other.release == own.release
        yield Check(
            name=f"machine {other.name} release",
            ok=same_release,
            needed=False,
            detail=other.release,
            remedy="" if same_release else f"This one is {own.release}: finish the upgrade.",
        )


def _others(session: Session, name: str, clock: Clock) -> list[MachineCard]:
    seen = machines_since(session, clock() - LOOKED_BACK)
    return [card for card in seen if card.name != name]


def _unfit(english: str, remedy: str) -> MachineUnfit:
    return MachineUnfit(
        f"{english}.",
        thai="เครื่องนี้ยังทำงานร่วมกับเครื่องหลักไม่ได้",
        remedy=f"{remedy.rstrip('.')}; saraban doctor shows all.",
    )
