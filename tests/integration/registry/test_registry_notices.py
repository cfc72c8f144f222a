"""The sent table of reminders, and what older houses put before there was one."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, inspect, text

import registry.migrate
from registry.alerts import clear_alerts, raise_alert, untold_alerts
from registry.engine import Sessions
from registry.migrate import upgrade_schema
from registry.models import Alert, Case, NoticeRow
from registry.notices import (
    PutNotice,
    digest_key,
    digest_recipients,
    put_levels,
    record_notices,
)
from registry.outbox import (
    CHANNEL,
    Carrier,
    MessageKey,
    NewMessage,
    claim_messages,
    insert_message,
    put_message,
)
from tests.conftest import NOON
from tests.schema_differences import differences

LEVEL = "overdue:1:2026-11-20"


def a_case(sessions: Sessions) -> int:
    with sessions.begin() as session:
        case = Case(
            state="assigned", opened_at=NOON, updated_at=NOON, last_progress_at=NOON, version=1
        )
        session.add(case)
        session.flush()
        return case.id


def test_a_level_is_noted_once_with_the_message_that_holds_it(sessions: Sessions) -> None:
    case_id = a_case(sessions)
    day = NOON.date()
    for _ in range(2):
        with sessions.begin() as session:
            message = NewMessage(digest_key(day, "a_b@x.example"), "s", "b")
            message_id = insert_message(session, message, at=NOON) or 1
            record_notices(
                session,
                [PutNotice(case_id, LEVEL)],
                recipient="a_b@x.example",
                message_id=message_id,
                at=NOON,
            )
    with sessions.begin() as session:
        assert session.query(NoticeRow).count() == 1
        assert put_levels(session, [case_id, 999]) == {case_id: frozenset({LEVEL})}
        assert digest_recipients(session, day) == {"a_b@x.example"}
        assert digest_recipients(session, day.replace(day=1)) == frozenset()


def test_each_carrier_takes_its_own(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for to in ("a@x.example", f"{CHANNEL}ab"):
            put_message(session, NewMessage(MessageKey("x", "1", None, to), "s", "b"), at=NOON)
    for carrier, to in ((Carrier.MAIL, "a@x.example"), (Carrier.CHANNEL, f"{CHANNEL}ab")):
        taken = claim_messages(sessions, now=NOON, limit=9, lease=NOON - NOON, carrier=carrier)
        assert [message.recipient for message in taken] == [to]


def test_reminders_of_before_count_as_put_and_alerts_that_passed_are_no_news(
    engine: Engine, sessions: Sessions
) -> None:
    case_id = a_case(sessions)
    config = Config()
    folder = Path(registry.migrate.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    with sessions.begin() as session:
        key = MessageKey("overdue", "1:2026-11-20", case_id, "a@x.example")
        put_message(session, NewMessage(key, "s", "b"), at=NOON)
        put_message(
            session,
            NewMessage(MessageKey("acknowledgement", "letter-1", case_id, "b@x"), "s", "b"),
            at=NOON,
        )
        raise_alert(session, "old", "source_unavailable", at=NOON)
        clear_alerts(session, "old", at=NOON)
        raise_alert(session, "open", "source_unavailable", at=NOON)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0010")
        assert "notices" not in inspect(connection).get_table_names()
        assert connection.execute(text("SELECT count(*) FROM alerts")).scalar_one() == 2
    upgrade_schema(engine)
    with engine.connect() as connection:
        assert differences(connection) == []
    with sessions.begin() as session:
        assert put_levels(session, [case_id]) == {case_id: frozenset({LEVEL})}
        row = session.query(NoticeRow).one()
        assert (row.recipient, row.put_at) == ("a@x.example", NOON)
        assert [news.source for news in untold_alerts(session)] == ["open"]
        assert session.query(Alert).count() == 2
