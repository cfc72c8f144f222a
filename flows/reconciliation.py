"""Tell the server what a power loss left unsaid: runs nobody works on any more are Crashed."""

from __future__ import annotations

import socket
from datetime import timedelta

import psutil
from httpx import HTTPStatusError, codes
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType, WorkerStatus
from prefect.states import Crashed

from correspondence.clock import utc_now
from flows.machine import worker_name
from flows.prefect_environment import WORK_POOL

_UNFINISHED = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
_PAGE = 200
# A run of another machine that has a process but has not begun for so long never will.
NEVER_BEGUN = timedelta(minutes=10)
MESSAGE = (
    "เครื่องหรือโปรแกรมดับกลางคัน รอบถัดไปทำต่อเอง ไม่มีหนังสือหาย · No worker was left to finish this run. "
    "Nothing to do: the next run goes on."
)


def crash_orphans(*, waiting: timedelta = timedelta(0)) -> int:
    """Force every unfinished run that nobody works on to Crashed; returns how many.

    A run whose process lives on this machine is left alone. Prefect notes a process without its
    machine: while workers of other machines are at work, one that is not found here may run
    there, and only what was never begun counts, after `NEVER_BEGUN`; of the rest the heartbeat
    tells. A slot of a concurrency limit that such a run held is freed with it (measured: a
    leaked slot cancels every later run for ever).

    Args:
        waiting: how long a run may wait for its process; none where no worker of this machine
            runs.
    """
    crashed = 0
    unfinished = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_UNFINISHED))
    )
    with get_client(sync_client=True) as client:
        alone = not _others_at_work(client)
        offset = 0
        while runs := client.read_flow_runs(flow_run_filter=unfinished, limit=_PAGE, offset=offset):
            for run in runs:
                if not is_orphan(run, waiting, alone=alone):
                    offset += 1
                    continue
                state: State[None] = Crashed(message=MESSAGE)
                client.set_flow_run_state(run.id, state, force=True)
                crashed += 1
    return crashed


def _others_at_work(client: SyncPrefectClient) -> bool:
    """Tell whether a worker of another machine has given a sign of life."""
    try:
        workers = client.read_workers_for_work_pool(WORK_POOL)
    except HTTPStatusError as fault:
        if fault.response.status_code != codes.NOT_FOUND:
            raise
        # Before the first worker there is no pool.
        return False
    return any(
        worker.status is WorkerStatus.ONLINE and worker.name != worker_name() for worker in workers
    )


def is_orphan(run: FlowRun, waiting: timedelta, *, alone: bool) -> bool:
    """Tell whether nobody works on an unfinished run any more.

    Args:
        run: the run as the server knows it.
        waiting: how long it may wait for its process.
        alone: whether no worker of another machine is at work.
    """
    host, _, pid = (run.infrastructure_pid or "").rpartition(":")
    if not pid.isdigit():
        return run.deployment_id is not None and _is_older(run, waiting)
    if host not in ("", socket.gethostname()) or _runs_flow(int(pid)):
        return False
    if alone or host:
        return True
    begun = run.state is not None and run.state.type is not StateType.PENDING
    return not begun and _is_older(run, max(waiting, NEVER_BEGUN))


def _is_older(run: FlowRun, age: timedelta) -> bool:
    since = run.state.timestamp if run.state else run.expected_start_time
    return since is None or since <= utc_now() - age


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


if __name__ == "__main__":
    # The worker of this machine has died, and with it whatever it ran.
    crash_orphans()
