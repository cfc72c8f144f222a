"""What Thai letters ask for, how orders and questions are numbered, notes without a number."""

from __future__ import annotations

import fields_letters as letters
import pytest

from correspondence.vocabulary import LetterKind
from extractors.fields import read_fields
from extractors.fields.document_number import find_letter_number


def letter(asked: str) -> str:
    return (
        "ที่ ศธ ๐๒๐๑/๑\n\nสำนักงานตัวอย่าง\n\n๑๗ มีนาคม ๒๕๖๙\n\nเรื่อง ทดลองระบบ\n\n"
        "เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ\n\nด้วยสำนักงานทดลองระบบงาน\n\n"
        f"จึงเรียนมาเพื่อโปรด{asked}\n\nขอแสดงความนับถือ\n\n(นายทดสอบ ระบบดี)\nผู้อำนวยการ"
    )


@pytest.mark.parametrize("asked", ["ทราบ", "พิจารณา", "พิจารณาอนุมัติ", "ดำเนินการต่อไป"])
def test_the_last_sentence_tells_what_is_asked(asked: str) -> None:
    fields = read_fields(letters.pages(letter(asked))).fields
    assert fields.requested_action.value == f"จึงเรียนมาเพื่อโปรด{asked}"
    assert fields.salutation.value == "เรียน"
    assert fields.signer.value == "นายทดสอบ ระบบดี"


@pytest.mark.parametrize("number", ["กค 0402.5/ว138", "กค 0402.5/ว 138"])
def test_a_circular_keeps_its_blank_as_written(number: str) -> None:
    assert find_letter_number(f"ที่ {number}") == number


def test_an_order_is_numbered_by_the_year() -> None:
    assert find_letter_number("คำสั่งกระทรวงตัวอย่าง ที่ ๑๒/๒๕๕๕") == "12/2555"


def test_a_question_of_the_house_has_its_number() -> None:
    assert find_letter_number("กระทู้ถามที่ ๑๑๘ ร.") == "118 ร."


def test_an_aide_memoire_is_a_note() -> None:
    text = (
        "Aide-Mémoire\n\nThe Embassy of Examples wishes to draw the attention of the Ministry of "
        "Education to the exchange of teachers.\n\nBangkok, 12 January 2027"
    )
    read = read_fields(letters.pages(text))
    assert (read.kind, read.language) == (LetterKind.NOTE_VERBALE, "en")
    assert read.fields.document_date.value == "2027-01-12"
