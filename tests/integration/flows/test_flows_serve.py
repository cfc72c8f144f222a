"""`saraban serve` on real servers: comes up in order, deploys, runs a flow, stops cleanly."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

pytestmark = pytest.mark.timeout(300)
SARABAN = str(Path(sys.executable).parent / "saraban")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Served:
    """A running `saraban serve`."""

    process: subprocess.Popen[str]
    home: Path
    prefect_port: int
    review_port: int

    def api(self, path: str, body: object = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.prefect_port}/api{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **self.token(body)},
        )
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.load(reply)

    def token(self, body: object) -> dict[str, str]:
        """Writing needs a CSRF token: the server is not open to any page in a browser."""
        if body is None:
            return {}
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.prefect_port}/api/csrf-token?client=test", timeout=10
        ) as reply:
            token = json.load(reply)["token"]
        return {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": "test"}

    def logs(self) -> str:
        return "\n".join(
            f"--- {log.name}\n{log.read_text(errors='replace')[-2000:]}"
            for log in sorted((self.home / "logs").glob("*.log"))
        )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("served")
    ports = free_port(), free_port()
    environment = {
        **os.environ,
        "SARABAN_HOME": str(home),
        "SARABAN_PREFECT_PORT": str(ports[0]),
        "SARABAN_REVIEW_PORT": str(ports[1]),
    }
    (home / "drop" / "hand").mkdir(parents=True)
    process = subprocess.Popen(
        [SARABAN, "serve"], env=environment, stderr=subprocess.PIPE, text=True
    )
    served = Served(process, home, *ports)
    assert process.stderr is not None
    for line in process.stderr:
        if "running" in line:
            break
    else:
        pytest.fail(f"serve ended: {served.logs()}")
    yield served
    if process.poll() is None:
        process.kill()
    process.wait()
    process.stderr.close()


def wait_for(look: Any, seconds: float) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.5)
    pytest.fail("it did not happen in time")


def test_every_flow_is_deployed_on_bangkok_time(served: Served) -> None:
    deployments = served.api("/deployments/filter", {})
    assert {d["name"] for d in deployments} == {
        *("pull", "process", "remind", "report", "train"),
        *("verify", "backup"),
    }
    zones = {s["schedule"]["timezone"] for d in deployments for s in d["schedules"]}
    assert zones == {"Asia/Bangkok"}
    limits = {d["name"]: d["concurrency_options"]["collision_strategy"] for d in deployments}
    assert limits["pull"] == limits["process"] == "CANCEL_NEW"
    assert limits["report"] == "ENQUEUE"


def test_an_operator_runs_a_deployment_from_the_server(served: Served) -> None:
    (process,) = [d for d in served.api("/deployments/filter", {}) if d["name"] == "process"]
    run = served.api(f"/deployments/{process['id']}/create_flow_run", {})

    def finished() -> dict[str, Any] | None:
        state: dict[str, Any] = served.api(f"/flow_runs/{run['id']}")["state"]
        return state if state["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") else None

    state = wait_for(finished, 90)
    assert state["type"] == "COMPLETED", served.logs()
    assert state["message"] == "0 registered, 0 drafted"


def test_the_review_page_is_up_on_loopback(served: Served) -> None:
    def healthy() -> bool:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{served.review_port}/health", timeout=5
            ) as reply:
                return bool(reply.status == 200)
        except OSError:
            return False

    assert wait_for(healthy, 30)


def test_sigterm_stops_everything(served: Served) -> None:
    below = psutil.Process(served.process.pid).children(recursive=True)
    assert len(below) >= 3
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(timeout=60) == 0
    assert psutil.wait_procs(below, timeout=5)[1] == []
