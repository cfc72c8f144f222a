"""Letters of further kinds, laid out well and flattened as a PDF's text layer gives them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import fields_kinds as kinds
import fields_letters as letters
import pytest

from correspondence.reading import LetterFields
from correspondence.vocabulary import LetterKind
from extractors.fields import LetterReading, read_fields


def laid_out(text: str) -> str:
    return text


def flattened(text: str) -> str:
    rows = (re.sub(r"\s{2,}|\t", " ", row).strip() for row in text.splitlines())
    return "\n".join(row for row in rows if row)


@pytest.fixture(params=[laid_out, flattened])
def read(request: pytest.FixtureRequest) -> Callable[[str], LetterReading]:
    shape: Callable[[str], str] = request.param
    return lambda text: read_fields(letters.pages(shape(text)))


def values(fields: LetterFields, *names: str) -> tuple[str | None, ...]:
    return tuple(getattr(fields, name).value for name in names)


def test_house_letter(read: Callable[[str], LetterReading]) -> None:
    reading = read(kinds.HOUSE)
    fields = reading.fields
    assert reading.kind is LetterKind.EXTERNAL_LETTER
    assert values(fields, "document_number", "document_date", "agency", "meeting_at") == (
        "สผ 0017/ร 2408", "2026-03-12", "สำนักงานเลขาธิการสภาผู้แทนราษฎร", "2026-03-19T10:00",
    )  # fmt: skip
    assert (fields.subject.value or "").endswith("สมาชิกสภาผู้แทนราษฎร แบบบัญชีรายชื่อ พรรคทุ่งนา")
    assert values(fields, "salutation", "contact_phone", "signer_position") == (
        "กราบเรียน", "0 2999 2166 - 7", "เลขาธิการสภาผู้แทนราษฎร",
    )  # fmt: skip
    assert (fields.requested_action.value or "").startswith("จึงกราบเรียนมาเพื่อโปรดทราบ")


def test_senate_letter_cites_two_letters_in_one_item(read: Callable[[str], LetterReading]) -> None:
    fields = read(kinds.SENATE).fields
    cited = [(item.document_number, item.document_date) for item in fields.references]
    assert cited == [("สว 0010/(ค) 88", "2026-05-22"), ("สว 0010/(ค) 101", "2026-06-09")]
    assert values(fields, "document_number", "signer", "contact_phone", "contact_email") == (
        "สว 0010/(ค) 112", "ว่าที่ร้อยตรี ธงไชย ลมทะเล", "02 999 9167 ต่อ 501, 502",
        "committee1@senate-office.example",
    )  # fmt: skip
    assert values(fields, "stated_deadline", "meeting_at") == (
        "2026-07-10T12:00", "2026-07-15T09:30",
    )  # fmt: skip
    assert (fields.stated_deadline.phrase or "").startswith("ภายในวันที่")


def test_summons_of_a_court(read: Callable[[str], LetterReading]) -> None:
    reading = read(kinds.SUMMONS)
    fields = reading.fields
    assert reading.kind is LetterKind.COURT_DOCUMENT
    assert values(fields, "document_number", "document_date", "agency", "addressee") == (
        "อ 2211/2568", "2026-01-05", "ศาลอาญาเมืองสมมุติ", "ปลัดกระทรวงศึกษาธิการ หรือผู้แทน",
    )  # fmt: skip
    assert values(fields, "signer", "signer_position", "meeting_at") == (
        "นางสาวเที่ยงแท้ ตราชู", "ผู้พิพากษา", "2026-03-03T09:00",
    )  # fmt: skip
    assert (fields.requested_action.value or "").startswith("จึงหมายเรียกให้ท่านมาศาล")


def test_aide_memoire_is_from_whom_its_first_sentence_names(
    read: Callable[[str], LetterReading],
) -> None:
    reading = read(kinds.AIDE_MEMOIRE)
    assert reading.kind is LetterKind.NOTE_VERBALE
    assert values(reading.fields, "agency", "document_date", "stated_deadline", "addressee") == (
        "Embassy of Freedonia", "2026-05-11", "2026-06-15", None,
    )  # fmt: skip


def test_english_answer(read: Callable[[str], LetterReading]) -> None:
    reading = read(kinds.ENGLISH_REPLY)
    fields = reading.fields
    assert (reading.kind, reading.language) == (LetterKind.ENGLISH_LETTER, "en")
    assert values(fields, "document_number", "addressee", "subject", "stated_deadline") == (
        "RSS/2026-17", "Mr Somchai Tuayang", "Exchange of laboratory staff", "2026-03-06",
    )  # fmt: skip
    (cited,) = fields.references
    assert (cited.document_number, cited.document_date) == ("ED 0205/118", "2026-01-30")
    assert values(fields, "signer", "signer_position", "contact_phone") == (
        "Margaret Oakenfold", "Deputy Director", "+44 20 5550 1234 ext. 12",
    )  # fmt: skip
    assert [item.value for item in fields.enclosures] == ["Draft agreement", "List of laboratories"]


def test_memo_with_a_deadline_and_an_amount_in_words(read: Callable[[str], LetterReading]) -> None:
    reading = read(kinds.MEMO_WITH_DEADLINE)
    fields = reading.fields
    assert reading.kind is LetterKind.INTERNAL_MEMO
    assert values(fields, "document_number", "document_date", "agency", "contact_phone") == (
        "ศธ 0205/771", "2026-10-28", "สำนักงานปลัดกระทรวงศึกษาธิการ", "1304",
    )  # fmt: skip
    assert values(fields, "stated_deadline", "signer_position", "urgency") == (
        "2026-11-06", "รองปลัดกระทรวง ปฏิบัติราชการแทน ปลัดกระทรวงศึกษาธิการ", "very_urgent",
    )  # fmt: skip
    assert [item.value for item in fields.amounts] == ["1250000"]


def test_stamped_letter_answers_another(read: Callable[[str], LetterReading]) -> None:
    fields = read(kinds.STAMPED_WITH_SEAL).fields
    assert values(fields, "agency", "document_date", "addressee", "subject", "signer") == (
        "กรมธนาคารเวลา", "2026-09-19", "สำนักงานรัฐมนตรี กระทรวงศึกษาธิการ", None, None,
    )  # fmt: skip
    assert fields.contact_phone.value == "0 2999 7000 ต่อ 671 - 673"
    (cited,) = fields.references
    assert (cited.document_number, cited.document_date) == ("กค 0433.4/ว 512", "2026-09-01")


def test_letter_of_a_company(read: Callable[[str], LetterReading]) -> None:
    fields = read(kinds.COMPANY).fields
    assert values(fields, "document_number", "agency", "signer", "signer_position") == (
        "กดส.ฝข. 014/2569", "บริษัท กระดานดำสมมุติ จำกัด", "นายวิชชา กระดานใส",
        "กรรมการผู้จัดการ",
    )  # fmt: skip
    assert values(fields, "meeting_at", "document_date") == ("2026-04-27T14:00", "2026-04-02")
    assert [item.value for item in fields.amounts] == ["3200000"]


def test_letter_of_a_child_without_any_form(read: Callable[[str], LetterReading]) -> None:
    reading = read(kinds.CITIZEN_BARE)
    assert reading.kind is LetterKind.CITIZEN_LETTER
    assert values(reading.fields, "addressee", "signer", "agency", "document_number") == (
        "รัฐมนตรี", "เด็กหญิงฟ้าใส", None, None,
    )  # fmt: skip


def test_petition_of_a_citizen_is_due_from_its_receipt() -> None:
    reading = read_fields(letters.pages(kinds.POSTED), received_on=date(2025, 11, 28))
    assert reading.kind is LetterKind.CITIZEN_LETTER
    deadline = reading.fields.stated_deadline
    assert (deadline.value, deadline.needs_check) == ("2025-12-13", True)
    assert values(reading.fields, "signer", "agency", "contact_phone") == (
        "นายเข้ม แข็งขัน", None, "08-1999-1234",
    )  # fmt: skip
