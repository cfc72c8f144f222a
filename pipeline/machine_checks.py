"""What `doctor` looks at where several machines share a database: connections, clocks, fit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from correspondence.clock import utc_now
from correspondence.errors import SarabanError
from office.settings import Settings
from pipeline.check import Check
from pipeline.machines import (
    LOOKED_BACK,
    SKEW_SECONDS,
    compare_machines,
    own_card,
)
from registry.blobs import BlobStore
from registry.connections import (
    OF_PREFECT,
    connections_given,
    connections_of_serve,
)
from registry.engine import open_engine, open_sessions
from registry.machines import MachineCard, machines_since
from registry.migrate import schema_is_usable


def machine_checks(settings: Settings) -> Iterator[Check]:
    """Yield the checks of a database server; nothing for SQLite, which is one machine's own."""
    try:
        engine = open_engine(settings.database)
    except SarabanError:
        return
    try:
        if engine.dialect.name == "postgresql" and schema_is_usable(engine):
            yield from _checks(settings, engine)
    except (SQLAlchemyError, SarabanError, OSError) as fault:
        yield Check(
            name="machines",
            ok=False,
            needed=False,
            detail=f"could not be compared ({type(fault).__name__})",
            remedy="Mend what is told above, then look again.",
        )
    finally:
        engine.dispose()


def _checks(settings: Settings, engine: Engine) -> Iterator[Check]:
    blobs = BlobStore(settings.blobs)
    own = own_card(settings, utc_now())
    with open_sessions(engine)() as session:
        said = session.scalar(select(func.clock_timestamp()))
        if isinstance(said, datetime):
            yield clock_check(abs((said - utc_now()).total_seconds()))
        machines = machines_since(session, utc_now() - LOOKED_BACK)
        yield connection_check(machines, connections_given(session.connection()))
        yield from compare_machines(session, blobs, own, utc_now)
    blobs.close()


def clock_check(skew: float) -> Check:
    """Return whether this machine's clock agrees with the database server's; `skew` in seconds."""
    ok = skew <= SKEW_SECONDS
    return Check(
        name="clock",
        ok=ok,
        needed=True,
        detail=f"{skew:.1f} s off the database server's",
        remedy="" if ok else "Let both follow the same time server (chrony).",
    )


def connection_check(machines: tuple[MachineCard, ...], given: int | None) -> Check:
    """Return whether the server gives as many connections as all machines may open at once.

    Args:
        machines: those of the last day; without any, a single one with `saraban serve` counts.
        given: to ordinary users; None where the server does not say.
    """
    wanted = sum(card.connections for card in machines) or connections_of_serve()
    wanted += OF_PREFECT
    ok = given is None or given >= wanted
    return Check(
        name="database connections",
        ok=ok,
        needed=False,
        detail=f"up to {wanted} wanted by {max(len(machines), 1)} machines and Prefect, "
        f"{given} given",
        remedy="" if ok else f"Set max_connections of PostgreSQL to {wanted + 10} or more.",
    )
