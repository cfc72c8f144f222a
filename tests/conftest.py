"""Fixtures shared by all rooms: databases, a fixed clock, the folder of shared inputs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from registry.blobs import BlobStore
from registry.engine import Sessions, open_engine, open_sessions
from registry.ledger import Ledger
from tests.passwords import cheap_passwords as cheap_passwords
from tests.ready_databases import ready_postgresql, ready_sqlite, run_on_server
from tests.servers.postgresql import PostgresqlMissing, running_postgresql

SHARED = Path(__file__).resolve().parents[2] / "shared"
NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """URL of a private PostgreSQL server; skips, visibly, where none is installed."""
    try:
        with running_postgresql() as url:
            yield url
    except PostgresqlMissing as fault:
        pytest.skip(f"no PostgreSQL server: {fault}")


_numbers = itertools.count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database at the current schema with nothing in it, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        ready_sqlite(tmp_path / "saraban.db")
        yield f"sqlite:///{tmp_path / 'saraban.db'}"
        return
    server = make_url(request.getfixturevalue("postgresql"))
    name = f"saraban_{next(_numbers)}"
    ready_postgresql(server, name)
    yield server.set(database=name).render_as_string(hide_password=False)
    run_on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without a table, on SQLite and on PostgreSQL: for migrations."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = make_url(request.getfixturevalue("postgresql"))
    name = f"empty_{next(_numbers)}"
    run_on_server(server, f"CREATE DATABASE {name}")
    yield server.set(database=name).render_as_string(hide_password=False)
    run_on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a database at the current schema with nothing in it."""
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def sessions(engine: Engine) -> Sessions:
    return open_sessions(engine)


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(f"file://{tmp_path / 'blobs'}")


@pytest.fixture
def ledger(sessions: Sessions, blobs: BlobStore, clock: SetClock) -> Ledger:
    return Ledger(sessions, blobs, clock)


@pytest.fixture
def shared() -> Path:
    """The folder of real inputs written by others; skips where it is not there."""
    if not (SHARED / "data").is_dir():
        pytest.skip("../shared/data is not here")
    return SHARED
