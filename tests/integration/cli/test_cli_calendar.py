"""`saraban calendar …` from the command line, in a house of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from correspondence.errors import SarabanError

RUN = CliRunner()
WHO = ("--by", "registrar", "--source", "มติคณะรัฐมนตรี ตุลาคม 2569")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATABASE_URL", "BLOB_URL", "CONFIG"):
        monkeypatch.delenv(f"SARABAN_{name}", raising=False)
    monkeypatch.setenv("SARABAN_HOME", str(tmp_path / "home"))
    return tmp_path


def calendar(*words: str) -> Any:
    done = RUN.invoke(app, ["calendar", *words])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout) if "--json" in words else done.stdout


def days(year: str = "2570") -> dict[str, str]:
    view = calendar("show", "--year", year, "--json")
    return {line["day"]: line["name"] for line in view["holidays"]}


def test_day_added_on_trial_is_not_saved_and_saved_it_counts() -> None:
    words = ("add", "2570-06-01", "--name", "วันหยุดพิเศษ", *WHO, "--json")
    tried = calendar(*words, "--dry-run")
    assert tried["saved"] is False
    assert tried["days"] == [{"day": "2027-06-01", "off": True, "name": "วันหยุดพิเศษ"}]
    assert "2027-06-01" not in days()
    saved = calendar(*words)
    assert saved["saved"] is True
    assert days()["2027-06-01"] == "วันหยุดพิเศษ"
    (line,) = calendar("show", "--history", "--json")
    assert (line["by"], line["effect"], line["day"]) == ("registrar", "add", "2027-06-01")


def test_confirmed_year_is_shown_as_such() -> None:
    assert calendar("show", "--year", "2027", "--json")["confirmed"] is False
    calendar("confirm", "2570", *WHO)
    assert calendar("show", "--year", "2027", "--json")["confirmed"] is True
    calendar("confirm", "2570", "--undo", *WHO)
    assert calendar("show", "--year", "2027", "--json")["confirmed"] is False


@pytest.mark.parametrize("kind", ["csv", "ics"])
def test_exported_year_changes_nothing_and_a_changed_one_changes_that_alone(
    home: Path, kind: str
) -> None:
    file = home / f"year.{kind}"
    calendar("export", str(file), "--year", "2569")
    assert calendar("import", str(file), *WHO, "--json")["changes"] == 0
    calendar("remove", "2026-05-13", *WHO)
    calendar("add", "2026-06-02", "--name", "วันหยุดพิเศษ", *WHO)
    back = calendar("import", str(file), *WHO, "--whole-year", "--dry-run", "--json")
    assert [(day["day"], day["off"]) for day in back["days"]] == [
        ("2026-05-13", True),
        ("2026-06-02", False),
    ]
    calendar("import", str(file), *WHO, "--whole-year")
    again = home / f"again.{kind}"
    calendar("export", str(again), "--year", "2569")
    assert "2026-06-02" not in days("2026")
    assert "2026-05-13" in days("2026")


@pytest.mark.parametrize(
    "words",
    [
        ("add", "tomorrow", "--name", "x", *WHO),
        ("add", "2027-06-01", "--name", "", *WHO),
        ("confirm", "27", *WHO),
        ("import", "/nowhere/holidays.csv", *WHO),
        ("import", "/etc/hostname", *WHO),
        ("export", "/nowhere/holidays.csv"),
    ],
)
def test_wrong_argument_is_a_named_fault_and_changes_nothing(words: tuple[str, ...]) -> None:
    with pytest.raises(SarabanError) as fault:
        calendar(*words)
    assert fault.value.exit_code == 2
    assert calendar("show", "--history", "--json") == []


def test_plain_words_for_people() -> None:
    assert "วันทำการ" in calendar("show", "--year", "2569")
    said = calendar("add", "2570-06-01", "--name", "วันหยุดพิเศษ", *WHO, "--dry-run")
    assert "ยังไม่ได้บันทึก" in said


def due() -> str:
    done = RUN.invoke(app, ["due", "--received", "2027-05-31", "--days", "1", "--json"])
    assert done.exit_code == 0, done.output
    return str(json.loads(done.stdout)["due_date"])


def test_due_counts_with_the_calendar_of_the_registry_and_does_without_one(home: Path) -> None:
    assert due() == "2027-06-01"
    assert not (home / "home" / "saraban.db").exists()
    calendar("add", "2570-06-01", "--name", "วันหยุดพิเศษ", *WHO)
    assert due() == "2027-06-02"
    (home / "home" / "saraban.db").write_bytes(b"not a database")
    assert due() == "2027-06-01"
