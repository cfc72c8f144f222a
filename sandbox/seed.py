"""The process that children are forked from: `python -m sandbox.seed FD MODULE LINGER`.

It imports the job's module once and parses nothing, ever: every child begins as a clean copy of
it, within milliseconds instead of the second or two that the imports take, and shares its memory
until it writes. It leaves when its parent has ended, or when nothing was asked of it for LINGER
seconds.
"""

from __future__ import annotations

import gc
import importlib
import os
import select
import shutil
import socket
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from sandbox import guard
from sandbox.birth import ORDER_BYTES, BirthOrder
from sandbox.child import work

PIPES = 3
_LOOK_SECONDS = 5.0


def main() -> None:
    """Serve the parent's orders till it ends or has none for a while."""
    orders = socket.socket(fileno=int(sys.argv[1]))
    with suppress(ImportError):
        # A job that cannot be imported is told by the child, which tries again.
        importlib.import_module(sys.argv[2])
    # Some imports want a home; nothing is kept there, and this one would outlive its use.
    scratch = Path.cwd()
    os.chdir("/")
    shutil.rmtree(scratch, ignore_errors=True)
    gc.collect()
    gc.freeze()
    _serve(orders, float(sys.argv[3]))


def _serve(orders: socket.socket, linger: float) -> None:
    children, asked = 0, time.monotonic()
    while children or time.monotonic() - asked < linger:
        ready, _, _ = select.select([orders], [], [], min(_LOOK_SECONDS, linger))
        children -= _reap()
        if not ready:
            continue
        asked = time.monotonic()
        order, pipes, _, _ = socket.recv_fds(orders, ORDER_BYTES, PIPES)
        if not order:
            return
        child = os.fork()
        if not child:
            orders.close()
            _become_guard(BirthOrder.model_validate_json(order), *pipes)
        children += 1
        for pipe in pipes:
            os.close(pipe)
        orders.send(child.to_bytes(8, "big"))


def _reap() -> int:
    """Take leave of children that have ended; returns how many."""
    ended = 0
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            ended += 1
    return ended


def _become_guard(order: BirthOrder, requests: int, replies: int, ending: int) -> None:
    """Fork the worker and guard it; tells in one byte how that one ended."""
    status = 1
    try:
        os.setsid()
        os.environ.clear()
        os.environ.update(order.environment)
        os.chdir(order.scratch)
        tempfile.tempdir = None
        guard.become_subreaper()
        worker = os.fork()
        if not worker:
            os.close(ending)
            os._exit(work(order.job, order.limits, requests, replies))
        os.close(replies)
        status = guard.watch(worker, requests)
        os.write(ending, bytes([min(status, 255)]))
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
