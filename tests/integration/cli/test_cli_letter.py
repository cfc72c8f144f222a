"""`saraban letter` as scripts see it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from tests.conftest import SetClock
from tests.seeding import register, small_house
from tests.servers.commands import Ended, saraban

Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path, clock: SetClock) -> Run:
    house = small_house(tmp_path / "home", clock)
    register(house)
    house.close()

    def start(*arguments: str) -> Ended:
        return saraban(tmp_path / "home", "letter", *arguments)

    return start


def test_a_letter_is_written_and_its_blanks_are_named(run: Run, tmp_path: Path) -> None:
    done = run("request", "--case", "1", "--by", "wichai", "--out", str(tmp_path / "out"),
               "--ask", "ส่งสัญญา", "--ask", "ส่งใบตรวจรับ", "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["kind"] == "request" and said["missing"] == ["addressee", "reply_by"]
    (path,) = said["files"]
    text = "\n".join(p.text for p in Document(io.BytesIO(Path(path).read_bytes())).paragraphs)
    assert "๑.\tส่งสัญญา" in text and "มะลิ" not in text
    shown = run("thanks", "--case", "1", "--by", "wichai", "--out", str(tmp_path / "out"))
    assert shown.returncode == 0 and "ยังว่าง: ผู้รับ" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("gift", "--case", "1"), 2),
        (("thanks", "--case", "99"), 1),
        (("reminder", "--case", "1", "--reply-by", "someday"), 2),
    ],
)
def test_wrong_requests_are_named_and_write_nothing(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    out = tmp_path / "out"
    done = run(*arguments, "--by", "wichai", "--out", str(out))
    assert done.returncode == code and "Traceback" not in done.stderr
    assert not out.exists()
