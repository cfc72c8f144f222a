"""Two versions of a memo as data, and what became of the machine's sentences."""

import pytest
from drafting_letters import complaint_request
from hypothesis import given
from hypothesis import strategies as st

from drafting import draft_memo
from drafting.versions import (
    LineFate,
    MemoUnreadable,
    SentenceFate,
    compare_lines,
    memo_lines,
    sentence_fates,
)

_LINES = st.lists(st.text(alphabet="กขคงจ า", min_size=1, max_size=12), max_size=8)


def test_the_difference_names_what_changed_came_and_went():
    before = ["เรื่อง ขอให้ตรวจสอบ", "โรงเรียนเก็บเงิน ๖๕๐ บาท", "ประโยคที่จะถูกตัดออก"]
    after = ["เรื่อง ขอให้ตรวจสอบ", "โรงเรียนเก็บเงินไป 650 บาท", "เพิ่มความเห็นของกลุ่ม"]
    assert [(c.fate, c.before, c.after) for c in compare_lines(before, after)] == [
        (LineFate.SAME, before[0], after[0]),
        (LineFate.CHANGED, before[1], after[1]),
        (LineFate.REMOVED, before[2], ""),
        (LineFate.ADDED, "", after[2]),
    ]


@given(_LINES, _LINES)
def test_both_versions_can_be_read_out_of_the_difference(before, after):
    changes = compare_lines(before, after)
    assert [c.before for c in changes if c.fate is not LineFate.ADDED] == before
    assert [c.after for c in changes if c.fate is not LineFate.REMOVED] == after


def test_sentences_are_kept_edited_or_dropped():
    final = [
        "๑. โรงเรียนเก็บเงิน ๖๕๐  บาท จากนักเรียนทุกคน",
        "๒. ขอให้เร่งตรวจสอบการเก็บเงินของโรงเรียนโดยด่วน",
    ]
    told = ["โรงเรียนเก็บเงิน 650 บาท", "ขอให้ตรวจสอบการเก็บเงินของโรงเรียน", "ผู้ร้องอยู่จังหวัดสมมุติ"]
    assert sentence_fates(told, final) == (
        SentenceFate.KEPT, SentenceFate.EDITED, SentenceFate.DROPPED,
    )  # fmt: skip


def test_nothing_survives_in_an_empty_memo():
    assert sentence_fates(["ขอให้ตรวจสอบ"], []) == (SentenceFate.DROPPED,)
    assert sentence_fates(["ขอให้ตรวจสอบการเก็บเงินของโรงเรียน"], ["ขอ"]) == (SentenceFate.DROPPED,)


def test_an_untouched_draft_keeps_all_its_sentences():
    draft = draft_memo(complaint_request())
    lines = memo_lines(draft.docx)
    fates = sentence_fates([s.text for s in draft.sentences], lines)
    assert set(fates) == {SentenceFate.KEPT}
    assert all(c.fate is LineFate.SAME for c in compare_lines(lines, lines))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.7", b"PK\x05\x06" + b"\0" * 18])
def test_what_does_not_open_is_named(data):
    with pytest.raises(MemoUnreadable):
        memo_lines(data)
