"""Deaths of a house's parts, in turn and at random: who dies, for how long, and when."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from tests.soak.house import SoakHouse

PARTS: Final = ("worker", "run", "server", "database", "mailbox")

# From asking for a run to its process, on a busy machine.
RUN_SECONDS: Final = 45.0
# What a worker starts for a run: Prefect 3.8 puts a start-up file of its own before the engine.
RUN_MARKS: Final = ("_workspace_runtime_bootstrap", "prefect.engine")


@dataclass
class Deaths:
    """Kills one part after the other, each once before any dies again, in an order of chance."""

    house: SoakHouse
    chance: random.Random
    say: Callable[[str], None]
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._order = self._shuffled()

    def next(self) -> None:
        """Kill the next part; database and mailbox come back after some seconds."""
        part = next(self._order)
        self.counts[part] += 1
        house, away = self.house, self.chance.uniform(1.0, 6.0)
        killed = 0
        match part:
            case "worker":
                killed = house.kill("worker start")
            case "run":
                killed = self._kill_run()
            case "server":
                killed = house.kill("server start") + house.kill("prefect.server.api.server")
            case "database":
                killed = 1
                house.database.dispose()
                house.postgresql.stop()
                time.sleep(away)
                house.postgresql.start()
            case "mailbox":
                killed = 1
                house.mailbox.kill()
                # Somebody looks for mail while the server is away: that is an alert.
                house.api.press("pull")
                time.sleep(away)
                house.mailbox.start()
        self.say(f"death of {part} ({killed} processes)")

    def _kill_run(self) -> int:
        """Kill the process of a run; where none is at work one is asked for first."""
        self.house.api.press("process")
        deadline = time.monotonic() + RUN_SECONDS
        while time.monotonic() < deadline:
            if killed := sum(map(self.house.kill, RUN_MARKS)):
                return killed
            time.sleep(0.2)
        return 0

    def _shuffled(self) -> Iterator[str]:
        while True:
            parts = list(PARTS)
            self.chance.shuffle(parts)
            yield from parts
