"""The child's side: reads requests from one pipe and writes replies to another.

Whatever a library prints goes nowhere, because it could hold the text of a letter.
"""

from __future__ import annotations

import importlib
import resource
from collections.abc import Callable, Mapping

from pydantic import JsonValue

from correspondence.errors import SarabanError
from sandbox.frames import pack_head, read_frame, write_all

Job = Callable[[bytes, Mapping[str, JsonValue]], Mapping[str, JsonValue]]


def work(job_name: str, limits: Mapping[str, int], requests: int, replies: int) -> int:
    """Do jobs till there are no more requests.

    Args:
        job_name: `module:function`.
        limits: `cpu_seconds` of one job, `memory_bytes` and `file_bytes` of this process.
        requests: the pipe's reading end.
        replies: the pipe's writing end.

    Returns:
        The exit status of this process.
    """
    _confine(limits)
    try:
        job = _import_job(job_name)
    except (ImportError, AttributeError, ValueError):
        _reply(replies, {"failed": "job_not_importable"})
        return 1
    _reply(replies, {"ready": True})
    while (frame := read_frame(requests)) is not None:
        header, payload = frame
        _allow_cpu(limits["cpu_seconds"])
        params = header["params"]
        assert isinstance(params, dict)
        answer = _run(job, payload, params)
        del frame, payload
        _reply(replies, answer)
        if "out_of_memory" in answer:
            return 0
    return 0


def _run(job: Job, payload: bytes, params: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    try:
        return {"reply": dict(job(payload, params))}
    except MemoryError:
        return {"out_of_memory": True}
    except SarabanError as fault:
        return {"failed": fault.code}
    except Exception as fault:
        # The border of the batch: the class tells what happened, its message could quote a letter.
        return {"failed": f"unexpected_{type(fault).__name__}"}


def _reply(replies: int, header: dict[str, JsonValue]) -> None:
    try:
        head = pack_head(header, 0)
    except (TypeError, ValueError):
        head = pack_head({"failed": "reply_not_json"}, 0)
    write_all(replies, head)


def _import_job(name: str) -> Job:
    module, _, function = name.partition(":")
    job: Job = getattr(importlib.import_module(module), function)
    return job


def _confine(limits: Mapping[str, int]) -> None:
    for kind, value in (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))


def _allow_cpu(seconds: int) -> None:
    # The kernel counts from the start of the process, so each job gets a new soft limit.
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, hard))
