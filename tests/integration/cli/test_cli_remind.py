"""`remind` as scripts see it, at whatever hour the tests run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

from correspondence.vocabulary import Role
from tests.conftest import SetClock
from tests.seeding import Seed, employ, register, small_house


def saraban(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SARABAN_")}
    return subprocess.run(
        [sys.executable, "-m", "cli.main", "remind", *arguments],
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
        env={**environment, "SARABAN_HOME": str(home)},
    )


def test_what_is_due_is_shown_without_being_put_and_a_pass_counts(
    tmp_path: Path, clock: SetClock
) -> None:
    house = small_house(tmp_path, clock)
    register(house, Seed(due=date(2026, 11, 19)))
    employ(house, "officer", Role.OFFICER, "complaints")
    employ(house, "chief", Role.OFFICE_HEAD, None)
    house.close()
    for _ in range(2):
        look = saraban(tmp_path, "--look", "--json")
        assert look.returncode == 0, look.stderr
        due = json.loads(look.stdout)
        assert {"overdue"} <= {notice["kind"] for notice in due}
        assert all(notice["recipients"] == 1 for notice in due)
        assert Seed().subject not in look.stdout
    done = saraban(tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert (counts["reminders"]["put"] > 0) is counts["reminders"]["office_open"]
    assert counts["alerts"] == 0
    assert counts["outbox"]["sent"] == 0
    assert "due" in saraban(tmp_path).stdout or not counts["reminders"]["office_open"]
