"""Children of `serve` that die are started again, and a failed start does no harm."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.processes import Child, ChildNotReady, ProcessSet
from flows.revival import FIRST_PAUSE, LONGEST_PAUSE, STEADY_SECONDS, WatchedChild


class Hands:
    """A clock that stands until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[ProcessSet]:
    with ProcessSet(tmp_path / "logs") as made:
        yield made


def starter(processes: ProcessSet, folder: Path, seconds: float) -> Callable[[], Child]:
    return lambda: processes.start("one", ["sleep", str(seconds)], dict(os.environ), folder)


def die(processes: ProcessSet) -> None:
    (child,) = processes.children
    child.process.wait(timeout=20)


def test_the_pause_grows_while_it_keeps_dying_and_is_short_again_after_a_steady_life(
    processes: ProcessSet, tmp_path: Path
) -> None:
    clock, said = Hands(), list[str]()
    watched = WatchedChild(processes, starter(processes, tmp_path, 0), clock=clock)
    pauses = []
    for _ in range(6):
        die(processes)
        watched.revive(said.append)
        pauses.append(float(said[-1].split()[-2]))
        clock.now += pauses[-1] - 0.1
        before = processes.children[0]
        watched.revive(said.append)
        assert processes.children == [before]
        clock.now += 0.1
        watched.revive(said.append)
        assert processes.children != [before]
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    assert len(said) == len(pauses)

    processes.end(processes.children[0])
    steady = WatchedChild(processes, starter(processes, tmp_path, 1), clock=clock)
    for _ in range(2):
        clock.now += STEADY_SECONDS
        steady.revive(said.append)
        die(processes)
        steady.revive(said.append)
        assert said[-1].endswith(f"in {FIRST_PAUSE:.0f} s")
        clock.now += FIRST_PAUSE
        steady.revive(said.append)
        assert processes.children[0].running


def test_a_start_that_fails_is_tried_again(processes: ProcessSet, tmp_path: Path) -> None:
    clock, said, tries = Hands(), list[str](), list[int]()
    begin = starter(processes, tmp_path, 0)

    def start() -> Child:
        tries.append(1)
        if len(tries) in (2, 3):
            raise ChildNotReady("one did not come up.")
        return begin()

    watched = WatchedChild(processes, start, clock=clock)
    die(processes)
    for _ in range(3):
        watched.revive(said.append)
        clock.now += LONGEST_PAUSE
        watched.revive(said.append)
    assert len(tries) == 4
    assert sum("did not come up" in line for line in said) == 2
    assert len(processes.children) == 1
