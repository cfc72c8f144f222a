"""Which sentences fill a room: worth, no repetition, whole lines where lines are scarce."""

from __future__ import annotations

import numpy as np
from drafting_letters import extraction
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.body import Part, find_paragraphs
from drafting.formulas import is_formula
from drafting.selection import Selection
from drafting.sentences import split_paragraph
from drafting.summary import Shortlist, solid_length

letters = st.lists(st.tuples(st.integers(1, 300), st.floats(0.1, 5)), min_size=1, max_size=25)


def _select(pairs: list[tuple[int, float]], room: int) -> Selection:
    return Selection(
        tuple(length for length, _ in pairs), tuple(score for _, score in pairs),
        np.eye(len(pairs)), room,
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(letters, st.integers(0, 2_000), st.integers(0, 2_000))
def test_what_is_chosen_fits_its_room_and_stands_in_order(pairs, most, room):
    chosen = _select(pairs, most).within(room)
    assert chosen == sorted(set(chosen))
    assert sum(pairs[place][0] for place in chosen) <= min(most, room)


@settings(max_examples=60, deadline=None)
@given(letters, st.integers(0, 1_000))
def test_a_smaller_room_asks_no_new_weighing(pairs, room):
    assert _select(pairs, 2_000).within(room) == _select(pairs, room).within(room)


def test_a_repetition_is_not_taken_and_the_better_one_is():
    alike = np.array([[1.0, 0.9], [0.9, 1.0]])
    assert Selection((50, 50), (1.0, 2.0), alike, 1_000).within(1_000) == [1]


def test_more_worth_wins_where_not_all_fits():
    assert _select([(100, 1.0), (100, 3.0), (100, 2.0)], 200).within(200) == [1, 2]


def test_short_points_are_dear_where_lines_are_scarce():
    points = "".join(f"\t{n}. ส่งเอกสาร {n}/๒๕๖๙\n" for n in range(1, 10))
    text = (
        "เรียน  รัฐมนตรี\n\n\tด้วยโรงเรียนบ้านสมมุติขอรับงบประมาณ ๔๕,๐๐๐ บาท เพื่อซ่อมหลังคาอาคารเรียนที่ชำรุด"
        " เมื่อวันที่ ๑ มีนาคม ๒๕๖๙ และขอให้แจ้งผลภายในวันที่ ๑๕ มีนาคม ๒๕๖๙ ดังนี้\n" + points
    )
    shortlist = Shortlist(extraction(text))
    by_letters, by_lines = shortlist.summary(270), shortlist.summary_on_lines(270)
    assert len(by_lines.points) < len(by_letters.points)
    assert sum(solid_length(s.text) for s in by_lines.sentences) <= 270


def test_an_english_letter_ends_at_its_closing_and_the_annex_counts_less():
    text = (
        "Dear Minister,\n\nWe would be grateful for a reply by 10 April 2026 on the draft.\n"
        "Please accept, Excellency, the assurances of my highest\nconsideration.\n\nAda Example\n\n"
        "ANNEX I\n1. How many pupils were enrolled in 2024 and 2025, by sex and age group?\n"
    )
    parts = {text[p.start : p.start + 2]: p.part for p in find_paragraphs(text)}
    assert parts["We"] is Part.BODY and parts["1."] is Part.AFTER


def test_points_told_by_ordinals_are_sentences_of_their_own():
    found = split_paragraph(
        "กระผมมีความเห็นเรื่องการสอนอยู่สองประการ ข้อที่หนึ่ง ควรให้นักเรียนเขียนเรียงความทุกภาคเรียน"
        " ข้อที่สอง ควรลดจำนวนแบบรายงานที่ครูต้องกรอก"
    )
    assert [text[:7] for text in found[1:]] == ["ข้อที่ห", "ข้อที่ส"]


def test_a_bare_reference_is_a_formula():
    assert is_formula("ตามหนังสือที่อ้างถึง") and is_formula("ตามหนังสือที่อ้างถึง ๑ นั้น")
    assert not is_formula("ตามหนังสือที่อ้างถึง โรงเรียนบ้านสมมุติขอรับงบประมาณ ๔๕,๐๐๐ บาท")
