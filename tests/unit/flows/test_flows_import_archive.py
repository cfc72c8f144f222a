from __future__ import annotations

import importlib.util

import pytest
from prefect.task_runners import ThreadPoolTaskRunner

from flows.import_archive import task_runner


def test_dask_runs_the_tasks_where_it_is_installed_and_helpers_are_asked_for() -> None:
    assert type(task_runner(2)).__name__ == "DaskTaskRunner"
    assert isinstance(task_runner(1), ThreadPoolTaskRunner)


def test_without_dask_the_same_tasks_run_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert isinstance(task_runner(8), ThreadPoolTaskRunner)
