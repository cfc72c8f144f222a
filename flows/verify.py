"""The flow that looks whether everything is there and whole."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run

from flows.counts import show_counts
from flows.descriptions import VERIFY
from flows.progress import log_progress
from flows.run_end import called, end_run
from flows.run_log import start_log
from flows.steps import run_step
from pipeline.bootstrap import open_house
from pipeline.cycle import record_cycle
from pipeline.verifying import verify_house


@flow(
    name="verify",
    description=VERIFY,
    flow_run_name=called("verify"),
    persist_result=False,
)
def verify() -> State[None]:
    """Look at everything, change nothing; a finding of any kind fails the run and is named."""
    with open_house() as house:
        start_log(house.settings, "verify")
        started = house.clock()
        report = run_step("verify", "everything", lambda: verify_house(house, log_progress()))
        counts: dict[str, str | int] = {"blobs": report.blobs, "events": report.events}
        counts |= {line.kind.value: line.count for line in report.findings}
        show_counts(
            "verify",
            [
                {"finding": line.kind.value, "count": line.count, "first": ", ".join(line.records)}
                for line in report.findings
            ]
            or [{"finding": "none", "count": 0, "first": ""}],
            f"**{'พบสิ่งผิดปกติ อย่าลบอะไร' if report.findings else 'ครบถ้วนสมบูรณ์'}**\n\n"
            "What is not as it must be; see “Backup and restore” in the operator's guide",
        )
        whole = report.outcome == "whole"
        outcome = "done" if whole else "fault"
        record_cycle(house, "verify", started, counts, outcome=outcome, run_id=str(flow_run.id))
    looked = f"{report.blobs} blobs, {report.events} events"
    if whole:
        return end_run(f"{looked}: whole")
    found = ", ".join(f"{line.count} {line.kind.value}" for line in report.findings)
    return end_run(looked, failed=f"{found}; delete nothing, see `saraban verify`")
