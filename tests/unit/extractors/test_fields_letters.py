"""Whole invented letters: every kind, good layouts, flattened ones and recognised ones."""

from __future__ import annotations

from datetime import date

import fields_letters as letters
import pytest

from correspondence.reading import LetterFields, PageText
from correspondence.vocabulary import LetterKind, ReadMethod, Secrecy
from extractors.fields import LetterReading, MailHead, read_fields


def read(text: str, head: MailHead | None = None) -> LetterReading:
    return read_fields(letters.pages(text), mail=head)


def values(fields: LetterFields, *names: str) -> tuple[str | None, ...]:
    return tuple(getattr(fields, name).value for name in names)


def test_external_letter() -> None:
    reading = read(letters.EXTERNAL)
    fields = reading.fields
    assert (reading.kind, reading.language) == (LetterKind.EXTERNAL_LETTER, "th")
    assert values(fields, "document_number", "document_date", "agency") == (
        "มท 0912.3/4418", "2026-08-06", "กรมส่งเสริมลำน้ำชุมชน",
    )  # fmt: skip
    assert fields.subject.value == "ขอความร่วมมือสำรวจท่าน้ำในสถานศึกษา"
    assert fields.addressee.value == "รัฐมนตรีว่าการกระทรวงศึกษาธิการ"
    assert fields.salutation.value == "เรียน"
    assert fields.urgency.value == "most_urgent"
    assert [item.value for item in fields.references] == [
        "หนังสือกระทรวงศึกษาธิการ ที่ ศธ ๐๒๐๑/๑๑๒ ลงวันที่ ๓ มิถุนายน ๒๕๖๙",
        "มติที่ประชุมคณะทำงาน ครั้งที่ ๒/๒๕๖๙",
    ]
    assert [item.value for item in fields.enclosures] == [
        "แบบสำรวจ จำนวน ๑ ชุด",
        "แผนที่ จำนวน ๒ แผ่น",
    ]
    assert fields.signer.value == "นายก้องภพ ธารสมุทร"
    assert fields.signer_position.value == "รองอธิบดี ปฏิบัติราชการแทน อธิบดีกรมส่งเสริมลำน้ำชุมชน"
    assert fields.contact_phone.value == "0 2999 1234 ต่อ 556 - 558"
    assert fields.contact_email.value == "pier@lamnam.go.th"
    assert fields.stated_deadline.value == "2026-08-21T16:30"
    assert fields.meeting_at.value == "2026-09-01T13:30"
    assert [item.value for item in fields.amounts] == ["1500000", "42500"]
    assert (fields.requested_action.value or "").startswith("จึงเรียนมาเพื่อโปรดส่งผู้แทน")


def test_clean_values_need_no_check() -> None:
    fields = read(letters.EXTERNAL).fields
    for name in ("document_number", "document_date", "signer", "stated_deadline", "meeting_at"):
        assert not getattr(fields, name).needs_check, name


def test_evidence_names_page_and_what_stood_there() -> None:
    fields = read_fields(letters.pages(*letters.TWO_PAGES)).fields
    assert (fields.document_number.page, fields.signer.page) == (1, 2)
    assert "๐๙๑๒.๓/๔๔๑๘" in (fields.document_number.raw or "")
    assert fields.stated_deadline.page == 2


def test_flattened_circular() -> None:
    reading = read(letters.FLATTENED)
    fields = reading.fields
    assert reading.kind is LetterKind.CIRCULAR
    assert values(fields, "document_number", "document_date", "agency") == (
        "วธ 0917/ว 77", "2026-02-14", "สำนักงานศิลปะพื้นถิ่นแห่งชาติ",
    )  # fmt: skip
    assert fields.subject.value == (
        "ขอเชิญส่งผลงานนักเรียนเข้าประกวดหุ่นกระบอกเล็กประจำปีงบประมาณ พ.ศ. 2569"
    )
    assert fields.addressee.value == "หัวหน้าสำนักงานรัฐมนตรี"
    assert fields.signer.value == "นางสาวพิมพ์พิศา รุ่งหัตถ์"
    assert (fields.stated_deadline.value, fields.urgency.value) == (None, "normal")
    assert (fields.stated_deadline.phrase or "").startswith("ภายใน 15 วัน นับแต่วันที่ได้รับ")


def test_relative_deadline_is_counted_from_a_known_receipt() -> None:
    reading = read_fields(letters.pages(letters.FLATTENED), received_on=date(2026, 2, 20))
    assert reading.fields.stated_deadline.value == "2026-03-07"
    assert reading.fields.stated_deadline.needs_check


