"""`saraban find` as scripts and people see it."""

from __future__ import annotations

import json
from pathlib import Path

from registry.models import Case, LetterSearchRow
from tests.conftest import SetClock
from tests.seeding import Seed, register, small_house
from tests.servers.commands import Ended, saraban


def test_letters_are_found_indexed_and_restricted_ones_stay_out(
    tmp_path: Path, clock: SetClock
) -> None:
    def run(*arguments: str) -> Ended:
        return saraban(tmp_path, "find", *arguments)

    with small_house(tmp_path, clock) as house:
        case_id = register(house, Seed(subject="ขอซ่อมสะพานข้ามคลอง", text="สะพานชำรุดมาก"))
        hidden = register(house, Seed(text="สะพานลับ"))
        with house.sessions.begin() as session:
            session.get_one(Case, hidden).restricted = True
            session.query(LetterSearchRow).delete()
    assert json.loads(run("สะพาน", "--index", "--json").stdout)["total"] == 1
    found = json.loads(run("สะพาน", "คลอง", "--json").stdout)
    (hit,) = found["hits"]
    assert (hit["case_id"], hit["register_number"]) == (case_id, "1/2569")
    assert {"text": "สะพาน", "hit": True} in hit["subject"]
    assert "ขอซ่อมสะพานข้ามคลอง" in run("๑/๒๕๖๙").stdout
    assert "สะพานลับ" not in run("สะพาน").stdout
    asked = run()
    assert asked.returncode == 2 and "QUERY" in asked.stderr
