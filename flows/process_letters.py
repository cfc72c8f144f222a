"""The flow that takes everything in the ledger to a draft before a person."""

from __future__ import annotations

import time
from collections import Counter

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed

from flows.counts import show_counts
from flows.run_letters import show_letters
from flows.run_log import start_log
from flows.steps import run_step
from pipeline.acknowledging import draft_acknowledgements
from pipeline.admission import admit_items, claim_items
from pipeline.bootstrap import House, open_house
from pipeline.casework import claim_work, classify_cases, draft_cases, route_cases
from pipeline.cycle import named_counts, record_cycle
from pipeline.receiving import put_files_away
from pipeline.search_view import tend_index
from registry.leases import free_dead_leases, lease_owner
from sandbox.pool import SandboxPool


@flow(
    name="process-letters",
    description="Reads, registers, classifies, routes and drafts what waits in the ledger.",
    flow_run_name="process-letters",
    persist_result=False,
)
def process_letters(time_box_seconds: int = 1500) -> State[None]:
    """Drain the ledger and the cases that wait for the machine.

    Args:
        time_box_seconds: no new batch is begun after this long; the next run goes on.
    """
    with open_house() as house:
        start_log(house.settings, "process")
        free_dead_leases(house.sessions)
        started, deadline = house.clock(), time.monotonic() + time_box_seconds
        owner = lease_owner()
        counts: Counter[str] = Counter()
        with house.readers() as readers:
            while time.monotonic() < deadline and (ids := claim_items(house, owner)):
                counts.update(_read_batch(house, owner, ids, readers))
                counts.update(_advance_cases(house, owner, deadline))
        put_files_away(house)
        while time.monotonic() < deadline and tend_index(house):
            pass
        counts.update(_advance_cases(house, owner, deadline))
        if drafted := draft_acknowledgements(house):
            counts["acknowledgements"] = drafted
        show_counts(
            "process-letters",
            [{"what": what, "count": number} for what, number in sorted(counts.items())],
            "What became of the letters of this run",
        )
        show_letters(house, started)
        record_cycle(
            house, "process", started, dict(counts), outcome="done", run_id=str(flow_run.id)
        )
    return Completed(message=_message(counts))


def _read_batch(house: House, owner: str, ids: list[int], readers: SandboxPool) -> dict[str, int]:
    def read() -> dict[str, int]:
        return named_counts(admit_items(house, owner, ids, readers))

    return run_step("read", len(ids), read)


def _advance_cases(house: House, owner: str, deadline: float) -> Counter[str]:
    counts: Counter[str] = Counter()
    while time.monotonic() < deadline and (ids := claim_work(house, owner)):
        counts.update(_advance_batch(house, owner, ids))
    return counts


def _advance_batch(house: House, owner: str, ids: list[int]) -> Counter[str]:
    def classify() -> dict[str, int]:
        return named_counts(classify_cases(house, owner, ids) + route_cases(house, owner, ids))

    def draft() -> dict[str, int]:
        return named_counts(draft_cases(house, owner, ids))

    counts: Counter[str] = Counter()
    counts.update(run_step("classify", len(ids), classify))
    counts.update(run_step("draft", len(ids), draft))
    return counts


def _message(counts: Counter[str]) -> str:
    """Say what an operator must know; a run with held letters is not green without a word."""
    parts = [f"{counts['registered']} registered", f"{counts['drafted']} drafted"]
    parts += [
        f"{counts[name]} {name}"
        for name in ("triage", "held", "quarantined", "secret", "duplicate", "pending", "failed")
        if counts[name]
    ]
    return ", ".join(parts)
