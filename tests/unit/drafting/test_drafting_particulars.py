"""What each category tells first, the formulas left out, and the comments at doubtful values."""

import zipfile
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from drafting_letters import (
    COMPLAINT,
    WORDING,
    complaint_fields,
    complaint_request,
    extraction,
    field,
)
from hypothesis import given
from hypothesis import strategies as st

from correspondence.reading import LetterFields
from correspondence.vocabulary import Category
from drafting import draft_memo
from drafting.faithfulness import UnfaithfulDraft, check_faithful, gather_sources
from drafting.formulas import is_formula, without_formulas
from drafting.particulars import Head, find_particulars
from drafting.sentences import split_letter
from drafting.summary import length_limit, solid_length, summarise

COURT = """คำสั่งเรียกให้ทำคำให้การ
คดีหมายเลขดำที่ บ ๙๙/๒๕๖๙
ศาลปกครองตัวอย่าง
ระหว่าง นายสมมุติ นามแฝง   ผู้ฟ้องคดี
สำนักงานสมมุติ ที่ ๑
รัฐมนตรีว่าการกระทรวงศึกษาธิการ ที่ ๒   ผู้ถูกฟ้องคดี

เรียน  รัฐมนตรีว่าการกระทรวงศึกษาธิการ

ด้วยผู้ฟ้องคดีได้ยื่นฟ้องขอให้เพิกถอนคำสั่งย้าย ศาลจึงมีคำสั่งให้ทำคำให้การภายใน ๓๐ วัน นับแต่วันที่ได้รับคำสั่งนี้
"""
QUESTION = """เรียน  รัฐมนตรีว่าการกระทรวงศึกษาธิการ

ด้วยนางสาวสมมุติ เล่าเรื่อง สมาชิกสภาผู้แทนราษฎร ได้ตั้งกระทู้ถามทั่วไป กระทู้ถามที่ ๙๑๒ ร. เรื่อง ห้องสมุดโรงเรียน \
ต่อที่ประชุมครั้งที่ ๗ (สมัยสามัญประจำปีครั้งที่สอง) จึงมอบหมายให้สำนักงานคณะกรรมการสมมุติ จัดทำคำตอบ
"""
MEETING = """เรียน  รัฐมนตรีว่าการกระทรวงศึกษาธิการ

ด้วยคณะกรรมาธิการการสมมุติ สภาผู้แทนราษฎร กำหนดประชุมในวันพุธที่ ๓ มีนาคม ๒๕๖๙ ณ ห้องประชุม ๔๐๑ อาคารตัวอย่าง \
เพื่อพิจารณาเรื่อง ห้องสมุดของโรงเรียนขนาดเล็ก ดังนี้ จึงขอเชิญท่านหรือผู้แทน เข้าร่วมประชุม
"""
MEDIA = """เรียน  รัฐมนตรีว่าการกระทรวงศึกษาธิการ

รายการ "เช้านี้สมมุติ" ขอสัมภาษณ์พิเศษท่านรัฐมนตรี เรื่อง อาหารกลางวัน ในวันที่ ๕ มีนาคม ๒๕๖๙
"""


def _found(text, category, subcategory, fields=None):
    letter = extraction(text, fields=fields)
    found = find_particulars(letter, split_letter(letter), category, subcategory)
    for part in found:
        # Each is the letter's own, at the place it names, but for the breaks of its lines.
        here = "".join(letter.text[part.start : part.end].split())
        assert "".join(part.text.split()) in here, part
    return {part.head: part.text for part in found}


def test_a_complaint_says_who_whom_when_and_where():
    assert _found(COMPLAINT, Category.COMPLAINT, "general_complaint") == {
        Head.COMPLAINANT: "นางสาวปาริชาต ทองสมมุติ",
        Head.COMPLAINED_OF: "โรงเรียนบ้านสมมุติวิทยา",
        Head.WHEN: "๑๕ กรกฎาคม ๒๕๖๙",
        Head.WHERE: "อำเภอตัวอย่าง จังหวัดลพบุรี",
    }


