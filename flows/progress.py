"""How far a long flow run is, in its log: names of parts and counts."""

from __future__ import annotations

import time
from collections.abc import Callable

from prefect import get_run_logger

_SECONDS_BETWEEN = 30.0


def log_progress() -> Callable[[str, int, int], None]:
    """Return what logs each part once, then at most every half minute."""
    said: dict[str, float] = {}

    def log(part: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - said.get(part, -_SECONDS_BETWEEN) >= _SECONDS_BETWEEN:
            said[part] = now
            get_run_logger().info("%s %d/%d", part, done, total)

    return log
