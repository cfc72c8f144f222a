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


RETRY_SECONDS = [5.0, 30.0]


def run_step(
    name: str, size: int | str, work: Callable[[], Result], *, retry: bool = False
) -> Result:
    """Run `work` as a task named `name` with a run name of `name-size`; returns its result.

    Args:
        name: what operators call it.
        size: how many records, or the name of a source.
        work: does it all; its faults fail the task.
        retry: try again after 5 and after 30 seconds when `work` raises; for the network only.
    """

    @task(
        name=name,
        task_run_name=f"{name}-{size}",
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=len(RETRY_SECONDS) if retry else 0,
        retry_delay_seconds=RETRY_SECONDS if retry else 0,
        retry_jitter_factor=0.3 if retry else None,
    )
    def step() -> Result:
        return work()

    return step()
