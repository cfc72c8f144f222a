from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.testing.utilities import prefect_test_harness

from flows.remind import remind
from flows.report import report
from office.settings import Settings
from pipeline.bootstrap import open_house
from registry.models import Cycle, Report


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SARABAN_HOME", str(tmp_path))
    for name in ("SARABAN_DATABASE_URL", "SARABAN_BLOB_URL", "SARABAN_SMTP_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def _cycles(home: Path) -> list[tuple[str, str]]:
    house = open_house(Settings(home=home))
    with house.sessions.begin() as session:
        found = [(row.kind, row.outcome) for row in session.query(Cycle).order_by(Cycle.id)]
    house.close()
    return found


def test_remind_runs_and_records_its_cycle(server: None, home: Path) -> None:
    assert remind(return_state=True).is_completed()
    assert _cycles(home) == [("remind", "done")]


def test_remind_fails_when_the_mail_server_is_wrongly_set_up(
    server: None, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SARABAN_SMTP_URL", "http://clerk:password@mail")
    state = remind(return_state=True)
    assert state.is_failed()
    assert "password" not in str(state.message)


def test_report_makes_last_month_once_and_refuses_a_month_to_come(server: None, home: Path) -> None:
    assert report(return_state=True).is_completed()
    assert report(return_state=True).is_completed()
    refused = report(month="2099-01", return_state=True)
    assert refused.is_failed() and "not over" in str(refused.message)
    house = open_house(Settings(home=home))
    with house.sessions.begin() as session:
        assert session.query(Report).count() == 1
    house.close()