def test_a_court_paper_says_court_case_and_parties():
    assert _found(COURT, Category.COMPLAINT, "court_summons") == {
        Head.COURT: "ศาลปกครองตัวอย่าง",
        Head.CASE_NUMBER: "ดำที่ บ ๙๙/๒๕๖๙",
        Head.PLAINTIFF: "นายสมมุติ นามแฝง",
        Head.DEFENDANT: "สำนักงานสมมุติ ที่ ๑ รัฐมนตรีว่าการกระทรวงศึกษาธิการ ที่ ๒",
    }


def test_a_question_says_asker_kind_number_sitting_and_unit():
    assert _found(QUESTION, Category.PARLIAMENTARY, "question") == {
        Head.ASKER: "นางสาวสมมุติ เล่าเรื่อง",
        Head.KIND: "กระทู้ถามทั่วไป",
        Head.NUMBER: "๙๑๒ ร.",
        Head.SITTING: "ครั้งที่ ๗ (สมัยสามัญประจำปีครั้งที่สอง)",
        Head.SUPPLIER: "สำนักงานคณะกรรมการสมมุติ",
    }


def test_a_meeting_says_body_place_agenda_and_who_must_go():
    assert _found(MEETING, Category.PARLIAMENTARY, "meeting") == {
        Head.BODY: "คณะกรรมาธิการการสมมุติ สภาผู้แทนราษฎร",
        Head.WHERE: "ห้องประชุม ๔๐๑ อาคารตัวอย่าง",
        Head.AGENDA: "ห้องสมุดของโรงเรียนขนาดเล็ก",
        Head.ATTENDING: "ท่านหรือผู้แทน",
    }


def test_a_media_request_says_outlet_format_and_day():
    assert _found(MEDIA, Category.PUBLIC_RELATIONS, "media_request") == {
        Head.OUTLET: 'รายการ "เช้านี้สมมุติ"',
        Head.FORMAT: "สัมภาษณ์พิเศษ",
        Head.DAY: "๕ มีนาคม ๒๕๖๙",
    }


@pytest.mark.parametrize(
    "text",
    [
        "ทนายความ มีหนังสือ ร้องเรียน",
        "ร้องเรียนของนายกรัฐมนตรี ฝากมา",
        "โรงเรียนได้เรียกเก็บเงิน",
        "จังหวัดแจ้งว่าไม่ทราบ",
        "โรงเรียนแห่งหนึ่งเรียกเก็บเงิน",
    ],
)
def test_what_is_no_name_is_not_taken_for_one(text):
    assert _found(f"เรียน  รัฐมนตรี\n\n{text}", Category.COMPLAINT, "general_complaint") == {}


def test_the_complainant_is_the_signer_only_where_no_agency_writes():
    signed = LetterFields(signer=field("นายสมมุติ นามแฝง"))
    body = "เรียน  รัฐมนตรี\n\nขอให้ตรวจสอบด้วย\n\nนายสมมุติ นามแฝง"
    assert Head.COMPLAINANT in _found(body, Category.COMPLAINT, "general_complaint", signed)
    sent_on = signed.model_copy(update={"agency": field("สำนักงานตัวอย่าง")})
    assert Head.COMPLAINANT not in _found(body, Category.COMPLAINT, "general_complaint", sent_on)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ด้วยโรงเรียนสมมุติขอเชิญท่าน", "โรงเรียนสมมุติขอเชิญท่าน"),
        ("ด้วยเหตุนี้จึงขอให้ตรวจสอบ", "ด้วยเหตุนี้จึงขอให้ตรวจสอบ"),
        ("จึงเรียนมาเพื่อโปรดแจ้งผลภายในวันที่ ๑๔ จะขอบคุณยิ่ง", "โปรดแจ้งผลภายในวันที่ ๑๔"),
        ("อยากให้ช่วยตรวจสอบโรงเรียนด้วยค่ะ", "อยากให้ช่วยตรวจสอบโรงเรียนด้วย"),
        (
            "ขอส่งรายงานห้องสมุด ๓ แห่ง รายละเอียดตามสิ่งที่ส่งมาด้วย ๑",
            "ขอส่งรายงานห้องสมุด ๓ แห่ง",
        ),
        (
            "The Embassy presents its compliments to the Ministry and has the honour to"
            " invite it to a forum.",
            "The Embassy … invite it to a forum.",
        ),
    ],
)
def test_only_formulas_are_left_out(text, left):
    assert without_formulas(text) == left


