"""The flows `backup` and `verify` on a real server: counts and ids only, named when they fail."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prefect.testing.utilities import prefect_test_harness

from correspondence.vocabulary import CaseState
from flows.backup import backup
from flows.redate import redate
from flows.sweep import sweep
from flows.verify import verify
from office.settings import Settings
from pipeline.alerts import alerts_in_force
from pipeline.backup_folder import read_manifest
from pipeline.bootstrap import open_house
from registry.casework import MAX_ATTEMPTS
from registry.models import Case, Cycle
from tests.conftest import SetClock
from tests.seeding import Seed, register, small_house

NEVER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def home(tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SARABAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SARABAN_BACKUP_FOLDER", str(tmp_path / "kept"))
    for name in ("SARABAN_DATABASE_URL", "SARABAN_BLOB_URL", "SARABAN_SMTP_URL"):
        monkeypatch.delenv(name, raising=False)
    house = small_house(tmp_path / "home", clock)
    register(house, Seed())
    house.close()
    return tmp_path / "home"


def standing(home: Path) -> tuple[list[tuple[str, str]], set[tuple[str, str]]]:
    """Return the cycles and the alerts."""
    house = open_house(Settings(home=home))
    with house.sessions.begin() as session:
        cycles = [(row.kind, row.outcome) for row in session.query(Cycle).order_by(Cycle.id)]
    alerts = {(alert.source, alert.code) for alert in alerts_in_force(house.sessions)}
    house.close()
    return cycles, alerts


def test_both_flows_say_what_they_found(
    server: None, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = backup(return_state=True)
    assert (state.is_completed(), state.message) == (True, "1 letters, 2 blobs")
    (made,) = (tmp_path / "kept").iterdir()
    assert read_manifest(made).counts["letters"] == 1
    state = verify(return_state=True)
    assert state.is_completed() and "2 blobs" in str(state.message)
    assert standing(home) == ([("backup", "done"), ("verify", "done")], set())

    lost = next((home / "blobs").glob("??/*"))
    kept = lost.read_bytes()
    lost.unlink()
    state = verify(return_state=True)
    assert state.is_failed() and "1 blob_missing" in str(state.message)
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    monkeypatch.setenv("SARABAN_BACKUP_FOLDER", str(in_the_way / "kept"))
    state = backup(return_state=True)
    assert state.is_failed() and "backup_failed" in str(state.message)
    assert standing(home)[1] == {("verify", "blob_missing"), ("backup", "backup_failed")}

    lost.write_bytes(kept)
    monkeypatch.setenv("SARABAN_BACKUP_FOLDER", str(tmp_path / "elsewhere"))
    assert verify(return_state=True).is_completed() and backup(return_state=True).is_completed()
    assert standing(home)[1] == set()


def test_the_sweep_gives_back_what_the_dead_held_and_tells_of_what_is_stuck(
    server: None, home: Path
) -> None:
    house = open_house(Settings(home=home))
    with house.sessions.begin() as session:
        case = session.query(Case).one()
        case.state, case.attempts = CaseState.REGISTERED.value, MAX_ATTEMPTS
        case.leased_by, case.leased_until = f"{socket.gethostname()}/999999/1.00/x", NEVER
    house.close()
    state = sweep(return_state=True)
    assert (state.is_completed(), state.name) == (True, "Attention")
    assert state.message == "1 leases freed, 0 runs closed; 1 cases_stuck"
    assert standing(home)[1] == {("sweep", "case_stuck")}
    house = open_house(Settings(home=home))
    with house.sessions.begin() as session:
        session.query(Case).one().attempts = 0
    house.close()
    assert sweep(return_state=True).name == "Completed"
    assert standing(home)[1] == set()


def test_dates_are_looked_at_and_an_unconfirmed_year_is_asked_for(server: None, home: Path) -> None:
    state = redate(return_state=True)
    assert (state.is_completed(), state.name) == (True, "Attention"), state.message
    assert "are not confirmed" in str(state.message)
