"""Each failure of an unattended orchestrator, on a real server and worker, with its remedy.

They take minutes: `make soak` runs them (SARABAN_TEST_KILLS of 5 and more).
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from correspondence.clock import utc_now
from flows.run_watch import LATE, RUN_CRASHED, RUN_FAILED, RUN_LATE, RunTrouble, watch_runs
from pipeline.alerts import alerts_in_force
from pipeline.bootstrap import open_house
from registry.models import Report
from tests.servers.orchestrator import (
    UNFINISHED,
    Orchestrator,
    SilentServer,
    kill_tree,
    orchestrator,
    wait_for,
)

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(
        int(os.environ.get("SARABAN_TEST_KILLS", "0")) < 5, reason="minutes long: `make soak`"
    ),
]
SARABAN = str(Path(sys.executable).parent / "saraban")
AWAY_SECONDS = 100.0
RECOVERY_SECONDS = 360.0


def say(what: str, seconds: float) -> None:
    """Leave a figure where `pytest -s` shows it."""
    sys.stderr.write(f"\n{what}: {seconds:.0f} s\n")


@pytest.fixture
def mail() -> Iterator[SilentServer]:
    server = SilentServer()
    yield server
    server.close()


@pytest.fixture
def office(
    tmp_path: Path, mail: SilentServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Orchestrator]:
    monkeypatch.setenv("SARABAN_TEST_PASSWORD", "x")
    for name in ("SARABAN_DATABASE_URL", "SARABAN_BLOB_URL", "SARABAN_SMTP_URL"):
        monkeypatch.delenv(name, raising=False)
    with orchestrator(tmp_path / "home", mail.port) as made:
        open_house(made.settings).close()
        yield made


def hold_a_run(office: Orchestrator, mail: SilentServer) -> str:
    """Return a run of `pull-slow` that waits for its mailbox."""
    run = office.run("pull-slow")
    wait_for(lambda: office.state(run) == "RUNNING", 180)
    mail.wait_for_call(120)
    return run


def ended(office: Orchestrator) -> int:
    """Return how many runs of `pull-drop` have come to their end."""
    return sum(one["state_type"] == "COMPLETED" for one in office.runs("pull-drop"))


def test_a_power_loss_with_a_limit_of_one_mends_itself_within_six_minutes(
    tmp_path: Path, office: Orchestrator, mail: SilentServer
) -> None:
    environment = {
        **os.environ,
        "SARABAN_HOME": str(office.settings.home),
        "SARABAN_PREFECT_PORT": str(office.settings.prefect_port),
        "SARABAN_REVIEW_PORT": str(office.settings.review_port),
    }

    def serve() -> subprocess.Popen[bytes]:
        with (tmp_path / "serve.log").open("ab") as log:
            process = subprocess.Popen([SARABAN, "serve"], env=environment, stderr=log)
        wait_for(lambda: (tmp_path / "serve.log").read_text().count("; stop with") > served, 400)
        return process

    served = 0
    process = serve()
    try:
        lost = hold_a_run(office, mail)
        kill_tree(process.pid)
        begun = time.monotonic()
        process.wait()
        office.forget()
        mail.hang_up()
        served += 1
        process = serve()
        say("power loss: serving again after", time.monotonic() - begun)
        assert office.state(lost) == "CRASHED"
        wait_for(
            lambda: [
                run
                for run in office.runs("pull-slow")
                if run["id"] != lost and run["state_type"] in ("RUNNING", "COMPLETED", "FAILED")
            ],
            RECOVERY_SECONDS - (time.monotonic() - begun),
        )
        say("power loss: the deployment ran again after", time.monotonic() - begun)
        assert not any(d["paused"] for d in office.api("/deployments/filter", {}))
        process.send_signal(signal.SIGTERM)
        assert process.wait(90) == 0
        with sqlite3.connect(office.settings.home / "prefect" / "prefect.db") as database:
            assert database.execute("SELECT sum(paused) FROM deployment").fetchone() == (0,)
    finally:
        if process.poll() is None:
            kill_tree(process.pid)
        process.wait()


def test_a_server_away_for_100_s_at_the_end_of_a_run_leaves_none_stuck(
    office: Orchestrator, mail: SilentServer
) -> None:
    office.start_server()
    office.deploy()
    office.start_worker()
    run = hold_a_run(office, mail)
    office.kill(office.server)
    mail.hang_up()
    time.sleep(AWAY_SECONDS)
    back = time.monotonic()
    office.start_server()
    wait_for(lambda: office.state(run) in ("FAILED", "COMPLETED"), 120)
    say("server away 100 s: the run had ended, after its return, in", time.monotonic() - back)
    # One that the clock asked for meanwhile may come first; then this one is cancelled.
    before = ended(office)
    office.run("pull-drop")
    wait_for(lambda: ended(office) > before, 180)


def test_a_killed_worker_and_run_are_crashed_for_want_of_a_heartbeat_and_told_once(
    office: Orchestrator, mail: SilentServer
) -> None:
    office.start_server()
    office.deploy()
    office.start_worker()
    run = hold_a_run(office, mail)
    # The automation waits for a next beat after one that it saw.
    time.sleep(70)
    office.kill(office.worker)
    killed = time.monotonic()
    wait_for(lambda: office.state(run) == "CRASHED", 400)
    say("worker and run killed: Crashed after", time.monotonic() - killed)
    crashed = RunTrouble(deployment="pull-slow", code=RUN_CRASHED)
    for _ in range(3):
        assert crashed in watch_runs(office.settings)
    with open_house(office.settings) as house:
        # Whatever else ran in that moment crashed with it.
        (alert,) = [a for a in alerts_in_force(house.sessions) if a.source == "flow/pull-slow"]
        assert (alert.code, alert.count) == (RUN_CRASHED, 3)
    mail.hang_up()
    office.start_worker()
    # Whichever of those that waited comes first; the slot is free, and the others are cancelled.
    office.run("pull-slow")
    wait_for(lambda: any(one["state_type"] == "FAILED" for one in office.runs("pull-slow")), 300)
    assert RunTrouble(deployment="pull-slow", code=RUN_FAILED) in watch_runs(office.settings)


def test_after_an_outage_polls_run_once_and_a_period_is_made_once(
    office: Orchestrator, mail: SilentServer
) -> None:
    mail.hang_up()
    office.start_server()
    office.deploy()
    polls = [office.run("pull-drop") for _ in range(4)]
    periods = [office.run("report") for _ in range(3)]
    late = RunTrouble(deployment="pull-drop", code=RUN_LATE)

    def seen() -> bool:
        return late in watch_runs(office.settings, clock=lambda: utc_now() + LATE)

    # Nobody is there to run them: that is told, too.
    wait_for(seen, 120)
    with open_house(office.settings) as house:
        assert [a.code for a in alerts_in_force(house.sessions) if a.source.endswith("drop")] == [
            RUN_LATE
        ]
    office.start_worker()
    begun = time.monotonic()
    wait_for(
        lambda: (
            not any(office.state(run) in (*UNFINISHED, "SCHEDULED") for run in (*polls, *periods))
        ),
        600,
    )
    say("outage: four polls and three periods were over after", time.monotonic() - begun)
    ends = {office.state(run) for run in polls}
    assert ends <= {"CANCELLED", "COMPLETED"} and "COMPLETED" in ends
    assert [office.state(run) for run in periods] == ["COMPLETED"] * 3
    assert late not in watch_runs(office.settings)
    with open_house(office.settings) as house, house.sessions.begin() as session:
        assert session.query(Report).count() == 1


def test_old_runs_are_forgotten_and_new_ones_kept(
    office: Orchestrator, mail: SilentServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        __import__("flows.prefect_environment", fromlist=["_SERVER"])._SERVER,
        "PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS",
        "5",
    )
    office.start_server()
    office.deploy()
    office.start_worker()
    old, new = office.run("pull-drop"), ""
    wait_for(lambda: office.state(old) == "COMPLETED", 180)
    new = office.run("pull-drop")
    wait_for(lambda: office.state(new) == "COMPLETED", 180)
    with sqlite3.connect(office.settings.home / "prefect" / "prefect.db", timeout=60) as database:
        changed = database.execute(
            "UPDATE flow_run SET end_time = datetime('now', '-91 days') WHERE replace(id,'-','')=?",
            (old.replace("-", ""),),
        )
        assert changed.rowcount == 1
    begun = time.monotonic()
    wait_for(lambda: old not in {run["id"] for run in office.runs("pull-drop")}, 120)
    say("growth: a run of 91 days was forgotten after", time.monotonic() - begun)
    assert new in {run["id"] for run in office.runs("pull-drop")}
