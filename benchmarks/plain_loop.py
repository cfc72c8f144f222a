"""What `process-letters` does, without Prefect, timed by stage: a child of `benchmarks.throughput`.

    python -m benchmarks.plain_loop

Settings come from the environment, as the flow's do. Prints one line of JSON: seconds by stage.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from pipeline.acknowledging import draft_acknowledgements
from pipeline.admission import admit_items, claim_items
from pipeline.bootstrap import House, open_house
from pipeline.casework import claim_work, classify_cases, draft_cases, route_cases
from pipeline.receiving import put_files_away
from pipeline.search_view import tend_index
from registry.leases import free_dead_leases, lease_owner


def main() -> None:
    """Drain the ledger and the cases in the order of the flow."""
    seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def timed(stage: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        seconds[stage] += time.perf_counter() - begun

    with timed("open"):
        house = open_house()
    with house:
        owner = lease_owner()
        free_dead_leases(house.sessions)
        with house.readers() as readers:
            while True:
                with timed("claim"):
                    ids = claim_items(house, owner)
                if not ids:
                    break
                with timed("read and register"):
                    admit_items(house, owner, ids, readers)
                _advance(house, owner, timed)
        with timed("put away"):
            put_files_away(house)
        with timed("index"):
            while tend_index(house):
                pass
        _advance(house, owner, timed)
        with timed("acknowledge"):
            draft_acknowledgements(house)
    sys.stdout.write(json.dumps(seconds) + "\n")


def _advance(
    house: House, owner: str, timed: Callable[[str], AbstractContextManager[None]]
) -> None:
    while True:
        with timed("claim"):
            ids = claim_work(house, owner)
        if not ids:
            return
        with timed("classify"):
            classify_cases(house, owner, ids)
        with timed("route"):
            route_cases(house, owner, ids)
        with timed("draft"):
            draft_cases(house, owner, ids)


if __name__ == "__main__":
    main()
