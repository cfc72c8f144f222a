"""The audit trail's chain on both databases: made at commit, checked, and tampered with."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.exc import DatabaseError, IntegrityError

import registry.migrate
from registry.audit_chain import AuditBroken, AuditKeyMissing, add_events, read_head
from registry.audit_check import check_trail
from registry.audit_form import AuditKeys, make_head
from registry.audit_walk import Anchor, AuditBreak, AuditCheck, BreakKind
from registry.engine import Sessions, open_sessions, open_snapshot
from registry.migrate import schema_is_current, upgrade_schema
from registry.models import AuditEvent, AuditHead, AuditLink, Case
from tests.conftest import NOON
from tests.schema_differences import differences

NONE = AuditKeys()
OLD_KEY, NEW_KEY = "an old key of thirty-two characters", "a new key of thirty-two characters"
OLD, BOTH = AuditKeys.of([OLD_KEY]), AuditKeys.of([NEW_KEY, OLD_KEY])


def migrations(connection: Connection) -> Config:
    config = Config()
    folder = Path(registry.migrate.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    config.attributes["connection"] = connection
    return config


class Killed(Exception):
    pass


def an_event(number: int = 0, actor: str = "a") -> AuditEvent:
    return AuditEvent(
        at=NOON + timedelta(microseconds=number),
        actor=actor,
        action="classify",
        reason="เหตุผล",
        before={"b": 1, "a": [None, 0.1, "ก"]},
        after={"number": number},
    )


def write(sessions: Sessions, *numbers: int) -> None:
    for number in numbers:
        with sessions.begin() as session:
            session.add(an_event(number))


def check(sessions: Sessions, keys: AuditKeys = NONE, anchor: Anchor | None = None) -> AuditCheck:
    with open_snapshot(sessions) as session:
        return check_trail(session, keys, anchor)


def anchor_of(found: AuditCheck) -> Anchor:
    return Anchor(found.chain_id, found.sequence, found.hash)


def drop_guards(connection: Connection) -> None:
    """What whoever owns the database may do: triggers and constraints off."""
    if connection.dialect.name == "postgresql":
        for table in ("audit_events", "audit_links", "audit_head"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        return
    names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for name in names.all():
        connection.execute(text(f"DROP TRIGGER {name}"))


def tamper(engine: Engine, *statements: str) -> None:
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # Not within a transaction: the pragma would do nothing.
            connection.connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[attr-defined]
        drop_guards(connection)
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()
        if connection.dialect.name == "sqlite":
            connection.connection.execute("PRAGMA foreign_keys = ON")  # type: ignore[attr-defined]


def test_events_are_chained_when_they_commit(sessions: Sessions) -> None:
    write(sessions, 1, 2)
    with sessions.begin() as session:
        session.add_all([an_event(3), an_event(4)])
        session.flush()
        session.add(an_event(5))
        assert session.query(AuditLink).count() == 2
    found = check(sessions)
    assert (found.sequence, found.break_count, found.keyed_from) == (5, 0, None)
    with sessions.begin() as session:
        head = session.query(AuditHead).one()
        assert (head.sequence, head.hash) == (5, found.hash)
    assert check(sessions, anchor=anchor_of(found)).break_count == 0


def test_one_session_may_commit_many_times(sessions: Sessions) -> None:
    with sessions() as session:
        for number in range(3):
            session.add(an_event(number))
            session.commit()
        session.commit()
    assert (check(sessions).sequence, check(sessions).break_count) == (3, 0)


def test_what_is_rolled_back_leaves_no_gap(sessions: Sessions) -> None:
    write(sessions, 1)
    with pytest.raises(Killed), sessions.begin() as session:
        session.add(an_event(2))
        session.flush()
        raise Killed
    with sessions.begin() as session:
        session.add(an_event(3))
        with pytest.raises(Killed), session.begin_nested():
            session.add(an_event(4))
            session.flush()
            raise Killed
        with session.begin_nested():
            session.add(an_event(5))
        assert session.query(AuditLink).count() == 1
    with sessions() as session:
        session.add(an_event(6))
        session.flush()
        session.rollback()
        session.add(an_event(7))
        session.commit()
    found = check(sessions)
    assert (found.sequence, found.break_count) == (4, 0)
    with sessions.begin() as session:
        kept = [event.after["number"] for event in session.query(AuditEvent).order_by("id")]
    assert kept == [1, 3, 5, 7]


def test_many_events_added_at_once_are_chained_in_order_and_rolled_back_whole(
    sessions: Sessions,
) -> None:
    def many(first: int, last: int) -> list[dict[str, object]]:
        common = {"at": NOON, "actor": "a", "action": "x", "reason": "", "before": {}}
        return [{**common, "after": {"number": number}} for number in range(first, last)]

    with sessions.begin() as session:
        session.add(an_event(0))
        add_events(session, many(1, 1200))
        session.add(an_event(1200))
        add_events(session, [])
    with pytest.raises(Killed), sessions.begin() as session:
        add_events(session, many(1201, 1300))
        raise Killed
    found = check(sessions)
    assert (found.sequence, found.break_count) == (1201, 0)
    with sessions.begin() as session:
        kept = [event.after["number"] for event in session.query(AuditEvent).order_by("id")]
    assert kept == list(range(1201))


def test_a_commit_that_fails_chains_nothing(sessions: Sessions) -> None:
    write(sessions, 1)
    with pytest.raises(IntegrityError), sessions.begin() as session:
        session.add(an_event(2))
        session.add(AuditEvent(at=NOON, actor="a", action="x", before={}, after={}, case_id=99))
    assert (check(sessions).sequence, check(sessions).break_count) == (1, 0)


def test_eight_writers_chain_one_after_another(engine: Engine, sessions: Sessions) -> None:
    each, writers = 25, 8
    with sessions.begin() as session:
        cases = [
            Case(state="triage", version=1, opened_at=NOON, updated_at=NOON, last_progress_at=NOON)
            for _ in range(3)
        ]
        session.add_all(cases)
        session.flush()
        ids = [case.id for case in cases]
    faults: list[BaseException] = []
    together = threading.Barrier(writers)

    def work(writer: int) -> None:
        together.wait()
        try:
            for turn in range(each):
                if turn % 5 == 4:
                    with pytest.raises(Killed), sessions.begin() as session:
                        session.add(an_event(0, "lost"))
                        session.flush()
                        raise Killed
                with sessions.begin() as session:
                    # An event before the other locks are taken, as the restricted store does.
                    session.add(an_event(writer * each + turn))
                    session.flush()
                    case = session.get_one(Case, ids[turn % 3], with_for_update=True)
                    case.updated_at = NOON + timedelta(seconds=turn)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    found = check(sessions)
    assert (found.sequence, found.break_count) == (writers * each, 0)
    with sessions.begin() as session:
        numbers = sorted(event.after["number"] for event in session.query(AuditEvent))
    assert numbers == list(range(writers * each))


TAMPERINGS: dict[str, tuple[tuple[str, ...], tuple[AuditBreak, ...]]] = {
    "who": (
        ("UPDATE audit_events SET actor = 'b' WHERE id = 2",),
        (AuditBreak(BreakKind.CHANGED, 2, 2),),
    ),
    "a number within": (
        ("""UPDATE audit_events SET after = '{"number": 30}' WHERE id = 3""",),
        (AuditBreak(BreakKind.CHANGED, 3, 3),),
    ),
    "event removed": (
        ("DELETE FROM audit_events WHERE id = 2",),
        (AuditBreak(BreakKind.REMOVED, 2, 2),),
    ),
    "last event removed": (
        ("DELETE FROM audit_events WHERE id = 5",),
        (AuditBreak(BreakKind.REMOVED, 5, 5),),
    ),
    "event and link removed": (
        ("DELETE FROM audit_links WHERE sequence = 2", "DELETE FROM audit_events WHERE id = 2"),
        (AuditBreak(BreakKind.REMOVED, 2),),
    ),
    "end cut off": (
        ("DELETE FROM audit_links WHERE sequence > 3", "DELETE FROM audit_events WHERE id > 3"),
        (AuditBreak(BreakKind.SHORTENED, 3),),
    ),
    "all removed": (
        ("DELETE FROM audit_links", "DELETE FROM audit_events"),
        (AuditBreak(BreakKind.SHORTENED, 0),),
    ),
    "end and head cut off": (
        (
            "DELETE FROM audit_links WHERE sequence > 3",
            "DELETE FROM audit_events WHERE id > 3",
            "UPDATE audit_head SET sequence = 3, hash = (SELECT hash FROM audit_links"
            " WHERE sequence = 3)",
        ),
        (AuditBreak(BreakKind.HEAD, 3),),
    ),
    "event inserted": (
        (
            "INSERT INTO audit_events (id, at, actor, action, reason, before, after)"
            " SELECT 99, at, 'c', action, reason, before, after FROM audit_events WHERE id = 1",
        ),
        (AuditBreak(BreakKind.INSERTED, None, 99),),
    ),
    "events swapped": (
        (
            "UPDATE audit_events SET actor = CASE id WHEN 1 THEN 'b' ELSE 'a' END",
            "UPDATE audit_events SET actor = CASE id WHEN 2 THEN 'b' ELSE 'a' END",
        ),
        (AuditBreak(BreakKind.CHANGED, 2, 2),),
    ),
    "link rewritten": (
        ("UPDATE audit_links SET hash = 'ff' WHERE sequence = 4",),
        (AuditBreak(BreakKind.CHANGED, 4, 4), AuditBreak(BreakKind.MOVED, 5, 5)),
    ),
}


@pytest.mark.parametrize("done", TAMPERINGS)
def test_what_is_done_behind_the_triggers_is_found(
    engine: Engine, sessions: Sessions, done: str
) -> None:
    write(sessions, 1, 2, 3, 4, 5)
    statements, breaks = TAMPERINGS[done]
    tamper(engine, *statements)
    assert check(sessions).breaks == breaks


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_events SET actor = 'x'",
        "DELETE FROM audit_events",
        "UPDATE audit_links SET hash = 'x'",
        "DELETE FROM audit_links",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET sequence = sequence - 1",
        "UPDATE audit_head SET hash = 'x'",
        "UPDATE audit_head SET sequence = sequence + 1, chain_id = 'x'",
        "TRUNCATE audit_events CASCADE",
        "TRUNCATE audit_links",
        "TRUNCATE audit_head",
    ],
)
def test_the_database_refuses_to_change_trail_and_chain(
    engine: Engine, sessions: Sessions, change: str
) -> None:
    if change.startswith("TRUNCATE") and engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    write(sessions, 1, 2)
    with (
        pytest.raises(DatabaseError, match=r"append-only|only moves on"),
        engine.begin() as connection,
    ):
        connection.execute(text(change))
    assert (check(sessions).sequence, check(sessions).break_count) == (2, 0)


def test_a_bulk_insert_that_would_pass_the_chain_by_is_refused(sessions: Sessions) -> None:
    row = {"at": NOON, "actor": "a", "action": "x", "reason": "", "before": {}, "after": {}}
    with pytest.raises(RuntimeError, match="not chained"), sessions.begin() as session:
        session.execute(insert(AuditEvent), [row, row])
    assert (check(sessions).sequence, check(sessions).break_count) == (0, 0)


def test_a_key_begins_with_the_next_event_and_is_then_needed(
    engine: Engine, sessions: Sessions
) -> None:
    write(sessions, 1)
    write(open_sessions(engine, OLD), 2)
    with pytest.raises(AuditKeyMissing):
        write(sessions, 3)
    with pytest.raises(AuditKeyMissing):
        write(open_sessions(engine, AuditKeys.of([NEW_KEY])), 3)
    write(open_sessions(engine, BOTH), 3)
    found = check(sessions, BOTH)
    assert (found.sequence, found.break_count, found.keyed_from) == (3, 0, 2)
    assert {one.kind for one in check(sessions, OLD).breaks} == {BreakKind.KEY}


def forge_head(engine: Engine, sequence: int, *, keys: AuditKeys, key_id: str) -> None:
    """Cut the chain off and write the best head that these keys can."""
    with engine.connect() as connection:
        head = read_head(connection)
        last = connection.scalar(
            text("SELECT hash FROM audit_links WHERE sequence = :s"), {"s": sequence}
        )
    assert isinstance(last, str)
    made = make_head(keys, chain_id=head.chain_id, sequence=sequence, last=last, key_id=key_id)
    tamper(
        engine,
        f"DELETE FROM audit_links WHERE sequence > {sequence}",
        f"DELETE FROM audit_events WHERE id > {sequence}",
        f"UPDATE audit_head SET sequence = {sequence}, hash = '{last}', key_id = '{key_id}',"
        f" seal = '{made.seal}'",
    )


def test_with_a_key_nobody_shortens_the_chain_and_lets_the_office_write_on(
    engine: Engine, sessions: Sessions
) -> None:
    keyed = open_sessions(engine, OLD)
    write(keyed, 1, 2, 3, 4)
    forge_head(engine, 2, keys=NONE, key_id="")
    assert check(sessions, OLD).break_count == 1
    # The office is not stopped, and the mark of it stays in the chain for ever.
    write(keyed, 5, 6)
    found = check(sessions, OLD)
    assert [(one.kind, one.sequence) for one in found.breaks] == [(BreakKind.MOVED, 3)]
    assert found.sequence == 4


def test_without_a_key_an_anchor_finds_the_chain_that_was_shortened(
    engine: Engine, sessions: Sessions
) -> None:
    write(sessions, 1, 2, 3, 4)
    anchor = anchor_of(check(sessions))
    forge_head(engine, 2, keys=NONE, key_id="")
    assert check(sessions).break_count == 0
    assert check(sessions, anchor=anchor).breaks == (AuditBreak(BreakKind.SHORTENED, 2),)
    write(sessions, 33, 44, 55)
    assert check(sessions).break_count == 0
    assert check(sessions, anchor=anchor).breaks == (AuditBreak(BreakKind.ANCHOR, 5),)
    other = replace(anchor, chain_id="another")
    assert check(sessions, anchor=other).breaks == (AuditBreak(BreakKind.ANCHOR, 5),)


def test_a_trail_without_its_head_takes_nothing(engine: Engine, sessions: Sessions) -> None:
    write(sessions, 1)
    tamper(engine, "DELETE FROM audit_head")
    with pytest.raises(AuditBroken):
        write(sessions, 2)
    with pytest.raises(AuditBroken):
        check(sessions)


@pytest.mark.parametrize("length", [0, 1, 1203])
def test_the_migration_chains_what_is_there_and_goes_back(
    engine: Engine, sessions: Sessions, length: int
) -> None:
    with sessions.begin() as session:
        session.add_all(an_event(number) for number in range(length))
    before = check(sessions)
    with engine.begin() as connection:
        command.downgrade(migrations(connection), "0008")
    upgrade_schema(engine)
    assert schema_is_current(engine)
    with engine.connect() as connection:
        assert differences(connection) == []
    found = check(sessions)
    assert (found.sequence, found.break_count) == (length, 0)
    # Another chain: an anchor of the first one tells that somebody made it anew.
    assert check(sessions, anchor=anchor_of(before)).break_count == 1
    write(sessions, length)
    assert (check(sessions).sequence, check(sessions).break_count) == (length + 1, 0)


def test_a_check_sees_one_moment_while_others_write(sessions: Sessions) -> None:
    write(sessions, 1)
    stop = threading.Event()

    def go_on() -> None:
        number = 2
        while not stop.is_set():
            write(sessions, number)
            number += 1

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        counts = [check(sessions).break_count for _ in range(20)]
    finally:
        stop.set()
        writer.join()
    assert counts == [0] * 20
