"""Redaction: what tells who complains goes, what happened stays."""

from __future__ import annotations

import pytest
from drafting_letters import COMPLAINT, complaint_fields, extraction, field
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from correspondence.reading import Box, LetterFields, PageText, TextPiece
from correspondence.vocabulary import LetterKind, ReadMethod
from drafting.redaction import black_out, complainant_names
from drafting.redaction.copies import UNCONFIRMED, copy_docx, copy_text
from drafting.redaction.pictures import bind, cover_page, digest_of, mark_page, paint


def _names(
    text: str, kind: LetterKind = LetterKind.CITIZEN_LETTER, **fields: str
) -> tuple[str, ...]:
    values = LetterFields.model_validate({name: field(value) for name, value in fields.items()})
    read = extraction(text, fields=values).model_copy(update={"kind": kind})
    return complainant_names(read)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ข้าพเจ้า นายเกริกฤทธิ์ สมมุติวงศ์ ขอร้องเรียน", "เกริกฤทธิ์ สมมุติวงศ์"),
        ("ดิฉันชื่อ มาลัยพร ตัวอย่างดี อยู่ในพื้นที่", "มาลัยพร ตัวอย่างดี"),
        ("ด้วยนางสาวปาริชาต ทองสมมุติ ได้ร้องเรียนว่า", "ปาริชาต ทองสมมุติ"),
        ("ได้รับเรื่องร้องเรียนจากนายเกริกฤทธิ์ สมมุติวงศ์ ว่า", "เกริกฤทธิ์ สมมุติวงศ์"),
        ("ตามที่นายกำพล สมมุติเผื่อน ประธานชมรมผู้ปกครอง ได้มีหนังสือแจ้งว่า", "กำพล สมมุติเผื่อน"),
        ("ชื่อ-สกุล: นางมาลัยพร ตัวอย่างดี\nเรื่อง: ขอความเป็นธรรม", "มาลัยพร ตัวอย่างดี"),
        ("ขอแสดงความนับถือ\n\n(นางมาลัยพร ตัวอย่างดี)", "มาลัยพร ตัวอย่างดี"),
        ("My name is Edwina Sample-Person and I write", "Edwina Sample-Person"),
        ("ลูกของผม ด.ช.ธนกร สมมุติวงศ์ ถูกตี", "ธนกร สมมุติวงศ์"),
    ],
)
def test_the_complainant_is_found_by_how_letters_name_them(text: str, name: str) -> None:
    names = _names(text)
    assert name in names
    blacked = black_out(text + " " + name, names).text
    assert all(part not in blacked for part in name.split())


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("แม่อ้วนขายข้าวแกงหน้าโรงเรียน", "อ้วน"),
        ("ฝนกลับมาถึงบ้านก็ร้องไห้", "ฝน"),
        ("พวกหนูมี ฟ้า ฝน กับดำ โดนตัดคะแนนทุกคน", "ฟ้า"),
        ("ผมกับดำเห็นครูรับเงิน แล้วดำถ่ายคลิปไว้", "ดำ"),
        ("ผมเช่าห้องอยู่ชั้นสองตึกสีเหลืองหลังตลาดเทศบาล", "ตลาด"),
        ("กระผมสังกัดกองพันทหารช่างที่สี่ ออกสนามบ่อย", "ทหารช่าง"),
        ("ผมเป็นผู้ใหญ่บ้านหนองบัว ลูกบ้านมาร้องทุกข์", "หนองบัว"),
        ("ขอให้ตรวจสอบ ขอบคุณค่ะ ส้ม ร้านชำปากซอย", "ส้ม"),
    ],
)
def test_a_plain_word_that_calls_somebody_or_tells_where_they_live_goes(
    text: str, secret: str
) -> None:
    assert secret not in black_out(text, _names(text)).text


