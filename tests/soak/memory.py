"""The memory of a house over time: what its processes hold together."""

from __future__ import annotations

import statistics
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field

import psutil

EVERY_SECONDS = 2.0
_ROLES = (
    ("sandbox.guarded", "guards"),
    ("worker start", "prefect worker"),
    ("server start", "prefect server"),
    ("prefect.server", "prefect server"),
    ("flows.watching", "mailbox watcher"),
    ("flows.watchdog", "watchdog"),
    ("review.serving", "review app"),
    ("prefect", "flow runs"),
)


def role_of(command: list[str]) -> str:
    """Return what a process of the house does, by its command line."""
    line = " ".join(command)
    return next((role for mark, role in _ROLES if mark in line), "readers and others")


@dataclass
class MemoryWatch(threading.Thread):
    """Sums the resident memory of a process and all below it every two seconds."""

    pid: int
    samples: list[tuple[float, float]] = field(default_factory=list)
    by_role: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self._ended = threading.Event()

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self._ended.wait(EVERY_SECONDS):
            now, roles = time.monotonic(), defaultdict[str, float](float)
            try:
                house = psutil.Process(self.pid)
                for process in (house, *house.children(recursive=True)):
                    try:
                        megabytes = process.memory_info().rss / 2**20
                        roles[role_of(process.cmdline())] += megabytes
                    except psutil.NoSuchProcess:
                        continue
            except psutil.NoSuchProcess:
                return
            self.samples.append((now, sum(roles.values())))
            for role, megabytes in roles.items():
                self.by_role[role].append((now, megabytes))

    def stop(self) -> None:
        """Stop sampling."""
        self._ended.set()
        self.join()

    def thirds(self, begin: float, end: float) -> tuple[float, float]:
        """Return the mean megabytes of the first and of the last third of a span."""
        return _thirds(self.samples, begin, end)

    def told(self, begin: float, end: float) -> str:
        """Return a table of the thirds by what the processes do."""
        lines = [f"{'MB, mean of a third':24}{'first':>8}{'last':>8}"]
        for role, samples in (("all", self.samples), *sorted(self.by_role.items())):
            first, last = _thirds(samples, begin, end)
            lines.append(f"{role:24}{first:8.0f}{last:8.0f}")
        return "\n".join(lines)


def _thirds(samples: list[tuple[float, float]], begin: float, end: float) -> tuple[float, float]:
    third = (end - begin) / 3

    def mean(since: float, until: float) -> float:
        found = [megabytes for at, megabytes in samples if since <= at < until]
        return statistics.fmean(found) if found else 0.0

    return mean(begin, begin + third), mean(end - third, end)
