"""The flow that takes everything in the ledger to a draft before a person."""

from __future__ import annotations

import time
from collections import Counter
from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from pydantic import Field

from flows.count_words import count_rows, thai_line, waiting
from flows.counts import show_counts
from flows.descriptions import PROCESS
from flows.run_end import called, end_run
from flows.run_letters import show_letters
from flows.run_log import start_log
from flows.steps import run_step
from pipeline.acknowledging import draft_acknowledgements
from pipeline.admission import admit_items, claim_items
from pipeline.bootstrap import House, open_house
from pipeline.casework import claim_work, classify_cases, draft_cases, route_cases
from pipeline.cycle import named_counts, record_cycle
from pipeline.machines import see_this_machine
from pipeline.receiving import put_files_away
from pipeline.search_view import tend_index
from registry.leases import free_dead_leases, lease_owner
from sandbox.pool import SandboxPool


@flow(
    name="process-letters",
    description=PROCESS,
    flow_run_name=called("process"),
    persist_result=False,
)
def process_letters(
    time_box_seconds: Annotated[
        int,
        Field(
            ge=10,
            le=7200,
        ),
    ] = 1500,
) -> State[None]:
    """Drain the ledger and the cases that wait for the machine.

    Args:
        time_box_seconds: เวลาสูงสุดเป็นวินาที 10–7200 เกินแล้วรอบหน้าทำต่อ · no new batch is begun after
            so many seconds; the next run goes on.
    """
    with open_house() as house:
        start_log(house.settings, "process")
        free_dead_leases(house.sessions)
        see_this_machine(house)
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
            count_rows(dict(sorted(counts.items()))),
            f"**{thai_line(counts)}**\n\nWhat became of the letters of this run",
        )
        show_letters(house, started)
        record_cycle(
            house, "process", started, dict(counts), outcome="done", run_id=str(flow_run.id)
        )
    said = f"{counts['registered']} registered, {counts['drafted']} drafted"
    ended = ", ".join(f"{counts[w]} {w}" for w in ("quarantined", "duplicate") if counts[w])
    return end_run(
        f"{said}, {ended}" if ended else said,
        attention=f"{left} wait for a person" if (left := waiting(counts)) else "",
    )


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
