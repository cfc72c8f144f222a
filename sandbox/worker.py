"""One child process as the parent sees it: started, asked, watched, ended."""

from __future__ import annotations

import contextlib
import os
import select
import selectors
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from pydantic import JsonValue

from sandbox.birth import BirthOrder
from sandbox.faults import (
    JobFailed,
    SandboxCrashed,
    SandboxFault,
    SandboxOutOfMemory,
    SandboxTimedOut,
)
from sandbox.frames import LENGTHS, FrameGarbled, pack_head, parse_header
from sandbox.guard import SIGNALLED
from sandbox.limits import Limits
from sandbox.nursery import bear_child
from sandbox.scratch import make_scratch

_GRACE_SECONDS = 3.0
_PASSED_ON = ("PATH", "TESSDATA_PREFIX", "LD_LIBRARY_PATH", "PYTHAINLP_DATA")


class Worker:
    """A child that imported the job once and handles one request at a time.

    Not thread-safe: the pool hands a worker to one thread at a time.
    """

    def __init__(self, job: str, limits: Limits) -> None:
        """Start the child and wait until it has imported the job.

        Raises:
            SandboxFault: it did not come up.
        """
        self._limits = limits
        self.jobs_done = 0
        self._status: int | None = None
        self._scratch = make_scratch()
        theirs, self._requests = os.pipe()
        self._replies, replies = os.pipe()
        self._ending, ending = os.pipe()
        order = BirthOrder(
            job=job,
            scratch=str(self._scratch),
            environment=_clean_environment(self._scratch),
            limits=_limits_for_child(limits),
        )
        try:
            self._guard = bear_child(order, (theirs, replies, ending), limits.start_seconds)
        except SandboxFault:
            for pipe in (self._requests, self._replies, self._ending):
                os.close(pipe)
            shutil.rmtree(self._scratch, ignore_errors=True)
            raise
        finally:
            for pipe in (theirs, replies, ending):
                os.close(pipe)
        os.set_blocking(self._requests, False)
        os.set_blocking(self._replies, False)
        try:
            header = self._exchange((), limits.start_seconds)
        except SandboxFault:
            self.stop()
            raise
        if "ready" not in header:
            self.stop()
            raise JobFailed(str(header.get("failed", "not_started")))

    @property
    def worn(self) -> bool:
        """Whether the child has done as many jobs as it may."""
        return self.jobs_done >= self._limits.recycle_after

    @property
    def pid(self) -> int:
        """Process id of the guard, which is also its process group."""
        return self._guard

    def ask(self, payload: bytes, params: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
        """Run one job and return its reply.

        After any fault but `JobFailed` the child is gone and `stop` must be called.

        Raises:
            SandboxFault: see its classes.
        """
        self.jobs_done += 1
        head = pack_head({"params": dict(params)}, len(payload))
        header = self._exchange((head, payload), self._limits.wall_seconds)
        reply = header.get("reply")
        if isinstance(reply, dict):
            return reply
        if "out_of_memory" in header:
            raise SandboxOutOfMemory(self._limits.memory_bytes)
        if "failed" in header:
            raise JobFailed(str(header["failed"]))
        raise SandboxCrashed("garbled_reply")

    def stop(self) -> None:
        """End the child and all it started, and remove its scratch folder."""
        os.close(self._requests)
        if not self._ended_within(_GRACE_SECONDS):
            # Only while the guard lives is its number surely its own.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._guard, signal.SIGKILL)
            self._ended_within(_GRACE_SECONDS)
        os.close(self._replies)
        os.close(self._ending)
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _ended_within(self, seconds: float) -> bool:
        """Wait for the guard to say how the worker ended, or to end without a word."""
        ending = select.poll()
        ending.register(self._ending, select.POLLIN)
        if self._status is None and ending.poll(seconds * 1000):
            told = os.read(self._ending, 1)
            self._status = told[0] if told else SIGNALLED + signal.SIGKILL
        return self._status is not None

    def _exchange(self, message: tuple[bytes, ...], seconds: float) -> dict[str, JsonValue]:
        """Send the message and return the header of the reply, all within `seconds`."""
        deadline = time.monotonic() + seconds
        outgoing = [memoryview(piece) for piece in message if piece]
        incoming = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self._replies, selectors.EVENT_READ)
            if outgoing:
                selector.register(self._requests, selectors.EVENT_WRITE)
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise SandboxTimedOut(seconds)
                for key, _ in selector.select(left):
                    if key.fd == self._requests:
                        if not self._send_some(outgoing):
                            selector.unregister(self._requests)
                        continue
                    piece = os.read(self._replies, 1 << 20)
                    if not piece:
                        raise self._how_it_ended()
                    incoming += piece
                    header = self._complete(incoming)
                    if header is not None:
                        return header

    def _send_some(self, outgoing: list[memoryview]) -> bool:
        """Write what fits; return whether there is more."""
        try:
            sent = os.write(self._requests, outgoing[0][: 1 << 20])
        except BrokenPipeError:
            # The child is gone; the end of its replies will say how.
            return False
        outgoing[0] = outgoing[0][sent:]
        if not outgoing[0]:
            outgoing.pop(0)
        return bool(outgoing)

    def _complete(self, incoming: bytearray) -> dict[str, JsonValue] | None:
        if len(incoming) < LENGTHS.size:
            return None
        header_length, body_length = LENGTHS.unpack_from(incoming)
        if body_length or header_length > self._limits.reply_bytes:
            raise SandboxCrashed("garbled_reply")
        if len(incoming) < LENGTHS.size + header_length:
            return None
        try:
            return parse_header(bytes(incoming[LENGTHS.size : LENGTHS.size + header_length]))
        except FrameGarbled:
            raise SandboxCrashed("garbled_reply") from None

    def _how_it_ended(self) -> SandboxFault:
        if not self._ended_within(_GRACE_SECONDS):
            return SandboxCrashed("closed_its_replies")
        status = self._status
        assert status is not None
        if status == SIGNALLED + signal.SIGXCPU:
            return SandboxTimedOut(self._limits.cpu_seconds)
        if status == SIGNALLED + signal.SIGKILL:
            # Nobody but the kernel kills the worker while the parent still listens.
            return SandboxOutOfMemory(self._limits.memory_bytes)
        if status > SIGNALLED:
            return SandboxCrashed(f"signal_{status - SIGNALLED}")
        return SandboxCrashed(f"exit_{status}")


def _limits_for_child(limits: Limits) -> dict[str, int]:
    return {
        "cpu_seconds": limits.cpu_seconds,
        "memory_bytes": limits.memory_bytes,
        "file_bytes": limits.file_bytes,
    }


def _clean_environment(scratch: Path) -> dict[str, str]:
    """Return the child's environment: no settings, no secrets, one thread per library."""
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return passed_on | {
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
        "PYTHONPATH": os.pathsep.join(str(Path(entry).resolve()) for entry in sys.path),
        "OMP_THREAD_LIMIT": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
    }
