"""What this machine is called where several work together."""

from __future__ import annotations

import socket


def worker_name() -> str:
    """Return what the worker of this machine is called in Prefect's pages."""
    return f"saraban {socket.gethostname()}"


def pool_name(machine: str) -> str:
    """Return the work pool of a machine that works beside the first one."""
    return f"saraban-{machine}"


def deployment_name(machine: str) -> str:
    """Return the deployment of such a machine."""
    return f"process-{machine}"
