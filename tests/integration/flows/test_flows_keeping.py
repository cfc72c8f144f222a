"""The flows `backup` and `verify` on a real server: counts and ids only, named when they fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.testing.utilities import prefect_test_harness

from flows.backup import backup
from flows.verify import verify
from office.settings import Settings
from pipeline.alerts import alerts_in_force
from pipeline.backup_folder import read_manifest
from pipeline.bootstrap import open_house
from registry.models import Cycle
from tests.conftest import SetClock
from tests.seeding import Seed, register, small_house


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
