"""The pull flow under a Prefect server of its own: retries, named faults, what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.testing.utilities import prefect_test_harness

import flows.steps as steps
from office.places import find_folder

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    config = tmp_path / "config"
    config.mkdir()
    for source in find_folder("config").iterdir():
        (config / source.name).write_bytes(source.read_bytes())
    (config / "sources.toml").write_text(
        """[[mailbox]]
name = "away"
host = "127.0.0.1"
port = 9
tls = "off"
user = "saraban"
password_env = "SARABAN_TEST_PASSWORD"

[[drop_folder]]
name = "drop"
path = "drop"
still_seconds = 0
""",
        encoding="utf-8",
    )
    (tmp_path / "drop" / "hand").mkdir(parents=True)
    (tmp_path / "drop" / "hand" / "letter.txt").write_text("เรื่อง ทดสอบ", encoding="utf-8")
    monkeypatch.setenv("SARABAN_HOME", str(tmp_path))
    monkeypatch.setenv("SARABAN_TEST_PASSWORD", "x")
    monkeypatch.setattr(steps, "RETRY_SECONDS", [0.1, 0.1])
    return tmp_path


def test_a_mailbox_that_is_away_is_tried_again_and_the_folder_is_pulled(
    server: None, home: Path
) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    from flows.pull_letters import pull_letters

    state = pull_letters(return_state=True)
    assert state.is_failed()
    assert str(state.message).startswith("1 new from 1 of 2 sources; no answer from away")
    run_id = state.state_details.flow_run_id
    assert run_id is not None
    with get_client(sync_client=True) as client:
        tasks = client.read_task_runs(
            flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run_id]))
        )
        run = client.read_flow_run(run_id)
    tries = {task.name: task.run_count for task in tasks}
    assert tries == {"pull-away": 3, "pull-drop": 1}
    assert run.name.startswith("pull all · ") and " · failed: no answer from away" in run.name
    assert "needs-a-person" in run.tags
    shown = str([task.model_dump() for task in tasks]) + str(run.model_dump())
    assert "letter.txt" not in shown


def test_one_source_can_be_pulled_by_name(server: None, home: Path) -> None:
    from flows.pull_letters import pull_letters

    state = pull_letters("drop", return_state=True)
    assert state.is_completed()
    assert state.message == "1 new from 1 of 1 sources"


def test_a_source_that_is_not_there_is_named_with_those_that_are(server: None, home: Path) -> None:
    from flows.pull_letters import pull_letters

    state = pull_letters("nowhere", return_state=True)
    assert state.is_failed()
    assert state.message == "no source nowhere: there are away, drop"
