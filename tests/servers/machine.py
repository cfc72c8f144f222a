"""One machine of several, as a process: `python -m tests.servers.machine`.

It opens the house of its environment and takes letters as far as the machine may, a few at a
time, till nothing is left to claim.
"""

from __future__ import annotations

import sys
import time

from office.settings import read_settings
from pipeline.admission import admit_items, claim_items
from pipeline.bootstrap import House, open_house
from pipeline.casework import claim_work, process_cases
from registry.leases import lease_owner
from sandbox.pool import SandboxPool

FEW = 3


def work(house: House, owner: str, readers: SandboxPool) -> int:
    """Take letters as far as the machine may till nothing is left; returns how many were read."""
    read = 0
    while True:
        items = claim_items(house, owner, FEW)
        if items:
            read += admit_items(house, owner, items, readers).total()
        cases = claim_work(house, owner, FEW)
        if cases:
            process_cases(house, owner, cases)
        if not items and not cases:
            return read
        time.sleep(0.01)


def main() -> int:
    """Say that it is ready, wait for a line, work, say how many letters were read."""
    with open_house(read_settings()) as house, house.readers() as readers:
        owner = lease_owner()
        _ = house.classifier
        sys.stdout.write(f"{owner}\n")
        sys.stdout.flush()
        sys.stdin.readline()
        read = work(house, owner, readers)
    sys.stdout.write(f"{read}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
