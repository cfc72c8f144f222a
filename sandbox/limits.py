"""How much one job may use."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a child process.

    Attributes:
        wall_seconds: real time of one job; then the child and all it started are killed.
        cpu_seconds: processor time of one job inside the child itself.
        memory_bytes: address space of the child and of each program it starts, one by one.
        file_bytes: size of any file a job writes.
        recycle_after: jobs a child handles before a fresh one takes its place.
        start_seconds: real time to start a child and import the job's module.
        reply_bytes: size of a reply; a larger one counts as a crash.
    """

    wall_seconds: float = 120.0
    cpu_seconds: int = 110
    memory_bytes: int = 3072 * MEBIBYTE
    file_bytes: int = 512 * MEBIBYTE
    recycle_after: int = 50
    start_seconds: float = 60.0
    reply_bytes: int = 64 * MEBIBYTE

    def __post_init__(self) -> None:
        """Refuse a limit that is not positive."""
        for name in self.__slots__:
            if getattr(self, name) <= 0:
                raise ValueError(f"limit {name} must be positive")
