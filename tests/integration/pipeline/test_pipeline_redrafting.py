"""A memo drafted anew from the letter as it stands: a version of its own, or a refusal."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import select

from correspondence.errors import ActionRefused, StaleVersion
from correspondence.states import STATE_TABLE, Action
from correspondence.vocabulary import CaseState, Role
from pipeline.case_actions import possible_actions
from registry.models import Case, Draft, FieldRow
from tests.case_office import STAFF, CaseOffice, staff_office
from tests.conftest import SetClock
from tests.seeding import small_house

HEAD, OFFICER = STAFF[Role.GROUP_HEAD], STAFF[Role.OFFICER]
CORRECTED = "ขอให้ตรวจสอบการจัดซื้อเก้าอี้นักเรียน"


@pytest.fixture
def office(tmp_path: Path, clock: SetClock) -> Iterator[CaseOffice]:
    house = small_house(tmp_path, clock)
    staff_office(house)
    yield CaseOffice(house, clock)
    house.close()


def drafts(office: CaseOffice, case_id: int) -> list[Draft]:
    with office.house.sessions.begin() as session:
        query = select(Draft).where(Draft.case_id == case_id).order_by(Draft.version)
        return list(session.scalars(query))


def correct_subject(office: CaseOffice, case_id: int) -> None:
    with office.house.sessions.begin() as session:
        letter = session.get_one(Case, case_id).letters[0]
        row = next(row for row in letter.fields if row.name == "subject")
        row.person_value, row.corrected_at = CORRECTED, office.clock()


def test_the_next_version_has_the_corrected_field_and_the_earlier_ones_stay(
    office: CaseOffice,
) -> None:
    case_id = office.reach(CaseState.DRAFTING)
    before = drafts(office, case_id)
    correct_subject(office, case_id)
    done = office.do(case_id, Action.REDRAFT, OFFICER)
    after = drafts(office, case_id)
    assert done.state is CaseState.DRAFTING and done.draft_version == before[-1].version + 1
    assert [d.version for d in after[:-1]] == [d.version for d in before]
    assert [d.sha256 for d in after[:-1]] == [d.sha256 for d in before]
    assert [d.superseded_at is None for d in after] == [False] * len(before) + [True]
    assert after[-1].made_by == "machine" and after[-1].sentences
    sheet = Document(io.BytesIO(office.house.blobs.get(after[-1].sha256)))
    assert any(CORRECTED in paragraph.text for paragraph in sheet.paragraphs)
    # The signer was read with doubt: the mark has its comment in a memo drafted anew, too.
    assert len(list(sheet.comments)) >= 1
    event = office.events(case_id)[-1]
    assert (event.action, event.actor) == ("redraft", OFFICER)
    assert event.from_state is None and event.after["draft_version"] == after[-1].version
    assert CORRECTED not in str(event.after)


def test_a_reviewer_drafts_anew_what_is_in_review(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    office.do(case_id, Action.REDRAFT, HEAD)
    assert len(drafts(office, case_id)) == 2
    with pytest.raises(ActionRefused):
        office.do(case_id, Action.REDRAFT, OFFICER)
    stale = office.case(case_id).version - 1
    with pytest.raises(StaleVersion):
        office.do(case_id, Action.REDRAFT, HEAD, expected_version=stale)
    assert len(drafts(office, case_id)) == 2


def test_once_under_one_key(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.DRAFTING)
    first = office.do(case_id, Action.REDRAFT, OFFICER, key="redraft-1")
    again = office.do(case_id, Action.REDRAFT, OFFICER, key="redraft-1")
    assert again.repeated and again.draft_version == first.draft_version
    assert len(drafts(office, case_id)) == 2


def test_nothing_is_drafted_where_the_table_takes_no_draft(office: CaseOffice) -> None:
    for state in (CaseState.TRIAGE, CaseState.ASSIGNED, CaseState.SIGN_OFF, CaseState.ON_HOLD):
        case_id = office.reach(state)
        count = len(drafts(office, case_id))
        for by in (OFFICER, HEAD):
            with pytest.raises(ActionRefused):
                office.do(case_id, Action.REDRAFT, by)
            offered = {found.action for found in possible_actions(office.house, case_id, by)}
            assert Action.REDRAFT not in offered
        assert len(drafts(office, case_id)) == count


def test_the_table_redrafts_only_where_it_takes_a_draft() -> None:
    taking = {state for (state, _), edge in STATE_TABLE.items() if "draft" in edge.required}
    assert {state for state, action in STATE_TABLE if action is Action.REDRAFT} == taking


def test_a_letter_with_a_secrecy_mark_is_not_drafted(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.DRAFTING)
    with office.house.sessions.begin() as session:
        letter = session.get_one(Case, case_id).letters[0]
        letter.fields.append(
            FieldRow(
                name="secrecy", position=0, machine_value="confidential", confidence=1.0,
                needs_check=False,
            )
        )  # fmt: skip
    with pytest.raises(ActionRefused):
        office.do(case_id, Action.REDRAFT, OFFICER)
    assert len(drafts(office, case_id)) == 1
