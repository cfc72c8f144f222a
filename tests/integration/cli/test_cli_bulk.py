"""`saraban case bulk`: several cases at once, each done or refused by itself."""

from __future__ import annotations

import json
from pathlib import Path

from correspondence.vocabulary import Role
from registry.models import Case
from tests.conftest import SetClock
from tests.seeding import employ, register, small_house
from tests.servers.commands import Ended, saraban


def test_each_case_is_done_or_refused_with_its_reason(tmp_path: Path, clock: SetClock) -> None:
    house = small_house(tmp_path, clock)
    employ(house, "somchai", Role.GROUP_HEAD, "complaints")
    first, second = register(house), register(house)

    def run(*arguments: str) -> Ended:
        return saraban(tmp_path, "case", "bulk", *arguments)

    asked = ("--group", "political", "--by", "somchai", "--reason", "งานการเมือง", "--json")
    done = run("reassign", str(first), "999", str(second), *asked)
    assert done.returncode == 1, done.stderr
    lines = json.loads(done.stdout)
    assert [(line["case_id"], line["done"]) for line in lines] == [
        *((first, True), (999, False), (second, True))
    ]
    assert lines[1]["fault"] == "case_unknown" and lines[1]["thai"]
    with house.sessions.begin() as session:
        assert {session.get_one(Case, one).group_id for one in (first, second)} == {"political"}
    wrong = run("sign", str(first), "--by", "somchai")
    assert wrong.returncode == 2 and "reassign" in wrong.stderr
    house.close()
