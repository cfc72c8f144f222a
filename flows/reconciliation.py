"""Tell the server what a power loss left unsaid: runs nobody works on any more are Crashed."""

from __future__ import annotations

import socket
from datetime import timedelta

import psutil
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.states import Crashed

from correspondence.clock import utc_now

_UNFINISHED = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
_PAGE = 200
MESSAGE = (
    "เครื่องหรือโปรแกรมดับกลางคัน รอบถัดไปทำต่อเอง ไม่มีหนังสือหาย · No worker was left to finish this run. "
    "Nothing to do: the next run goes on."
)


def crash_orphans(*, waiting: timedelta = timedelta(0)) -> int:
    """Force every unfinished run that nobody works on to Crashed; returns how many.

    A run of this machine whose process lives is left alone, and so is one of another machine:
    there the heartbeat tells. A slot of a concurrency limit that such a run held is freed with
    it (measured: a leaked slot cancels every later run for ever).

    Args:
        waiting: how long a run may wait for its process; none at a start, when no worker runs.
    """
    crashed = 0
    unfinished = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_UNFINISHED))
    )
    with get_client(sync_client=True) as client:
        offset = 0
        while runs := client.read_flow_runs(flow_run_filter=unfinished, limit=_PAGE, offset=offset):
            for run in runs:
                if not _is_orphan(run, waiting):
                    offset += 1
                    continue
                state: State[None] = Crashed(message=MESSAGE)
                client.set_flow_run_state(run.id, state, force=True)
                crashed += 1
    return crashed


def _is_orphan(run: FlowRun, waiting: timedelta) -> bool:
    host, _, pid = (run.infrastructure_pid or "").rpartition(":")
    if not pid.isdigit():
        since = run.state.timestamp if run.state else run.expected_start_time
        return run.deployment_id is not None and (since is None or since <= utc_now() - waiting)
    return host == socket.gethostname() and not _runs_flow(int(pid))


def _runs_flow(pid: int) -> bool:
    """Tell whether a process is a flow run of ours; numbers are given again after a restart."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return any("prefect" in part for part in process.cmdline())
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True
