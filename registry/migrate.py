"""Bring a database to the current schema, once, under a lock.

Several machines may run two releases at once while the office upgrades. So migrations after
`LAST_RELEASED` only add (tables, indexes, columns that may be empty or have a default): the release
before goes on working on the newer schema, and does not touch it. What a release no longer needs is
taken away by the release after it.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

_LOCK = 7_260_425_569
LAST_RELEASED = "0017"
"""Last migration of the release before; those after it only add. Moves with each release."""


def upgrade_schema(engine: Engine) -> None:
    """Run outstanding migrations; two processes at once run them one after the other.

    A newer release's schema is left as it is.
    """
    with engine.begin() as connection:
        # SQLite's BEGIN IMMEDIATE is a lock already.
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        # Looked at under the lock: whoever had it before may have been the newer release.
        if not _is_newer(MigrationContext.configure(connection).get_current_revision()):
            command.upgrade(_config(connection), "head")


def schema_is_usable(engine: Engine) -> bool:
    """Tell whether this release may work on the database: every migration of its own is there.

    So it is where a newer release has added more.
    """
    found = schema_revision(engine)
    return found == newest_revision() or _is_newer(found)


def newest_revision() -> str | None:
    """Return the last migration that this release knows."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def _is_newer(revision: str | None) -> bool:
    return revision is not None and not knows_revision(revision)


def schema_is_current(engine: Engine) -> bool:
    """Tell whether the database has every migration of this release."""
    return schema_revision(engine) == ScriptDirectory.from_config(_config(None)).get_current_head()


def schema_revision(engine: Engine) -> str | None:
    """Return the last migration that the database has; None where it has no schema of ours."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def knows_revision(revision: str) -> bool:
    """Tell whether this release has a migration of that name."""
    scripts = ScriptDirectory.from_config(_config(None))
    return revision in {script.revision for script in scripts.walk_revisions()}


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
