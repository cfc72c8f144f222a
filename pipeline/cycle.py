"""One pass of the house: pull, admit, process. The same code runs in a flow and in `run`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from correspondence.reading import Frozen
from office.sources import Mailbox, ReadPassword
from pipeline.acknowledging import draft_acknowledgements
from pipeline.admission import drain_items
from pipeline.bootstrap import House
from pipeline.calendar_watch import tend_calendar
from pipeline.casework import drain_cases
from pipeline.pulling import SourceReport, pull_sources
from pipeline.search_view import tend_index
from registry.leases import free_dead_leases, lease_owner
from registry.models import Cycle


class CycleCounts(Frozen):
    """JSON of `run`: counts only."""

    sources: tuple[SourceReport, ...]
    received: int
    intake: dict[str, int]
    cases: dict[str, int]
    acknowledgements: int = 0


def run_cycle(house: House, *, read_password: ReadPassword = Mailbox.read_password) -> CycleCounts:
    """Pull every source, then take everything that waits as far as the machine may."""
    free_dead_leases(house.sessions)
    owner = lease_owner()
    started = house.clock()
    reports = pull_sources(house, owner, read_password=read_password)
    intake = drain_items(house, owner)
    tend_calendar(house)
    cases = drain_cases(house, owner)
    tend_index(house)
    counts = CycleCounts(
        sources=reports,
        received=sum(report.received for report in reports),
        intake=named_counts(intake),
        cases=named_counts(cases),
        acknowledgements=draft_acknowledgements(house),
    )
    faulty = any(report.fault for report in reports)
    record_cycle(
        house, "run", started, counts.model_dump(mode="json"), outcome="fault" if faulty else "done"
    )
    return counts


def named_counts(counts: Counter[Any]) -> dict[str, int]:
    """Return a counter with plain string keys."""
    return {str(key): count for key, count in sorted(counts.items())}


def record_cycle(
    house: House,
    kind: str,
    started_at: datetime,
    counts: Mapping[str, Any],
    *,
    outcome: str,
    run_id: str | None = None,
) -> None:
    """Keep when a pass ran and what it counted; never more than counts and ids."""
    with house.sessions.begin() as session:
        session.add(
            Cycle(
                kind=kind,
                run_id=run_id,
                started_at=started_at,
                finished_at=house.clock(),
                outcome=outcome,
                counts=dict(counts),
            )
        )