@pytest.mark.parametrize(
    "fact",
    ["ไก่ไม่สุก", "ปลาเค็มกับข้าวสวย", "น้ำไม่ไหลมาสามวัน", "สนามอยู่หลังอาคารเรียน"],
)
def test_a_plain_word_that_calls_nobody_stays(fact: str) -> None:
    text = f"น้อย ทำความสะอาดที่โรงเรียน ขอแจ้งว่า {fact} ทุกวัน"
    assert fact in black_out(text, _names(text)).text


def test_the_official_who_signs_and_the_accused_stay() -> None:
    text = (
        "ด้วยนางสาวปาริชาต ทองสมมุติ ได้ร้องเรียนว่า นายสมหมาย ครูตัวอย่าง ครูโรงเรียนบ้านสมมุติ เก็บเงิน\n"
        "ขอแสดงความนับถือ\n(นายเอกอุดม นามสมมุติ)"
    )
    names = _names(text, LetterKind.INTERNAL_MEMO, signer="นายเอกอุดม นามสมมุติ")
    assert names == ("ปาริชาต ทองสมมุติ",)
    assert "นายสมหมาย ครูตัวอย่าง" in black_out(text, names).text


@pytest.mark.parametrize(
    "secret",
    [
        "081-555-0193", "๐๘๑-๕๕๕-๐๑๙๓", "02 555 0147 ต่อ 12", "+66 62 555 0187", "0 2555 0147",
        "parichat.t@example.com", "parichat.t@exam-\nple.com", "LINE ID: pari_chat99",
        "https://www.facebook.com/parichat", "๓ ๑๐๐๕ ๐๐๑๒๓ ๔๕ ๑", "x-xxxx-xxxxx-12-3",
        "1234567890123", "3-1005-00123-\n45-1", "99/12 หมู่ 3 ต.บางสมมุติ อ.เมือง จ.ลพบุรี 15000",
        "บ้านเลขที่ ๔๐๒/๗ ถนนตัวอย่าง", "อาศัยอยู่ที่ ตำบลบางสมมุติ อำเภอเมือง จังหวัดลพบุรี",
    ],
)  # fmt: skip
def test_numbers_and_addresses_go_wherever_they_stand(secret: str) -> None:
    blacked = black_out(f"ติดต่อ {secret} ได้ทุกวัน", ()).text
    kept = [word for word in secret.split() if len(word) > 3 and word in blacked]
    assert kept in ([], ["LINE"], ["อาศัยอยู่ที่"])
    assert blacked.startswith("ติดต่อ ") and "███" in blacked


@pytest.mark.parametrize(
    "fact",
    [
        "คนละ ๖๕๐ บาท", "เมื่อวันที่ ๑๕ กรกฎาคม ๒๕๖๙", "โรงเรียนบ้านสมมุติวิทยา อำเภอตัวอย่าง จังหวัดลพบุรี",
        "ที่ ศธ ๐๒๓๗.๓/๒๑๒๑", "ภายใน ๓๐ วัน", "เลขทะเบียนรับ ๑๒๓/๒๕๖๙", "ระหว่างวันที่ ๒ - ๔ ต.ค. ๒๕๖๙",
        "วงเงิน 1,250,000.00 บาท", "ชั้นมัธยมศึกษาปีที่ ๓", "สพป. เขต ๓ จังหวัดนครปฐม",
    ],
)  # fmt: skip
def test_facts_of_the_matter_stay(fact: str) -> None:
    assert black_out(f"ปรากฏว่า {fact} ตามที่แจ้ง", ("ปาริชาต ทองสมมุติ",)).spans == ()


def test_a_name_torn_by_a_line_end_or_without_its_marks_goes() -> None:
    names = ("ปาริชาต ทองสมมุติ", "เกริก ก้องเกียรติ")
    blacked = black_out("นางสาวปาริ\nชาต ทองสม มุติ กับ เกริก กองเกียรติ", names).text
    assert not any(part in blacked for part in ("ปาริ", "ชาต", "ทองสม", "กองเกีย"))


