"""Marks count alone on a line at a page's edge, in a label or as a token; never inside a word."""

from __future__ import annotations

import fields_letters as letters
import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondence.reading import PageText
from correspondence.vocabulary import ReadMethod, Secrecy
from extractors.fields import read_fields, secrecy_mark

BODY = "\n".join(f"ข้อความบรรทัดที่ {n} ของหนังสือ" for n in range(1, 20))


def marked(mark: str) -> Secrecy:
    return secrecy_mark(letters.pages(f"{mark}\nที่ ศธ ๐๑๐๐/๑\n{BODY}"))


@pytest.mark.parametrize(
    ("mark", "grade"),
    [
        ("ลับ", Secrecy.CONFIDENTIAL), ("ลับมาก", Secrecy.SECRET), ("ลับที่สุด", Secrecy.TOP_SECRET),
        ("   - ลับมาก -", Secrecy.SECRET), ("ลับ มาก", Secrecy.SECRET), ("ล ับ", Secrecy.CONFIDENTIAL),
        ("[ลับ]", Secrecy.CONFIDENTIAL), ("ลับ        ด่วนที่สุด", Secrecy.CONFIDENTIAL),
        ("ด่วนที่สุด ลับมาก", Secrecy.SECRET), ("ลับทีสุด", Secrecy.TOP_SECRET),
        ("ชั้นความลับ  ลับมาก", Secrecy.SECRET), ("ชั้นความลับ: ลับ", Secrecy.CONFIDENTIAL),
        ("SECRET", Secrecy.SECRET), ("TOP SECRET", Secrecy.TOP_SECRET),
        ("Confidential", Secrecy.CONFIDENTIAL), ("Classification: SECRET", Secrecy.SECRET),
    ],
)  # fmt: skip
def test_marks_at_the_top(mark: str, grade: Secrecy) -> None:
    assert marked(mark) is grade


@pytest.mark.parametrize(
    "line",
    [
        "กลับ", "ลำดับ", "ลำดับที่ ๑", "ความลับ", "ชั้นความลับ", "ชั้นความลับ  ปกติ", "เรื่องลับ ๆ",
        "ตอบกลับ", "ลับแล", "เก็บเป็นความลับ", "ลับหลังห้องเรียน", "secretary", "Secret ballot rules",
        "ลับสมองลองปัญญา", "บันทึกลับ", "รับ", "ลบ",
    ],
)  # fmt: skip
def test_words_that_hold_the_letters_mark_nothing(line: str) -> None:
    assert marked(line) is Secrecy.OPEN


def test_a_mark_counts_at_the_bottom_and_on_any_page_but_not_amid_a_page() -> None:
    assert secrecy_mark(letters.pages(BODY, f"{BODY}\nลับมาก")) is Secrecy.SECRET
    assert secrecy_mark(letters.pages(f"{BODY}\nลับ\n{BODY}")) is Secrecy.OPEN


def test_the_highest_grade_wins() -> None:
    assert secrecy_mark(letters.pages(f"ลับ\n{BODY}", f"ลับที่สุด\n{BODY}")) is Secrecy.TOP_SECRET


