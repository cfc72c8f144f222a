"""What a person may type of a letter that the machine cannot read."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline.typed_letter import TypedLetter


@given(st.text(alphabet=" \t\r\n\f"), st.one_of(st.none(), st.text(alphabet=" \t")))
def test_blanks_are_no_letter(text: str, subject: str | None) -> None:
    with pytest.raises(ValidationError):
        TypedLetter(text=text, subject=subject, sender="นางมะลิ ทองดี")


@given(st.text(alphabet="กขคงเรื่อง่ abc1๒", min_size=1).filter(str.strip))
def test_a_subject_alone_or_a_text_alone_is_one(words: str) -> None:
    assert TypedLetter(subject=words).text == ""
    assert TypedLetter(text=words).subject is None


def test_what_was_typed_does_not_show() -> None:
    typed = TypedLetter(
        text="หลังคารั่ว", subject="ขอให้ซ่อม", sender="นางมะลิ", document_number="ทส 1", agency="โรงเรียน"
    )
    assert repr(typed) == "TypedLetter()"


@pytest.mark.parametrize("written", ["2569-11-10", "2026-11-10", "๑๐ พฤศจิกายน ๒๕๖๙", "10/11/2569"])
def test_a_day_may_be_of_either_era(written: str) -> None:
    typed = TypedLetter.model_validate({"subject": "x", "document_date": written})
    assert typed.document_date == date(2026, 11, 10)


def test_the_leap_day_of_an_era_that_python_does_not_know() -> None:
    typed = TypedLetter.model_validate({"subject": "x", "document_date": "2567-02-29"})
    assert typed.document_date == date(2024, 2, 29)


@given(st.text(max_size=200))
def test_no_control_character_reaches_the_register(words: str) -> None:
    typed = TypedLetter(text=f"ก{words}", subject=f"ข{words}", document_number=f"๑{words}")
    assert all(unicodedata.category(c) != "Cc" or c in "\n\t\f" for c in typed.text)
    for value in (typed.subject, typed.document_number):
        assert value is not None
        assert all(unicodedata.category(c) != "Cc" for c in value)


def test_a_number_is_kept_as_the_reader_gives_it() -> None:
    assert TypedLetter(subject="x", document_number="ศธ ๐๔๐๐๑/๑๒").document_number == "ศธ 04001/12"
