"""Set the server up for this office: `python -m flows.server_setup DEPLOYMENTS`.

Runs after the server is up and before a worker of this machine is: what a power loss left
unsaid is said, then the pool, its queues by urgency and the heartbeat's automation are made,
and deployments of sources that are gone are removed.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import StateType
from prefect.events import (
    Automation,
    AutomationCore,
    ChangeFlowRunState,
    EventTrigger,
    Posture,
)
from prefect.events.schemas.events import ResourceSpecification
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound

from flows.prefect_environment import HEARTBEAT_SECONDS, WORK_POOL
from flows.reconciliation import crash_orphans
from flows.run_end import ATTENTION

# In the order they are taken: the smaller the number, the sooner.
QUEUES = {"urgent": 1, "normal": 2, "low": 3}
HEARTBEAT = "saraban: a run without a heartbeat has crashed"
MISSED_HEARTBEATS = 3


def set_up_server(deployments: set[str]) -> None:
    """Make what deployments need; called again it changes only what differs.

    Args:
        deployments: names of those this office has; others of our pool are removed.
    """
    crash_orphans()
    with get_client(sync_client=True) as client:
        _make_pool(client)
        _remove_others(client, deployments)
        make_heartbeat_automation(client)


def make_heartbeat_automation(
    client: SyncPrefectClient, *, every: timedelta = timedelta(seconds=HEARTBEAT_SECONDS)
) -> None:
    """Let the server call a run Crashed that has not shown a sign of life for three beats.

    It frees the slot of its deployment too. A run whose machine died cannot say so itself.
    """
    wanted = AutomationCore(
        name=HEARTBEAT,
        description=(
            "งานที่ขาดสัญญาณชีพเกินสามครั้งถือว่าล้ม (Crashed) รอบถัดไปจะทำต่อเอง ไม่มีหนังสือหาย\n\n"
            "A run that gives no sign of life for three beats is Crashed, so that its deployment "
            "goes on with the next. Nothing to do; the letters it held are taken up again."
        ),
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={
                f"prefect.flow-run.{name}"
                for name in ("heartbeat", "Completed", "Failed", "Cancelled", "Crashed", ATTENTION)
            },
            match=ResourceSpecification.model_validate(
                {"prefect.resource.id": "prefect.flow-run.*"}
            ),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=every * MISSED_HEARTBEATS,
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED,
                message=(
                    "ไม่มีสัญญาณชีพ งานนี้หยุดไปกลางคัน รอบถัดไปทำต่อเอง · No sign of life: the process "
                    "was killed. Nothing to do, the next run goes on."
                ),
            )
        ],
    )
    found: list[Automation] = client.read_automations_by_name(HEARTBEAT)
    if found:
        client.update_automation(found[0].id, wanted)
        for extra in found[1:]:
            client.delete_automation(extra.id)
    else:
        client.create_automation(wanted)


def _make_pool(client: SyncPrefectClient) -> None:
    try:
        client.read_work_pool(WORK_POOL)
    except ObjectNotFound:
        client.create_work_pool(WorkPoolCreate(name=WORK_POOL, type="process"))
    for name, priority in QUEUES.items():
        try:
            client.create_work_queue(name=name, work_pool_name=WORK_POOL, priority=priority)
        except ObjectAlreadyExists:
            queue = client.read_work_queue_by_name(name, work_pool_name=WORK_POOL)
            client.update_work_queue(queue.id, priority=priority)


def _remove_others(client: SyncPrefectClient, wanted: set[str]) -> None:
    for deployment in client.read_deployments(limit=200):
        if deployment.work_pool_name == WORK_POOL and deployment.name not in wanted:
            client.delete_deployment(deployment.id)


def main(path: Path) -> None:
    """Set up for the deployments of a file."""
    deployments = json.loads(path.read_text(encoding="utf-8"))["deployments"]
    set_up_server({one["name"] for one in deployments})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
