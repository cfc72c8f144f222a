from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest

from correspondence.clock import utc_now
from correspondence.vocabulary import Role
from tests.conftest import SetClock
from tests.seeding import Seed, let_in, register, small_house

ROOT = Path(__file__).resolve().parents[3]


def _environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SARABAN_")}
    return {**kept, "SARABAN_HOME": str(home), "PYTHONPATH": str(ROOT), **more}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_the_loopback_only_and_stops_cleanly(
    tmp_path: Path, clock: SetClock, number: signal.Signals
) -> None:
    clock.now = utc_now()
    house = small_house(tmp_path, clock)
    token = let_in(house, "head", ((Role.OFFICE_HEAD, None),))
    case_id = register(house, Seed(subject="คำที่ต้องไม่อยู่ในบันทึกการทำงาน"))
    house.close()
    port = _free_port()
    log = tmp_path / "review.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "review.serving"],
            env=_environment(tmp_path, SARABAN_REVIEW_PORT=str(port), SARABAN_LOG_LEVEL="DEBUG"),
            cwd=tmp_path,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                try:
                    if client.get("/health").status_code == 200:
                        break
                except httpx.TransportError:
                    assert process.poll() is None, log.read_text()
                    time.sleep(0.1)
            assert client.get(f"/cases/{case_id}").headers["location"].startswith("/sign-in?")
            client.cookies.set("saraban", token)
            assert "คำที่ต้องไม่อยู่ในบันทึกการทำงาน" in client.get(f"/cases/{case_id}").text
        listening = {
            entry.laddr.ip
            for entry in psutil.Process(process.pid).net_connections("inet")
            if entry.status == psutil.CONN_LISTEN
        }
        assert listening == {"127.0.0.1"}
        process.send_signal(number)
        assert process.wait(20) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    written = log.read_text()
    assert f"GET /cases/{case_id} " in written
    assert "คำที่ต้องไม่อยู่" not in written and "มะลิ" not in written


def test_a_wrong_setting_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "review.serving"],
        env=_environment(tmp_path, SARABAN_REVIEW_PORT="many"),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "SARABAN_REVIEW_PORT" in done.stderr
