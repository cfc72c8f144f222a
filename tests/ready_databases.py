"""Databases at the current schema by copying one that was migrated once a process.

Migrating an empty database takes half a second of processor, and most tests want one.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from registry.engine import open_engine
from registry.migrate import upgrade_schema

_TEMPLATE = "saraban_template"


def ready_sqlite(path: Path) -> None:
    """Lay a SQLite database at the current schema at a path where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_sqlite_template(), path)


def ready_postgresql(server: URL, name: str) -> None:
    """Make a PostgreSQL database at the current schema."""
    template = _postgresql_template(server.render_as_string(hide_password=False))
    run_on_server(server, f"CREATE DATABASE {name} TEMPLATE {template}")


def run_on_server(server: URL, command: str) -> None:
    """Run a command that no transaction may hold."""
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(command))
    admin.dispose()


@cache
def _sqlite_template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="saraban-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "saraban.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade_schema(engine)
    # The last connection to close writes the journal back into the file.
    engine.dispose()
    return path


@cache
def _postgresql_template(server: str) -> str:
    url = make_url(server)
    run_on_server(url, f"CREATE DATABASE {_TEMPLATE}")
    engine = open_engine(url.set(database=_TEMPLATE).render_as_string(hide_password=False))
    upgrade_schema(engine)
    engine.dispose()
    return _TEMPLATE
