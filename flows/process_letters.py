"""The flow that takes everything in the ledger to a draft before a person."""

from __future__ import annotations

import time
from collections import Counter

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from prefect.states import Completed, State
from prefect.utilities.annotations import quote

from flows.counts import show_counts
from pipeline.admission import admit_items, claim_items
from pipeline.bootstrap import House, open_house
from pipeline.casework import claim_work, classify_cases, draft_cases, route_cases
from pipeline.cycle import lease_owner, named_counts, record_cycle
from sandbox.pool import SandboxPool

Counts = dict[str, int]


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
    house = open_house()
    started, deadline = house.clock(), time.monotonic() + time_box_seconds
    owner = lease_owner()
    counts: Counter[str] = Counter()
    with house.readers() as readers:
        while time.monotonic() < deadline and (ids := claim_items(house, owner)):
            counts.update(read_batch(quote(house), owner, ids, quote(readers)))
            while cases := claim_work(house, owner):
                counts.update(classify_batch(quote(house), owner, cases))
                counts.update(draft_batch(quote(house), owner, cases))
    while time.monotonic() < deadline and (cases := claim_work(house, owner)):
        counts.update(classify_batch(quote(house), owner, cases))
        counts.update(draft_batch(quote(house), owner, cases))
    show_counts(
        "process-letters",
        [{"what": what, "count": number} for what, number in sorted(counts.items())],
        "What became of the letters of this run",
    )
    record_cycle(house, "process", started, dict(counts), outcome="done", run_id=str(flow_run.id))
    house.close()
    return Completed(message=_message(counts))


def _message(counts: Counter[str]) -> str:
    """Say what an operator must know; a run with held letters is not green without a word."""
    parts = [f"{counts['registered']} registered", f"{counts['drafted']} drafted"]
    parts += [
        f"{counts[name]} {name}"
        for name in ("triage", "held", "quarantined", "secret", "duplicate", "pending", "failed")
        if counts[name]
    ]
    return ", ".join(parts)


@task(
    name="read",
    task_run_name="read",
    cache_policy=NO_CACHE,
    persist_result=False,
)
def read_batch(house: House, owner: str, ids: list[int], readers: SandboxPool) -> Counts:
    """Read, gate and register one batch of ledger rows."""
    return named_counts(admit_items(house, owner, ids, readers))


@task(name="classify", task_run_name="classify", cache_policy=NO_CACHE, persist_result=False)
def classify_batch(house: House, owner: str, ids: list[int]) -> Counts:
    """Classify and route one batch of cases."""
    return named_counts(classify_cases(house, owner, ids) + route_cases(house, owner, ids))


@task(name="draft", task_run_name="draft", cache_policy=NO_CACHE, persist_result=False)
def draft_batch(house: House, owner: str, ids: list[int]) -> Counts:
    """Draft one batch of cases."""
    return named_counts(draft_cases(house, owner, ids))
