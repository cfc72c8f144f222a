"""The flow that pulls mailboxes and drop folders into the ledger."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from flows.counts import show_counts
from flows.mailbox_secrets import read_mailbox_secret
from flows.run_log import start_log
from flows.steps import run_step
from pipeline.bootstrap import House, open_house
from pipeline.cycle import record_cycle
from pipeline.pulling import SourceReport, pull_source, source_names
from registry.leases import free_dead_leases, lease_owner


@flow(
    name="pull-letters",
    description="Takes new mail and dropped files into the ledger. Nothing is read yet.",
    flow_run_name="pull-{source}",
    persist_result=False,
)
def pull_letters(source: str = "all") -> State[None]:
    """Pull one source, or all of them.

    Args:
        source: name of a mailbox or folder in `config/sources.toml`, or `all`.
    """
    with open_house() as house:
        start_log(house.settings, "pull")
        free_dead_leases(house.sessions)
        started = house.clock()
        names = source_names(house) if source == "all" else [source]
        # One name for all tries: what a lost database leaves leased, the next try takes up again.
        owner = lease_owner()
        reports = [_pull_one(house, name, owner) for name in names]
        show_counts(
            "pull-letters",
            [{"source": r.source, "new": r.received, "fault": r.fault or ""} for r in reports],
            "New items by source",
        )
        received = sum(report.received for report in reports)
        faulty = [report.source for report in reports if report.fault]
        record_cycle(
            house,
            "pull",
            started,
            {"received": received, "faults": len(faulty)},
            outcome="fault" if faulty else "done",
            run_id=str(flow_run.id),
        )
    if faulty:
        return Failed(message=f"{received} new; no answer from {len(faulty)} of {len(names)}")
    return Completed(message=f"{received} new from {len(names)} sources")


class _Away(Exception):
    """The source may answer at the next try; the text is its fault's code."""


def _pull_one(house: House, name: str, owner: str) -> SourceReport:
    """Pull one source; its faults come back named, so that the others go on."""

    def pull() -> SourceReport:
        report = pull_source(house, name, owner, read_password=read_mailbox_secret)
        if report.retryable:
            raise _Away(report.fault)
        return report

    try:
        return run_step("pull", name, pull, retry=True)
    except _Away as away:
        return SourceReport(source=name, fault=str(away), retryable=True)
