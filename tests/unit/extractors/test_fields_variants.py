"""Ways of signing and heading a letter; mails whose day comes after what they ask."""

from __future__ import annotations

import fields_letters as letters
import pytest

from correspondence.vocabulary import LetterKind
from extractors.fields import read_fields

SIGNED = (
    "ที่ ศธ ๐๒๐๑/๑\nกรมทดลอง\n๖ สิงหาคม ๒๕๖๙\nเรื่อง ทดลอง\nเรียน ท่านรัฐมนตรี\nด้วยกรมขอทดลอง\n"
    "จึงเรียนมาเพื่อโปรดทราบ\nขอแสดงความนับถือ\n{}\nกองทดลอง\nโทร. ๐ ๒๙๙๙ ๑๑๑๑"
)
HEADED = (
    "{}\n๖ สิงหาคม ๒๕๖๙\nเรื่อง ทดลอง\nเรียน ท่านรัฐมนตรี\nด้วยขอทดลอง\nจึงเรียนมาเพื่อโปรดทราบ\n"
    "ขอแสดงความนับถือ\n(นายก ขาวดำ)\nหัวหน้า"
)


@pytest.mark.parametrize(
    ("lines", "signer", "position"),
    [
        ("(พันตำรวจเอก ทวี ลมทะเล)\nผู้กำกับการ", "พันตำรวจเอก ทวี ลมทะเล", "ผู้กำกับการ"),
        ("( นายเขียว   รักดี )\nอธิบดีกรมทดลอง", "นายเขียว รักดี", "อธิบดีกรมทดลอง"),
        ("(ลงชื่อ) เขียว รักดี\n(นายเขียว รักดี)\nอธิบดี", "นายเขียว รักดี", "อธิบดี"),
        ("(ส้ม ใจดี)\nประธานชมรม", "ส้ม ใจดี", "ประธานชมรม"),
        ("(พระครูวิมล ธรรมะ)\nเจ้าอาวาส", "พระครูวิมล ธรรมะ", "เจ้าอาวาส"),
        ("(นางสาว มานี มีนา)\nรองอธิบดี รักษาราชการแทน\nอธิบดีกรมทดลอง", "นางสาว มานี มีนา",
         "รองอธิบดี รักษาราชการแทน อธิบดีกรมทดลอง"),
        ("ลงชื่อ นายแดง เขียวขจี\nตำแหน่ง ผู้ใหญ่บ้าน", "นายแดง เขียวขจี", "ผู้ใหญ่บ้าน"),
        ("(นายกิตติ\nวัฒนลมทะเล)\nปลัดจังหวัด", "นายกิตติ วัฒนลมทะเล", "ปลัดจังหวัด"),
        ("พลตำรวจตรี\n(เอก โทตรี)\nผู้บังคับการ", "พลตำรวจตรี เอก โทตรี", "ผู้บังคับการ"),
        ("(นายอุดม ลือ)\nผู้อำนวยการ\nสำนักทดสอบ", "นายอุดม ลือ", "ผู้อำนวยการสำนักทดสอบ"),
        ("(Mrs. Jane Doe)\nPrincipal", "Mrs. Jane Doe", "Principal"),
    ],
)  # fmt: skip
def test_signers_and_positions(lines: str, signer: str, position: str) -> None:
    fields = read_fields(letters.pages(SIGNED.format(lines))).fields
    assert (fields.signer.value, fields.signer_position.value) == (signer, position)


