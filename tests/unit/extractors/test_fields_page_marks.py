from __future__ import annotations

import pytest
from fields_letters import pages

from extractors.fields import read_fields
from extractors.fields.letter_lines import build_letter


def texts(*said: str) -> list[str]:
    return [line.text for line in build_letter(pages(*said), None).lines]


@pytest.mark.parametrize(
    "number", ["- ๒ -", "-2-", "– ๒ –", "หน้า ๒ จาก ๓", "หน้าที่ 2/3", "/๒", "Page 2 of 3", "๒", "2/3"]
)
def test_page_numbers_are_no_part_of_the_letter(number: str) -> None:
    assert texts("ก\nข", f"{number}\nค\nง") == ["ก", "ข", "ค", "ง"]
    assert texts("ก\nข", f"ค\nง\n{number}") == ["ก", "ข", "ค", "ง"]


@pytest.mark.parametrize("line", ["๑๒", "3/4", "หน้า ๒ ของเอกสารแนบ", "/ร่าง", "- ๒ คน -"])
def test_what_only_looks_like_a_page_number_stays(line: str) -> None:
    assert line in [raw.raw for raw in build_letter(pages("ก\nข", f"ค\n{line}"), None).lines]


def test_a_number_alone_on_the_only_page_stays() -> None:
    assert texts("ก\nข\n๑") == ["ก", "ข", "1"]


def test_a_number_in_the_middle_of_a_page_stays() -> None:
    assert "2" in texts("ก", "ข\nค\nง\n๒\nจ\nฉ\nช")


def test_of_a_repeated_head_the_first_stays_and_of_a_foot_the_last() -> None:
    first = "กรมตัวอย่าง หน้า ๑\nด้วยเหตุนี้\nโทร. ๐ ๒๖๒๘ ๕๖๒๐"
    second = first.replace("๑", "๒").replace("ด้วยเหตุนี้", "จึงเรียนมา")
    found = build_letter(pages(first, second), None).lines
    assert [(line.text, line.page) for line in found] == [
        ("กรมตัวอย่าง หน้า 1", 1),
        ("ด้วยเหตุนี้", 1),
        ("จึงเรียนมา", 2),
        ("โทร. 0 2628 5620", 2),
    ]


def test_a_line_on_two_of_five_pages_is_no_head() -> None:
    assert texts("ตาราง\nก", "ตาราง\nข", "ค", "ง", "จ").count("ตาราง") == 2


@pytest.mark.parametrize("word", ["/ทั้งนี้ ...", "/ทั้งนี้…", "/ ทั้งนี้", "/ทั้งนี้ ขอให้"])
def test_the_word_that_leads_to_the_next_page_goes(word: str) -> None:
    assert texts(f"ก\nข\n{word}", "- ๒ -\nทั้งนี้ ขอให้ส่งภายในกำหนด") == [
        "ก",
        "ข",
        "ทั้งนี้ ขอให้ส่งภายในกำหนด",
    ]


def test_a_subject_is_read_across_a_page_number() -> None:
    head = "ที่ ศธ ๐๒๐๑/๑\nเรื่อง ขอความอนุเคราะห์\nเรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ\n"
    body = "ด้วยกรมตัวอย่างจะจัดประชุมและขอให้ส่งผู้แทนเข้าร่วมภายในวันที่ ๓๐ ธันวาคม\n/ ๒๕๖๙ ...\n"
    fields = read_fields(
        pages(
            head + body, "- ๒ -\n\n๒๕๖๙ ตามรายละเอียดที่แนบ\nขอแสดงความนับถือ\n(นายสมมุติ ทดสอบดี)\n- ๒ -"
        )
    ).fields
    assert fields.signer.value == "นายสมมุติ ทดสอบดี"
    assert fields.document_number.value == "ศธ 0201/1"


def test_page_numbers_stay_in_the_text() -> None:
    (first, second) = pages("ก", "- ๒ -\nข")
    read_fields((first, second))
    assert second.text.startswith("- ๒ -")
