"""What a person may type of a letter that the machine cannot read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline.typed_letter import TypedLetter


@given(st.text(alphabet=" \t\r\n\f"), st.one_of(st.none(), st.text(alphabet=" \t")))
def test_blanks_are_no_letter(text: str, subject: str | None) -> None:
    with pytest.raises(ValidationError):
        TypedLetter(text=text, subject=subject, sender="นางมะลิ ทองดี")


@given(st.text(min_size=1).filter(str.strip))
def test_a_subject_alone_or_a_text_alone_is_one(words: str) -> None:
    assert TypedLetter(subject=words).text == ""
    assert TypedLetter(text=words).subject is None


def test_what_was_typed_does_not_show() -> None:
    typed = TypedLetter(
        text="หลังคารั่ว", subject="ขอให้ซ่อม", sender="นางมะลิ", document_number="ทส 1", agency="โรงเรียน"
    )
    assert repr(typed) == "TypedLetter()"
