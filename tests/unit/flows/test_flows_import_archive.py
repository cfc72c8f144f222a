from __future__ import annotations

import importlib.util
import socket
from pathlib import Path

import pytest
from prefect.task_runners import ThreadPoolTaskRunner

from correspondence.errors import SourceUnavailable
from flows.import_archive import run_import, task_runner
from office.settings import Settings


def test_dask_runs_the_tasks_where_it_is_installed_and_helpers_are_asked_for() -> None:
    assert type(task_runner(2)).__name__ == "DaskTaskRunner"
    assert isinstance(task_runner(1), ThreadPoolTaskRunner)


def test_where_the_server_is_away_the_reason_is_named(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings = Settings(home=tmp_path, prefect_port=free.getsockname()[1])
        with pytest.raises(SourceUnavailable, match="saraban serve"):
            run_import(settings, tmp_path, tmp_path / "report.csv", 2)


def test_without_dask_the_same_tasks_run_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert isinstance(task_runner(8), ThreadPoolTaskRunner)
