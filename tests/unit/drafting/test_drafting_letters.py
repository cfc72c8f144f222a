"""The office's letters: what stands in them, what stays blank, what is never said."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from docx import Document
from drafting_letters import COMPLAINT, CONFIG, WORDING, complaint_fields, extraction, field
from hypothesis import given, settings
from hypothesis import strategies as st

from correspondence.errors import ActionRefused
from correspondence.reading import FieldValue, LetterFields
from correspondence.vocabulary import Category, LetterKind, Urgency
from drafting.content import LineKind
from drafting.letters import LetterRequest, OwnLetter, WrittenLetter, compose_letter
from office.letters import FIVE_PARTS, OutgoingKind, read_letters

LETTERS = read_letters(CONFIG)
kinds = pytest.mark.parametrize("kind", list(OutgoingKind))


def _request(kind: OutgoingKind, **more: object) -> LetterRequest:
    values: dict[str, object] = {
        "kind": kind, "extraction": extraction(COMPLAINT, fields=complaint_fields()),
        "category": Category.COMPLAINT, "subcategory": "general_complaint",
        "group_thai": "กลุ่มรับเรื่องราวร้องทุกข์", "register_number": "123/2569",
        "received_at": datetime(2026, 8, 3, 2, 15, tzinfo=UTC), "sender": "",
        "asks": ("พยานหลักฐาน",) if kind is OutgoingKind.MORE_NEEDED else (),
        "names": WORDING.names, "wording": LETTERS, "phrases": WORDING.phrases,
    }  # fmt: skip
    return LetterRequest.model_validate(values | more)


def _text(letter: WrittenLetter) -> str:
    sheet = Document(BytesIO(letter.docx))
    cells = [cell.text for table in sheet.tables for cell in table.rows[0].cells]
    return "\n".join((*cells, *(paragraph.text for paragraph in sheet.paragraphs)))


@kinds
def test_a_letter_says_the_matter_in_thai_digits_and_leaves_the_pen_its_blanks(kind) -> None:
    text = _text(compose_letter(_request(kind)))
    assert "ขอส่งเรื่องร้องเรียนการเก็บเงินบำรุงห้องสมุด" in text
    assert not re.search("[0-9]", text)
    assert "{" not in text and "%" not in text
    assert re.search(r"\(\.{20,}\)", text)
    assert "หัวหน้าสำนักงานรัฐมนตรี" in text


@pytest.mark.parametrize("kind", list(FIVE_PARTS))
def test_a_request_has_its_five_parts_in_order(kind) -> None:
    letter = compose_letter(_request(kind, addressee="อธิบดีกรมตัวอย่าง"))
    body = " ".join(line.text for line in letter.paragraphs)
    position = 0
    for paragraph in LETTERS.words(kind).paragraph:
        beginning = paragraph.text.split("{")[0][:12] or "สำนักงานรัฐมนตรี"
        position = body.find(beginning, position)
        assert position >= 0, paragraph.part
    assert letter.addressee == "อธิบดีกรมตัวอย่าง"


def test_one_ask_runs_in_and_several_are_numbered() -> None:
    one = compose_letter(_request(OutgoingKind.REQUEST, asks=("ส่งเอกสาร",)))
    assert {line.kind for line in one.paragraphs} == {LineKind.PLAIN}
    assert any(line.text.endswith("ขอความอนุเคราะห์ ส่งเอกสาร") for line in one.paragraphs)
    two = compose_letter(_request(OutgoingKind.REQUEST, asks=("ส่งเอกสาร", "แจ้งผล")))
    numbered = [line for line in two.paragraphs if line.kind is LineKind.NUMBERED]
    assert [(line.number, line.text) for line in numbered] == [("๑.", "ส่งเอกสาร"), ("๒.", "แจ้งผล")]
    assert any(line.text.endswith("ดังนี้") for line in two.paragraphs)


def test_what_is_missing_comes_from_the_letter_itself() -> None:
    read = extraction("ขอให้ตรวจสอบด้วย").model_copy(update={"kind": LetterKind.CITIZEN_LETTER})
    letter = compose_letter(_request(OutgoingKind.MORE_NEEDED, extraction=read, asks=()))
    listed = [line.text for line in letter.paragraphs if line.kind is LineKind.NUMBERED]
    assert "ชื่อผู้ร้อง" in listed and "ช่องทางติดต่อผู้ร้อง" in listed
    with pytest.raises(ActionRefused):
        compose_letter(_request(OutgoingKind.MORE_NEEDED, asks=()))


def test_blanks_are_named_and_given_values_fill_them() -> None:
    bare = compose_letter(_request(OutgoingKind.REMINDER))
    assert bare.missing == ("addressee", "reply_by", "our_letter")
    own = OwnLetter(number="ศธ 0100/45", day=date(2026, 7, 1))
    full = compose_letter(
        _request(
            OutgoingKind.REMINDER, addressee="อธิบดีกรมตัวอย่าง", reply_by=date(2026, 9, 1), own=own
        )
    )
    assert full.missing == ()
    assert "ที่ ศธ ๐๑๐๐/๔๕ ลงวันที่ ๑ กรกฎาคม ๒๕๖๙" in _text(full)
    assert "ภายในวันที่ ๑ กันยายน ๒๕๖๙" in _text(full)


def test_the_writer_is_addressed_as_the_letter_names_them() -> None:
    official = compose_letter(_request(OutgoingKind.ACKNOWLEDGEMENT))
    assert official.addressee == "นายเอกอุดม นามสมมุติ"
    mail = extraction("สวัสดี", fields=LetterFields(subject=field("ขอความเป็นธรรม")))
    nobody = compose_letter(
        _request(OutgoingKind.ACKNOWLEDGEMENT, extraction=mail, sender="a@example.org")
    )
    assert nobody.addressee == "" and nobody.missing == ("addressee",)


@pytest.mark.parametrize(
    "kind", [k for k in OutgoingKind if k not in ("acknowledgement", "more_needed")]
)
def test_an_agency_is_not_told_who_complains(kind) -> None:
    fields = complaint_fields().model_copy(
        update={"subject": field("ขอความเป็นธรรมให้นางสาวปาริชาต ทองสมมุติ โทร. 081-555-0193")}
    )
    letter = compose_letter(_request(kind, extraction=extraction(COMPLAINT, fields=fields)))
    text = _text(letter)
    assert "ปาริชาต" not in text and "ทองสมมุติ" not in text and "๐๑๙๓" not in text
    assert "███" in text


def test_a_doubtful_value_is_marked() -> None:
    fields = complaint_fields().model_copy(update={"subject": field("เรื่องที่อ่านไม่ชัด", check="x")})
    letter = compose_letter(
        _request(OutgoingKind.ACKNOWLEDGEMENT, extraction=extraction(COMPLAINT, fields=fields))
    )
    assert "⟦เรื่องที่อ่านไม่ชัด⟧" in _text(letter) or "⟦ที่อ่านไม่ชัด⟧" in _text(letter)


def test_a_marked_letter_is_not_written_about() -> None:
    fields = complaint_fields().model_copy(update={"secrecy": field("secret")})
    with pytest.raises(ActionRefused):
        compose_letter(
            _request(OutgoingKind.THANKS, extraction=extraction(COMPLAINT, fields=fields))
        )


def test_the_urgency_mark_is_red_and_large() -> None:
    letter = compose_letter(_request(OutgoingKind.REQUEST, urgency=Urgency.MOST_URGENT))
    cell = Document(BytesIO(letter.docx)).tables[0].rows[0].cells[0]
    (run,) = [run for p in cell.paragraphs for run in p.runs if run.text == "ด่วนที่สุด"]
    assert run.font.size.pt >= 32 and str(run.font.color.rgb) == "C00000"
    plain = compose_letter(_request(OutgoingKind.REQUEST))
    assert "ด่วน" not in _text(plain)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=120), st.text(max_size=60))
def test_hostile_subjects_and_addressees_give_a_document_that_opens(subject, addressee) -> None:
    fields = complaint_fields().model_copy(update={"subject": field(subject or None)})
    request = _request(
        OutgoingKind.FORWARD, extraction=extraction(COMPLAINT, fields=fields), addressee=addressee
    )
    Document(BytesIO(compose_letter(request).docx))


@kinds
def test_a_value_to_be_checked_has_its_comment_in_every_letter(kind) -> None:
    fields = complaint_fields().model_copy(
        update={"subject": field("ขอส่งเรื่องร้องเรียนการเก็บเงินบำรุงห้องสมุด", check="doubtful")}
    )
    sure = compose_letter(_request(kind))
    doubtful = compose_letter(_request(kind, extraction=extraction(COMPLAINT, fields=fields)))
    # A redacted copy is always to be looked at before it goes.
    always = int(kind is OutgoingKind.FORWARD)
    assert len(list(Document(BytesIO(sure.docx)).comments)) == always
    sheet = Document(BytesIO(doubtful.docx))
    notes = [comment.text for comment in sheet.comments]
    assert notes and set(notes) == {WORDING.phrases.check}
    marked = sum("⟦" in run.text for paragraph in sheet.paragraphs for run in paragraph.runs)
    in_tables = sum(
        "⟦" in run.text
        for table in sheet.tables
        for row in table.rows
        for cell in row.cells
        for paragraph in cell.paragraphs
        for run in paragraph.runs
    )
    assert len(notes) == marked + in_tables


def test_the_subject_of_a_forwarded_letter_follows_what_the_person_hides_and_opens() -> None:
    subject = FieldValue(value="ขอให้ตรวจสอบชุมชนริมคลองบางตัวอย่าง", raw="", page=1, confidence=0.9)
    fields = complaint_fields().model_copy(update={"subject": subject})
    read = extraction(COMPLAINT, fields=fields)
    hidden = _request(OutgoingKind.FORWARD, extraction=read, hide=("ริมคลองบางตัวอย่าง",))
    opened = hidden.model_copy(update={"show": ("ริมคลองบางตัวอย่าง",)})
    assert "ริมคลอง" not in _text(compose_letter(hidden))
    assert "ริมคลองบางตัวอย่าง" in _text(compose_letter(opened))
