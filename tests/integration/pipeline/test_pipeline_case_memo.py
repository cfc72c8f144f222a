"""A case as it lies before one person, and its memo edited by parts, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from correspondence.errors import ActionRefused, StaleVersion
from correspondence.states import Action
from correspondence.vocabulary import CaseState, Role
from office.settings import Settings
from pipeline.bootstrap import open_house
from pipeline.case_actions import possible_actions
from pipeline.case_desk import case_desk, steps_since
from pipeline.case_memo import MemoEdit, MemoUnfounded, hand_in_memo, memo_desk
from pipeline.case_request import CaseRequest
from pipeline.permissions import OpenedCase
from registry.models import Draft
from tests.case_office import SECOND, STAFF, CaseOffice, staff_office
from tests.conftest import SetClock

OFFICER, HEAD = STAFF[Role.OFFICER], STAFF[Role.GROUP_HEAD]


@pytest.fixture
def office(database_url: str, tmp_path: Path, clock: SetClock) -> Iterator[CaseOffice]:
    settings = Settings.model_validate({"home": tmp_path, "database_url": database_url})
    house = open_house(settings, clock=clock)
    staff_office(house)
    yield CaseOffice(house, clock)
    house.close()


def drafted(office: CaseOffice) -> int:
    case_id = office.reach(CaseState.IN_REVIEW)
    office.do(case_id, Action.REDRAFT, HEAD)
    return case_id


def edit(office: CaseOffice, case_id: int, **asked: object) -> MemoEdit:
    version = asked.pop("version", office.case(case_id).version)
    request = CaseRequest.model_validate(
        {"case_id": case_id, "action": "edit_draft", "by": OFFICER, "expected_version": version}
        | {name: asked.pop(name) for name in ("key", "action") if name in asked}
    )
    return MemoEdit.model_validate({"request": request, "texts": {}, **asked})


def versions(office: CaseOffice, case_id: int) -> list[tuple[int, str]]:
    query = select(Draft).where(Draft.case_id == case_id).order_by(Draft.version)
    with office.house.sessions.begin() as session:
        return [(draft.version, draft.made_by) for draft in session.scalars(query)]


def test_an_edit_is_a_version_and_acceptance_is_none(office: CaseOffice) -> None:
    case_id = drafted(office)
    assert versions(office, case_id) == [(1, "machine"), (2, "machine")]
    asked = edit(office, case_id, texts={"purpose": "พิจารณาสั่งการ"}, key="k1")
    first, second = hand_in_memo(office.house, asked), hand_in_memo(office.house, asked)
    assert (first.result.repeated, second.result.repeated) == (False, True)
    assert versions(office, case_id)[2:] == [(3, OFFICER)]
    hand_in_memo(office.house, edit(office, case_id, accepted={"purpose", "subject"}))
    assert len(versions(office, case_id)) == 3
    memo = memo_desk(office.house, OpenedCase(case_id, HEAD, restricted=False))
    told = {part.key: (part.text, part.accepted_by) for part in memo.parts}
    assert told["purpose"] == ("พิจารณาสั่งการ", OFFICER) and told["sender"][1] == ""
    assert [event.action for event in office.events(case_id)[-2:]] == ["edit_draft"] * 2


def test_what_no_source_holds_is_refused_until_it_is_kept(office: CaseOffice) -> None:
    case_id = drafted(office)
    texts = {"summary": "ผู้ร้องเสียหาย ๘๑,๒๓๔ บาท"}
    with pytest.raises(MemoUnfounded) as fault:
        hand_in_memo(office.house, edit(office, case_id, texts=texts))
    assert fault.value.found == {"summary": ("numbers",)}
    assert "81" not in str(fault.value) and len(versions(office, case_id)) == 2
    hand_in_memo(office.house, edit(office, case_id, texts=texts, keep_unfounded=True))
    memo = memo_desk(office.house, OpenedCase(case_id, HEAD, restricted=False))
    assert next(p for p in memo.parts if p.key == "summary").unfounded == ("numbers",)


def test_an_older_page_and_another_action_are_refused(office: CaseOffice) -> None:
    case_id = drafted(office)
    old = office.case(case_id).version - 1
    texts = {"purpose": "พิจารณาสั่งการ"}
    with pytest.raises(StaleVersion):
        hand_in_memo(office.house, edit(office, case_id, texts=texts, version=old))
    with pytest.raises(ActionRefused):
        hand_in_memo(office.house, edit(office, case_id, texts=texts, action="approve"))
    with pytest.raises(ActionRefused):
        hand_in_memo(office.house, edit(office, case_id, texts=texts, action="approve_with_edits"))
    assert len(versions(office, case_id)) == 2


def test_a_desk_tells_what_may_be_done_by_whom_and_what_was(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    seen = office.case(case_id).version
    opened = OpenedCase(case_id, HEAD, restricted=False)
    desk = case_desk(office.house, opened)
    assert desk.actions == possible_actions(office.house, case_id, HEAD)
    assert {OFFICER, SECOND[Role.OFFICER], HEAD} <= {one.sign_in for one in desk.people}
    assert "pranee" not in {one.sign_in for one in desk.people}
    assert desk.letters == () and desk.draft_version == 1
    office.do(case_id, Action.PROPOSE_NO_REPLY, HEAD, reason="บัตรสนเท่ห์")
    desk = case_desk(office.house, opened)
    assert desk.possible(Action.CONFIRM_NO_REPLY) is None
    assert desk.needs_another == (Action.CONFIRM_NO_REPLY,)
    steps = steps_since(office.house, opened, seen)
    assert [(step.actor, step.action) for step in steps] == [(HEAD, "propose_no_reply")]
