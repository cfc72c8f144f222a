"""`saraban held …` as clerks and scripts see it, on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from correspondence.vocabulary import IntakeOutcome, Role
from office.settings import Settings
from pipeline.bootstrap import House, open_house
from tests.conftest import SetClock
from tests.seeding import employ, end_in
from tests.servers.commands import Ended, saraban

PASSWORD_WRONG = "0000-รหัสผิด"


@dataclass(frozen=True)
class Desk:
    """A house and the command line over it."""

    house: House
    home: Path
    database_url: str

    def run(self, *arguments: str, **environment: str) -> Ended:
        return saraban(
            self.home,
            *("held", *arguments),
            **{"SARABAN_DATABASE_URL": self.database_url, "SARABAN_WORKERS": "1", **environment},
        )

    def json(self, *arguments: str, code: int = 0, **environment: str) -> Any:
        done = self.run(*arguments, "--json", **environment)
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def desk(database_url: str, tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    home = tmp_path / "home"
    house = open_house(Settings(home=home, database_url=database_url, workers=1), clock=clock)
    employ(house, "somsri", Role.REGISTRAR, None)
    employ(house, "prasert", Role.SECRET_REGISTRAR, None, clearance="top_secret")
    yield Desk(house, home, database_url)
    house.close()


def test_a_clerk_works_through_the_queues(desk: Desk, tmp_path: Path) -> None:
    held = str(end_in(desk.house, IntakeOutcome.HELD, "encrypted", "สัญญา.pdf"))
    mail = str(end_in(desk.house, IntakeOutcome.QUARANTINED, "bounce"))
    secret = str(end_in(desk.house, IntakeOutcome.SECRET, "marked_secret", "แผนลับ.pdf"))
    lines = desk.json("list")
    assert [(line["outcome"], line["code"]) for line in lines] == [
        *(("held", "encrypted"), ("quarantined", "bounce"), ("secret", "marked_secret")),
    ]
    assert {"id", "source", "arrived_at", "since", "reason", "attempts", "size", "suspicious"} <= (
        set(lines[0])
    )
    assert "แผนลับ" not in json.dumps(lines, ensure_ascii=False)
    (only,) = desk.json("list", "--kind", "quarantined")
    assert only["id"] == int(mail)

    shown = desk.json("show", held)
    assert (shown["file_name"], shown["history"][0]["outcome"]) == ("สัญญา.pdf", "held")
    assert desk.json("show", secret)["file_name"] is None

    (again,) = desk.json("retry", held, "--by", "somsri")
    assert (again["outcome"], again["fault"]) == ("pending", None)
    desk.json("retry", "999", "--by", "somsri", code=1)

    done = desk.json("not-a-letter", mail, "--by", "somsri", "--reason", "อีเมลตีกลับ")
    assert (done["outcome"], done["code"]) == ("rejected", "not_a_letter")
    (rejected,) = desk.json("list", "--kind", "rejected")
    assert rejected["id"] == int(mail)

    typed = tmp_path / "typed.txt"
    typed.write_text("เรื่อง ขอให้ซ่อมหลังคา\n\nหลังคาโรงเรียนรั่วทุกห้อง", encoding="utf-8")
    other = str(end_in(desk.house, IntakeOutcome.HELD, "damaged"))
    words = ("place", other, "--by", "somsri", "--reading", str(typed), "--sender", "นางมะลิ")
    first = desk.json(*words)
    assert (first["outcome"], first["done"], first["register_number"]) == (
        *("registered", False, None),
    )
    second = desk.json(*words, "--confirm", first["confirm"])
    assert (second["outcome"], second["done"]) == ("registered", True)
    assert second["register_number"].startswith("1/")
    refused = desk.run(*words, "--confirm", first["confirm"])
    assert refused.returncode == 1
    assert "หลังคา" not in refused.stdout + refused.stderr

    out = tmp_path / "out.bin"
    taken = desk.json("hand-over", secret, "--by", "prasert", "--out", str(out))
    assert (taken["outcome"], taken["grade"], taken["file"]) == ("secret", "secret", str(out))
    assert out.read_bytes()
    assert desk.run("hand-over", secret, "--by", "somsri").returncode == 1


def test_release_and_retry_with_a_password_read_at_once(desk: Desk) -> None:
    held = str(end_in(desk.house, IntakeOutcome.HELD, "encrypted", "a.bin"))
    tried = desk.run(
        *("retry", held, "--by", "somsri", "--password-env", "LETTER_PASSWORD", "--json"),
        LETTER_PASSWORD=PASSWORD_WRONG,
    )
    assert tried.returncode in (0, 3), tried.stderr
    assert json.loads(tried.stdout)[0]["outcome"] in ("held", "registered")
    assert PASSWORD_WRONG not in tried.stdout + tried.stderr
    mail = str(end_in(desk.house, IntakeOutcome.QUARANTINED, "bulk", "จดหมาย.txt"))
    done = desk.json("release", mail, "--by", "somsri", "--reason", "เป็นหนังสือจริง")
    assert done["outcome"] == "registered"
    assert done["register_number"]


def test_people_get_tables_whatever_a_file_is_called(desk: Desk) -> None:
    held = str(end_in(desk.house, IntakeOutcome.HELD, "damaged", "a[/b][bold].pdf"))
    for arguments in (("list",), ("show", held)):
        shown = desk.run(*arguments)
        assert shown.returncode == 0, shown.stderr
    assert "a[/b][bold].pdf" in shown.stdout
    words = ("place", held, "--by", "somsri", "--subject", "[/x] ขอ")
    words += ("--document-date", "2569-11-10")
    first = desk.run(*words)
    assert "2026-11-10" in first.stdout
    confirm = first.stdout.split("--confirm ")[1].strip()
    second = desk.run(*words, "--confirm", confirm)
    assert "1/2569" in second.stdout


def test_all_of_a_reason_are_retried(desk: Desk) -> None:
    ids = [end_in(desk.house, IntakeOutcome.HELD, "no_ocr") for _ in range(2)]
    done = desk.json("retry", "--all", "--reason", "no_ocr", "--by", "somsri")
    assert [(one["id"], one["outcome"]) for one in done] == [(i, "pending") for i in ids]


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "--kind", "lost"),
        ("retry", "--by", "somsri"),
        ("retry", "1", "--all", "--by", "somsri"),
        ("retry", "--all", "--by", "somsri"),
        ("retry", "1"),
        ("retry", "1", "--by", "somsri", "--password-env", "NOT_SET_ANYWHERE"),
        ("release", "1", "--by", "somsri"),
        ("place", "1", "--by", "somsri"),
        ("place", "1", "--by", "somsri", "--subject", "x", "--document-date", "yesterday"),
        ("place", "1", "--by", "somsri", "--reading", "/nowhere/typed.txt"),
    ],
)
def test_wrong_usage_ends_with_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = saraban(tmp_path, "held", *arguments)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr


def test_named_faults_end_with_1_and_no_stack_trace(desk: Desk) -> None:
    held = str(end_in(desk.house, IntakeOutcome.HELD, "damaged"))
    for arguments in (
        ("show", "999"),
        ("release", held, "--by", "somsri", "--reason", "x"),
        ("not-a-letter", held, "--by", "nobody", "--reason", "x"),
        ("hand-over", held, "--by", "prasert"),
    ):
        done = desk.run(*arguments)
        assert done.returncode == 1, done.stderr
        assert "Traceback" not in done.stderr
        assert done.stderr.startswith("saraban: ")
