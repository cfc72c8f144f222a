"""A memo edited by its parts: what is not touched stays, what is edited is numbered anew."""

from __future__ import annotations

import pytest
from drafting_letters import (
    COMPLAINT,
    complaint_fields,
    complaint_request,
    document_text,
    extraction,
    field,
    request,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from correspondence.memo import MemoDraft, MemoSection
from correspondence.vocabulary import Category, MemoForm
from drafting import draft_memo, frame
from drafting.content import MemoContent
from drafting.editing import EditedMemo, MemoUneditable, PartTooLong, edit_memo, memo_parts
from drafting.request import DraftRequest
from drafting.sources import memo_sources
from drafting.word_changes import RunFate, changed_runs


def approval_request() -> DraftRequest:
    fields = complaint_fields().model_copy(update={"subject": field("ขออนุมัติโครงการห้องสมุด")})
    return request(extraction(COMPLAINT, fields=fields), Category.GENERAL, "procurement")


def edited(wanted: DraftRequest, memo: MemoDraft, **texts: str) -> EditedMemo:
    names = wanted.wording.names
    base = MemoContent(
        form=memo.form,
        minister=names.minister,
        minister_name=names.minister_name,
        office=names.office,
        office_code=names.office.rstrip("."),
        office_line=frame.office_line(wanted),
        signer_position=names.signer_position,
        urgency=frame.urgency(wanted),
        secrecy=frame.secrecy(wanted),
    )
    return edit_memo(
        memo.form, memo.sections, texts, base=base, sources=memo_sources(wanted),
        accepted={"subject": "wichai"},
    )  # fmt: skip


@pytest.mark.parametrize("wanted", [complaint_request(), approval_request()], ids=["A", "B"])
def test_a_memo_that_nobody_edited_comes_out_as_it_went_in(wanted: DraftRequest) -> None:
    memo = draft_memo(wanted)
    same = edited(wanted, memo, **{p.key: p.text for p in memo_parts(memo.form, memo.sections)})
    assert same.changed == frozenset() and same.unfounded == {}
    assert [(s.label, s.text) for s in same.sections] == [(s.label, s.text) for s in memo.sections]
    assert document_text(same.docx(wanted.wording)) == document_text(memo.docx)
    subject = next(s for s in same.sections if s.label == "เรื่อง")
    assert subject.accepted_by == "wichai"


def test_both_forms_are_tried() -> None:
    forms = {draft_memo(r).form for r in (complaint_request(), approval_request())}
    assert forms == set(MemoForm)


def test_points_are_numbered_anew_and_lists_stay_under_theirs() -> None:
    wanted = complaint_request()
    made = edited(
        wanted, draft_memo(wanted), proposals="9. เห็นควรตรวจสอบ\n- ที่โรงเรียน\n\nเห็นควรแจ้งผู้ร้อง"
    )
    section = next(s for s in made.sections if s.label == "ข้อเสนอ")
    assert section.text == "๑. เห็นควรตรวจสอบ\n- ที่โรงเรียน\n๒. เห็นควรแจ้งผู้ร้อง"
    assert made.changed == {"proposals"}
    assert "เห็นควรแจ้งผู้ร้อง" in document_text(made.docx(wanted.wording))


def test_the_decision_memo_follows_its_verb() -> None:
    wanted = approval_request()
    made = edited(wanted, draft_memo(wanted), verb="เห็นชอบ", proposals="ควรให้ความเห็นชอบ\nควรแจ้งผล")
    text = document_text(made.docx(wanted.wording))
    assert "๓.๑" in text and "ควรแจ้งผล" in text
    assert "๔. เห็นควรเห็นชอบ" in text and "จึงเรียนมาเพื่อโปรดเห็นชอบ" in text


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("เสียหาย ๙๙,๙๙๙ บาท", ("numbers",)),
        ("นัดวันที่ ๑ มกราคม ๒๕๗๐", ("dates",)),
        ("นายสมหมาย ใจสมมุติ ชี้แจง", ("names",)),
        ("เก็บเงินจากนักเรียนคนละ ๖๕๐ บาท", ()),
    ],
)
def test_values_of_no_source_are_told_and_never_lost(line: str, kinds: tuple[str, ...]) -> None:
    wanted = complaint_request()
    memo = draft_memo(wanted)
    summary = next(p.text for p in memo_parts(memo.form, memo.sections) if p.key == "summary")
    made = edited(wanted, memo, summary=f"{summary}\n{line}")
    assert made.unfounded == ({"summary": kinds} if kinds else {})
    assert line.split()[0] in document_text(made.docx(wanted.wording))


@pytest.mark.parametrize("text", ["ย" * 401, "ก " * 900])
def test_what_is_longer_than_its_place_is_refused_not_cut(text: str) -> None:
    wanted = complaint_request()
    with pytest.raises(PartTooLong) as fault:
        edited(wanted, draft_memo(wanted), subject=text)
    assert fault.value.part == "subject"


def test_a_memo_from_elsewhere_has_no_parts() -> None:
    wanted = complaint_request()
    memo = draft_memo(wanted).model_copy(update={"sections": ()})
    with pytest.raises(MemoUneditable):
        edited(wanted, memo, subject="เรื่องใหม่")
    other = memo.model_copy(update={"sections": (MemoSection(label="อื่น", text="ก"),)})
    assert memo_parts(other.form, other.sections) == ()


@settings(max_examples=12, deadline=None)
@given(st.text(max_size=300), st.text(max_size=200))
def test_any_text_of_a_part_makes_a_document(summary: str, subject: str) -> None:
    wanted = complaint_request()
    memo = draft_memo(wanted)
    made = edited(wanted, memo, summary=summary, subject=subject)
    again = {p.key: p.text for p in memo_parts(memo.form, made.sections)}
    # What was made of it once is made of it again.
    same = edited(wanted, memo.model_copy(update={"sections": made.sections}), **again)
    assert [s.text for s in same.sections] == [s.text for s in made.sections]
    assert made.docx(wanted.wording).startswith(b"PK")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_the_runs_of_a_change_hold_both_versions(before: str, after: str) -> None:
    runs = changed_runs(before, after)
    went = "".join(run.text for run in runs if run.fate is not RunFate.ADDED)
    came = "".join(run.text for run in runs if run.fate is not RunFate.REMOVED)
    assert (went, came) == (before, after)


def test_a_changed_word_is_marked_alone() -> None:
    runs = changed_runs("ขอให้ตรวจสอบการจัดซื้อโต๊ะเรียน", "ขอให้ตรวจสอบการจัดซื้อเก้าอี้เรียน")
    assert [run.text for run in runs if run.fate is RunFate.REMOVED] == ["โต๊ะ"]
    assert runs[0].text.startswith("ขอให้ตรวจสอบการจัดซื้อ")
