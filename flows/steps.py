"""Run a piece of work as a Prefect task that takes nothing and keeps nothing.

A task without parameters can leak none into Prefect's database, and Prefect need not walk the
objects it works on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE

Result = TypeVar("Result")


def run_step(name: str, size: int | str, work: Callable[[], Result]) -> Result:
    """Run `work` as a task named `name` with a run name of `name-size`; returns its result.

    Args:
        name: what operators call it.
        size: how many records, or the name of a source.
        work: does it all; its faults fail the task.
    """

    @task(
        name=name,
        task_run_name=f"{name}-{size}",
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    def step() -> Result:
        return work()

    return step()
