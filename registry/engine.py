"""Engines and sessions: SQLite (WAL, BEGIN IMMEDIATE) and PostgreSQL behave alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker

from correspondence.errors import ConfigurationFault
from registry.audit_chain import chain_events
from registry.audit_form import AuditKeys
from registry.connections import KEPT, OF_A_PROCESS
from registry.search_index import index_changes

BUSY_SECONDS = 60
Sessions = sessionmaker[Session]
_SNAPSHOT = "saraban_snapshot"
# Of SQLite: connections kept, and what each of them holds of the database.
_CONNECTIONS = 12
_CACHE_KILOBYTES = 16_000


def open_engine(url: str, *, connections: int = OF_A_PROCESS) -> Engine:
    """Return an engine for a SQLAlchemy URL.

    Args:
        url: of SQLite or PostgreSQL.
        connections: the most that this process opens to a server at once; whoever needs one more
            waits.

    Raises:
        ConfigurationFault: the URL is not one of SQLite or PostgreSQL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as fault:
        raise ConfigurationFault(
            "SARABAN_DATABASE_URL is not a database URL.",
            remedy="Write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME.",
        ) from fault
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_size=KEPT,
            max_overflow=connections - KEPT,
            pool_pre_ping=True,
        )
    if backend != "sqlite":
        raise ConfigurationFault(
            f"The database {backend} is not supported.", remedy="Use SQLite or PostgreSQL."
        )
    in_file = parsed.database not in (None, "", ":memory:")
    if in_file:
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    connect_args = {"timeout": BUSY_SECONDS}
    if in_file:
        # A connection that is closed after use takes what it has read with it.
        engine = create_engine(
            parsed, connect_args=connect_args, pool_size=_CONNECTIONS, max_overflow=_CONNECTIONS
        )
    else:
        engine = create_engine(parsed, connect_args=connect_args)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def open_sessions(engine: Engine, audit_keys: AuditKeys | None = None) -> Sessions:
    """Return the session factory; objects stay readable after commit, audit events are chained,
    and letters are indexed.

    Args:
        engine: an engine of `open_engine`.
        audit_keys: the keys of the audit trail's chain; none by default.
    """
    sessions = sessionmaker(engine, expire_on_commit=False)
    # The chain comes last: its head is locked when nothing else is left to lock.
    index_changes(sessions)
    chain_events(sessions, audit_keys or AuditKeys())
    return sessions


@contextmanager
def open_snapshot(sessions: Sessions) -> Iterator[Session]:
    """Open a session that only reads: one moment of the database, and nobody waits for it."""
    with sessions() as session:
        # SQLite reads one moment in any transaction; PostgreSQL has to be asked for it.
        options: dict[str, object] = {_SNAPSHOT: True}
        if session.get_bind().dialect.name == "postgresql":
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        session.connection(execution_options=options)
        yield session


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own BEGIN is deferred and can fail half-way with "database is locked".
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        # Two megabytes, the default, are read anew by every page of a large register.
        f"cache_size=-{_CACHE_KILOBYTES}",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    snapshot = connection.get_execution_options().get(_SNAPSHOT, False)
    connection.exec_driver_sql("BEGIN" if snapshot else "BEGIN IMMEDIATE")
