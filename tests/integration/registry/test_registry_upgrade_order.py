"""Several machines, two releases: one migrates, the others wait; the older one goes on working."""

from __future__ import annotations

import multiprocessing
from multiprocessing.synchronize import Barrier

from sqlalchemy import Engine, text

from registry.engine import open_engine, open_sessions
from registry.migrate import schema_is_current, schema_is_usable, schema_revision, upgrade_schema
from registry.models import GroupRow
from tests.schema_differences import differences

FUTURE = "9999"


def _start_at_once(url: str, together: Barrier) -> None:
    engine = open_engine(url)
    together.wait(60)
    upgrade_schema(engine)
    ready = schema_is_current(engine)
    engine.dispose()
    raise SystemExit(0 if ready else 1)


def test_two_machines_that_start_together_migrate_once(empty_database_url: str) -> None:
    # Forked from a process of many tests they would have its threads' locks.
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(2)
    machines = [
        context.Process(target=_start_at_once, args=(empty_database_url, together))
        for _ in range(2)
    ]
    for machine in machines:
        machine.start()
    for machine in machines:
        machine.join(120)
    assert [machine.exitcode for machine in machines] == [0, 0]
    engine = open_engine(empty_database_url)
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


def test_this_release_goes_on_working_on_the_next_ones_schema(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE groups ADD COLUMN colour VARCHAR"))
        connection.execute(text("CREATE TABLE of_the_next_release (id INTEGER PRIMARY KEY)"))
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": FUTURE})
    assert schema_is_usable(engine)
    assert not schema_is_current(engine)
    upgrade_schema(engine)
    assert schema_revision(engine) == FUTURE
    with open_sessions(engine).begin() as session:
        session.add(GroupRow(id="new", thai="กลุ่มใหม่"))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT colour FROM groups WHERE id = 'new'")) is None
