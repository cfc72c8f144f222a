"""Tell the server what a power loss left unsaid: runs nobody works on any more are Crashed.

Run as `python -m flows.reconciliation` after the server is up and before any worker is.
"""

from __future__ import annotations

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import State, StateType
from prefect.states import Crashed

_UNFINISHED = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
_PAGE = 200


def crash_orphans() -> int:
    """Force every unfinished run to Crashed and return how many there were.

    Only safe while no worker runs. A slot of a concurrency limit that such a run held is
    freed with it (measured: a leaked slot cancels every later run for ever).
    """
    crashed = 0
    unfinished = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_UNFINISHED))
    )
    with get_client(sync_client=True) as client:
        while runs := client.read_flow_runs(flow_run_filter=unfinished, limit=_PAGE):
            for run in runs:
                state: State[None] = Crashed(message="No worker was left to finish this run.")
                client.set_flow_run_state(run.id, state, force=True)
                crashed += 1
    return crashed


if __name__ == "__main__":
    crash_orphans()
