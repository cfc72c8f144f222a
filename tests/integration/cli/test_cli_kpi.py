"""`saraban kpi` as scripts and people see it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from correspondence.vocabulary import Category, Channel
from pipeline.bootstrap import House
from registry.models import Case
from tests.conftest import SetClock
from tests.seeding import Seed, finish, register, small_house
from tests.servers.commands import Ended, saraban

SUBJECT = "ขอให้ตรวจสอบถนนหน้าโรงเรียนบ้านดอนเมี่ยง"


@dataclass(frozen=True)
class Desk:
    house: House
    home: Path
    database_url: str
    secret: int

    def run(self, *arguments: str) -> Ended:
        return saraban(self.home, "kpi", *arguments, SARABAN_DATABASE_URL=self.database_url)

    def json(self, *arguments: str) -> Any:
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def desk(database_url: str, tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    """March: 2 in time, 1 late, 2 open past the date, one of these restricted."""
    clock.now = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    house = small_house(tmp_path / "home", clock, database_url=database_url)
    seed = Seed(subject=SUBJECT, due=date(2026, 3, 10))
    ids = [register(house, seed) for _ in range(4)]
    ids.append(
        register(
            house,
            Seed(
                category=Category.GENERAL,
                subcategory="circular",
                group="administration",
                channel=Channel.WEB,
                due=date(2026, 3, 10),
            ),
        )
    )
    clock.move(days=3)
    for case_id in ids[:2]:
        finish(house, case_id)
    clock.move(days=10)
    finish(house, ids[2])
    with house.sessions.begin() as session:
        session.get_one(Case, ids[3]).restricted = True
    yield Desk(house, tmp_path / "home", database_url, ids[3])
    house.close()


def test_figures_and_lists_as_scripts_see_them(desk: Desk) -> None:
    found = desk.json("--from", "2569-03-01", "--to", "2569-03-31", "--by", "category,channel")
    assert (found["first"], found["last"], found["as_of"]) == (
        "2026-03-01",
        "2026-03-31",
        "2026-03-31",
    )
    assert found["total"]["in_time_percent"] == 40.0
    assert [
        (row["category"], row["group"], row["channel"], row["numbers"]["received"])
        for row in found["rows"]
    ] == [("complaint", None, "email", 4), ("general", None, "web", 1)]
    assert {stage["stage"] for stage in found["total"]["stages"]} == {
        *("registered", "drafted", "reviewed", "signed")
    }
    assert found["standards"][0].keys() >= {"stage", "days", "unit", "source", "verified"}
    for name in ("received", "in_time", "late", "open_overdue"):
        listed = desk.json("--month", "2569-03", "--list", name)
        assert listed["number"] == len(listed["cases"]) == found["total"][name]
    withheld = [case for case in listed["cases"] if case["withheld"]]
    assert [case["case_id"] for case in withheld] == [desk.secret]
    assert {v for k, v in withheld[0].items() if k not in ("case_id", "withheld")} == {None}
    narrowed = desk.json("--month", "2569-03", "--list", "open_overdue", "--channel", "web")
    assert [case["category"] for case in narrowed["cases"]] == ["general"]


def test_figures_for_people_tell_no_subject(desk: Desk) -> None:
    table = desk.run("--fiscal-year", "2569", "--as-of", "2569-03-31", "--by", "month,group")
    assert table.returncode == 0, table.stderr
    assert "40.0" in table.stdout
    assert "ปีงบประมาณ พ.ศ. ๒๕๖๙" in table.stdout
    listed = desk.run("--month", "2569-03", "--list", "reviewed.beyond")
    assert listed.returncode == 0, listed.stderr
    assert "3 เรื่อง" in listed.stdout
    for done in (table, listed):
        assert SUBJECT[:20] not in done.stdout + done.stderr


def test_a_blank_share_is_null_in_json_and_nothing_in_the_table(desk: Desk) -> None:
    found = desk.json("--month", "2569-02")
    assert found["total"]["received"] == 0
    assert found["total"]["in_time_percent"] is None
    assert "None" not in desk.run("--month", "2569-02").stdout


def test_wrong_usage_ends_with_2_and_no_stack_trace(desk: Desk) -> None:
    for arguments in (("--list", "nothing"), ("--group", "nobody")):
        done = desk.run("--month", "2569-03", *arguments)
        assert done.returncode == 2, (arguments, done.stderr)
        assert "Traceback" not in done.stderr
        assert done.stdout == ""


def test_what_reviews_left_of_memos_and_the_cases_behind_it(desk: Desk) -> None:
    found = desk.json("--month", "2026-03", "--memos")
    accepted = found["accepted_unchanged"] + found["accepted_edited"]
    assert found["first"] == "2026-03-01" and accepted >= 1
    # The seeded memos are no documents.
    assert (found["memos"], found["unreadable"], found["kept_percent"]) == (0, accepted, None)
    listed = desk.json("--month", "2026-03", "--memos", "--list", "unreadable")
    assert listed["number"] == len(listed["cases"]) == accepted
    assert SUBJECT not in str(listed)
    assert desk.run("--month", "2026-03", "--memos", "--by", "group").returncode == 2
