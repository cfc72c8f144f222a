"""`saraban serve` on real servers: comes up in order, deploys, runs a flow, stops cleanly."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import select

from correspondence.clock import utc_now
from correspondence.vocabulary import Role
from flows.run_watch import watch_runs
from office.settings import Settings
from pipeline.alert_notices import tell_alerts
from pipeline.bootstrap import House, open_house
from registry.models import OutboxMessage
from tests.seeding import employ

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
            headers={"Content-Type": "application/json", **self.signed_in(), **self.token(body)},
        )
        for _ in range(10):
            try:
                with urllib.request.urlopen(request, timeout=30) as reply:
                    return json.load(reply)
            except urllib.error.HTTPError as busy:
                # SQLite under the server's own writes; Prefect's client waits, too.
                if busy.code != 503:
                    raise
                busy.close()
                time.sleep(2)
        pytest.fail(f"the server stayed busy: {self.logs()}")

    def token(self, body: object) -> dict[str, str]:
        """Writing needs a CSRF token: the server is not open to any page in a browser."""
        if body is None:
            return {}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.prefect_port}/api/csrf-token?client=test",
            headers=self.signed_in(),
        )
        with urllib.request.urlopen(request, timeout=10) as reply:
            token = json.load(reply)["token"]
        return {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": "test"}

    def signed_in(self) -> dict[str, str]:
        """The password is made at the first start and kept where only its owner reads it."""
        kept = self.home / "prefect" / "sign-in"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        return {"Authorization": "Basic " + base64.b64encode(kept.read_bytes()).decode()}

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
        *("pull", "pull-drop", "process", "remind", "redate", "sweep", "report"),
        *("train", "evaluate", "verify", "backup"),
    }
    zones = {s["schedule"]["timezone"] for d in deployments for s in d["schedules"]}
    assert zones == {"Asia/Bangkok"}
    limits = {d["name"]: d["concurrency_options"]["collision_strategy"] for d in deployments}
    assert limits["pull"] == limits["process"] == "CANCEL_NEW"
    assert limits["report"] == "ENQUEUE"
    assert {d["global_concurrency_limit"]["limit"] for d in deployments} == {1}
    scheduled = {d["name"] for d in deployments if d["schedules"]}
    assert "pull-drop" in scheduled and "pull" not in scheduled
    queues = {d["name"]: d["work_queue_name"] for d in deployments}
    assert queues["pull-drop"] == "urgent" and queues["process"] == "normal"
    assert queues["backup"] == "low"
    made = served.api("/work_pools/saraban/queues/filter", {})
    order = {q["name"]: q["priority"] for q in made}
    assert order["urgent"] < order["normal"] < order["low"]
    assert all(d["description"] for d in deployments)


def test_nobody_without_the_password_gets_in(served: Served) -> None:
    for path in ("/deployments/count", "/csrf-token?client=test", "/admin/settings"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(
                f"http://127.0.0.1:{served.prefect_port}/api{path}",
                data=b"{}" if "count" in path else None,
                timeout=10,
            )
        assert refused.value.code in (401, 403)
        refused.value.close()
    listening = {
        tuple(c.laddr) for c in psutil.net_connections("tcp") if c.status == psutil.CONN_LISTEN
    }
    hosts = {address[0] for address in listening if address[1] == served.prefect_port}
    assert hosts == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("name", "parameters", "said"),
    [
        ("process", {"time_box_seconds": 1}, "1 is less than the minimum of 10"),
        ("process", {"time_box_seconds": "soon"}, "'soon' is not of type 'integer'"),
        ("report", {"month": "October"}, "'October' does not match"),
        ("pull", {"source": "../etc"}, "'../etc' does not match"),
        ("sweep", {"waiting_minutes": 0}, "0 is less than the minimum of 5"),
        ("evaluate", {"least_macro_f1": 2}, "2 is greater than the maximum of 1"),
    ],
)
def test_a_wrong_parameter_is_refused_with_its_name(
    served: Served, name: str, parameters: dict[str, object], said: str
) -> None:
    (found,) = [d for d in served.api("/deployments/filter", {}) if d["name"] == name]
    schema = found["parameter_openapi_schema"]["properties"]
    assert all(one["description"] and one["title"] for one in schema.values())
    with pytest.raises(urllib.error.HTTPError) as refused:
        served.api(f"/deployments/{found['id']}/create_flow_run", {"parameters": parameters})
    detail = json.loads(refused.value.read())["detail"]
    assert refused.value.code == 409
    assert next(iter(parameters)) in detail and said in detail


def test_a_run_without_a_heartbeat_is_watched_for(served: Served) -> None:
    (automation,) = served.api("/automations/filter", {})
    assert automation["enabled"] and automation["trigger"]["within"] == 180
    assert automation["actions"][0]["state"] == "CRASHED"


def test_an_operator_runs_a_deployment_from_the_server(served: Served) -> None:
    # One that no schedule begins in this moment, for the second would be cancelled.
    (redate,) = [d for d in served.api("/deployments/filter", {}) if d["name"] == "redate"]
    run = served.api(f"/deployments/{redate['id']}/create_flow_run", {})

    def finished() -> dict[str, Any] | None:
        state: dict[str, Any] = served.api(f"/flow_runs/{run['id']}")["state"]
        return state if state["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") else None

    state = wait_for(finished, 180)
    assert state["type"] == "COMPLETED", served.logs()
    assert state["message"].startswith("0 moved, 0 kept")
    assert "0 moved, 0 kept" in served.api(f"/flow_runs/{run['id']}")["name"]


def test_what_failed_is_late_or_is_stuck_is_told_once_and_its_end_once(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SARABAN_DATABASE_URL", "SARABAN_BLOB_URL", "SARABAN_SMTP_URL"):
        monkeypatch.delenv(name, raising=False)
    settings = Settings(home=served.home, prefect_port=served.prefect_port)
    found = {d["name"]: d for d in served.api("/deployments/filter", {})}

    def make(name: str, state: str | None = None) -> str:
        body = {"flow_id": found[name]["flow_id"], "deployment_id": found[name]["id"]}
        run: str = served.api("/flow_runs/", body)["id"]
        if state:
            set_state(run, state)
        return run

    def set_state(run: str, state: str) -> None:
        body = {"state": {"type": state}, "force": True}
        assert served.api(f"/flow_runs/{run}/set_state", body)["status"] == "ACCEPT"

    make("evaluate", "FAILED")
    make("report", "CRASHED")
    stuck = make("train", "RUNNING")
    assert {(t.deployment, t.code) for t in watch_runs(settings)} >= {
        ("evaluate", "run_failed"),
        ("report", "run_crashed"),
    }
    later = utc_now() + timedelta(hours=7)
    for _ in range(2):
        seen = {(t.deployment, t.code) for t in watch_runs(settings, clock=lambda: later)}
        assert ("train", "run_stuck") in seen
    raised = {
        "flow/evaluate: run_failed",
        "flow/report: run_crashed",
        "flow/train: run_stuck",
    }
    with open_house(settings) as house:
        employ(house, "somying", Role.ADMINISTRATOR, None)
        for _ in range(2):
            tell_alerts(house)
        told = mails(house)
    assert [told.count(f"เกิดขึ้น  {one} ") for one in sorted(raised)] == [1, 1, 1]
    set_state(stuck, "COMPLETED")
    for name in ("evaluate", "report"):
        make(name, "COMPLETED")
    watch_runs(settings)
    with open_house(settings) as house:
        for _ in range(2):
            tell_alerts(house)
        told = mails(house)
    assert [told.count(f"คลี่คลาย  {one} ") for one in sorted(raised)] == [1, 1, 1]


def mails(house: House) -> str:
    """Return the text of all that was put into the outbox, whoever put it there."""
    with house.sessions.begin() as session:
        return "\n".join(session.scalars(select(OutboxMessage.body)))


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
    # Prefect's own `serve` pauses its deployments when it ends; ours go on at the next start.
    with contextlib.closing(sqlite3.connect(served.home / "prefect" / "prefect.db")) as database:
        assert database.execute("SELECT sum(paused) FROM deployment").fetchone() == (0,)
