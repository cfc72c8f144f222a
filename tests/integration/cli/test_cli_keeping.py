"""`saraban backup`, `restore` and `verify` as scripts see them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import SetClock
from tests.seeding import Seed, register, small_house


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SARABAN_")}
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
        env={**environment, "SARABAN_HOME": str(home)},
    )


def test_backup_wipe_restore_verify(tmp_path: Path, clock: SetClock) -> None:
    home, kept = tmp_path / "home", tmp_path / "kept"
    house = small_house(home, clock)
    register(house, Seed())
    house.close()
    made = run(home, "backup", str(kept), "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["outcome"] == "whole"
    assert "database" in made.stderr and "blobs" in made.stderr
    checked = subprocess.run(
        ["sha256sum", "--check", "--quiet", "blobs.sha256"], cwd=kept, check=False
    )
    assert checked.returncode == 0
    refused = run(home, "restore", str(kept))
    assert (refused.returncode, "--replace" in refused.stderr) == (1, True)
    shutil.rmtree(home)
    restored = run(home, "restore", str(kept), "--json")
    assert restored.returncode == 0, restored.stderr
    report = json.loads(restored.stdout)
    assert (report["outcome"], report["verify"]["findings"]) == ("whole", [])
    next((home / "blobs").glob("??/*")).unlink()
    found = run(home, "verify", "--json")
    assert found.returncode == 1
    assert [f["kind"] for f in json.loads(found.stdout)["findings"]] == ["blob_missing"]
    lacking = run(home, "backup", str(tmp_path / "again"))
    assert (lacking.returncode, "incomplete" in lacking.stdout) == (1, True)