@given(st.text(alphabet="กขคงจฉชดตถทธนบปผพมยรลวสหอะาิีุูเแโไ่้์ 0123456789๐๑๒", max_size=120))
def test_nothing_is_added_and_figures_stay(text):
    shorter = without_formulas(text)
    assert len(shorter) <= len(text) and ("…" in text or "…" not in shorter)
    digits = [c for c in text if c.isdigit()]
    assert [c for c in shorter if c.isdigit()] == digits or "ตาม" in text


def test_the_letters_own_date_is_no_fact_but_another_is():
    assert is_formula("Bangkok, 30 November 2026", "2026-11-30")
    assert not is_formula("วันพุธที่ ๙ กันยายน ๒๕๖๙", "2026-09-03")


def test_a_long_letter_is_cut_to_its_share_and_page():
    point = "\tโรงเรียนสมมุติแห่งที่ {0} อำเภอตัวอย่าง ขอรับเงินอุดหนุน {0},๐๐๐ บาท ภายในวันที่ {0} มีนาคม ๒๕๖๙\n\n"
    text = "เรียน  รัฐมนตรี\n\n" + "".join(point.format(n) for n in range(1, 29))
    summary = summarise(extraction(text))
    assert sum(solid_length(p.text) for p in summary.points) <= length_limit(text) <= 1500


def test_what_is_asked_stands_under_its_label():
    told = next(
        s.text for s in draft_memo(complaint_request()).sections if s.label == "สรุปประเด็นสำคัญ"
    )
    assert "สิ่งที่ขอ: " in told and told.index("ร้องเรียนว่า") < told.index("สิ่งที่ขอ: ")


@pytest.mark.parametrize(
    "draft",
    ["กรมตัวอย่างใหม่ แจ้งมา", "นายอื่นใด ไปแล้ว", 'เขากล่าวว่า "ให้จ่ายเงินวันนี้"', "Ministry of Magic"],
)
def test_agencies_names_and_quotations_must_be_the_letters(draft):
    sources = gather_sources(['นายสมมุติ แจ้งว่า "ให้มาวันนี้" ที่กรมตัวอย่าง Ministry of Examples'])
    with pytest.raises(UnfaithfulDraft):
        check_faithful(draft, sources)
    check_faithful('กรมตัวอย่าง Ministry of Examples นายสมมุติ "ให้มา … วันนี้"', sources)


def test_a_doubtful_value_carries_a_comment_in_the_document():
    fields = complaint_fields().model_copy(
        update={"document_number": field("รท ๐๑๐๕/๗๗๑", check="yes")}
    )
    request = complaint_request(extraction=extraction(COMPLAINT, fields=fields))
    made = draft_memo(request).docx
    sheet = Document(BytesIO(made))
    comment, law = sheet.comments
    assert comment.text == request.wording.phrases.check
    assert law.text in request.wording.phrases.unverified
    run = next(r for r in comment._comment_elm.iter(qn("w:r")) if r.find(qn("w:t")) is not None)
    assert run.find(qn("w:rPr")).find(qn("w:rFonts")).get(qn("w:cs")) == "TH SarabunPSK"
    start = sheet.element.body.find(".//" + qn("w:commentRangeStart"))
    marked = "".join(t.text for t in start.getparent().iter(qn("w:t")))
    assert "⟦รท ๐๑๐๕/๗๗๑⟧" in marked
    parts = [
        {n: z.read(n) for n in z.namelist()}
        for z in (zipfile.ZipFile(BytesIO(b)) for b in (made, draft_memo(request).docx))
    ]
    assert parts[0] == parts[1], "the same letter gives the same memo"


def test_a_sure_letter_carries_none():
    sure = WORDING.model_copy(
        update={"legal": tuple(p.model_copy(update={"verified": "x"}) for p in WORDING.legal)}
    )
    made = draft_memo(complaint_request(wording=sure))
    assert not list(Document(BytesIO(made.docx)).comments)