def test_internal_memo() -> None:
    reading = read(letters.MEMO)
    assert reading.kind is LetterKind.INTERNAL_MEMO
    assert values(reading.fields, "document_number", "document_date", "agency", "urgency") == (
        "ศธ 0220/33", "2027-01-09", "กลุ่มพัฒนาระบบงาน สป.", "urgent",
    )  # fmt: skip
    assert reading.fields.contact_phone.value == "0 2628 0001"
    assert reading.fields.signer.value == "นายอธิราช ป้องภัย"


def test_stamped_letter_has_no_subject_and_its_own_telephone() -> None:
    reading = read(letters.STAMPED)
    fields = reading.fields
    assert reading.kind is LetterKind.STAMPED_LETTER
    assert (fields.subject.value, fields.signer.value) == (None, None)
    assert fields.agency.value == "กรมพลังงานชุมชน"
    assert fields.document_date.value == "2026-12-02"
    assert fields.addressee.value == "สำนักงานรัฐมนตรี กระทรวงศึกษาธิการ"
    assert fields.contact_phone.value == "0 2111 2222"


def test_citizen_letter() -> None:
    reading = read(letters.CITIZEN)
    fields = reading.fields
    assert reading.kind is LetterKind.CITIZEN_LETTER
    assert fields.document_date.value == "2026-07-09"
    assert fields.addressee.value == "ท่านรัฐมนตรีที่เคารพ"
    assert fields.signer.value == "นางสาวเพ็ญนภา ขนมหวาน"
    assert fields.contact_phone.value == "081-555-0042"
    assert fields.agency.value is None


def test_mail_takes_subject_and_address_from_its_head_and_nothing_from_the_quote() -> None:
    head = letters.mail("RE: Fwd: ส่งภาพนิ่ง [รอบสอง]", "Anuchit L.", "anuchit@photo.example")
    fields = read(letters.EMAIL_REPLY, head).fields
    assert fields.subject.value == "ส่งภาพนิ่ง [รอบสอง]"
    assert fields.contact_email.value == "anuchit@photo.example"
    assert fields.contact_phone.value == "02 555 0110"
    assert fields.signer.value == "อนุชิต ลมหนาว"
    assert fields.signer_position.value == "หัวหน้างานภาพนิ่ง สมาคมช่างภาพริมน้ำ"
    assert fields.agency.value == "สมาคมช่างภาพริมน้ำ"
    assert fields.stated_deadline.value == "2026-03-05"
    assert fields.document_date.value is None


def test_answer_below_a_quotation_is_the_letter() -> None:
    fields = read(letters.EMAIL_INLINE, letters.mail("RE: ข้อมูล", None, "mali@x.example")).fields
    assert (fields.signer.value, fields.contact_phone.value) == ("มะลิวัลย์ แสงเช้า", None)


def test_mail_without_sign_off_falls_back_to_the_sender_for_checking() -> None:
    head = letters.mail("แจ้งข้อมูล", "สมหวัง ตั้งใจดี", "s@x.example")
    signer = read("เรียน ทีมงาน\n\nขอแจ้งว่าได้รับเอกสารครบถ้วนแล้วครับ", head).fields.signer
    assert (signer.value, signer.needs_check) == ("สมหวัง ตั้งใจดี", True)


def test_mail_urgency_is_a_tag_not_a_word() -> None:
    tagged = read("เรียน ทีมงาน", letters.mail("[ด่วนมาก] ขอข้อมูลอาหารกลางวัน")).fields
    assert values(tagged, "urgency", "subject") == ("very_urgent", "ขอข้อมูลอาหารกลางวัน")
    spoken = read("เรียน ทีมงาน", letters.mail("ช่วยตอบด่วนด้วยค่ะ")).fields
    assert spoken.urgency.value == "normal"


def test_web_form() -> None:
    head = letters.mail("แจ้งเรื่องใหม่จากเว็บไซต์", "ระบบ", "portal@moe.example")
    reading = read(letters.WEB_FORM, head)
    fields = reading.fields
    assert reading.kind is LetterKind.CITIZEN_LETTER
    assert values(fields, "document_number", "document_date") == ("WEB-69-00417", "2026-05-11")
    assert fields.signer.value == "นายบรรเจิด สายลม"
    assert fields.contact_email.value == "banjerd.s@mail.example"
    assert fields.contact_phone.value == "089 555 0033"
    assert fields.subject.value == "ค่ารถรับส่งนักเรียนแพงเกินจริง"
    assert fields.meeting_at.value is None


