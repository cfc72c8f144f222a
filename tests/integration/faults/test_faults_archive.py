"""An archive read by helpers under Prefect and Dask, one of which dies: each paper once.

`make soak` gives a longer archive (SARABAN_TEST_BACKLOG) and so a death in the midst of it.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from flows.prefect_environment import client_environment
from pipeline.bootstrap import open_house
from registry.models import IntakeItem, Letter
from tests.ready_databases import ready_sqlite
from tests.servers.orchestrator import Orchestrator, SilentServer, orchestrator

SARABAN = str(Path(sys.executable).parent / "saraban")
PAPERS = int(os.environ.get("SARABAN_TEST_BACKLOG", "40"))
SECONDS = 240 if PAPERS <= 50 else 1800

pytestmark = [pytest.mark.faults, pytest.mark.timeout(SECONDS + 120)]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Orchestrator]:
    for name in ("SARABAN_DATABASE_URL", "SARABAN_BLOB_URL"):
        monkeypatch.delenv(name, raising=False)
    silent = SilentServer()
    with orchestrator(tmp_path / "home", silent.port) as made:
        ready_sqlite(made.settings.home_folder / "saraban.db")
        yield made
    silent.close()


def lay(folder: Path) -> None:
    """Write old papers, one of them twice, in folders by year."""
    for number in range(PAPERS):
        at = folder / str(2540 + number % 4)
        at.mkdir(parents=True, exist_ok=True)
        (at / f"{number:04d}.txt").write_text(
            f"ที่ ศธ ๐๔๐๗/{number}\nวันที่ ๑๒ มกราคม ๒๕๔๑\nเรื่อง ขอส่งรายงานครั้งที่ {number}\n"
            "เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ\n\n"
            f"ด้วยโรงเรียนบ้านหนองแขมได้สำรวจอาคารเรียนครั้งที่ {number} แล้ว จึงเรียนมาเพื่อโปรดทราบ\n",
            encoding="utf-8",
        )
    (folder / "again.txt").write_bytes((folder / "2540" / "0000.txt").read_bytes())


def helpers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Return Dask's own processes below an import."""
    below = psutil.Process(process.pid).children(recursive=True)
    return [one for one in below if "multiprocessing.spawn" in " ".join(one.cmdline())]


def test_a_helper_that_dies_loses_no_paper_and_doubles_none(
    office: Orchestrator, tmp_path: Path
) -> None:
    office.start_server()
    archive, report = tmp_path / "archive", tmp_path / "report.csv"
    lay(archive)
    command = [SARABAN, "import-archive", str(archive), "--report", str(report), "--helpers", "2"]
    process = subprocess.Popen(
        command,
        env=client_environment(office.settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        killed = kill_one_at_work(office, process)
        output, _ = process.communicate(timeout=SECONDS)
    finally:
        process.kill()
    assert killed and process.returncode == 0, output[-3000:]
    with open_house(office.settings) as house, house.sessions.begin() as session:
        items = session.query(IntakeItem).all()
        letters = [letter.intake_item_id for letter in session.query(Letter)]
    assert len(items) == PAPERS and {item.outcome for item in items} == {"registered"}
    assert sorted(letters) == sorted(item.id for item in items)
    assert not [item.id for item in items if item.leased_by]
    with report.open(encoding="utf-8-sig", newline="") as file:
        told = list(csv.DictReader(file))
    assert len(told) == PAPERS + 1
    assert len({row["register_number"] for row in told}) == PAPERS
    (run,) = office.api("/flow_runs/filter", {})
    assert run["state_type"] == "COMPLETED" and "หนองแขม" not in str(run)


def kill_one_at_work(office: Orchestrator, process: subprocess.Popen[str]) -> bool:
    """Kill a helper as soon as some paper is registered."""
    deadline = time.monotonic() + SECONDS
    with open_house(office.settings) as house:
        while time.monotonic() < deadline and process.poll() is None:
            with house.sessions.begin() as session:
                begun = session.query(Letter).count()
            if begun and (helpers := helpers_of(process)):
                helpers[0].kill()
                return True
            time.sleep(0.1)
    return False
