"""The house under load while its parts die in turn: nothing lost, doubled, stuck or growing.

Two minutes with every part's death once; `make soak` runs it as long as SARABAN_TEST_SOAK_SECONDS
says.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from benchmarks.varied_letters import varied_mail
from demo.dovecot import find_dovecot
from tests.servers.postgresql import PostgresqlMissing, find_programs
from tests.soak.checks import (
    assert_alerts_were_sent_once,
    assert_each_letter_is_there_once,
    assert_verify_finds_nothing,
)
from tests.soak.deaths import PARTS, Deaths
from tests.soak.house import SoakHouse, soak_house
from tests.soak.memory import MemoryWatch
from tests.soak.prefect_api import ENDED

SECONDS = float(os.environ.get("SARABAN_TEST_SOAK_SECONDS", "75"))
SEED = os.environ.get("SARABAN_TEST_SEED", "1")
# Two minutes are too short to tell growth from a run that happens to be at work.
MEMORY_SECONDS = 600.0
MEMORY_GROWTH = 1.2
PRESS_SECONDS = 25.0 if SECONDS < MEMORY_SECONDS else 60.0
STEADY_SECONDS = 300.0 if SECONDS < MEMORY_SECONDS else 1200.0

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.faults,
    pytest.mark.timeout(SECONDS + 2 * STEADY_SECONDS + 600),
]


def test_letters_keep_coming_while_parts_die(tmp_path: Path) -> None:
    if find_dovecot() is None:
        pytest.skip("Dovecot is not installed")
    try:
        find_programs()
    except PostgresqlMissing as fault:
        pytest.skip(f"no PostgreSQL server: {fault}")
    with soak_house(tmp_path) as house:
        soak(house)


def soak(house: SoakHouse) -> None:
    begun = time.monotonic()

    def say(line: str) -> None:
        sys.stderr.write(f"soak {time.monotonic() - begun:6.0f} s: {line}\n")

    memory = MemoryWatch(house.serve.pid)
    memory.start()
    operator = Operator(house)
    sent: list[bytes] = []
    stop = threading.Event()
    sender = threading.Thread(target=send, args=(house, sent, stop))
    sender.start()
    chance = random.Random(f"soak {SEED}")
    deaths = Deaths(house, chance, say)
    # In two minutes each part dies once; in the long form at random some sixty times.
    between = (3.0, 12.0) if SECONDS < MEMORY_SECONDS else (10.0, 40.0)
    try:
        while (left := begun + SECONDS - time.monotonic()) > 0:
            quiet_until = time.monotonic() + min(left, chance.uniform(*between))
            while time.monotonic() < quiet_until:
                operator.press_process()
                time.sleep(0.5)
            deaths.next()
        while set(deaths.counts) != set(PARTS):
            deaths.next()
            time.sleep(3)
    finally:
        stop.set()
        sender.join()
    ended = time.monotonic()
    say(f"{len(sent)} letters sent, {sum(deaths.counts.values())} deaths {dict(deaths.counts)}")

    def settled() -> bool:
        operator.press_process()
        done = house.query("SELECT count(*) FROM intake_items WHERE outcome <> 'pending'")
        waiting = house.query(
            "SELECT count(*) FROM cases WHERE state NOT IN ('in_review', 'triage')"
        )
        return done == [(len(sent),)] and waiting == [(0,)] and house.mailbox.counts()[0] == 0

    wait_for(house, settled, "every letter before a person")
    say("every letter is before a person")

    def no_stuck_run() -> bool:
        return not house.api.runs("RUNNING", "PENDING", "CANCELLING")

    wait_for(house, no_stuck_run, "no stuck run")
    say("no run is stuck")

    def told() -> bool:
        return (
            house.query(
                "SELECT (SELECT count(*) FROM alerts WHERE cleared_told_at IS NULL)"
                " + (SELECT count(*) FROM outbox WHERE sent_at IS NULL)"
            )
            == [(0,)]
            and not (house.home / "alerts.waiting").exists()
        )

    operator.press_once("pull")
    wait_for(house, told, "all alerts sent", lambda: operator.press_once("remind"))
    run = operator.press_once("process")

    def ran() -> bool:
        nonlocal run
        if run is None or house.api.state(run) == "CANCELLED":
            # One that the clock began was at work just then.
            run = operator.press_once("process")
        return run is not None and house.api.state(run) == "COMPLETED"

    wait_for(house, ran, "a run after it all")
    memory.stop()
    assert_each_letter_is_there_once(house, sent)
    assert_verify_finds_nothing(house)
    say(assert_alerts_were_sent_once(house))
    first, last = memory.thirds(begun + min(60.0, SECONDS / 4), ended)
    sys.stderr.write(memory.told(begun + min(60.0, SECONDS / 4), ended) + "\n")
    say(f"memory {first:.0f} MB in the first third, {last:.0f} MB in the last: {last / first:.2f}")
    if SECONDS >= MEMORY_SECONDS:
        assert last <= MEMORY_GROWTH * first


class Operator:
    """Presses deployments as an operator does, besides their own schedules."""

    def __init__(self, house: SoakHouse) -> None:
        self._house = house
        self._run: str | None = None
        self._pressed = -1000.0

    def press_process(self) -> None:
        """Press `process` where the last one pressed has ended, or seems to be stuck."""
        if time.monotonic() - self._pressed < PRESS_SECONDS:
            return
        if self._run is not None and time.monotonic() - self._pressed < 4 * PRESS_SECONDS:
            state = self._house.api.state(self._run)
            if state is not None and state not in ENDED:
                return
        self._pressed = time.monotonic()
        self._run = self._house.api.press("process")

    def press_once(self, name: str) -> str | None:
        """Press a deployment."""
        return self._house.api.press(name)


def send(house: SoakHouse, sent: list[bytes], stop: threading.Event) -> None:
    """Let one letter a second arrive."""
    due = time.monotonic()
    while not stop.is_set():
        raw = varied_mail(len(sent), seed="soak")
        house.mailbox.deliver(raw)
        sent.append(raw)
        due += 1.0
        stop.wait(max(0.0, due - time.monotonic()))


def wait_for(
    house: SoakHouse, look: Callable[[], bool], what: str, meanwhile: Callable[[], object] = int
) -> None:
    """Wait until it is so; a server that is still coming up is asked again."""
    deadline = time.monotonic() + STEADY_SECONDS
    again = time.monotonic() + 5
    while time.monotonic() < deadline:
        assert house.serve.poll() is None, house.logs()
        try:
            if look():
                return
        except (OSError, OperationalError):
            pass
        if time.monotonic() > again:
            again = time.monotonic() + 60
            meanwhile()
        time.sleep(1.0)
    pytest.fail(f"never: {what}\n{house.logs()}")
