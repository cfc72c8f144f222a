from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.line_wraps import unwrap


@pytest.mark.parametrize(
    ("printed", "one_line"),
    [
        ("เสนอสภาผู้\nแทนราษฎรเพื่อทราบ", "เสนอสภาผู้แทนราษฎรเพื่อทราบ"),
        ("ค่าเล่าเรียนของนัก\n    เรียนทุน", "ค่าเล่าเรียนของนักเรียนทุน"),
        ("โปรดพิจารณา\nและแจ้งผล", "โปรดพิจารณา และแจ้งผล"),
        ("จำนวน ๔๐\nชุด", "จำนวน ๔๐ ชุด"),
        ("the Ministry\nof Education", "the Ministry of Education"),
        ("กระทรวง  ศึกษาธิการ", "กระทรวง ศึกษาธิการ"),
        ("", ""),
    ],
)
def test_breaks_inside_words_are_closed_and_others_are_blanks(printed: str, one_line: str) -> None:
    assert unwrap(printed) == one_line


@given(st.text(alphabet="กขคสภานรู้่ัะา \n๑a", max_size=80))
def test_nothing_but_blanks_changes(text: str) -> None:
    assert "".join(unwrap(text).split()) == "".join(text.split())
