"""What leaves the reading room: masked text whose places stay true, and the numbers apart."""

from __future__ import annotations

from datetime import date

import pytest

from correspondence.reading import Box, PageText, RestrictedValue, TextPiece
from correspondence.vocabulary import ReadMethod, RestrictedKind
from extractors.fields import MailHead, distinct, restrict_head, restrict_pages, restrict_words
from extractors.reader import read_document
from extractors.request import ReadingRequest

FIRST, SECOND = "1101700203450", "3450200415698"
LETTER = (
    "เรื่อง ขอความช่วยเหลือ\nของเลขประจำตัวประชาชน 1-1017-00203-45-0\n\n"
    "เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ\n\n"
    "ข้าพเจ้า นายทดสอบ ระบบดี (3450200415698) โทร. 081-555-0101 "
    "ขอรับเงินคืน 12,500 บาท ภายใน 7 วัน\n\nขอแสดงความนับถือ\n(นายทดสอบ ระบบดี)\n"
)


def page(text: str, number: int = 1) -> PageText:
    box = Box(left=0, top=0, right=1, bottom=1)
    return PageText(
        number=number,
        text=text,
        method=ReadMethod.TEXT_LAYER,
        quality=1.0,
        pieces=(TextPiece(begin=0, end=len(text), box=box),),
    )


def value(digits: str, at: int | None) -> RestrictedValue:
    return RestrictedValue(kind=RestrictedKind.NATIONAL_ID, page=at, value=digits)


def test_pages_keep_length_and_pieces_and_give_each_number_once_a_page() -> None:
    pages = (page(f"{FIRST} และ {FIRST}", 1), page("ไม่มี", 2), page(f"{FIRST} {SECOND}", 3))
    masked, values = restrict_pages(pages)
    assert [one.text for one in masked] == [
        "xxxxxxxxxx450 และ xxxxxxxxxx450", "ไม่มี", "xxxxxxxxxx450 xxxxxxxxxx698",
    ]  # fmt: skip
    assert [one.pieces for one in masked] == [one.pieces for one in pages]
    assert values == (value(FIRST, 1), value(FIRST, 3), value(SECOND, 3))


def test_a_number_on_a_page_is_not_kept_once_more_without_one() -> None:
    found = distinct([value(FIRST, None), value(SECOND, None), value(FIRST, 2), value(FIRST, 2)])
    assert found == (value(SECOND, None), value(FIRST, 2))


def test_a_mail_head_is_masked_and_what_it_lacks_stays_away() -> None:
    head, values = restrict_head(
        MailHead(subject=f"ร้องเรียน {FIRST}", sender_address=f"{SECOND}@example.org")
    )
    assert (head.subject, head.sender_name) == ("ร้องเรียน xxxxxxxxxx450", None)
    assert head.sender_address == "xxxxxxxxxx698@example.org"
    assert values == (value(FIRST, None), value(SECOND, None))
    assert restrict_words("นายทดสอบ ระบบดี") == ("นายทดสอบ ระบบดี", ())


@pytest.mark.parametrize("mail", [None, MailHead(subject=f"เรื่องของ {SECOND}")])
def test_nothing_the_reader_says_holds_a_number(mail: MailHead | None) -> None:
    request = ReadingRequest(received_on=date(2026, 11, 20), mail=mail)
    read = read_document(LETTER.encode(), f"สำเนา {FIRST}.txt", request)
    said = read.model_dump_json() + repr(read)
    for number in (FIRST, SECOND, "1-1017-00203-45-0"):
        assert number not in said
    assert read.file == "สำเนา xxxxxxxxxx450.txt"
    assert len(read.text) == len(read.pages[0].text)
    assert "xxxxxxxxxx698" in read.text
    assert (read.fields.subject.value or "").endswith("x-xxxx-xxxxx-45-0")
    assert read.fields.contact_phone.value is not None
    assert [amount.value for amount in read.fields.amounts] == ["12500"]
    assert read.restricted == (value(FIRST, 1), value(SECOND, 1))


def test_a_marked_letter_gives_no_number_at_all() -> None:
    read = read_document(f"ลับ\n\n{LETTER}".encode(), f"{FIRST}.txt", ReadingRequest())
    assert read.outcome.value == "secret"
    assert read.restricted == ()
    assert FIRST not in read.model_dump_json()
