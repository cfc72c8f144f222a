"""The process between the parent and the one that works: it leaves nobody behind.

The guard is what the parent starts. It forks the worker and then only waits: for the worker to
end, or for the parent's end of the request pipe to close, which the kernel does even when the
parent is killed with SIGKILL. `PR_SET_PDEATHSIG` alone would not do: it fires when the *thread*
that started the child ends, and it does not reach what the child itself started. As a
subreaper the guard inherits every orphan, also one in a session of its own (an office
program's launcher), and kills and reaps them all before it leaves.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal

import psutil

PR_SET_CHILD_SUBREAPER = 36
SIGNALLED = 128


def become_subreaper() -> None:
    """Have orphaned descendants handed to this process (Linux; elsewhere nothing happens)."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    except (OSError, AttributeError):
        return


def watch(worker: int, request_pipe: int) -> int:
    """Wait for the worker or the parent to end, then end everything else.

    Args:
        worker: process id of the worker, a child of this process.
        request_pipe: the reading end of a pipe of which the parent holds the writing end.

    Returns:
        The exit status that tells the parent how the worker ended: its own, or 128 + signal.
    """
    waiting = select.poll()
    waiting.register(request_pipe, 0)
    handle = os.pidfd_open(worker)
    waiting.register(handle, select.POLLIN)
    ready = {descriptor for descriptor, _ in waiting.poll()}
    if handle not in ready:
        os.kill(worker, signal.SIGKILL)
    _, status = os.waitpid(worker, 0)
    end_descendants()
    if os.WIFSIGNALED(status):
        return SIGNALLED + os.WTERMSIG(status)
    return os.WEXITSTATUS(status)


def end_descendants() -> None:
    """Kill and reap every process below this one, until there is none."""
    while True:
        for process in psutil.Process().children(recursive=True):
            try:
                os.kill(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return
