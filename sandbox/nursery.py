"""Where this process has its children from: one seed for each module that holds jobs."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from sandbox.birth import ORDER_BYTES, BirthOrder
from sandbox.faults import SandboxCrashed, SandboxTimedOut
from sandbox.scratch import make_scratch

LINGER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Seed:
    process: subprocess.Popen[bytes]
    orders: socket.socket
    scratch: Path


_seeds: dict[tuple[int, str, str], _Seed] = {}
_lock = threading.Lock()


def bear_child(order: BirthOrder, pipes: tuple[int, ...], seconds: float) -> int:
    """Have a child forked for a job; returns the process id of its guard.

    Args:
        order: what it is born with.
        pipes: its ends of the pipes for requests, replies and for how it ended.
        seconds: real time until it must be there, with the imports where they are due.

    Raises:
        SandboxTimedOut: it was not there in time.
        SandboxCrashed: there is nothing to fork it from.
    """
    key = (os.getpid(), order.module, order.environment["PYTHONPATH"])
    message = order.model_dump_json().encode()
    if len(message) > ORDER_BYTES:
        raise SandboxCrashed("order_too_long")
    with _lock:
        # A seed that had nothing to do has left: then, and only then, a second try is worth it.
        for _ in range(2):
            seed = _seeds.get(key) or _sow(key, order)
            child = _ask(seed, message, pipes, seconds)
            if child is not None:
                return child
            _uproot(key)
    raise SandboxCrashed("not_started")


def _ask(seed: _Seed, message: bytes, pipes: tuple[int, ...], seconds: float) -> int | None:
    seed.orders.settimeout(seconds)
    try:
        socket.send_fds(seed.orders, [message], list(pipes))
        answer = seed.orders.recv(8)
    except TimeoutError:
        seed.process.kill()
        raise SandboxTimedOut(seconds) from None
    except OSError:
        return None
    return int.from_bytes(answer, "big") if answer else None


def _sow(key: tuple[int, str, str], order: BirthOrder) -> _Seed:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    scratch = make_scratch()
    with theirs:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "sandbox.seed",
                str(theirs.fileno()),
                order.module,
                str(LINGER_SECONDS),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=scratch,
            env={**order.environment, "HOME": str(scratch), "TMPDIR": str(scratch)},
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
        )
    _seeds[key] = _Seed(process, ours, scratch)
    return _seeds[key]


def _uproot(key: tuple[int, str, str]) -> None:
    seed = _seeds.pop(key)
    seed.orders.close()
    try:
        seed.process.wait(5)
    except subprocess.TimeoutExpired:
        seed.process.kill()
        seed.process.wait()
    shutil.rmtree(seed.scratch, ignore_errors=True)
