"""Everything unattended, in the right order: `saraban serve`.

database → Prefect server → orphans and queues → deployments → worker → mailbox watcher → review
app → watchdog; stopped in reverse. What dies is started again with a growing pause.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from correspondence.errors import SarabanError
from flows.deployment_file import write_deployment_file
from flows.machine import worker_name
from flows.prefect_environment import (
    CODE_FOLDER,
    HOST,
    WORK_POOL,
    api_url,
    client_environment,
    review_environment,
    server_environment,
    sign_in_file,
    ui_url,
)
from flows.processes import (
    Child,
    ChildNotReady,
    ProcessSet,
    answers,
    program,
    refuse_taken_port,
    wait_until,
)
from flows.revival import WatchedChild, keep_alive
from flows.stopping import stop_on_signals
from office.settings import Settings
from pipeline.bootstrap import House, open_house
from pipeline.first_run import make_first_run_code
from pipeline.machines import enter_this_machine
from pipeline.watching import mailboxes_to_watch
from registry.connections import RUNS_AT_ONCE
from registry.machines import MachineRole

SERVER_SECONDS = 120.0
# Ten seconds on an idle machine; one that starts up with everything else takes minutes.
DEPLOY_SECONDS = 300.0

Say = Callable[[str], None]


class DeploymentFailed(SarabanError):
    """The flows could not be deployed to the server."""

    code = "deployment_failed"


def serve(settings: Settings, say: Say) -> None:
    """Run until SIGTERM or SIGINT.

    Args:
        settings: ports and folders.
        say: called with one line at each step.

    Raises:
        SarabanError: the database, the server or a deployment did not come up.
    """
    stopping = stop_on_signals()
    with open_house(settings) as house:
        _invite_administrator(house, settings, say)
        enter_this_machine(house, MachineRole.SERVE)
        has_watch = bool(mailboxes_to_watch(house.configuration.sources.mailbox))
        sources = [source.name for source in house.configuration.sources.enabled]
    say("database ready")
    with ProcessSet(settings.home_folder / "logs") as processes:
        server = start_server(settings, processes)
        say(f"Prefect server ready: {ui_url(settings)}, {_how_to_sign_in(settings)}")
        if stopping.is_set():
            return
        deploy(settings, sources)
        say("flows deployed")
        watched = [
            WatchedChild(processes, lambda: start_server(settings, processes), child=server),
            WatchedChild(
                processes,
                lambda: restart_worker(settings, processes),
                child=start_worker(settings, processes),
            ),
            *(
                [WatchedChild(processes, lambda: start_watcher(settings, processes))]
                if has_watch
                else []
            ),
            WatchedChild(processes, lambda: start_review(settings, processes)),
            WatchedChild(processes, lambda: start_watchdog(settings, processes)),
        ]
        say(f"review app: http://{HOST}:{settings.review_port}")
        say("running; stop with Ctrl-C or SIGTERM")
        keep_alive(watched, settings, stopping, say)
        say("stopping")


def _invite_administrator(house: House, settings: Settings, say: Say) -> None:
    """Say how the first administrator is made, where the office has none."""
    code = make_first_run_code(house)
    if code is not None:
        address = settings.review_url or f"http://{HOST}:{settings.review_port}"
        say(f"no administrator yet: open {address}/first-run, one-time code {code}")


def _how_to_sign_in(settings: Settings) -> str:
    """Say where the password of Prefect's pages is; never the password."""
    if settings.prefect_auth.get_secret_value():
        return "sign in with SARABAN_PREFECT_AUTH"
    return f"sign in with the line in {sign_in_file(settings)}"


