"""`register`, `void`, `stamp` and `outbox` as scripts see them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from correspondence.vocabulary import Category, IntakeOutcome
from reports.register_book import COLUMNS
from tests.conftest import SetClock
from tests.seeding import Seed, end_in, register, small_house
from tests.servers.commands import Ended, saraban

CIRCULAR = Seed(
    subject="=cmd|' /C calc'!A0", category=Category.GENERAL, subcategory="circular",
    group="administration",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Office:
    home: Path

    def run(self, *arguments: str) -> Ended:
        return saraban(self.home, *arguments)

    def json(self, *arguments: str) -> Any:
        run = self.run(*arguments, "--json")
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)


@pytest.fixture
def office(tmp_path: Path, clock: SetClock) -> Office:
    house = small_house(tmp_path / "home", clock)
    register(house, CIRCULAR)
    register(house, Seed())
    end_in(house, IntakeOutcome.SECRET, "marked_secret")
    house.close()
    return Office(tmp_path / "home")


def test_the_register_is_written_as_sheet_and_page(office: Office, tmp_path: Path) -> None:
    book, page = tmp_path / "r.xlsx", tmp_path / "r.html"
    asked = ("register", "--day", "2569-11-20", "--out", str(book), "--html", str(page))
    assert office.json(*asked) == {
        "period": "2569-11-20",
        "first_day": "2026-11-20",
        "last_day": "2026-11-20",
        "letters": 2,
        "voided": 0,
        "hidden": 0,
        "secret": 1,
        "first_number": 1,
        "last_number": 2,
        "xlsx": str(book),
        "html": str(page),
    }
    rows = CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python()
    assert tuple(rows[2]) == COLUMNS and rows[3][5] == CIRCULAR.subject
    text = page.read_text(encoding="utf-8")
    assert "<style>" in text and "http" not in text and "size: A4 landscape" in text


@pytest.mark.parametrize("year", ["2569", "2026"])
def test_a_year_may_be_of_either_era(office: Office, year: str) -> None:
    summary = office.json("register", "--year", year)
    assert (summary["period"], summary["letters"]) == ("2569", 2)
    assert summary["last_day"] == "2026-12-31"


def test_without_a_file_the_register_is_printed(office: Office) -> None:
    run = office.run("register", "--day", "2026-11-20")
    assert run.returncode == 0 and "รวม ๒ เลขรับ" in run.stdout


def test_a_number_is_voided_and_shown_as_such(office: Office) -> None:
    done = office.json("void", "๑", "--year", "2569", "--reason", "ลงรับซ้ำ", "--by", "somsri")
    assert done == {
        "register_number": "1/2569", "case_id": 1, "case_voided": True, "by": "somsri"
    }  # fmt: skip
    assert office.json("register", "--year", "2569")["voided"] == 1
    again = office.run("void", "1/2569", "--reason", "ลงรับซ้ำ", "--by", "somsri")
    assert again.returncode == 1 and "Traceback" not in again.stderr


def test_what_has_no_pages_is_not_stamped(office: Office, tmp_path: Path) -> None:
    run = office.run("stamp", "2/2569", "--out", str(tmp_path / "x.pdf"))
    assert run.returncode == 3 and "Traceback" not in run.stderr
    assert not (tmp_path / "x.pdf").exists()


def test_no_draft_waits_while_acknowledging_is_off(office: Office) -> None:
    assert office.json("outbox") == []


@pytest.mark.parametrize(
    "arguments",
    [
        *(("register",), ("register", "--day", "2569-13-01"), ("register", "--year", "next")),
        ("register", "--year", "2569", "--out", "/nowhere/x.xlsx"),
        *(("void", "1", "--reason", "x", "--by", "y"), ("void", "1/2569", "--by", "y")),
        ("void", "1/2569", "--year", "2568", "--reason", "x", "--by", "y"),
        *(("stamp", "0/2569", "--out", "x"), ("outbox", "--release", "1")),
    ],
)
def test_wrong_usage_of_the_register_ends_with_2(
    office: Office, arguments: tuple[str, ...]
) -> None:
    run = office.run(*arguments)
    assert run.returncode == 2 and run.stderr.strip() and "Traceback" not in run.stderr
