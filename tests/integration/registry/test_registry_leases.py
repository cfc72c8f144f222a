from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

from correspondence.vocabulary import Channel
from registry.engine import Sessions
from registry.leases import free_dead_leases, lease_owner, owner_is_dead
from registry.ledger import Arrival, Ledger
from tests.conftest import NOON

SAY_OWNER = "from registry.leases import lease_owner; print(lease_owner())"


def dead_owner() -> str:
    run = subprocess.run(
        [sys.executable, "-c", SAY_OWNER], capture_output=True, text=True, check=True
    )
    return run.stdout.strip()


def test_only_a_process_of_this_machine_that_ended_is_dead() -> None:
    assert not owner_is_dead(lease_owner())
    assert owner_is_dead(dead_owner())
    assert not owner_is_dead("another-machine/1/0.00/abc")
    assert not owner_is_dead("something else")


def test_a_small_step_of_the_clock_makes_nobody_dead() -> None:
    host, pid, started, tail = lease_owner().split("/")
    stepped = f"{host}/{pid}/{float(started) - 1:.2f}/{tail}"
    another = f"{host}/{pid}/{float(started) - 60:.2f}/{tail}"
    assert (owner_is_dead(stepped), owner_is_dead(another)) == (False, True)


def test_a_process_that_nobody_has_collected_is_dead() -> None:
    process = subprocess.Popen([sys.executable, "-c", SAY_OWNER], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    owner = process.stdout.read().strip()
    process.stdout.close()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert owner_is_dead(owner)
    process.wait()


def test_what_a_killed_process_held_is_free_at_once(ledger: Ledger, sessions: Sessions) -> None:
    def store(key: str) -> int:
        return ledger.store(
            Arrival("hand", key, Channel.HAND, "a.pdf", None, key.encode(), NOON)
        ).id

    dead_item, live_item = store("1"), store("2")
    living = lease_owner()
    assert ledger.claim(dead_owner(), 1, timedelta(hours=1)) == [dead_item]
    assert ledger.claim(living, 1, timedelta(hours=1)) == [live_item]
    assert ledger.polls.lease("drop", dead_owner(), 3600)
    assert free_dead_leases(sessions) == 2
    assert ledger.claim("next", 5, timedelta(hours=1)) == [dead_item]
    assert ledger.polls.lease("drop", living, 3600)
