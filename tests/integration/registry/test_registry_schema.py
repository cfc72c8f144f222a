from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError

import registry.migrate
from correspondence.vocabulary import Channel
from registry.engine import Sessions, open_engine
from registry.ledger import Arrival, Ledger
from registry.migrate import schema_is_current, upgrade_schema
from registry.models import AuditEvent, Base
from tests.conftest import NOON


def test_migrations_make_exactly_the_models(engine: Engine) -> None:
    assert schema_is_current(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def migrations(connection: Connection) -> Config:
    config = Config()
    folder = Path(registry.migrate.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    config.attributes["connection"] = connection
    return config


def test_the_restricted_store_goes_and_comes_back_and_the_rest_stays(
    engine: Engine, sessions: Sessions
) -> None:
    with sessions.begin() as session:
        session.add(AuditEvent(at=NOON, actor="a", action="x", before={}, after={}))
    with engine.begin() as connection:
        command.downgrade(migrations(connection), "0001")
    tables = set(inspect(engine).get_table_names())
    assert "restricted_values" in set(Base.metadata.tables) - tables
    assert not schema_is_current(engine)
    upgrade_schema(engine)
    assert schema_is_current(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    with sessions.begin() as session:
        assert session.query(AuditEvent).one().actor == "a"


def test_mails_of_before_the_rules_count_as_sorted(
    engine: Engine, sessions: Sessions, ledger: Ledger
) -> None:
    arrival = Arrival(
        source="main",
        source_key="1",
        channel=Channel.EMAIL,
        file_name="1.eml",
        message_id=None,
        data=b"mail",
        arrived_at=NOON,
        to_sort=True,
    )
    item_id = ledger.store(arrival).id
    assert ledger.claim("tests", 5, timedelta(minutes=1)) == []
    with engine.begin() as connection:
        command.downgrade(migrations(connection), "0002")
        assert "alerts" not in inspect(connection).get_table_names()
        columns = {column["name"] for column in inspect(connection).get_columns("intake_items")}
        assert columns.isdisjoint({"sorted_at", "rule", "category_hint", "priority"})
    upgrade_schema(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    assert ledger.claim("tests", 5, timedelta(minutes=1)) == [item_id]


def test_all_migrations_can_be_taken_back(engine: Engine) -> None:
    with engine.begin() as connection:
        command.downgrade(migrations(connection), "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}


def test_two_processes_may_migrate_at_once(database_url: str) -> None:
    faults: list[BaseException] = []

    def migrate() -> None:
        engine = open_engine(database_url)
        try:
            upgrade_schema(engine)
        except BaseException as fault:
            faults.append(fault)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=migrate) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults


@pytest.mark.parametrize(
    "change", ["UPDATE audit_events SET actor = 'x'", "DELETE FROM audit_events"]
)
def test_the_database_refuses_to_change_the_trail(
    engine: Engine, sessions: Sessions, change: str
) -> None:
    with sessions.begin() as session:
        session.add(AuditEvent(at=NOON, actor="a", action="x", before={}, after={}))
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change))
    with sessions.begin() as session:
        assert session.query(AuditEvent).one().actor == "a"
