"""`saraban backup`, `restore` and `verify` as scripts see them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.main import app
from correspondence.errors import UsageFault
from pipeline.backup_folder import BackupDamaged
from pipeline.restoring import HouseNotEmpty
from tests.conftest import SetClock
from tests.seeding import Seed, register, small_house


@pytest.fixture
def home(tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("SARABAN_DATABASE_URL", "SARABAN_BLOB_URL", "SARABAN_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SARABAN_HOME", str(tmp_path / "home"))
    house = small_house(tmp_path / "home", clock)
    register(house, Seed())
    house.close()
    return tmp_path / "home"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_backup_wipe_restore_verify(home: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    made = run("backup", str(kept), "--json")
    assert made.exit_code == 0
    assert json.loads(made.stdout)["outcome"] == "whole"
    checked = subprocess.run(
        ["sha256sum", "--check", "--quiet", "blobs.sha256"], cwd=kept, check=False
    )
    assert checked.returncode == 0
    assert isinstance(run("backup", str(kept)).exception, UsageFault)
    assert isinstance(run("restore", str(kept)).exception, HouseNotEmpty)
    assert isinstance(run("restore", str(tmp_path / "none")).exception, BackupDamaged)
    replaced = run("restore", str(kept), "--replace")
    assert (replaced.exit_code, "put aside" in replaced.stdout) == (0, True)
    shutil.rmtree(home)
    restored = run("restore", str(kept), "--json")
    assert restored.exit_code == 0
    report = json.loads(restored.stdout)
    assert (report["outcome"], report["verify"]["findings"]) == ("whole", [])


def test_what_is_not_whole_ends_with_one_and_is_named(home: Path, tmp_path: Path) -> None:
    assert "whole" in run("verify").stdout
    next((home / "blobs").glob("??/*")).unlink()
    found = run("verify", "--json")
    assert found.exit_code == 1
    assert [f["kind"] for f in json.loads(found.stdout)["findings"]] == ["blob_missing"]
    table = run("verify")
    assert (table.exit_code, "blob_missing" in table.stdout) == (1, True)
    lacking = run("backup", str(tmp_path / "again"))
    assert (lacking.exit_code, "incomplete" in lacking.stdout) == (1, True)
