"""`saraban audit …` as scripts see it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import SetClock
from tests.seeding import Seed, register, small_house
from tests.servers.commands import Ended, saraban


@dataclass(frozen=True, slots=True)
class Office:
    home: Path

    def run(self, *arguments: str) -> Ended:
        return saraban(self.home, "audit", *arguments)

    def tamper(self, *statements: str) -> None:
        with sqlite3.connect(self.home / "saraban.db") as connection:
            for table in ("events", "links"):
                for what in ("update", "delete"):
                    connection.execute(f"DROP TRIGGER IF EXISTS audit_{table}_no_{what}")
            for statement in statements:
                connection.execute(statement)
        connection.close()


@pytest.fixture
def office(tmp_path: Path, clock: SetClock) -> Office:
    house = small_house(tmp_path / "home", clock)
    register(house, Seed())
    house.close()
    return Office(tmp_path / "home")


def test_a_whole_trail_is_anchored_and_verified(office: Office, tmp_path: Path) -> None:
    kept = tmp_path / "anchor.json"
    made = office.run("anchor", "--out", str(kept), "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout) == json.loads(kept.read_text())
    found = office.run("verify", "--anchor", str(kept), "--json")
    assert found.returncode == 0, found.stderr
    report = json.loads(found.stdout)
    assert (report["outcome"], report["break_count"]) == ("whole", 0)
    assert report["anchor_sequence"] == report["events"] == json.loads(kept.read_text())["sequence"]
    assert "whole" in office.run("verify").stdout
    again = office.run("anchor", "--out", str(kept))
    assert (again.returncode, "cannot be written" in again.stderr) == (2, True)


def test_a_broken_trail_ends_with_one_and_names_the_places(office: Office, tmp_path: Path) -> None:
    kept = tmp_path / "anchor.json"
    office.run("anchor", "--out", str(kept))
    office.tamper("UPDATE audit_events SET reason = 'ไม่มี' WHERE id = 2")
    found = office.run("verify", "--json")
    assert found.returncode == 1
    report = json.loads(found.stdout)
    assert report["outcome"] == "audit_broken"
    assert report["breaks"] == [{"kind": "changed", "thai": "ถูกแก้ไข", "sequence": 2, "event_id": 2}]
    shown = office.run("verify", "--anchor", str(kept))
    assert (shown.returncode, "audit_broken" in shown.stdout) == (1, True)
    refused = office.run("anchor")
    assert (refused.returncode, refused.stdout) == (1, "")


def test_the_events_of_a_case_are_shown(office: Office) -> None:
    shown = office.run("show", "--case", "1", "--json")
    assert shown.returncode == 0, shown.stderr
    lines = json.loads(shown.stdout)
    assert lines[0]["action"] == "settle_intake"
    assert {"at", "actor", "before", "after", "sequence", "reason"} <= set(lines[0])
    table = office.run("show", "--case", "1")
    assert (table.returncode, "2026" in table.stdout) == (0, True)
    assert office.run("show", "--case", "77").returncode == 1


def test_a_file_that_is_no_anchor_is_wrong_usage(office: Office, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    assert office.run("verify", "--anchor", str(other)).returncode == 2
    other.write_text("{}")
    assert office.run("verify", "--anchor", str(other)).returncode == 2
