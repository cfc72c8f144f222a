"""Children that are started again when they die, after a pause that grows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from correspondence.errors import SarabanError
from flows.log_rotation import rotate_logs
from flows.processes import Child, ProcessSet
from office.settings import Settings

LOG_LOOK_SECONDS = 60.0
FIRST_PAUSE = 2.0
LONGEST_PAUSE = 60.0
# A child that has lived so long did not die of its start: its next death is a new one.
STEADY_SECONDS = 60.0


class WatchedChild:
    """One child and what starts it again."""

    def __init__(
        self,
        processes: ProcessSet,
        start: Callable[[], Child],
        *,
        child: Child | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start it, unless it runs already.

        Args:
            processes: the set that it is started in.
            start: starts it, and leaves nothing behind where it fails.
            child: the running child.
            clock: seconds that only grow.

        Raises:
            SarabanError: it did not come up.
        """
        self._processes, self._start, self._clock = processes, start, clock
        first = child if child is not None else start()
        self._name = first.name
        self._child: Child | None = first
        self._since = clock()
        self._pause = FIRST_PAUSE
        self._again_at = 0.0

    def revive(self, say: Callable[[str], None]) -> None:
        """Start it again where it has died, after a pause that doubles while it keeps dying."""
        now = self._clock()
        if self._child is not None and self._child.running:
            if now - self._since >= STEADY_SECONDS:
                self._pause = FIRST_PAUSE
            return
        if not self._again_at:
            say(f"{self._name} ended; starting it again in {self._pause:.0f} s")
            self._again_at = now + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            return
        if now < self._again_at:
            return
        self._again_at = 0.0
        if self._child is not None:
            self._processes.end(self._child)
            self._child = None
        try:
            self._child = self._start()
        except SarabanError as fault:
            say(str(fault))
        self._since = self._clock()


def keep_alive(
    children: Sequence[WatchedChild],
    settings: Settings,
    stopping: threading.Event,
    say: Callable[[str], None],
) -> None:
    """Revive children and put their logs aside until it is time to stop.

    Args:
        children: those that run.
        settings: where logs lie, how large they grow, how many are kept.
        stopping: ends it.
        say: called with one line for each death and each start that failed.
    """
    looked = time.monotonic()
    while not stopping.wait(1.0):
        for child in children:
            child.revive(say)
        if time.monotonic() - looked >= LOG_LOOK_SECONDS:
            looked = time.monotonic()
            logs = settings.home_folder / "logs"
            rotate_logs(logs, limit=settings.log_megabytes << 20, kept=settings.log_kept)