def start_server(settings: Settings, processes: ProcessSet) -> Child:
    """Start Prefect's server and wait until it answers.

    Raises:
        ChildNotReady: it did not come up in time.
        PortTaken: another program has its port.
    """
    refuse_taken_port(HOST, settings.prefect_port, "SARABAN_PREFECT_PORT")
    child = processes.start(
        "prefect-server",
        [program("prefect"), "server", "start"],
        server_environment(settings),
        settings.home_folder,
    )
    try:
        wait_until(lambda: answers(f"{api_url(settings)}/health"), child, seconds=SERVER_SECONDS)
    except ChildNotReady:
        # It may come up yet, and then the next one would find the port taken.
        processes.end(child)
        raise
    return child


def start_worker(settings: Settings, processes: ProcessSet) -> Child:
    """Start the process worker that runs deployed flows."""
    command = [
        *(program("prefect"), "worker", "start", "--pool", WORK_POOL, "--type", "process"),
        *("--name", worker_name()),
        # More at once would not end sooner; what is urgent is taken first when all are busy.
        *("--limit", str(RUNS_AT_ONCE)),
    ]
    environment = client_environment(settings)
    return processes.start("prefect-worker", command, environment, settings.home_folder)


def restart_worker(settings: Settings, processes: ProcessSet) -> Child:
    """Start a worker where one died: first the runs it took with it are Crashed.

    Until then their deployments would have no slot for the next run.

    Raises:
        ChildNotReady: Prefect's server is away; the next try may do.
        DeploymentFailed: it went away meanwhile.
    """
    # Nobody revives a dead server while this waits for it: it asks once.
    if not answers(f"{api_url(settings)}/health"):
        raise ChildNotReady(
            "The worker waits for Prefect's server.", thai="ตัวทำงานรอเซิร์ฟเวอร์ Prefect"
        )
    once = {"PREFECT_CLIENT_MAX_RETRIES": "0"}
    run_once(settings, [sys.executable, "-m", "flows.reconciliation"], environment=once)
    return start_worker(settings, processes)


def start_watcher(settings: Settings, processes: ProcessSet) -> Child:
    """Start the process that pulls a mailbox at once when its server announces mail."""
    command = [sys.executable, "-m", "flows.watching"]
    return processes.start(
        "mailbox-watcher", command, client_environment(settings), settings.home_folder
    )


def start_watchdog(settings: Settings, processes: ProcessSet) -> Child:
    """Start the process that tells when the house misses its rounds."""
    command = [sys.executable, "-m", "flows.watchdog"]
    return processes.start("watchdog", command, client_environment(settings), settings.home_folder)


def start_review(settings: Settings, processes: ProcessSet) -> Child:
    """Start the review app."""
    command = [sys.executable, "-m", "review.serving"]
    return processes.start("review", command, review_environment(settings), settings.home_folder)


def deploy(settings: Settings, sources: Sequence[str]) -> None:
    """Set the server up and deploy every flow, `pull` once for each source.

    Args:
        settings: of the office.
        sources: names of its enabled mailboxes and folders.

    Raises:
        DeploymentFailed: the server refused.
    """
    file = str(write_deployment_file(settings, sources))
    run_once(settings, [sys.executable, "-m", "flows.server_setup", file])
    run_once(
        settings,
        [program("prefect"), "--no-prompt", "deploy", "--all", "--prefect-file", file],
        folder=CODE_FOLDER,
    )


def run_once(
    settings: Settings,
    command: list[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Run a short client command to its end.

    Args:
        settings: of the office.
        command: the program and its arguments.
        folder: where it runs; the data folder by default.
        environment: variables besides those of every client.

    Raises:
        DeploymentFailed: it failed or took longer than DEPLOY_SECONDS.
    """
    log = settings.home_folder / "logs" / "deploy.log"
    try:
        with log.open("ab") as output:
            subprocess.run(
                command,
                env={**client_environment(settings), **environment},
                cwd=folder or settings.home_folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=DEPLOY_SECONDS,
                check=True,
            )
    except (subprocess.SubprocessError, OSError) as fault:
        raise DeploymentFailed(
            "The flows could not be deployed.",
            thai="ติดตั้งงานอัตโนมัติไม่สำเร็จ",
            remedy=f"Read {log}.",
        ) from fault
