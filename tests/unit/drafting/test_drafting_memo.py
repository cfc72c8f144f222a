import struct
import time
import zlib
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from drafting_letters import (
    COMPLAINT,
    INVITATION,
    WORDING,
    complaint_fields,
    complaint_request,
    document_text,
    extraction,
    field,
    request,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from correspondence.errors import ActionRefused
from correspondence.reading import LetterFields
from correspondence.vocabulary import Category, MemoForm
from drafting import EarlierMatter, draft_memo
from drafting.clean_text import office_digits


def _section(draft, label):
    return next(s.text for s in draft.sections if s.label == label)


def test_a_complaint_takes_the_summary_memo_with_its_facts():
    draft = draft_memo(complaint_request())
    assert draft.form is MemoForm.SUMMARY_MEMO
    assert _section(draft, "เอกสารเลขที่") == "รท ๐๑๐๕/๗๗๑"
    assert _section(draft, "ลงวันที่") == "๓ สิงหาคม ๒๕๖๙"
    assert _section(draft, "เลข สร") == "๑๒๓/๒๕๖๙"
    assert "คนละ ๖๕๐ บาท" in _section(draft, "สรุปประเด็นสำคัญ")
    offered = _section(draft, "ข้อเสนอ").splitlines()
    assert len(offered) == 2 and all(line.startswith("( ) เห็นควร") for line in offered)
    assert _section(draft, "เพื่อโปรด") == "พิจารณาดำเนินการ"
    text = document_text(draft.docx)
    assert "๑๒๓/๒๕๖๙" in text and "ด่วน" in text and "{{" not in text


def test_signature_and_date_are_left_blank():
    draft = draft_memo(complaint_request())
    text = document_text(draft.docx)
    assert text.index("หัวหน้าสำนักงานรัฐมนตรี") > text.index("เพื่อโปรด")
    assert "(ลงชื่อ)...." in text and "วันที่......./" in text
    assert _section(draft, "หัวหน้าสำนักงานรัฐมนตรี") == ""


@pytest.mark.parametrize(
    ("subject", "category", "subcategory", "form"),
    [
        ("ขออนุมัติโครงการ", Category.GENERAL, "procurement", MemoForm.DECISION_MEMO),
        ("ขอความเห็นชอบร่างคำสั่ง", Category.GENERAL, "order", MemoForm.DECISION_MEMO),
        ("แจ้งแนวปฏิบัติ", Category.GENERAL, "circular", MemoForm.SUMMARY_MEMO),
        ("Invitation", Category.FOREIGN_AFFAIRS, "invitation", MemoForm.DECISION_MEMO),
        ("ขอความเป็นธรรม", Category.COMPLAINT, "general_complaint", MemoForm.SUMMARY_MEMO),
    ],
)
def test_the_form_follows_what_is_asked(subject, category, subcategory, form):
    letter = extraction(
        "เรียน  รัฐมนตรี\n\nด้วยสำนักงานสมมุติมีเรื่องเสนอ", fields=LetterFields(subject=field(subject))
    )
    assert draft_memo(request(letter, category, subcategory)).form is form


def test_the_decision_memo_proposes_and_does_not_decide():
    letter = extraction(INVITATION, fields=LetterFields(agency=field("Embassy of Examplia")))
    draft = draft_memo(request(letter, Category.FOREIGN_AFFAIRS, "invitation"))
    assert draft.form is MemoForm.DECISION_MEMO
    assert "(อนุมัติ/เห็นชอบ/รับทราบ)" in _section(draft, "จึงเรียนมาเพื่อโปรด")
    assert "Forum on Small Schools" in _section(draft, "๑.")
    assert "4 to 6 May 2026" in _section(draft, "๑."), "English keeps Arabic digits"
    assert WORDING.phrases.english_frame in _section(draft, "๑.")


def test_subnumbers_stand_only_where_a_heading_has_more_than_one_fact():
    letter = extraction("เรียน  รัฐมนตรี\n\nด้วยสำนักงานสมมุติขออนุมัติจัดงานวันครู ๑ ครั้ง")
    fields = LetterFields(subject=field("ขออนุมัติจัดงาน"))
    one = draft_memo(
        request(letter.model_copy(update={"fields": fields}), Category.GENERAL, "other",
                register_number=None)
    )  # fmt: skip
    assert "๑.๑" not in document_text(one.docx) and "๒.๑" not in document_text(one.docx)
    many = draft_memo(
        request(letter.model_copy(update={"fields": fields}), Category.GENERAL, "other")
    )
    assert "๒.๑" in document_text(many.docx) and "๒.๒" in document_text(many.docx)


def test_values_to_check_are_marked():
    fields = complaint_fields().model_copy(
        update={
            "document_number": field("รท ๐๑๐๕/๗๗๑", check="yes"),
            "document_date": field("2026-08-03", check="yes"),
        }
    )
    draft = draft_memo(request(extraction(COMPLAINT, fields=fields)))
    assert _section(draft, "เอกสารเลขที่") == "⟦รท ๐๑๐๕/๗๗๑⟧"
    assert _section(draft, "ลงวันที่") == "⟦๓ สิงหาคม ๒๕๖๙⟧"


def test_an_incomplete_complaint_says_what_is_missing():
    draft = draft_memo(request(extraction("เรียน รัฐมนตรี\n\nขอให้ลงโทษคนไม่ดีในวงการศึกษาด้วย")))
    told = _section(draft, "ข้อพิจารณา/ข้อกฎหมาย")
    assert "ยังไม่ครบถ้วน" in told and "ชื่อผู้ร้อง" in told and "ช่องทางติดต่อผู้ร้อง" in told
    assert "ยังไม่ครบถ้วน" not in _section(draft_memo(complaint_request()), "ข้อพิจารณา/ข้อกฎหมาย")


def test_earlier_matters_are_listed_with_number_date_and_state():
    earlier = EarlierMatter(
        document_number="รท ๐๑๐๕/๕๐๐", document_date=date(2026, 5, 1), state="ยุติเรื่อง"
    )
    draft = draft_memo(complaint_request(earlier=(earlier,)))
    assert _section(draft, "เรื่องเดิม (ถ้ามี)") == "หนังสือที่ รท ๐๑๐๕/๕๐๐ ลงวันที่ ๑ พฤษภาคม ๒๕๖๙ (ยุติเรื่อง)"


def test_unverified_law_asks_to_be_checked():
    told = _section(draft_memo(complaint_request()), "ข้อพิจารณา/ข้อกฎหมาย")
    assert WORDING.phrases.unverified in told


def test_a_false_fact_is_refused_and_the_sentences_stand_alone(caplog, monkeypatch):
    monkeypatch.setattr("drafting.frame.subject", lambda _: "เรียกเก็บเงิน ๙๙๙,๐๐๐ บาท")
    draft = draft_memo(complaint_request())
    assert "๙๙๙" not in document_text(draft.docx)
    assert draft.sentences and all(0 <= s.start < s.end for s in draft.sentences)
    assert _section(draft, "สรุปประเด็นสำคัญ") and not _section(draft, "ข้อเสนอ")
    assert "๙๙๙" not in caplog.text and "fell back" in caplog.text


def test_a_marked_letter_is_not_drafted():
    fields = complaint_fields().model_copy(update={"secrecy": field("secret")})
    with pytest.raises(ActionRefused):
        draft_memo(request(extraction(COMPLAINT, fields=fields)))


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ 7*7 }} {% for x in y %} {%p if a %} {{r b }} {_{ _}_}",
        "<w:p/> & <script>alert(1)</script> ]]> &amp;",
        "\x00\x08\x0b\x1f\ud800\ufffe\u202e",
        "\\g<0> ${x} %(a)s {0}",
    ],
)
def test_hostile_text_is_text_and_nothing_else(hostile):
    letter = extraction(
        f"เรียน  รัฐมนตรี\n\nด้วยสำนักงานสมมุติแจ้งเหตุขัดข้อง {hostile} ในระบบงาน",
        fields=LetterFields(subject=field(f"ขอแจ้ง {hostile}"), agency=field(hostile)),
    )
    draft = draft_memo(request(letter, Category.GENERAL, "other"))
    text = document_text(draft.docx)
    assert "49" not in text and "๔๙" not in text
    assert "สำนักงานสมมุติแจ้งเหตุขัดข้อง" in text
    if "script" in hostile:
        assert "<script>alert(" in text


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=300))
def test_any_text_makes_a_document_that_opens(text):
    letter = extraction(text, fields=LetterFields(subject=field(text), signer=field(text)))
    assert Document(BytesIO(draft_memo(request(letter)).docx)).paragraphs


