"""The flow that gives back what dead processes held and counts what is stuck."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from pydantic import Field

from flows.count_words import count_rows, thai_line
from flows.counts import show_counts
from flows.descriptions import SWEEP
from flows.reconciliation import crash_orphans
from flows.run_end import called, end_run
from flows.run_log import start_log
from flows.steps import run_step
from pipeline.bootstrap import open_house
from pipeline.cycle import record_cycle
from pipeline.sweeping import sweep_house


@flow(name="sweep", description=SWEEP, flow_run_name=called("sweep"), persist_result=False)
def sweep(
    waiting_minutes: Annotated[
        int,
        Field(
            ge=5,
            le=1440,
        ),
    ] = 60,
) -> State[None]:
    """Free leases of the dead, close runs of the dead, count what waits too long.

    Args:
        waiting_minutes: รอนานกว่านี้ถือว่าค้าง 5–1440 นาที · a letter that waits to be read for longer
            is counted, and a run that waits for its process for longer is closed.
    """
    waiting = timedelta(minutes=waiting_minutes)
    with open_house() as house:
        start_log(house.settings, "sweep")
        started = house.clock()
        runs = run_step("close", "dead-runs", lambda: crash_orphans(waiting=waiting))
        swept = run_step("sweep", "letters", lambda: sweep_house(house, waiting))
        counts = {"runs_crashed": runs, **swept.model_dump()}
        show_counts("sweep", count_rows(counts), f"**{thai_line(counts)}**\n\nWhat was stuck")
        stuck = swept.letters_waiting + swept.cases_stuck
        record_cycle(
            house,
            "sweep",
            started,
            counts,
            outcome="warning" if stuck else "done",
            run_id=str(flow_run.id),
        )
    left = [
        f"{number} {name}"
        for name, number in (
            ("letters_waiting", swept.letters_waiting),
            ("cases_stuck", swept.cases_stuck),
        )
        if number
    ]
    return end_run(
        f"{swept.leases_freed} leases freed, {runs} runs closed", attention=", ".join(left)
    )
