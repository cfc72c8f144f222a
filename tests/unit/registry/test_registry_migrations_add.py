"""The release before goes on working while the next one's schema is in place."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory

import registry.migrate
from registry.migrate import LAST_RELEASED

_TAKES_AWAY = re.compile(
    r"\bDROP (TABLE|COLUMN|INDEX|CONSTRAINT|TRIGGER|FUNCTION|VIEW)\b|\bRENAME\b"
    r"|\bALTER COLUMN\b|\bDELETE FROM\b|\bTRUNCATE\b",
    re.IGNORECASE,
)
_ADDED = re.compile(r"ALTER TABLE \S+ ADD COLUMN (?P<rest>[^;]+);", re.IGNORECASE)


def scripts() -> list[Script]:
    config = Config()
    folder = Path(registry.migrate.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    directory = ScriptDirectory.from_config(config)
    return [script for script in directory.walk_revisions() if script.revision > LAST_RELEASED]


def statements(script: Script) -> str:
    said = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": said}
    )
    with Operations.context(context):
        script.module.upgrade()
    return said.getvalue()


def refusals(sql: str) -> list[str]:
    found = [match.group(0) for match in _TAKES_AWAY.finditer(sql)]
    for match in _ADDED.finditer(sql):
        rest = match.group("rest").upper()
        # A row of the release before does not name the column.
        if "NOT NULL" in rest and "DEFAULT" not in rest:
            found.append(match.group(0))
    return found


def test_migrations_since_the_last_release_only_add() -> None:
    assert {script.revision: refusals(statements(script)) for script in scripts()} == {
        script.revision: [] for script in scripts()
    }


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE cases DROP COLUMN urgency;",
        "ALTER TABLE cases RENAME TO matters;",
        "ALTER TABLE cases ALTER COLUMN state TYPE INTEGER;",
        "ALTER TABLE cases ADD COLUMN colour VARCHAR NOT NULL;",
        "DROP INDEX ix_cases_open;",
    ],
)
def test_what_the_release_before_would_stumble_over_is_found(sql: str) -> None:
    assert refusals(sql)


def test_what_it_does_not_notice_is_let_through() -> None:
    assert not refusals(
        "ALTER TABLE cases ADD COLUMN colour VARCHAR; CREATE INDEX ix ON cases (colour);"
        "ALTER TABLE cases ADD COLUMN archived BOOLEAN DEFAULT false NOT NULL;"
    )
