"""Child processes with limits: hostile bytes are parsed there and nowhere else."""

from sandbox.faults import (
    JobFailed,
    SandboxCrashed,
    SandboxFault,
    SandboxOutOfMemory,
    SandboxTimedOut,
)
from sandbox.limits import Limits
from sandbox.pool import Request, SandboxPool

__all__ = [
    "JobFailed",
    "Limits",
    "Request",
    "SandboxCrashed",
    "SandboxFault",
    "SandboxOutOfMemory",
    "SandboxPool",
    "SandboxTimedOut",
]