def test_a_megabyte_of_text_is_drafted_in_seconds():
    started = time.monotonic()
    draft = draft_memo(request(extraction("โรงเรียน" * 130_000)))
    assert len(document_text(draft.docx)) < 20_000
    assert time.monotonic() - started < 20


def test_the_offices_picture_fills_the_slot():
    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    png = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    plain, pictured = (
        Document(BytesIO(draft_memo(complaint_request(wording=wording)).docx))
        for wording in (WORDING, WORDING.model_copy(update={"garuda": png}))
    )
    drawing = ".//" + qn("w:drawing")
    assert plain.element.body.find(drawing) is None
    assert pictured.element.body.find(drawing) is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("เลขที่ 12/2569", "เลขที่ ๑๒/๒๕๖๙"),
        ("ส่งที่ a1@b2.example เวลา 9.30 น.", "ส่งที่ a1@b2.example เวลา ๙.๓๐ น."),
        ("ดู https://x.example/2026 ข้อ 3", "ดู https://x.example/2026 ข้อ ๓"),
        ("Reply by 5 May 2026", "Reply by 5 May 2026"),
        ("กำหนดตามหนังสือ by 5 May 2026 นี้ 7 วัน", "กำหนดตามหนังสือ by 5 May 2026 นี้ ๗ วัน"),
        ("กระดาษ A4 จำนวน 2 แผ่น", "กระดาษ A4 จำนวน ๒ แผ่น"),
    ],
)
def test_thai_digits_but_not_in_addresses_or_english(text, expected):
    assert office_digits(text) == expected


def test_a_very_long_letter_keeps_its_register_data():
    text = COMPLAINT + "\tโรงเรียนที่ ๑๒ มีนักเรียน ๓๐ คน\n" * 20_000
    draft = draft_memo(request(extraction(text, fields=complaint_fields())))
    assert _section(draft, "ลงวันที่") == "๓ สิงหาคม ๒๕๖๙"


def test_consent_told_of_in_the_body_is_not_asked_of_the_minister():
    letter = extraction(
        "เรียน  รัฐมนตรี\n\nโรงเรียนสมมุติจะเสนอขอความเห็นชอบจากคณะกรรมการสถานศึกษาในเดือนหน้า",
        fields=LetterFields(subject=field("แจ้งความคืบหน้า")),
    )
    draft = draft_memo(request(letter, Category.GENERAL, "other"))
    assert draft.form is MemoForm.SUMMARY_MEMO


def test_absent_values_leave_dots_for_the_pen():
    draft = draft_memo(
        request(extraction("เรียน รัฐมนตรี\n\nขอให้ตรวจสอบโรงเรียนสมมุติ"), register_number=None)
    )
    text = document_text(draft.docx)
    assert "เอกสารเลขที่ ....." in text and "เลข สร ....." in text
