from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.scans.signs import restore_signs


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("เรือง ขอเชิญประชุม", "เรื่อง ขอเชิญประชุม"),
        ("เมือวันที ๕", "เมื่อวันที่ ๕"),
        ("สานักงานรัฐมนตรี", "สำนักงานรัฐมนตรี"),
        ("ชี่อ", "ชื่อ"),
        ("ให้ครูคนนีได้สอน", "ให้ครูคนนี้ได้สอน"),
    ],
)
def test_lost_and_confused_signs_come_back(read: str, written: str) -> None:
    assert restore_signs(read) == written


@pytest.mark.parametrize(
    "text",
    [
        "จึงเรียนมาเพื่อขอความอนุเคราะห์และขอความร่วมมือ",
        "ขอเสนอข้อเสนอแนะ ขอรับคำแนะนำ กมธ.",
        "นางบุญเรือง พรมสีดา",
        "นายเทวา เรืองเดชา",
        "ที่ ศธ ๐๒๐๑.๕/๙๐๑๒",
        "กคฆงจฉ",
        "minister ๔๕ %",
        "",
    ],
)
def test_what_is_right_or_a_name_or_no_word_stays(text: str) -> None:
    assert restore_signs(text) == text


def _skeleton(text: str) -> str:
    alike = str.maketrans({"ำ": "า", "ี": "ิ", "ึ": "ิ", "ื": "ิ", "ู": "ุ", "่": None, "้": None})
    return text.translate(alike)


@given(st.text(alphabet="กขนมรสทีื่้าำุูเอ ๑2.", max_size=60))
def test_consonants_digits_and_blanks_are_never_touched(text: str) -> None:
    assert _skeleton(restore_signs(text)) == _skeleton(text)


def test_a_run_without_blanks_takes_no_time_to_speak_of() -> None:
    run = "กา" * 100_000
    assert restore_signs(run) == run