@pytest.mark.parametrize(
    ("subject", "file_name", "grade"),
    [
        ("[ลับ] ขอส่งเอกสาร", None, Secrecy.CONFIDENTIAL),
        ("ลับมาก: ขอส่งเอกสาร", None, Secrecy.SECRET),
        ("RE: (ลับ) แผนงาน", None, Secrecy.CONFIDENTIAL),
        (None, "ลับ_หนังสือ.pdf", Secrecy.CONFIDENTIAL),
        (None, "หนังสือ-ลับมาก.pdf", Secrecy.SECRET),
        (None, "ลับที่สุด.pdf", Secrecy.TOP_SECRET),
        ("[CONFIDENTIAL] draft", None, Secrecy.CONFIDENTIAL),
        ("ลับ ผลการสอบสวน", None, Secrecy.CONFIDENTIAL),
        ("RE: ลับมาก เรื่องการสอบสวน", None, Secrecy.SECRET),
        (None, "ลับมาก ผลการสอบสวน.pdf", Secrecy.SECRET),
        ("ลับ ๆ ล่อ ๆ หน้าโรงเรียน", "ลับสมอง ประลองปัญญา.pdf", Secrecy.OPEN),
        ("ตอบกลับเรื่องลำดับที่นั่ง", "ลำดับ_กลับ.pdf", Secrecy.OPEN),
        ("เรื่องลับ ๆ ในห้องเรียน", None, Secrecy.OPEN),
        ("ห้องลับของโรงเรียน - ขอให้ตรวจสอบ", None, Secrecy.OPEN),
        ("Secretary's visit", "secretariat.pdf", Secrecy.OPEN),
    ],
)
def test_subjects_and_file_names(
    subject: str | None, file_name: str | None, grade: Secrecy
) -> None:
    assert secrecy_mark(letters.pages(BODY), subject=subject, file_name=file_name) is grade


@given(st.text(alphabet="กบลาำดัะ ที่สุดมาก\nsecret", max_size=120), st.text(max_size=40))
def test_any_text_has_a_grade(text: str, subject: str) -> None:
    assert secrecy_mark(letters.pages(text), subject=subject) in Secrecy


@pytest.mark.parametrize(
    ("line", "urgency"),
    [
        ("ด่วน", "urgent"), ("ด่วนมาก", "very_urgent"), ("ด่วนที่สุด", "most_urgent"),
        ("ดวนที่สุด", "most_urgent"), ("ด่วน ที่สุด", "most_urgent"), ("URGENT", "urgent"),
        ("ชั้นความเร็ว: ด่วนมาก", "very_urgent"), ("ด่วนที่สุด ที่ ศธ ๐๑๐๐/๒", "most_urgent"),
        ("ถนนทางด่วน", "normal"), ("ขอเรื่องด่วนด้วย", "normal"), ("", "normal"),
    ],
)  # fmt: skip
def test_urgency(line: str, urgency: str) -> None:
    fields = read_fields(letters.pages(f"{line}\n{BODY}")).fields
    assert fields.urgency.value == urgency


def test_the_grade_is_a_field_too() -> None:
    fields = read_fields(letters.pages(f"ลับมาก\n{BODY}")).fields
    assert (fields.secrecy.value, fields.secrecy.page) == ("secret", 1)
    assert read_fields(letters.pages(BODY)).fields.secrecy.value == "open"


def test_a_printed_mail_and_a_very_long_page_keep_their_marks() -> None:
    printed = f"From: ก <a@b.example>\nSubject: [ลับมาก] แผนงาน\n{BODY}"
    assert secrecy_mark(letters.pages(printed)) is Secrecy.SECRET
    long = f"{BODY}\n" * 3_000
    assert secrecy_mark(letters.pages(f"{long}ลับ")) is Secrecy.CONFIDENTIAL


@pytest.mark.parametrize(
    ("line", "grade"),
    [
        ("ลบ", Secrecy.CONFIDENTIAL),
        ("สับ", Secrecy.CONFIDENTIAL),
        ("- ล้บ -", Secrecy.CONFIDENTIAL),
        ("ลบมาก", Secrecy.SECRET),
        ("ลบ ที่สุด", Secrecy.TOP_SECRET),
        ("กลับ", Secrecy.OPEN),
        ("ลบคำนี้ออกจากบรรทัด", Secrecy.OPEN),
        ("ลำดับ", Secrecy.OPEN),
    ],
)
def test_a_mark_misread_on_a_scan_still_stops_the_letter(line: str, grade: Secrecy) -> None:
    text = f"{line}\nที่ ศธ 0201/1\nเรื่อง ขอเชิญประชุม"
    scanned = PageText(number=1, text=text, method=ReadMethod.OCR, quality=0.6)
    printed = scanned.model_copy(update={"method": ReadMethod.TEXT_LAYER})
    assert secrecy_mark((scanned,)) is grade
    assert secrecy_mark((printed,)) is Secrecy.OPEN
