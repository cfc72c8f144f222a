"""`remind` as scripts see it, at whatever hour the tests run."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from correspondence.vocabulary import Role
from tests.conftest import SetClock
from tests.seeding import Seed, employ, register, small_house
from tests.servers.commands import Ended, saraban


def remind(home: Path, *arguments: str) -> Ended:
    return saraban(home, "remind", *arguments)


def test_what_is_due_is_shown_without_being_put_and_a_pass_counts(
    tmp_path: Path, clock: SetClock
) -> None:
    house = small_house(tmp_path, clock)
    register(house, Seed(due=date(2026, 11, 19)))
    employ(house, "officer", Role.OFFICER, "complaints")
    employ(house, "chief", Role.OFFICE_HEAD, None)
    house.close()
    for _ in range(2):
        look = remind(tmp_path, "--look", "--json")
        assert look.returncode == 0, look.stderr
        due = json.loads(look.stdout)
        assert {"overdue"} <= {notice["kind"] for notice in due}
        assert all(notice["recipients"] == 1 for notice in due)
        assert Seed().subject not in look.stdout
    done = remind(tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert (counts["reminders"]["put"] > 0) is counts["reminders"]["office_open"]
    assert counts["alerts"] == 0
    assert counts["outbox"]["sent"] == 0
    assert "due" in remind(tmp_path).stdout or not counts["reminders"]["office_open"]