# Without a deadline: the first short name loads a dictionary.
@settings(deadline=None)
@given(
    st.text(alphabet="กขคงมนรสอาเแ่้ ๐๑๒0123456789-./@x\n", max_size=200),
    st.lists(st.text(alphabet="กขคงมนรสอา", min_size=1, max_size=8), max_size=3),
)
def test_a_second_look_finds_nothing_and_spans_lie_in_order(text: str, names: list[str]) -> None:
    blacked = black_out(text, names)
    position = 0
    for span in blacked.spans:
        assert position <= span.start < span.end <= len(text)
        position = span.end
    for name in names:
        if len(name) >= 4:
            assert name not in blacked.text


def test_the_copy_is_new_and_holds_the_black_text_only() -> None:
    read = extraction(COMPLAINT, fields=complaint_fields())
    copy = copy_text(read, complainant_names(read))
    whole = copy_docx(copy, "123/2569")
    text = "\n".join(copy.lines)
    assert "ปาริชาต" not in text and "๖๕๐ บาท" in text and "███" in text
    assert whole.startswith(b"PK") and sum(copy.counts.values()) >= 2


LINE = "นางสาวปาริชาต ทองสมมุติ แจ้งว่า"
OTHER = "โรงเรียนเก็บเงิน"


def _page(text: str, *pieces: TextPiece, quality: float = 1.0) -> PageText:
    return PageText(
        number=1, text=text, method=ReadMethod.TEXT_LAYER, quality=quality, pieces=pieces
    )


def _piece(begin: int, end: int, top: float) -> TextPiece:
    box = Box(left=0.1, top=top, right=0.9, bottom=top + 0.02)
    return TextPiece(begin=begin, end=end, box=box)


def test_a_line_with_a_name_is_black_and_the_next_is_not() -> None:
    text = f"{LINE}\n{OTHER}"
    page = _page(text, _piece(0, len(LINE), 0.2), _piece(len(LINE) + 1, len(text), 0.3))
    cover = cover_page(page, ("ปาริชาต ทองสมมุติ",))
    image = paint(Image.new("RGB", (600, 800), "white"), cover)
    assert not cover.withheld and len(cover.boxes) == 1
    assert image.getpixel((300, 168)) == (0, 0, 0)
    assert image.getpixel((300, 248)) == (255, 255, 255)
    assert b"/Font" not in bind([image])


@pytest.mark.parametrize(
    "page",
    [
        _page(LINE),
        _page(LINE, _piece(0, 5, 0.2)),
        _page(LINE, _piece(0, len(LINE), 0.2), quality=0.2),
        _page("Thai National ID Card", _piece(0, 21, 0.2)),
    ],
)
def test_a_page_whose_hidden_words_have_no_place_is_withheld(page: PageText) -> None:
    cover = cover_page(page, ("ปาริชาต ทองสมมุติ",))
    assert cover.withheld
    image = paint(Image.new("RGB", (60, 80), "white"), cover)
    assert image.getcolors() == [(60 * 80, (0, 0, 0))]


def test_the_pen_above_a_signed_name_is_black_too() -> None:
    text = "(นางสาวปาริชาต ทองสมมุติ)"
    cover = cover_page(_page(text, _piece(0, len(text), 0.5)), ("ปาริชาต ทองสมมุติ",))
    assert min(box.top for box in cover.boxes) < 0.46


def test_a_marked_page_says_that_nobody_has_confirmed_it_and_a_digest_tells_pages_apart() -> None:
    page = Image.new("RGB", (400, 500), "white")
    spotted = page.copy()
    spotted.putpixel((9, 9), (0, 0, 0))
    marked = mark_page(page, UNCONFIRMED)
    strip = marked.crop((0, 0, 400, marked.height - page.height))
    assert marked.crop((0, strip.height, 400, marked.height)).tobytes() == page.tobytes()
    assert len(strip.getcolors(1 << 20) or ()) > 2
    assert digest_of([page]) != digest_of([spotted]) and digest_of([]) == ""
    copy = copy_text(extraction(COMPLAINT), ())
    assert copy.fingerprint(digest_of([page])) != copy.fingerprint(digest_of([spotted]))
