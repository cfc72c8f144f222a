"""The flow that makes the report of the month that is over."""

from __future__ import annotations

from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from pydantic import Field

from correspondence.errors import SarabanError
from flows.counts import show_counts
from flows.descriptions import REPORT
from flows.run_end import called, end_run
from flows.run_log import start_log
from flows.steps import run_step
from pipeline.bootstrap import open_house
from pipeline.cycle import record_cycle
from pipeline.reporting import make_report


@flow(
    name="report",
    description=REPORT,
    flow_run_name=called("report"),
    persist_result=False,
)
def report(
    month: Annotated[
        str,
        Field(
            pattern=r"^(20[0-9]{2}-(0[1-9]|1[0-2]))?$",
            examples=["2026-10"],
        ),
    ] = "",
) -> State[None]:
    """Make the report of a month.

    Args:
        month: ปี ค.ศ. และเดือน เช่น `2026-10` เว้นว่างคือเดือนที่จบล่าสุด · year (CE) and month, such as
            `2026-10`; empty for the last month that is over.
    """
    with open_house() as house:
        start_log(house.settings, "report")
        started = house.clock()
        try:
            made = run_step(
                "report", month or "last-month", lambda: make_report(house, month or None)
            )
        except SarabanError as fault:
            return end_run("", failed=str(fault))
        show_counts(
            "report",
            [{"month": made.period, "report": made.report_id, "cases": made.received}],
            f"**รายงานประจำเดือน {made.period}: รับ {made.received} เรื่อง**\n\n"
            "The report of the month; it lies in the review app.",
        )
        counts = {"received": made.received, "new": int(made.new)}
        record_cycle(house, "report", started, counts, outcome="done", run_id=str(flow_run.id))
    return end_run(f"{made.period}: {'made' if made.new else 'was there'}")