def test_english_letter() -> None:
    reading = read(letters.ENGLISH)
    fields = reading.fields
    assert (reading.kind, reading.language) == (LetterKind.ENGLISH_LETTER, "en")
    assert values(fields, "document_number", "document_date", "agency") == (
        "ILS/44/2026", "2026-06-03", "International Lantern Society",
    )  # fmt: skip
    assert fields.subject.value == "Donation of reading lamps to island schools"
    assert fields.addressee.value == "H.E. the Minister of Education"
    assert fields.stated_deadline.value == "2026-06-30"
    assert fields.meeting_at.value == "2026-07-17T14:30"
    assert fields.signer.value == "Dr. Tomas Lindqvar"
    assert fields.contact_phone.value == "+66 2 555 0144"
    assert [item.value for item in fields.enclosures] == ["Project brief", "Photographs"]
    assert "would be grateful" in (fields.requested_action.value or "")


def test_note_verbale() -> None:
    reading = read(letters.NOTE_VERBALE)
    fields = reading.fields
    assert reading.kind is LetterKind.NOTE_VERBALE
    assert values(fields, "document_number", "document_date", "agency", "addressee") == (
        "118/2026", "2026-07-01", "EMBASSY OF RURITANIA", "Ministry of Education",
    )  # fmt: skip
    assert fields.stated_deadline.value == "2026-08-12"
    assert (fields.signer.value, fields.subject.value) == (None, None)


def test_court_paper_carries_the_black_case_number() -> None:
    reading = read(letters.COURT)
    assert reading.kind is LetterKind.COURT_DOCUMENT
    assert values(reading.fields, "document_number", "document_date", "agency") == (
        "บ. 901/2569", "2026-07-08", "ศาลปกครองเมืองสมมุติ",
    )  # fmt: skip
    assert reading.fields.addressee.value == "รัฐมนตรีว่าการกระทรวงศึกษาธิการ"
    assert reading.fields.signer.value == "นายธรรมรัตน์ ยุติกิจ"


def test_news_release_is_no_appointment() -> None:
    reading = read(letters.NEWS, letters.mail("ข่าวโครงการ", "งานสื่อสาร", "pr@x.example"))
    assert reading.kind is LetterKind.NEWS_RELEASE
    assert values(reading.fields, "document_number", "document_date", "meeting_at", "signer") == (
        "12/2569", "2026-09-04", None, None,
    )  # fmt: skip


def test_order() -> None:
    reading = read(letters.ORDER)
    assert reading.kind is LetterKind.ORDER
    assert values(reading.fields, "document_number", "document_date", "agency", "subject") == (
        "456/2569", "2026-11-07", "กระทรวงศึกษาธิการ", "แต่งตั้งคณะทำงานดูแลต้นไม้ในโรงเรียน",
    )  # fmt: skip


def test_police_letter_with_a_rank_above_the_name_and_a_promise_inside() -> None:
    fields = read(letters.POLICE).fields
    assert values(fields, "document_number", "document_date", "signer") == (
        "ตช 0030(ลป).(11)/220", "2026-10-20", "พ.ต.ท. ชัยวัฒน์ ดอยเดือน",
    )  # fmt: skip
    assert fields.stated_deadline.value is None


def test_recognised_letter_is_read_and_its_numbers_are_to_be_checked() -> None:
    reading = read_fields(letters.pages(letters.OCR_NOISE, method=ReadMethod.OCR))
    fields = reading.fields
    assert values(fields, "document_number", "document_date", "urgency") == (
        "มท 0912.3/4418", "2026-08-06", "most_urgent",
    )  # fmt: skip
    assert values(fields, "subject", "addressee", "signer") == (
        "ขอความร่วมมือสำรวจท่าน้ำ", "รัฐมนตรีว่าการกระทรวงศึกษาธิการ", "นายก้องภพ ธารสมุทร",
    )  # fmt: skip
    for name in ("document_number", "document_date", "contact_phone", "stated_deadline"):
        assert getattr(fields, name).needs_check, name


def test_an_impossible_date_has_no_value_but_is_shown() -> None:
    text = letters.EXTERNAL.replace("๖ สิงหาคม ๒๕๖๙", "๓๑ กันยายน ๒๕๖๙")
    found = read(text).fields.document_date
    assert (found.value, found.raw) == (None, "๓๑ กันยายน ๒๕๖๙")


@pytest.mark.parametrize("given", [(), letters.pages(""), letters.pages(" \n\n", "")])
def test_no_text_gives_defaults_only(given: tuple[PageText, ...]) -> None:
    fields = read_fields(given, mail=letters.mail("RE: แจ้งเพื่อทราบ")).fields
    assert values(fields, "urgency", "secrecy", "subject", "document_number") == (
        "normal", Secrecy.OPEN.value, "แจ้งเพื่อทราบ", None,
    )  # fmt: skip
