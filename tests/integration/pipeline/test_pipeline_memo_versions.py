"""A memo's versions as data, and how much of the machine's draft outlives a month's reviews."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import select

from correspondence.errors import ActionRefused
from correspondence.memo import MemoDraft, SourcedSentence
from correspondence.states import Action
from correspondence.vocabulary import CaseState, MemoForm, Role
from drafting.versions import LineFate, MemoUnreadable
from office.settings import Settings
from pipeline.bootstrap import open_house
from pipeline.memo_versions import memo_difference, memo_quality
from registry.casework import record_draft
from registry.models import Case, Draft
from tests.case_office import STAFF, CaseOffice
from tests.conftest import SetClock

HEAD = STAFF[Role.GROUP_HEAD]
SENTENCES = (
    "โรงเรียนสมมุติเก็บเงินค่าบำรุงห้องสมุดคนละ ๖๕๐ บาท",
    "ผู้ร้องขอให้ตรวจสอบการเก็บเงินของโรงเรียนทั้งหมด",
    "ผู้ร้องเคยร้องเรียนต่อเทศบาลมาก่อนแล้ว",
)


@pytest.fixture
def office(database_url: str, tmp_path: Path, clock: SetClock) -> Iterator[CaseOffice]:
    from tests.case_office import staff_office

    settings = Settings.model_validate({"home": tmp_path, "database_url": database_url})
    house = open_house(settings, clock=clock)
    staff_office(house)
    yield CaseOffice(house, clock)
    house.close()


def docx(*lines: str) -> bytes:
    sheet = Document()
    for line in lines:
        sheet.add_paragraph(line)
    target = BytesIO()
    sheet.save(target)
    return target.getvalue()


def drafted(office: CaseOffice) -> int:
    """Return a case in review whose memo in force the machine made of SENTENCES."""
    case_id = office.reach(CaseState.IN_REVIEW)
    made = docx(*SENTENCES)
    memo = MemoDraft(
        form=MemoForm.SUMMARY_MEMO,
        template_version="summary_memo:test",
        sections=(),
        sentences=tuple(
            SourcedSentence(text=text, page=1, start=0, end=1, score=1.0) for text in SENTENCES
        ),
        docx=made,
    )
    with office.house.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        sha256 = office.house.blobs.put(made)
        record_draft(session, case, memo, sha256=sha256, made_by="machine", at=office.clock())
    return case_id


def test_edits_of_a_review_become_the_months_figure(office: CaseOffice) -> None:
    untouched, edited = drafted(office), drafted(office)
    office.do(untouched, Action.APPROVE, HEAD)
    final = docx(SENTENCES[0], "ขอให้เร่งตรวจสอบการเก็บเงินของโรงเรียนทั้งหมดด้วย", "เห็นควรแจ้งผู้ร้อง")
    office.do(edited, Action.APPROVE_WITH_EDITS, HEAD, memo=final)
    now = office.clock()
    found = memo_quality(office.house, now.year, now.month)
    assert (found.memos, found.untouched, found.unreadable) == (2, 1, 0)
    assert (found.kept, found.edited, found.dropped) == (4, 1, 1)
    assert found.kept_percent == pytest.approx(66.7) and found.survived_percent == pytest.approx(
        83.3
    )
    other = memo_quality(office.house, now.year - 1, now.month)
    assert (other.memos, other.kept_percent) == (0, None)


def test_the_difference_of_two_versions_names_who_made_them(office: CaseOffice) -> None:
    case_id = drafted(office)
    final = docx(*SENTENCES[:2], "เห็นควรแจ้งผู้ร้อง")
    office.do(case_id, Action.APPROVE_WITH_EDITS, HEAD, memo=final)
    with office.house.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        versions = session.scalars(
            select(Draft.version).where(Draft.case_id == case_id).order_by(Draft.version)
        ).all()
        found = memo_difference(office.house, session, case, versions[-2], versions[-1])
        with pytest.raises(ActionRefused):
            memo_difference(office.house, session, case, 1, 99)
    assert (found.before_made_by, found.after_made_by) == ("machine", HEAD)
    assert [c.fate for c in found.changes] == [
        LineFate.SAME, LineFate.SAME, LineFate.REMOVED, LineFate.ADDED,
    ]  # fmt: skip
    assert found.model_dump(mode="json")["changes"][2]["before"] == SENTENCES[2]


def test_a_memo_that_does_not_open_is_counted_apart(office: CaseOffice) -> None:
    case_id = drafted(office)
    with office.house.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        draft = session.scalars(
            select(Draft).where(Draft.case_id == case_id).order_by(Draft.version.desc())
        ).first()
        assert draft is not None
        draft.sha256 = office.house.blobs.put(b"no memo")
        with pytest.raises(MemoUnreadable):
            memo_difference(office.house, session, case, draft.version, draft.version)
    office.do(case_id, Action.APPROVE, HEAD)
    now = office.clock()
    found = memo_quality(office.house, now.year, now.month)
    assert (found.memos, found.unreadable) == (0, 1)
