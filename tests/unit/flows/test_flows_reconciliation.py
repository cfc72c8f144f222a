"""Which unfinished runs are of the dead: by process, by age, and by who else is at work."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun, State, StateType

from correspondence.clock import utc_now
from flows.reconciliation import is_orphan

NONE = timedelta(0)
HOUR = timedelta(hours=1)


def run_of(
    pid: str | None, *, state: StateType = StateType.RUNNING, age: timedelta = timedelta(minutes=1)
) -> FlowRun:
    return FlowRun(
        flow_id=uuid4(),
        deployment_id=uuid4(),
        infrastructure_pid=pid,
        state=State(type=state, timestamp=utc_now() - age),
    )


@pytest.fixture(scope="module")
def dead() -> str:
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait()
    return str(process.pid)


@pytest.fixture(scope="module")
def alive() -> Iterator[str]:
    # What counts as a flow run is a process of Prefect's.
    process = subprocess.Popen([sys.executable, "-c", "input()", "prefect"], stdin=subprocess.PIPE)
    yield str(process.pid)
    process.kill()
    process.wait()
    assert process.stdin is not None
    process.stdin.close()


@pytest.mark.parametrize("alone", [True, False])
def test_a_run_whose_process_lives_here_is_left_alone(alive: str, alone: bool) -> None:
    assert not is_orphan(run_of(alive), NONE, alone=alone)
    assert not is_orphan(run_of(f"{socket.gethostname()}:{alive}"), NONE, alone=alone)


@pytest.mark.parametrize("state", [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING])
def test_where_no_other_machine_works_a_dead_process_tells(dead: str, state: StateType) -> None:
    assert is_orphan(run_of(dead, state=state), NONE, alone=True)
    assert is_orphan(run_of(dead, state=state), HOUR, alone=True)


def test_a_process_that_may_be_another_machines_is_left_to_the_heartbeat(dead: str) -> None:
    assert not is_orphan(run_of(dead, age=HOUR), NONE, alone=False)
    fresh = run_of(dead, state=StateType.PENDING)
    assert not is_orphan(fresh, NONE, alone=False)
    # What has not begun has no heartbeat that could fail.
    never_begun = run_of(dead, state=StateType.PENDING, age=HOUR)
    assert is_orphan(never_begun, NONE, alone=False)
    assert not is_orphan(run_of(f"elsewhere:{dead}"), NONE, alone=True)
    assert is_orphan(run_of(f"{socket.gethostname()}:{dead}"), NONE, alone=False)


def test_the_number_of_a_dead_run_may_be_another_programs_by_now() -> None:
    assert is_orphan(run_of("1"), NONE, alone=True)
    assert os.getpid() != 1


def test_a_run_without_a_process_may_wait_for_one_and_one_by_hand_is_nobodys() -> None:
    taken = run_of(None, state=StateType.PENDING)
    assert is_orphan(taken, NONE, alone=True)
    assert not is_orphan(taken, HOUR, alone=True)
    by_hand = taken.model_copy(update={"deployment_id": None})
    assert not is_orphan(by_hand, NONE, alone=True)
