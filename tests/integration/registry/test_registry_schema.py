from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError, IntegrityError

import registry.migrate
from correspondence.letter_parts import CarriedFile
from correspondence.reading import (
    Extraction,
    FieldValue,
    LetterFields,
    PageText,
    RestrictedValue,
)
from correspondence.vocabulary import Channel, ReadMethod, ReadOutcome, RestrictedKind
from registry.engine import Sessions, open_engine
from registry.ledger import Arrival, Ledger
from registry.migrate import schema_is_current, upgrade_schema
from registry.models import AuditEvent, Base, IntakeItem, Letter, RestrictedRow
from registry.registration import Reading, register_letter
from tests.conftest import NOON
from tests.schema_differences import differences


def test_migrations_make_exactly_the_models(engine: Engine) -> None:
    assert schema_is_current(engine)
    with engine.connect() as connection:
        assert differences(connection) == []


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
        assert differences(connection) == []
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
        assert differences(connection) == []
    assert ledger.claim("tests", 5, timedelta(minutes=1)) == [item_id]


def test_all_migrations_can_be_taken_back(engine: Engine) -> None:
    with engine.begin() as connection:
        command.downgrade(migrations(connection), "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}


def test_two_processes_may_migrate_at_once(empty_database_url: str) -> None:
    faults: list[BaseException] = []

    def migrate() -> None:
        engine = open_engine(empty_database_url)
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


def letters_with_rows(sessions: Sessions, ledger: Ledger) -> int:
    """Register a letter with a page, a field, a file and a masked number; returns its id."""
    arrival = Arrival("main", "7", Channel.EMAIL, "7.eml", None, b"mail", NOON)
    page = PageText(number=1, text="เรื่อง ทดสอบ", method=ReadMethod.NATIVE, quality=1.0)
    extraction = Extraction(
        file="7.eml",
        outcome=ReadOutcome.OK,
        media_type="message/rfc822",
        pages=(page,),
        fields=LetterFields(subject=FieldValue(value="ทดสอบ", confidence=1.0)),
    )
    file = CarriedFile(
        role="letter",
        file_name="a.pdf",
        media_type="application/pdf",
        sha256="ab" * 32,
        size=9,
        read_outcome="ok",
    )
    masked = (RestrictedValue(kind=RestrictedKind.NATIONAL_ID, page=1, value="1234567890121"),)
    item_id = ledger.store(arrival).id
    with sessions.begin() as session:
        item = session.get_one(IntakeItem, item_id)
        reading = Reading(extraction, (file,), None, None, None, masked)
        return register_letter(session, item, reading, at=NOON, actor="a").letter_id


def test_letters_keep_everything_when_their_table_is_made_anew(
    engine: Engine, sessions: Sessions, ledger: Ledger
) -> None:
    letter_id = letters_with_rows(sessions, ledger)
    with engine.begin() as connection:
        command.downgrade(migrations(connection), "0005")
    assert "part" not in {c["name"] for c in inspect(engine).get_columns("letters")}
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text(_ANOTHER_OF_THE_ITEM))
    upgrade_schema(engine)
    with engine.connect() as connection:
        assert differences(connection) == []
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    with sessions.begin() as session:
        letter = session.get_one(Letter, letter_id)
        assert (letter.part, letter.register_number, letter.fields[0].value) == (1, 1, "ทดสอบ")
        assert [page.text for page in letter.pages] == ["เรื่อง ทดสอบ"]
        assert [file.file_name for file in letter.attachments] == ["a.pdf"]
        assert session.query(RestrictedRow).one().letter_id == letter_id
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("DELETE FROM letters"))


_ANOTHER_OF_THE_ITEM = (
    "INSERT INTO letters (intake_item_id, case_id, register_year, register_number, received_at,"
    " registered_at, channel, media_type, kind, language, read_outcome, warnings) SELECT"
    " intake_item_id, case_id, register_year, 2, received_at, registered_at, channel, media_type,"
    " kind, language, read_outcome, warnings FROM letters"
)


def test_further_letters_of_an_item_are_not_lost_by_going_back(
    engine: Engine, sessions: Sessions, ledger: Ledger
) -> None:
    letters_with_rows(sessions, ledger)
    with engine.begin() as connection:
        connection.execute(
            text(_ANOTHER_OF_THE_ITEM.replace("(intake", "(part, intake").replace("CT", "CT 2,", 1))
        )
    with pytest.raises(RuntimeError, match="1 letters"), engine.begin() as connection:
        command.downgrade(migrations(connection), "0005")
    with sessions.begin() as session:
        assert session.query(Letter).count() == 2
