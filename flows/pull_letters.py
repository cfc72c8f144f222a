"""The flow that pulls mailboxes and drop folders into the ledger."""

from __future__ import annotations

from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from pydantic import Field

from flows.count_words import thai_line
from flows.counts import show_counts
from flows.descriptions import PULL
from flows.mailbox_secrets import read_mailbox_secret
from flows.run_end import called, end_run
from flows.run_log import start_log
from flows.steps import run_step
from pipeline.bootstrap import House, open_house
from pipeline.cycle import record_cycle
from pipeline.pulling import SourceReport, pull_source, source_names
from registry.leases import free_dead_leases, lease_owner


@flow(
    name="pull-letters",
    description=PULL,
    flow_run_name=called("pull"),
    persist_result=False,
)
def pull_letters(
    source: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$",
            examples=["all"],
        ),
    ] = "all",
) -> State[None]:
    """Pull one source, or all of them.

    Args:
        source: ชื่อกล่องจดหมายหรือโฟลเดอร์ใน `config/sources.toml` หรือ `all` ทุกแหล่ง · name of a mailbox
            or folder in `config/sources.toml`, or `all`.
    """
    with open_house() as house:
        start_log(house.settings, "pull")
        free_dead_leases(house.sessions)
        started = house.clock()
        known = source_names(house)
        if source not in ("all", *known):
            return end_run("", failed=f"no source {source}: there are {', '.join(known)}")
        names = known if source == "all" else [source]
        # One name for all tries: what a lost database leaves leased, the next try takes up again.
        owner = lease_owner()
        reports = [_pull_one(house, name, owner) for name in names]
        received = sum(report.received for report in reports)
        faulty = [report.source for report in reports if report.fault]
        show_counts(
            "pull-letters",
            [{"source": r.source, "new": r.received, "fault": r.fault or ""} for r in reports],
            f"**{thai_line({'received': received, 'faults': len(faulty)})}**\n\n"
            "New items by source; a fault code is explained in the operator's guide.",
        )
        record_cycle(
            house,
            "pull",
            started,
            {"received": received, "faults": len(faulty)},
            outcome="fault" if faulty else "done",
            run_id=str(flow_run.id),
        )
    said = f"{received} new from {len(names) - len(faulty)} of {len(names)} sources"
    if not faulty:
        return end_run(said)
    return end_run(
        said,
        failed=f"no answer from {', '.join(faulty)}: nothing is lost, the next run tries again; "
        "if it lasts, see the source's fault in `saraban status`",
    )


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
