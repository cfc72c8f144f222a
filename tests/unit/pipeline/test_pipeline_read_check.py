from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from correspondence.vocabulary import ReadOutcome
from pipeline.read_check import ReadCheck, compare


def check(truth: str, read: str) -> ReadCheck:
    return compare("a.pdf", ReadOutcome.OK, truth, read)


def test_blanks_digits_and_the_form_of_sara_am_are_no_errors() -> None:
    found = check("ที่ ๑๒/๒๕๖๙ คำสั่ง", "ที่12/2569\nคํา สั่ง")
    assert found.errors == ()
    assert (found.numbers, found.numbers_right) == (1, 1)


def test_an_error_stands_between_its_neighbours() -> None:
    (error,) = check("ลงวันที่ ๑๔ มีนาคม ๒๕๖๙", "ลงวันที่ ๑๕ มีนาคม ๒๕๖๙").errors
    assert error.before.endswith("วันที่1")
    assert (error.expected, error.read) == ("4", "5")
    assert error.after.startswith("มีนาคม")


def test_numbers_are_counted_whole() -> None:
    found = check("๑,๒๐๐ บาท ภายใน ๗ วัน ๗ คน", "1,200 บาท ภายใน 7 วัน 1 คน")
    assert (found.numbers, found.numbers_right) == (3, 2)


def test_nothing_read_is_all_wrong() -> None:
    assert check("หนังสือ", "").character_error_rate == 1.0
    assert check("", "").character_error_rate == 0.0


@given(st.text(alphabet="กขำ่า ๑2.,", max_size=40), st.text(alphabet="กขำ่า ๑2.,", max_size=40))
def test_the_rate_is_zero_exactly_where_there_is_no_error(truth: str, read: str) -> None:
    found = check(truth, read)
    assert (found.character_error_rate == 0) == (found.errors == ())
    assert found.numbers_right <= found.numbers
