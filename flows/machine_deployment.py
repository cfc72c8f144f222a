"""Deploy what a second machine does: `python -m flows.machine_deployment NAME`.

Each machine has a pool and a `process` of its own: one run at a time on each, side by side. What
only one machine may do (pull, remind, report …) stays with the worker beside the server.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.objects import (
    ConcurrencyLimitConfig,
    ConcurrencyLimitStrategy,
    ConcurrencyOptions,
)
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ObjectNotFound

from flows.machine import deployment_name, pool_name
from flows.prefect_environment import CODE_FOLDER
from flows.process_letters import process_letters
from flows.reconciliation import crash_orphans

CRON = "2-59/5 * * * *"
_BANGKOK = "Asia/Bangkok"


def deploy_machine(machine: str) -> None:
    """Make the pool and the deployment of a machine; called again it changes only what differs.

    Runs of this machine that nobody works on any more are Crashed first: they would hold its slot.
    """
    crash_orphans(waiting=timedelta(minutes=10))
    with get_client(sync_client=True) as client:
        _make_pool(client, pool_name(machine))
        limit = ConcurrencyLimitConfig(
            limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
        )
        client.create_deployment(
            flow_id=client.create_flow(process_letters),
            name=deployment_name(machine),
            description=f"Reads and drafts on the machine {machine}, beside the others.",
            tags=["saraban", "letters", f"machine:{machine}"],
            work_pool_name=pool_name(machine),
            entrypoint="flows/process_letters.py:process_letters",
            pull_steps=[
                {"prefect.deployments.steps.set_working_directory": {"directory": str(CODE_FOLDER)}}
            ],
            schedules=[
                DeploymentScheduleCreate(
                    schedule=CronSchedule(cron=CRON, timezone=_BANGKOK), active=True
                )
            ],
            concurrency_limit=limit.limit,
            concurrency_options=ConcurrencyOptions(collision_strategy=limit.collision_strategy),
            enforce_parameter_schema=True,
            parameter_openapi_schema=process_letters.parameters.model_dump(),
        )


def _make_pool(client: SyncPrefectClient, name: str) -> None:
    try:
        client.read_work_pool(name)
    except ObjectNotFound:
        client.create_work_pool(WorkPoolCreate(name=name, type="process"))


if __name__ == "__main__":
    deploy_machine(sys.argv[1])
