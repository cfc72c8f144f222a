"""What this machine is called where several work together."""

from __future__ import annotations

import socket


def worker_name() -> str:
    """Return what the worker of this machine is called in Prefect's pages."""
    return f"saraban {socket.gethostname()}"
