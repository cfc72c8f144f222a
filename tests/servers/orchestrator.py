"""Prefect's server and worker as `saraban serve` starts them, each to be killed on its own."""

from __future__ import annotations

import base64
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from flows.prefect_environment import api_url, sign_in
from flows.processes import Child, ProcessSet
from flows.supervision import deploy, start_server, start_worker
from office.places import find_folder
from office.settings import Settings

BUSY_TRIES = 20
UNFINISHED = ("PENDING", "RUNNING", "CANCELLING")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class SilentServer:
    """A mail server that takes calls and says nothing until it hangs up: pulls wait for it."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._calls: list[socket.socket] = []
        self.port = int(self._listener.getsockname()[1])
        self._hung_up = False
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self) -> None:
        while True:
            try:
                call, _ = self._listener.accept()
            except OSError:
                return
            if self._hung_up:
                call.close()
            else:
                self._calls.append(call)

    def hang_up(self) -> None:
        """End every call, and each that is to come at once."""
        self._hung_up = True
        for call in self._calls:
            call.close()
        self._calls.clear()

    def wait_for_call(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self._calls and time.monotonic() < deadline:
            time.sleep(0.1)
        assert self._calls, "nobody called"

    def close(self) -> None:
        self.hang_up()
        self._listener.close()


def write_office(home: Path, mail_port: int) -> None:
    """Make a data folder with a mailbox `slow` at that port and the folder `drop`."""
    config = home / "config"
    config.mkdir(parents=True)
    for source in find_folder("config").iterdir():
        (config / source.name).write_bytes(source.read_bytes())
    (config / "sources.toml").write_text(
        f"""[[mailbox]]
name = "slow"
host = "127.0.0.1"
port = {mail_port}
tls = "off"
user = "saraban"
password_env = "SARABAN_TEST_PASSWORD"
idle = false
poll_seconds = 3600

[[drop_folder]]
name = "drop"
path = "drop"
still_seconds = 0
""",
        encoding="utf-8",
    )
    (home / "drop" / "hand").mkdir(parents=True)


@dataclass
class Orchestrator:
    """One server and one worker on a folder; `settings.home` holds all they keep."""

    settings: Settings
    processes: ProcessSet
    server: Child | None = None
    worker: Child | None = None
    _client: httpx.Client | None = field(default=None, repr=False)

    def start_server(self) -> None:
        self.server = start_server(self.settings, self.processes)
        self.forget()

    def forget(self) -> None:
        """Close the connection to a server that may be another by now."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def deploy(self) -> None:
        deploy(self.settings, ["slow", "drop"])

    def start_worker(self) -> None:
        self.worker = start_worker(self.settings, self.processes)

    def kill(self, *children: Child | None) -> None:
        """As a loss of power does: the processes and all they started, at once."""
        doomed: list[psutil.Process] = []
        for child in children:
            assert child is not None
            guard = psutil.Process(child.process.pid)
            doomed += [*guard.children(recursive=True), guard]
            self.processes.children.remove(child)
        for process in doomed:
            process.suspend()
        for process in doomed:
            process.kill()
        for child in children:
            assert child is not None
            child.process.wait()
            os.close(child.lifeline)
        psutil.wait_procs(doomed, timeout=10)

    def api(self, path: str, body: object = None) -> Any:
        if self._client is None:
            token = base64.b64encode(sign_in(self.settings).encode()).decode()
            client = httpx.Client(
                base_url=api_url(self.settings),
                headers={"Authorization": f"Basic {token}", "Prefect-Csrf-Client": "test"},
                timeout=30,
                trust_env=False,
            )
            answer = client.get("/csrf-token", params={"client": "test"}).raise_for_status()
            client.headers["Prefect-Csrf-Token"] = answer.json()["token"]
            self._client = client
        method = "GET" if body is None else "POST"
        for _ in range(BUSY_TRIES):
            answer = self._client.request(method, path, json=body)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            # Its database is busy; Prefect's own client asks again, too.
            time.sleep(1.0)
        return answer.raise_for_status().json()

    def deployment(self, name: str) -> dict[str, Any]:
        (found,) = [d for d in self.api("/deployments/filter", {}) if d["name"] == name]
        return dict(found)

    def run(self, name: str) -> str:
        """Ask for a run now; returns its id."""
        made = self.api(f"/deployments/{self.deployment(name)['id']}/create_flow_run", {})
        return str(made["id"])

    def state(self, run_id: str) -> str:
        return str(self.api(f"/flow_runs/{run_id}")["state_type"])

    def runs(self, name: str) -> list[dict[str, Any]]:
        """Return the runs of a deployment that have begun or ended, oldest first."""
        body = {
            "deployments": {"name": {"any_": [name]}},
            "flow_runs": {"state": {"type": {"not_any_": ["SCHEDULED"]}}},
            "sort": "EXPECTED_START_TIME_ASC",
        }
        return list(self.api("/flow_runs/filter", body))


@contextmanager
def orchestrator(home: Path, mail_port: int) -> Iterator[Orchestrator]:
    """Give an office whose orchestrator is not up yet; all of it is stopped at the end."""
    write_office(home, mail_port)
    settings = Settings(home=home, prefect_port=free_port(), review_port=free_port())
    with ProcessSet(home / "logs") as processes:
        made = Orchestrator(settings, processes)
        try:
            yield made
        finally:
            made.forget()


def wait_for(look: Callable[[], Any], seconds: float, every: float = 0.5) -> float:
    """Wait until `look()` is true; returns how many seconds that took."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        try:
            if look():
                return time.monotonic() - begun
        except httpx.HTTPError:
            pass
        time.sleep(every)
    raise AssertionError(f"it did not happen in {seconds:.0f} s")


def kill_tree(pid: int) -> None:
    """Kill a process and all below it at once, as a loss of power does."""
    top = psutil.Process(pid)
    doomed = [*top.children(recursive=True), top]
    for process in doomed:
        process.send_signal(signal.SIGSTOP)
    for process in doomed:
        process.kill()
    psutil.wait_procs(doomed, timeout=10)
