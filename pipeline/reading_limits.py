"""How much the reading of one item may use."""

from __future__ import annotations

from sandbox.limits import Limits

# A file above this is not taken into memory whole; the reader then says `too_large`.
MAX_FILE_BYTES = 64 * 2**20

READING_LIMITS = Limits(
    wall_seconds=300, cpu_seconds=300, memory_bytes=4 * 2**30, recycle_after=100
)
