from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from flows.processes import (
    ChildNotReady,
    PortTaken,
    ProcessSet,
    refuse_taken_port,
    wait_until,
)

ROOT = Path(__file__).resolve().parents[3]


def descendants(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def wait_gone(processes: list[psutil.Process]) -> list[psutil.Process]:
    return psutil.wait_procs(processes, timeout=10)[1]


def test_stopping_ends_the_child_and_what_it_started(tmp_path: Path) -> None:
    with ProcessSet(tmp_path) as processes:
        child = processes.start(
            "sleeper", ["bash", "-c", "sleep 900 & sleep 901"], os.environ, ROOT
        )
        wait_until(lambda: len(descendants(child.process.pid)) >= 3, child, seconds=10)
        below = descendants(child.process.pid)
    assert wait_gone(below) == []


def test_a_killed_parent_leaves_no_child_behind(tmp_path: Path) -> None:
    script = f"""
import os, time
from pathlib import Path
from flows.processes import ProcessSet
processes = ProcessSet(Path({str(tmp_path)!r}))
processes.start("sleeper", ["bash", "-c", "sleep 902 & sleep 903"], os.environ, Path("/"))
time.sleep(900)
"""
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    deadline = time.monotonic() + 20
    while len(descendants(parent.pid)) < 4 and time.monotonic() < deadline:
        time.sleep(0.05)
    below = descendants(parent.pid)
    assert len(below) >= 4
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert wait_gone(below) == []


def test_a_child_that_ends_early_is_named_with_its_log(tmp_path: Path) -> None:
    with ProcessSet(tmp_path) as processes:
        child = processes.start("broken", ["bash", "-c", "echo why; exit 3"], os.environ, ROOT)
        with pytest.raises(ChildNotReady) as caught:
            wait_until(lambda: False, child, seconds=10)
    assert "broken.log" in str(caught.value)
    assert (tmp_path / "broken.log").read_text().strip() == "why"


def test_another_programs_port_is_not_taken_for_ours() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)) as refused:
            refuse_taken_port("127.0.0.1", port, "SARABAN_PREFECT_PORT")
        assert "SARABAN_PREFECT_PORT" in str(refused.value.remedy)
    refuse_taken_port("127.0.0.1", port, "SARABAN_PREFECT_PORT")
