"""What was sent before there were tokens keeps the Message-ID it was sent under."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, inspect, select, text

import registry.migrate
from registry.engine import Sessions
from registry.migrate import upgrade_schema
from registry.models import OutboxMessage
from registry.outbox import MessageKey, NewMessage, key_token, put_message
from tests.conftest import NOON


def test_older_messages_are_given_the_token_of_their_key(
    engine: Engine, sessions: Sessions
) -> None:
    keys = [MessageKey("overdue", str(level), None, "a@example.org") for level in (1, 2)]
    with sessions.begin() as session:
        for key in keys:
            put_message(session, NewMessage(key, "s", "b"), at=NOON)
        fresh = session.scalars(select(OutboxMessage.token)).all()
    assert len(set(fresh)) == 2 and key_token(str(keys[0])) not in fresh
    config = Config()
    folder = Path(registry.migrate.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")
        assert connection.execute(text("SELECT count(*) FROM outbox")).scalar_one() == 2
        tables = set(inspect(connection).get_table_names())
        assert tables.isdisjoint({"letter_bands", "letter_signatures", "campaigns"})
    upgrade_schema(engine)
    with sessions.begin() as session:
        tokens = session.scalars(select(OutboxMessage.token).order_by(OutboxMessage.id)).all()
    assert tokens == [key_token(str(key)) for key in keys]
