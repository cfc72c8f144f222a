"""Everything unattended, in the right order: `saraban serve`.

database → Prefect server → reconcile orphans → deployments → worker → mailbox watcher → review
app → watchdog; stopped in reverse. What dies is started again with a growing pause.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from correspondence.errors import SarabanError
from flows.log_rotation import rotate_logs
from flows.prefect_environment import (
    CODE_FOLDER,
    HOST,
    WORK_POOL,
    api_url,
    client_environment,
    server_environment,
    ui_url,
)
from flows.processes import Child, ChildNotReady, ProcessSet, answers, program, wait_until
from flows.revival import WatchedChild
from flows.stopping import stop_on_signals
from office.settings import Settings
from pipeline.bootstrap import House, open_house
from pipeline.first_run import make_first_run_code
from pipeline.watching import mailboxes_to_watch

SERVER_SECONDS = 120.0
LOG_LOOK_SECONDS = 60.0

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
        has_watch = bool(mailboxes_to_watch(house.configuration.sources.mailbox))
    say("database ready")
    logs = settings.home_folder / "logs"
    with ProcessSet(logs) as processes:
        server = start_server(settings, processes)
        say(f"Prefect server ready: {ui_url(settings)}")
        if stopping.is_set():
            return
        run_once(settings, [sys.executable, "-m", "flows.reconciliation"])
        deploy(settings)
        say("flows deployed")
        watched = [
            WatchedChild(processes, lambda: start_server(settings, processes), child=server),
            WatchedChild(processes, lambda: start_worker(settings, processes)),
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
        looked = time.monotonic()
        while not stopping.wait(1.0):
            for entry in watched:
                entry.revive(say)
            if time.monotonic() - looked >= LOG_LOOK_SECONDS:
                looked = time.monotonic()
                rotate_logs(logs, limit=settings.log_megabytes << 20, kept=settings.log_kept)
        say("stopping")


def _invite_administrator(house: House, settings: Settings, say: Say) -> None:
    """Say how the first administrator is made, where the office has none."""
    code = make_first_run_code(house)
    if code is not None:
        address = settings.review_url or f"http://{HOST}:{settings.review_port}"
        say(f"no administrator yet: open {address}/first-run, one-time code {code}")


def start_server(settings: Settings, processes: ProcessSet) -> Child:
    """Start Prefect's server and wait until it answers.

    Raises:
        ChildNotReady: it did not come up in time.
    """
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
    command = [program("prefect"), "worker", "start", "--pool", WORK_POOL, "--type", "process"]
    environment = client_environment(settings)
    return processes.start("prefect-worker", command, environment, settings.home_folder)


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
    return processes.start("review", command, client_environment(settings), settings.home_folder)


def deploy(settings: Settings) -> None:
    """Make the work pool and deploy every flow of `prefect.yaml`.

    Raises:
        DeploymentFailed: the server refused.
    """
    run_once(
        settings,
        [program("prefect"), "work-pool", "create", WORK_POOL, "--type", "process", "--overwrite"],
    )
    run_once(
        settings,
        [
            *(program("prefect"), "--no-prompt", "deploy", "--all"),
            *("--prefect-file", str(_deployment_file())),
        ],
        folder=CODE_FOLDER,
    )


def _deployment_file() -> Path:
    """Return `prefect.yaml`: at the root of a checkout, inside the package when installed."""
    at_root = CODE_FOLDER / "prefect.yaml"
    return at_root if at_root.exists() else CODE_FOLDER / "flows" / "prefect.yaml"


def run_once(settings: Settings, command: list[str], *, folder: Path | None = None) -> None:
    """Run a short client command to its end.

    Raises:
        DeploymentFailed: it failed or took longer than two minutes.
    """
    log = settings.home_folder / "logs" / "deploy.log"
    try:
        with log.open("ab") as output:
            subprocess.run(
                command,
                env=client_environment(settings),
                cwd=folder or settings.home_folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=120,
                check=True,
            )
    except (subprocess.SubprocessError, OSError) as fault:
        raise DeploymentFailed(
            "The flows could not be deployed.",
            thai="ติดตั้งงานอัตโนมัติไม่สำเร็จ",
            remedy=f"Read {log}.",
        ) from fault
