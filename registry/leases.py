"""Whose a lease is, and whether its owner still lives."""

from __future__ import annotations

import os
import socket
import uuid

import psutil
from sqlalchemy import select, update

from registry.engine import Sessions
from registry.models import Case, IntakeItem, SourceState

# The kernel tells start times by the wall clock, in whole seconds since a boot that moves with it.
_CLOCK_SECONDS = 1.5


def lease_owner() -> str:
    """Return a name for this process's leases that no other process ever has."""
    started = psutil.Process().create_time()
    return f"{socket.gethostname()}/{os.getpid()}/{started:.2f}/{uuid.uuid4().hex[:8]}"


def owner_is_dead(owner: str) -> bool:
    """Tell whether the owner was a process of this machine that has ended.

    False where it cannot be known: another machine's process, or another form of name.
    """
    host, _, rest = owner.partition("/")
    parts = rest.split("/")
    if host != socket.gethostname() or len(parts) != 3:
        return False
    try:
        process = psutil.Process(int(parts[0]))
        if process.status() == psutil.STATUS_ZOMBIE:
            return True
        return abs(process.create_time() - float(parts[1])) > _CLOCK_SECONDS
    except (psutil.NoSuchProcess, ValueError):
        return True


def free_dead_leases(sessions: Sessions) -> int:
    """Give back at once what killed processes of this machine held; returns how many leases.

    Leases of other machines run out by themselves.
    """
    freed = 0
    with sessions.begin() as session:
        for table in (IntakeItem, Case, SourceState):
            owners = session.scalars(
                select(table.leased_by).where(table.leased_by.is_not(None)).distinct()
            )
            dead = [owner for owner in owners if owner and owner_is_dead(owner)]
            if dead:
                result = session.execute(
                    update(table)
                    .where(table.leased_by.in_(dead))
                    .values(leased_by=None, leased_until=None)
                )
                freed += result.rowcount  # type: ignore[attr-defined]
    return freed
