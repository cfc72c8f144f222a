"""A child of `serve` that is started again when it dies, after a pause that grows."""

from __future__ import annotations

import time
from collections.abc import Callable

from correspondence.errors import SarabanError
from flows.processes import Child, ProcessSet

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
