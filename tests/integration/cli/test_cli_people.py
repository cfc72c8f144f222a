"""`saraban people` from the command line: the document it prints, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from correspondence.errors import SarabanError, UsageFault
from office.settings import Settings
from pipeline.bootstrap import open_house
from pipeline.doctor import diagnose
from pipeline.person_entry import PersonRefused
from pipeline.signing_in import sign_in

pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("SARABAN_CONFIG", "SARABAN_DATABASE_URL", "SARABAN_BLOB_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SARABAN_HOME", str(tmp_path))
    return tmp_path


def people(*arguments: str) -> list[dict[str, object]]:
    """Run a command and return what it printed, as a list."""
    done = CliRunner().invoke(app, ["people", *arguments, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    return document if isinstance(document, list) else [document]


def refused(*arguments: str) -> SarabanError:
    done = CliRunner().invoke(app, ["people", *arguments])
    assert isinstance(done.exception, SarabanError)
    return done.exception


def add(name: str, *roles: str) -> str:
    given = [part for role in roles for part in ("--role", role)]
    (done,) = people("add", name, "--name", "นางมาลี ใจดี", "--by", "boss", *given)
    assert isinstance(done["password"], str)
    return done["password"]


def test_people_come_change_and_go(home: Path) -> None:
    add("boss", "administrator")
    first = add("malee", "officer:complaints", "group-head:political")
    people("clearance", "malee", "secret", "--by", "boss")
    people("role", "malee", "group_head:political", "--by", "boss", "--remove")
    people("absent", "malee", "--from", "2569-12-01", "--until", "2026-12-05", "--by", "boss")
    add("suda", "officer:complaints")
    people("deputy", "malee", "suda", "--by", "malee")
    people("change", "malee", "--name", "นางมาลี ใจงาม", "--by", "boss")
    people("change", "malee", "--email", "malee@office.example", "--by", "boss")
    (boss, malee, _suda) = people("list")
    assert (malee["thai_name"], malee["email"]) == ("นางมาลี ใจงาม", "malee@office.example")
    assert boss["roles"] == [{"role": "administrator", "group": None}]
    assert malee["roles"] == [{"role": "officer", "group": "complaints"}]
    assert (malee["clearance"], malee["deputy"]) == ("secret", "suda")
    assert (malee["absent_from"], malee["absent_until"]) == ("2026-12-01", "2026-12-05")
    (again,) = people("password", "malee", "--by", "boss")
    house = open_house(Settings(home=home))
    assert again["password"] != first
    assert sign_in(house, "malee", str(again["password"]), "127.0.0.1")
    house.close()
    people("retire", "malee", "--by", "boss")
    assert [one["sign_in"] for one in people("list")] == ["boss", "suda"]
    assert len(people("list", "--retired")) == 3


def test_what_cannot_be_is_refused_by_name() -> None:
    add("boss", "administrator")
    assert isinstance(refused("role", "boss", "king", "--by", "boss"), UsageFault)
    assert isinstance(refused("clearance", "boss", "very", "--by", "boss"), UsageFault)
    assert isinstance(refused("change", "boss", "--by", "boss"), UsageFault)
    assert isinstance(refused("retire", "boss", "--by", "boss"), PersonRefused)
    assert refused("retire", "nobody", "--by", "boss").code == "person_unknown"
    assert refused("retire", "boss", "--by", "stranger").code == "action_refused"


def test_doctor_tells_how_the_first_administrator_is_made(home: Path) -> None:
    open_house(Settings(home=home)).close()

    def check() -> tuple[bool, str]:
        (found,) = [one for one in diagnose().checks if one.name == "administrator"]
        return found.ok, found.remedy

    ok, remedy = check()
    assert not ok and "/first-run; one-time code " in remedy
    add("boss", "administrator")
    assert check() == (True, "")
