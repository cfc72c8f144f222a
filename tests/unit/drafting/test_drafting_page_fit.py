"""Form A on one page: lines counted by the width of letters, sentences chosen by the room left."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from drafting_letters import COMPLAINT, complaint_fields, document_text, extraction, field, request
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from correspondence.vocabulary import Category, MemoForm
from drafting import EarlierMatter, draft_memo
from drafting.content import Line, LineKind, MemoContent
from drafting.forms.kin_fonts import KIN
from drafting.letter_widths import WIDTHS, width_of
from drafting.page_fit import overflow
from drafting.text_lines import count_lines

LAKSAMAN = Path("/usr/share/fonts/truetype/tlwg/Laksaman.ttf")
SENTENCE = "โรงเรียนที่ {0} มีนักเรียน {0} คน และขอรับงบประมาณ {0},๐๐๐ บาท เพื่อซ่อมหลังคาอาคารเรียน"


def _content(*texts: str, **more: str) -> MemoContent:
    lines = tuple(Line(kind=LineKind.NUMBERED, number="๑.", text=text) for text in texts)
    return MemoContent(
        form=MemoForm.SUMMARY_MEMO, minister="รมว.ศธ.", minister_name="", office="สร.",
        office_code="สร", office_line="", signer_position="", summary=lines, **more,
    )  # fmt: skip


def _drafted_overflow(monkeypatch: pytest.MonkeyPatch, asked: object) -> float:
    kept: list[MemoContent] = []
    from drafting import memo

    drawn = memo.render
    monkeypatch.setattr(memo, "render", lambda c, g: (kept.append(c), drawn(c, g))[1])
    draft_memo(asked)
    return overflow(kept[-1])


@pytest.mark.skipif(not LAKSAMAN.is_file(), reason="Laksaman is away")
def test_the_widths_are_those_of_the_kin_at_its_measure():
    font = TTFont(LAKSAMAN)
    names, advances, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    for letter, width in WIDTHS.items():
        if width and ord(letter) in names:
            drawn = advances[names[ord(letter)]][0] / em * KIN["Laksaman"] * 1000
            assert drawn == pytest.approx(width, abs=1.5), letter


def test_marks_take_no_width_and_unknown_letters_much():
    assert width_of("กำ่") == width_of("กำ")
    assert width_of("漢") >= max(width_of(letter) for letter in "กมAW")


def test_a_line_ends_between_words():
    word = "กระทรวงศึกษาธิการ "
    room = width_of(word.strip()) * 16 / 1000
    assert count_lines(word * 3, room + 1, room + 1, 16) == 3
    assert count_lines(word * 3, room * 10, room * 10, 16) == 1
    assert count_lines("", room, room, 16) == 1


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="กขค เาิ่ab1๑ \t", max_size=400), st.floats(40, 450))
def test_lines_are_never_fewer_than_the_width_needs(text, room):
    words = " ".join(text.split())
    needed = width_of("".join(words.split())) * 16 / 1000 / room
    assert count_lines(text, room, room, 16) >= needed


def test_a_longer_summary_takes_more_of_the_page():
    texts = [SENTENCE.format(n) for n in range(100, 130)]
    taken = [overflow(_content(*texts[:count])) for count in range(1, 30)]
    assert taken == sorted(taken)
    assert taken[0] < 0 < taken[-1]


def test_a_long_letter_fills_its_page_and_no_more(monkeypatch):
    text = "เรียน  รัฐมนตรี\n\n" + "".join(f"\t{SENTENCE.format(n)}\n" for n in range(100, 300))
    letter = extraction(text, fields=complaint_fields())
    over = _drafted_overflow(monkeypatch, request(letter))
    assert -60 < over <= 0


def test_many_earlier_letters_leave_the_page_whole(monkeypatch):
    earlier = tuple(
        EarlierMatter(
            document_number=f"รท ๐๑๐๕/{n}", document_date=date(2026, 5, 1), state="ยุติเรื่อง",
            subject="ขอให้ตรวจสอบการเรียกเก็บเงินบำรุงการศึกษาของโรงเรียนในสังกัด" * 4,
        )
        for n in range(101, 121)
    )  # fmt: skip
    text = COMPLAINT + "".join(f"\t{SENTENCE.format(n)}\n" for n in range(100, 160))
    asked = request(extraction(text, fields=complaint_fields()), earlier=earlier)
    assert _drafted_overflow(monkeypatch, asked) <= 0
    told = document_text(draft_memo(asked).docx)
    assert "๑๒๐" in told and "๑๑๘" in told and "๑๑๗" not in told
    assert asked.wording.phrases.earlier_more in told


@pytest.mark.parametrize("category", list(Category))
def test_long_rows_shorten_the_summary_not_the_page(monkeypatch, category):
    fields = complaint_fields().model_copy(
        update={"subject": field("ขอความเป็นธรรมในการจัดสรร" * 14), "agency": field("สำนักงาน" * 30)}
    )
    text = COMPLAINT + "".join(f"\t{SENTENCE.format(n)}\n" for n in range(100, 160))
    asked = request(extraction(text, fields=fields), category, "other")
    monkeypatch.setattr("drafting.memo.choose_form", lambda _: MemoForm.SUMMARY_MEMO)
    assert _drafted_overflow(monkeypatch, asked) <= 0