@pytest.mark.parametrize(
    ("head", "number", "agency"),
    [
        ("ที่ อบ ๐๐๑๗.๕/๑๒๓ ศาลากลางจังหวัดอุบลราชธานี\nถนนลม อบ ๓๔๐๐๐", "อบ 0017.5/123",
         "ศาลากลางจังหวัดอุบลราชธานี"),
        ("ที่ อว ๐๖๐๑/๑๒ คณะครุศาสตร์\nมหาวิทยาลัยลมทะเล\nอำเภอเมือง", "อว 0601/12", "มหาวิทยาลัยลมทะเล"),
        ("ที่ ตร ๕๒๐๐๑/๙๙ ที่ทำการองค์การบริหารส่วนตำบลลม", "ตร 52001/99", "องค์การบริหารส่วนตำบลลม"),
        ("ที่ ศธ ๐๔๑๕๐/๑ สำนักงานเขตพื้นที่การศึกษา\nประถมศึกษาตราด เขต ๑", "ศธ 04150/1",
         "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาตราด เขต ๑"),
        ("ด่วนที่สุด ที่ นร ๐๑๐๕/๑๒ สำนักงานปลัดสำนักนายกรัฐมนตรี", "นร 0105/12",
         "สำนักงานปลัดสำนักนายกรัฐมนตรี"),
        ("พรรคทุ่งนา\nที่ ทน ๐๐๑/๒๕๖๙\n๙๙ ถนนลม", "ทน 001/2569", "พรรคทุ่งนา"),
        ("ที่ พิเศษ/๒๕๖๙ โรงเรียนวัดลม\nตำบลลม", None, "โรงเรียนวัดลม"),
        ("เลขที่ ๐๑๒/๒๕๖๙ มูลนิธิเด็กทะเล\nถนนลม", "012/2569", "มูลนิธิเด็กทะเล"),
    ],
)  # fmt: skip
def test_heads_of_letters(head: str, number: str | None, agency: str) -> None:
    fields = read_fields(letters.pages(HEADED.format(head))).fields
    assert fields.document_number.value == number
    assert (fields.agency.value or "").translate(str.maketrans("1", "๑")) == agency


def test_what_a_mail_asked_for_before_its_own_day_is_to_be_checked() -> None:
    head = letters.mail("ขอข้อมูล", "ลม ทะเล", "l@x.example", sent="2026-09-01T09:00")
    body = (
        "เรียน ทีมงาน\n\nขอเชิญประชุมวันที่ 20 กรกฎาคม 2569 เวลา 10.00 น.\n"
        "และขอข้อมูลภายในวันที่ 24 กรกฎาคม 2569\n"
    )
    fields = read_fields(letters.pages(body), mail=head).fields
    assert (fields.stated_deadline.value, fields.stated_deadline.needs_check) == (
        "2026-07-24", True,
    )  # fmt: skip
    assert (fields.meeting_at.value, fields.meeting_at.needs_check) == ("2026-07-20T10:00", True)


def test_a_mail_of_long_ago_is_no_deadline() -> None:
    head = letters.mail("ขอข้อมูล", "ลม ทะเล", "l@x.example", sent="2026-09-01T09:00")
    body = "เรียน ทีมงาน\n\nเคยขอข้อมูลภายในวันที่ 24 กรกฎาคม 2567"
    assert read_fields(letters.pages(body), mail=head).fields.stated_deadline.value is None


def test_an_announcement_is_dated_below_its_text() -> None:
    text = (
        "ประกาศโรงเรียนลม\nเรื่อง รับสมัครครู\nด้วยโรงเรียนรับสมัคร วันที่ ๑ - ๑๕ มีนาคม ๒๕๖๙\n"
        "ประกาศ ณ วันที่ ๒๐ กุมภาพันธ์ พ.ศ. ๒๕๖๙\n(นายลม ทะเล)\nผู้อำนวยการโรงเรียนลม"
    )
    fields = read_fields(letters.pages(text)).fields
    assert (fields.document_date.value, fields.agency.value) == ("2026-02-20", "โรงเรียนลม")


def test_a_thai_note_names_whom_it_greets_and_where_it_was_written() -> None:
    text = (
        "สถานเอกอัครราชทูตฟรีโดเนีย ประจำประเทศไทย\nที่ ๑๒/๒๕๖๙\nสถานเอกอัครราชทูตฟรีโดเนีย"
        "ขอแสดงความนับถือมายังกระทรวงศึกษาธิการ และขอเรียนว่าจะส่งครู\n"
        "กรุงเทพฯ, ๑ กุมภาพันธ์ ๒๕๖๙\n"
    )
    reading = read_fields(letters.pages(text))
    assert reading.kind is LetterKind.NOTE_VERBALE
    assert reading.fields.addressee.value == "กระทรวงศึกษาธิการ"
    assert reading.fields.document_date.value == "2026-02-01"


