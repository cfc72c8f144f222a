"""Log files of `serve` stay within their limit while children go on writing to them."""

from __future__ import annotations

import gzip
import os
import subprocess
import time
from pathlib import Path

from flows.log_rotation import rotate_logs
from flows.processes import ProcessSet

ROOT = Path(__file__).resolve().parents[3]


def test_a_grown_file_is_packed_and_emptied_and_the_oldest_goes(tmp_path: Path) -> None:
    log, small = tmp_path / "review.log", tmp_path / "deploy.log"
    small.write_text("short\n")
    for turn in range(4):
        log.write_text(f"{turn}" * 2000)
        assert rotate_logs(tmp_path, limit=1000, kept=2) == 1
        assert log.read_text() == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("deploy.log", "review.log", "review.log.1.gz", "review.log.2.gz")
    ]
    assert gzip.decompress((tmp_path / "review.log.1.gz").read_bytes()) == b"3" * 2000
    assert gzip.decompress((tmp_path / "review.log.2.gz").read_bytes()) == b"2" * 2000
    assert rotate_logs(tmp_path, limit=1000, kept=2) == 0


def test_a_child_goes_on_writing_to_the_emptied_file(tmp_path: Path) -> None:
    script = "i=0; while :; do i=$((i+1)); echo line $i; sleep 0.01; done"
    with ProcessSet(tmp_path) as processes:
        child = processes.start("chatty", ["bash", "-c", script], os.environ, ROOT)
        deadline = time.monotonic() + 20
        while child.log.stat().st_size < 300 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert rotate_logs(tmp_path, limit=200, kept=3) == 1
        while child.log.stat().st_size < 100 and time.monotonic() < deadline:
            time.sleep(0.02)
    older = gzip.decompress((tmp_path / "chatty.log.1.gz").read_bytes())
    later = child.log.read_bytes()
    assert older.startswith(b"line 1\n") and later.startswith(b"line ")
    assert b"\0" not in later


def test_a_file_that_cannot_be_packed_stays_as_it_is(tmp_path: Path) -> None:
    log = tmp_path / "review.log"
    log.write_text("x" * 2000)
    # A folder in its way, as a full disk would refuse the packed copy.
    (tmp_path / "review.log.0.gz").mkdir()
    (tmp_path / "review.log.0.gz" / "x").touch()
    assert rotate_logs(tmp_path, limit=1000, kept=2) == 0
    assert log.stat().st_size == 2000
    assert subprocess.run(["test", "-d", tmp_path / "review.log.0.gz"], check=False).returncode == 0
