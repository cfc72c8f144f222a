"""A second machine that reads and drafts: `saraban work`. No server, no pulling, no pages."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from correspondence.errors import ConfigurationFault
from flows.machine import pool_name
from flows.prefect_environment import client_environment
from flows.processes import Child, ChildNotReady, ProcessSet, answers, program, wait_until
from flows.revival import WatchedChild, keep_alive
from flows.stopping import stop_on_signals
from office.settings import Settings
from pipeline.bootstrap import open_house
from pipeline.machines import check_fit, enter_this_machine
from registry.machines import MachineRole

DEPLOY_SECONDS = 300.0

Say = Callable[[str], None]


def work(settings: Settings, say: Say) -> None:
    """Run until SIGTERM or SIGINT.

    Args:
        settings: database and blob store of the house, and where Prefect's server is.
        say: called with one line at each step.

    Raises:
        ConfigurationFault: SARABAN_PREFECT_URL or SARABAN_PREFECT_AUTH is not set.
        MachineUnfit: this machine sees another database, blob store or configuration.
        ChildNotReady: Prefect's server does not answer from here, or refuses.
    """
    stopping = stop_on_signals()
    environment = work_environment(settings)
    with open_house(settings) as house:
        check_fit(house)
        enter_this_machine(house, MachineRole.WORK)
    say(f"machine {settings.machine_name}: same database, blobs and configuration")
    if not answers(f"{settings.prefect_url}/health"):
        raise ChildNotReady(
            "Prefect's server does not answer from this machine.",
            thai="ติดต่อเซิร์ฟเวอร์ Prefect จากเครื่องนี้ไม่ได้",
            remedy="Check SARABAN_PREFECT_URL and the proxy or tunnel to it.",
        )
    with ProcessSet(settings.home_folder / "logs") as processes:
        _deploy(settings, environment, processes)
        say(f"deployed to the pool {pool_name(settings.machine_name)}")
        worker = WatchedChild(processes, lambda: _start_worker(settings, environment, processes))
        say("running; stop with Ctrl-C or SIGTERM")
        keep_alive([worker], settings, stopping, say)
        say("stopping")


def work_environment(settings: Settings) -> Mapping[str, str]:
    """Return the whole environment of the worker and its flows: the server is another machine's.

    Raises:
        ConfigurationFault: the server's address or password is not set.
    """
    if not settings.prefect_url or not settings.prefect_auth.get_secret_value():
        raise ConfigurationFault(
            "SARABAN_PREFECT_URL and SARABAN_PREFECT_AUTH must be set for saraban work.",
            remedy="The address as https://HOST/api; user:password as on the machine of serve.",
        )
    return {**client_environment(settings), "PREFECT_API_URL": settings.prefect_url}


def _deploy(settings: Settings, environment: Mapping[str, str], processes: ProcessSet) -> None:
    command = [sys.executable, "-m", "flows.machine_deployment", settings.machine_name]
    child = processes.start("deploy", command, environment, settings.home_folder)
    wait_until(lambda: child.process.poll() == 0, child, seconds=DEPLOY_SECONDS)
    processes.end(child)


def _start_worker(
    settings: Settings, environment: Mapping[str, str], processes: ProcessSet
) -> Child:
    command = [
        *(program("prefect"), "worker", "start", "--type", "process"),
        *("--pool", pool_name(settings.machine_name)),
        *("--name", f"saraban {settings.machine_name}", "--limit", "1"),
    ]
    return processes.start("prefect-worker", command, environment, settings.home_folder)