def test_a_letter_of_a_court_has_its_own_number_before_that_of_the_case() -> None:
    text = (
        "ศาลแพ่งเมืองลม\nที่ ศย ๓๐๐/๑๒๓\n๕ มีนาคม ๒๕๖๙\nเรื่อง ขอเอกสาร คดีหมายเลขดำที่ พ ๑๒/๒๕๖๙\n"
        "เรียน ปลัดกระทรวงศึกษาธิการ\nด้วยศาลขอเอกสารภายใน ๑๕ วัน นับแต่วันรับหนังสือนี้\n"
    )
    fields = read_fields(letters.pages(text)).fields
    assert fields.document_number.value == "ศย 300/123"
    assert (fields.stated_deadline.phrase or "").startswith("ภายใน ๑๕ วัน")


def test_page_numbers_and_catchwords_are_no_part_of_the_letter() -> None:
    first = (
        "ที่ มท ๐๙๑๒/๑\nกรมลม\n๖ สิงหาคม ๒๕๖๙\nเรื่อง ทดลอง\nเรียน ท่านรัฐมนตรี\n"
        "ด้วยกรมลมขอทดลอง\n/จึงเรียนมาเพื่อ..."
    )
    second = (
        "- ๒ -\nจึงเรียนมาเพื่อโปรดอนุญาต\nขอแสดงความนับถือ\n(นายลม ทะเล)\nอธิบดีกรมลม\nโทร. ๐ ๒๙๙๙ ๑๒๓๔"
    )
    fields = read_fields(letters.pages(first, second)).fields
    assert fields.requested_action.value == "จึงเรียนมาเพื่อโปรดอนุญาต"
    assert fields.requested_action.page == 2


def test_a_mail_of_a_parent_who_gives_no_name_has_no_signer() -> None:
    head = letters.mail("ร้องเรียนครู", "ผู้ปกครอง", "mom@mail.example")
    body = "สวัสดีค่ะ\n\nขอร้องเรียนครูตีเด็กค่ะ ไม่ประสงค์ออกนาม\n"
    assert read_fields(letters.pages(body), mail=head).fields.signer.value is None


def test_stars_below_a_letter_are_no_name() -> None:
    text = "เรียน ท่านรัฐมนตรี\nดิฉันขอร้องเรียนโรงเรียน\nขอให้ตรวจสอบด้วยค่ะ\n***"
    assert read_fields(letters.pages(text)).fields.signer.value is None


def test_a_name_of_open_syllables_is_a_name() -> None:
    head = letters.mail("ขอเทียบวุฒิ", "Farida S.", "f@mail.example")
    body = "สวัสดีค่ะ\n\nขอเทียบวุฒิค่ะ\n\nขอบคุณค่ะ\nมารีนา ดาราแม\n"
    assert read_fields(letters.pages(body), mail=head).fields.signer.value == "มารีนา ดาราแม"


def test_the_day_of_a_cited_letter_is_not_the_letter_s_own() -> None:
    text = (
        "ที่ มท ๐๙๑๒/๑\nกรมลม\nเรื่อง ทดลอง\nเรียน ท่านรัฐมนตรี\n"
        "อ้างถึง หนังสือกรมทะเล ที่ มท ๐๙๑๒/ว ๗๗๗ ด่วนที่สุด ลงวันที่\n๙ กุมภาพันธ์ ๒๕๖๙\n"
        "ด้วยกรมลมขอทดลองระบบรับส่งหนังสือ\nจึงเรียนมาเพื่อทราบ\nขอแสดงความนับถือ\n(นายลม ทะเล)\nอธิบดี"
    )
    fields = read_fields(letters.pages(text)).fields
    assert fields.document_date.value is None
    assert [item.document_date for item in fields.references] == ["2026-02-09"]
