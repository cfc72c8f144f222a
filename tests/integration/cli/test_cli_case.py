"""`saraban case …` as people and scripts see it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from correspondence.states import Action
from correspondence.vocabulary import Role
from office.settings import Settings
from pipeline.bootstrap import open_house
from pipeline.case_actions import act_on_case
from pipeline.case_request import CaseRequest
from tests.case_office import STAFF, plain_docx, staff_office
from tests.conftest import SetClock
from tests.seeding import Seed, register, small_house
from tests.servers.commands import Ended, saraban

HEAD, OFFICER = STAFF[Role.GROUP_HEAD], STAFF[Role.OFFICER]


@dataclass(frozen=True, slots=True)
class Office:
    home: Path
    case_id: int
    triage_id: int

    def run(self, *arguments: object) -> Ended:
        return saraban(self.home, "case", *arguments)

    def json(self, *arguments: object) -> Any:
        run = self.run(*arguments, "--json")
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)


@pytest.fixture
def office(tmp_path: Path, clock: SetClock) -> Office:
    house = small_house(tmp_path / "home", clock)
    staff_office(house)
    case_id, triage_id = register(house), register(house, Seed(abstained=True))
    house.close()
    return Office(tmp_path / "home", case_id, triage_id)


def test_a_person_sees_what_they_may_do_and_does_it(office: Office, tmp_path: Path) -> None:
    offered = {entry["action"]: entry for entry in office.json("act", office.case_id, "--by", HEAD)}
    assert offered["return_draft"]["required"] == ["reason"]
    assert "sign" not in offered
    memo = tmp_path / "แก้ไข.docx"
    memo.write_bytes(plain_docx())
    done = office.json(
        "do", office.case_id, "approve-with-edits", "--by", HEAD, "--memo", memo, "--key", "k"
    )
    assert (done["state"], done["draft_version"], done["repeated"]) == ("sign_off", 2, False)
    again = office.json(
        "do", office.case_id, "approve-with-edits", "--by", HEAD, "--memo", memo, "--key", "k"
    )
    assert again["repeated"]


def test_show_names_what_people_did_and_nothing_of_the_letter(office: Office) -> None:
    case = office.case_id
    office.json("do", case, "extend", "--by", HEAD, "--due", "2570-01-06", "--reason", "รอข้อมูล")
    office.json(
        "do", case, "log-coordination", "--by", OFFICER, "--contact", "ผอ.เขต",
        "--channel", "telephone", "--promised-by", "2569-12-01",
    )  # fmt: skip
    record = office.json("show", case, "--by", OFFICER)
    assert (record["due_date"], record["original_due_date"]) == ("2027-01-06", "2026-11-24")
    assert (record["extended"], record["coordination"][0]["promised_by"]) == (1, "2026-12-01")
    assert record["actions"]
    shown = office.run("show", case)
    assert shown.returncode == 0 and "ผอ.เขต" in shown.stdout
    assert "โต๊ะเรียน" not in shown.stdout + json.dumps(record, ensure_ascii=False)


def test_refusals_are_one_line_with_their_reason(office: Office) -> None:
    case = office.case_id
    for arguments, code, said in (
        (("do", case, "sign", "--by", HEAD), 1, "not possible"),
        (("do", case, "return-draft", "--by", HEAD), 1, "reason"),
        (("do", case, "approve", "--by", OFFICER), 1, "no role"),
        (("do", case, "approve", "--by", HEAD, "--version", 1), 1, "version"),
        (("do", case, "dance", "--by", HEAD), 2, "no action"),
        (("do", case, "extend", "--by", HEAD, "--due", "2569-02-30", "--reason", "x"), 2, "no day"),
        (("do", case, "approve", "--by", HEAD, "--category", "ลับสุดยอด"), 2, "category"),
        (("do", case, "approve", "--by", HEAD, "--memo", "/no/such"), 2, "cannot be read"),
        (("act", 999, "--by", HEAD), 1, "No such case"),
    ):
        run = office.run(*arguments)
        assert (run.returncode, run.stdout) == (code, ""), arguments
        assert said in run.stderr, run.stderr
        assert "Traceback" not in run.stderr and "ลับสุดยอด" not in run.stderr


def test_links_are_listed_accepted_and_declined(office: Office) -> None:
    (link,) = office.json("links", office.triage_id)
    assert (link["kind"], link["decided_by"]) == ("same_file", None)
    assert office.json("link", "accept", link["id"], "--by", STAFF[Role.REGISTRAR])["accepted"]
    assert office.json("show", office.triage_id)["duplicate_of"] == office.case_id
    run = office.run("link", "decline", link["id"], "--by", STAFF[Role.REGISTRAR])
    assert run.returncode == 1 and "decided" in run.stderr


def test_a_category_is_chosen_in_triage(office: Office) -> None:
    done = office.json(
        "do", office.triage_id, "choose_category", "--by", STAFF[Role.REGISTRAR],
        "--category", "parliamentary", "--subcategory", "question",
    )  # fmt: skip
    assert (done["state"], done["group"]) == ("assigned", "political")


def test_versions_of_a_memo_and_what_changed_between_two(office: Office) -> None:
    for _ in range(2):
        # Within this process: each command of its own costs seconds.
        again = open_house(Settings.model_validate({"home": office.home, "database_url": ""}))
        act_on_case(again, CaseRequest(case_id=office.case_id, action=Action.REDRAFT, by=HEAD))
        again.close()
    found = office.json("memos", office.case_id, "--by", HEAD)
    assert [(v["version"], v["made_by"], v["in_force"]) for v in found["versions"]] == [
        (1, "machine", False), (2, "machine", False), (3, "machine", True),
    ]  # fmt: skip
    assert {change["fate"] for change in found["difference"]["changes"]} == {"same"}
    refused = office.run("memos", office.case_id, "--by", "nobody")
    assert refused.returncode == 1 and "Traceback" not in refused.stderr


def test_a_field_is_set_and_what_is_no_value_is_refused(office: Office) -> None:
    case, wanted = office.case_id, ("meeting_at", "๒๕ พ.ย. ๒๕๖๙ เวลา ๐๙.๓๐ น.")
    done = office.json("field", case, case, *wanted, "--by", OFFICER)
    assert (done["changed"], done["restricted"], done["place"]) == (True, False, 0)
    again = office.json("field", case, case, *wanted, "--by", OFFICER, "--version", 1)
    assert (again["changed"], again["version"]) == (False, done["version"])
    refused = office.run("field", case, case, "meeting_at", "พรุ่งนี้", "--by", OFFICER)
    assert refused.returncode == 1 and "No such date" in refused.stderr
