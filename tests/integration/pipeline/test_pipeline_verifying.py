"""`verify` names what is not as it must be, by ids only, and raises or clears its alerts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text, update

from correspondence.vocabulary import CaseState, IntakeOutcome
from pipeline.alerts import alerts_in_force
from pipeline.bootstrap import House
from pipeline.verifying import TOLD, verify_house
from registry.models import Case, DueDateRow, IntakeItem, Letter, RegisterCounter
from tests.conftest import SetClock
from tests.seeding import Seed, end_in, register, small_house

SECRET_WORD = "มะลิวัลย์"


def say_nothing(_part: str, _done: int, _total: int) -> None:
    """Progress nobody looks at."""


@pytest.fixture
def house(tmp_path: Path, database_url: str, clock: SetClock) -> Iterator[House]:
    opened = small_house(tmp_path / "home", clock, database_url=database_url)
    yield opened
    opened.close()


def found(house: House) -> dict[str, tuple[str, ...]]:
    report = verify_house(house, say_nothing)
    assert SECRET_WORD not in report.model_dump_json()
    assert (report.outcome == "whole") == (not report.findings)
    return {line.kind.value: line.records for line in report.findings}


def test_a_house_as_it_should_be_has_no_findings(house: House) -> None:
    assert found(house) == {}
    register(house, Seed(subject=SECRET_WORD))
    register(house, Seed(due=None))
    for outcome in (IntakeOutcome.HELD, IntakeOutcome.QUARANTINED, IntakeOutcome.SECRET):
        end_in(house, outcome, "marked_secret")
    told: list[tuple[str, int, int]] = []
    report = verify_house(house, lambda *progress: told.append(progress))
    assert (report.outcome, report.blobs) == ("whole", 7)
    assert {part for part, _, _ in told} == {
        *("blobs", "register", "due dates", "ledger", "audit trail")
    }


def test_gaps_and_numbers_past_the_counter_are_named(house: House) -> None:
    for _ in range(5):
        register(house, Seed())
    with house.sessions.begin() as session:
        session.execute(update(Letter).where(Letter.id == 3).values(register_number=9))
        session.execute(update(RegisterCounter).values(last_number=6))
        session.add(RegisterCounter(year=2025, last_number=2))
    assert found(house) == {
        "number_missing": (
            *("register_number 3/2569", "register_number 6/2569", "register_number 7/2569"),
            *("register_number 8/2569", "register_number 1/2568", "register_number 2/2568"),
        ),
        "number_not_counted": ("register_number 9/2569",),
    }


def test_a_far_number_does_not_make_a_million_findings(house: House) -> None:
    register(house, Seed())
    with house.sessions.begin() as session:
        session.execute(update(Letter).values(register_number=50_000_000))
    report = verify_house(house, say_nothing)
    (missing,) = [line for line in report.findings if line.kind == "number_missing"]
    assert (missing.count, len(missing.records)) == (1000, TOLD)


def test_repeated_numbers_are_named_where_the_constraint_is_gone(house: House) -> None:
    for _ in range(2):
        register(house, Seed())
    with house.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            pytest.skip("SQLite keeps its constraint with the table")
        name = "uq_letters_register_year_register_number"
        found_names = connection.execute(
            text("SELECT conname FROM pg_constraint WHERE conrelid = 'letters'::regclass")
        ).scalars()
        (name,) = [n for n in found_names if n.startswith("uq_letters_register_year")]
        connection.execute(text(f'ALTER TABLE letters DROP CONSTRAINT "{name}"'))
    with house.sessions.begin() as session:
        session.execute(update(Letter).values(register_number=1))
        session.execute(update(RegisterCounter).values(last_number=1))
    assert found(house) == {"number_repeated": ("register_number 1/2569",)}


def test_a_case_without_a_date_needs_a_reason(house: House) -> None:
    dated, undated = register(house, Seed()), register(house, Seed(due=None))
    with house.sessions.begin() as session:
        session.execute(update(DueDateRow).values(explanation=" "))
    assert found(house) == {"case_without_due_date": (f"case {undated}",)}
    with house.sessions.begin() as session:
        session.execute(
            update(Case).where(Case.id == undated).values(state=CaseState.ON_HOLD.value)
        )
        session.execute(update(Case).where(Case.id == dated).values(due_date=None))
    assert found(house) == {"case_without_due_date": (f"case {dated}",)}


def test_items_must_have_ended_or_wait(house: House) -> None:
    register(house, Seed())
    held = end_in(house, IntakeOutcome.HELD, "damaged")
    tired = end_in(house, IntakeOutcome.HELD, "damaged")
    with house.sessions.begin() as session:
        pending = {"outcome": IntakeOutcome.PENDING.value, "settled_at": None}
        session.execute(update(IntakeItem).where(IntakeItem.id == held).values(pending))
    assert found(house) == {}
    with house.sessions.begin() as session:
        session.execute(
            update(IntakeItem).where(IntakeItem.id == tired).values(pending | {"attempts": 4})
        )
        session.execute(update(IntakeItem).where(IntakeItem.id == held).values(outcome="lost"))
    assert found(house) == {"item_unsettled": (f"intake_item {held}", f"intake_item {tired}")}
    with house.sessions.begin() as session:
        done = {"outcome": IntakeOutcome.REGISTERED.value, "settled_at": house.clock()}
        session.execute(update(IntakeItem).where(IntakeItem.id.in_([held, tired])).values(done))
    names = (f"intake_item {held}", f"intake_item {tired}")
    assert found(house) == {"item_without_letter": names}


def test_a_missing_blob_opens_an_alert_that_the_next_good_look_clears(
    house: House, tmp_path: Path
) -> None:
    register(house, Seed())
    (blob, *_) = sorted((tmp_path / "home" / "blobs").glob("??/*"))
    kept = blob.read_bytes()
    blob.unlink()
    assert list(found(house)) == ["blob_missing"]
    assert [(a.source, a.code) for a in alerts_in_force(house.sessions)] == [
        ("verify", "blob_missing")
    ]
    blob.write_bytes(kept[:-1])
    assert list(found(house)) == ["blob_damaged"]
    assert [a.code for a in alerts_in_force(house.sessions)] == ["blob_damaged"]
    blob.write_bytes(kept)
    assert found(house) == {}
    assert alerts_in_force(house.sessions) == ()


def test_a_broken_trail_is_a_finding_with_an_alert_of_its_own(house: House) -> None:
    register(house, Seed())
    with house.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_events_no_update"))
        else:
            connection.execute(text("ALTER TABLE audit_events DISABLE TRIGGER ALL"))
        connection.execute(text("UPDATE audit_events SET actor = 'x' WHERE id = 1"))
    assert found(house) == {"audit_broken": ("audit_link 1",)}
    assert [(a.source, a.code) for a in alerts_in_force(house.sessions)] == [
        ("audit", "audit_broken")
    ]
