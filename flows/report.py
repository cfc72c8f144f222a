"""The flow that makes the report of the month that is over."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from correspondence.errors import SarabanError
from flows.counts import show_counts
from flows.run_log import start_log
from flows.steps import run_step
from pipeline.bootstrap import open_house
from pipeline.cycle import record_cycle
from pipeline.reporting import make_report


@flow(
    name="report",
    description="Makes the monthly report, once for each month.",
    flow_run_name="report",
    persist_result=False,
)
def report(month: str | None = None) -> State[None]:
    """Make the report of a month.

    Args:
        month: `2026-10` (CE); the last month that is over by default.
    """
    with open_house() as house:
        start_log(house.settings, "report")
        started = house.clock()
        try:
            made = run_step("report", month or "last-month", lambda: make_report(house, month))
        except SarabanError as fault:
            return Failed(message=str(fault))
        show_counts(
            "report",
            [{"month": made.period, "report": made.report_id, "cases": made.received}],
            "The report of the month",
        )
        counts = {"received": made.received, "new": int(made.new)}
        record_cycle(house, "report", started, counts, outcome="done", run_id=str(flow_run.id))
    return Completed(message=f"{made.period}: {'made' if made.new else 'was there'}")
