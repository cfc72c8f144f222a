"""How many connections a house needs of its PostgreSQL server, and how many the server gives.

A process keeps two connections and opens up to five where its work asks for more; the review app
up to fifteen, for its pages are served side by side. The most that may be open at once:

    serve   15 review app + 5 × (4 runs at once + mailbox watcher + watchdog + 1 command)  = 50
    work    5 × (1 run + archive readers + 1 command)                                     = 10 + …
    Prefect 15, where its database is on the same server
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

KEPT: Final = 2
OF_A_PROCESS: Final = 5
OF_THE_REVIEW_APP: Final = 15
OF_PREFECT: Final = 15
RUNS_AT_ONCE: Final = 4
"""Of the worker beside the server; `flows.supervision` starts it so."""


def connections_of_serve() -> int:
    """Return the most that the machine of `saraban serve` opens."""
    return OF_THE_REVIEW_APP + OF_A_PROCESS * (RUNS_AT_ONCE + 3)


def connections_of_work() -> int:
    """Return the most that a machine of `saraban work` opens."""
    return OF_A_PROCESS * 2


def connections_given(connection: Connection) -> int | None:
    """Return how many the server gives to ordinary users; None for SQLite."""
    if connection.dialect.name != "postgresql":
        return None
    names = ("max_connections", "superuser_reserved_connections", "reserved_connections")
    rows = connection.execute(
        text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)"),
        {"names": list(names)},
    )
    found = {str(name): int(value) for name, value in rows}
    return found[names[0]] - sum(found.get(name, 0) for name in names[1:])
