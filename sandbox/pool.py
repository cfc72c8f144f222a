"""A pool of children that all run the same job."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from types import TracebackType

from pydantic import JsonValue

from sandbox.faults import JobFailed, SandboxCrashed, SandboxFault
from sandbox.limits import Limits
from sandbox.scratch import sweep_scratch
from sandbox.worker import Worker

Reply = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Request:
    """One job to do: raw bytes and small JSON parameters."""

    payload: bytes = field(repr=False)
    params: Mapping[str, JsonValue] = field(default_factory=dict, repr=False)


class SandboxPool:
    """Runs one job in child processes; a request that kills its child fails alone.

    Children start when first needed, stay warm, and are replaced after
    `limits.recycle_after` jobs or after a fault. All methods are thread-safe.

    Args:
        job: `module:function`, of signature
            `function(payload: bytes, params: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]`.
        workers: children at most.
        limits: what one job may use.
    """

    def __init__(self, job: str, workers: int, limits: Limits | None = None) -> None:
        """Remember the job; nothing is started yet."""
        if workers < 1:
            raise ValueError("a pool needs at least one worker")
        self._job = job
        self._workers = workers
        self._limits = limits or Limits()
        self._free = threading.Semaphore(workers)
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._closed = False

    def __enter__(self) -> SandboxPool:
        """Remove what pools of dead processes left behind."""
        sweep_scratch()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End all children."""
        self.close()

    def close(self) -> None:
        """End idle children now and busy ones when their job is done."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.stop()

    def run(self, payload: bytes, params: Mapping[str, JsonValue] | None = None) -> Reply:
        """Run one job and return its reply; waits for a free child.

        Raises:
            SandboxTimedOut: wall-clock or processor time used up.
            SandboxOutOfMemory: more memory needed than allowed.
            SandboxCrashed: the child ended without a reply.
            JobFailed: the job refused, with its code.
        """
        with self._free:
            worker = self._take()
            try:
                reply = worker.ask(payload, params or {})
            except JobFailed:
                self._give_back(worker)
                raise
            except BaseException:
                worker.stop()
                raise
            self._give_back(worker)
            return reply

    def map(self, requests: Iterable[Request]) -> Iterator[tuple[int, Reply | SandboxFault]]:
        """Run many jobs on all children; yield (index of the request, reply or fault).

        Results come as they finish. Requests are drawn only as children become free, so a
        generator that loads files never holds more than twice the workers in memory.
        """
        with ThreadPoolExecutor(self._workers, thread_name_prefix="sandbox") as threads:
            numbered = enumerate(requests)
            running: dict[Future[Reply | SandboxFault], int] = {}
            exhausted = False
            try:
                while running or not exhausted:
                    while not exhausted and len(running) < 2 * self._workers:
                        item = next(numbered, None)
                        if item is None:
                            exhausted = True
                            break
                        running[threads.submit(self._try, item[1])] = item[0]
                    done, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        yield running.pop(future), future.result()
            finally:
                for future in running:
                    future.cancel()

    def _try(self, request: Request) -> Reply | SandboxFault:
        try:
            return self.run(request.payload, request.params)
        except SandboxFault as fault:
            return fault

    def _take(self) -> Worker:
        with self._lock:
            if self._closed:
                raise SandboxCrashed("pool_closed")
            if self._idle:
                return self._idle.pop()
        return Worker(self._job, self._limits)

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            keep = not self._closed and not worker.worn
            if keep:
                self._idle.append(worker)
        if not keep:
            worker.stop()
