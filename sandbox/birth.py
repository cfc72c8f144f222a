"""What a child is born with, as the parent orders it."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict

ORDER_BYTES: Final = 1 << 18


class BirthOrder(BaseModel):
    """One child to be forked.

    Attributes:
        job: `module:function`.
        scratch: its own folder.
        environment: the whole of its environment.
        limits: `cpu_seconds` of one job, `memory_bytes` and `file_bytes` of the child.
    """

    model_config = ConfigDict(frozen=True)

    job: str
    scratch: str
    environment: dict[str, str]
    limits: dict[str, int]

    @property
    def module(self) -> str:
        """Where the job lies."""
        return self.job.partition(":")[0]
