"""What recognition does to letters, undone by the field readers, and never believed blindly."""

from __future__ import annotations

import re
import time

import fields_letters as letters
import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondence.reading import Box, LetterFields, PageText, TextPiece
from correspondence.vocabulary import ReadMethod
from extractors.fields import read_fields
from extractors.fields.agency_codes import code_of, is_code_of
from extractors.fields.labels import Label, label_of, misread
from extractors.fields.letter_lines import Letter, build_letter
from extractors.fields.line_breaks import append_line, is_broken, join_lines
from extractors.fields.listed import read_references
from extractors.fields.scan_lines import is_stray, mend_months

HEAD = "{number}\nกรมทะเลสาบสมมุติ กระทรวงมหาดไทย\n๖ สิงหาคม ๒๕๖๙\nเรื่อง ทดลอง\nเรียน ท่านรัฐมนตรี\n{rest}"


def scanned(number: str = "", rest: str = "") -> LetterFields:
    text = HEAD.format(number=number, rest=rest)
    return read_fields(letters.pages(text, method=ReadMethod.OCR)).fields


@pytest.mark.parametrize(
    "read",
    [
        "ที มท ๐๙๑๒.๓/๔๔๑๘", "ท มท ๐๙๑๒.๓/๔๔๑๘", "ทิมท ๐๙๑๒.๓/๔๔๑๘", "ที่ ม ท ๐๙๑๒.๓/๔๔๑๘",
        "fi มท ๐๙๑๒.๓/๔๔๑๘", "N UN ๐๙๑๒.๓/๔๔๑๘", "NUN ๐๙๑๒.๓/๔๔๑๘", "ที่ AB ๐๙๑๒.๓/๔๔๑๘",
    ],
)  # fmt: skip
def test_a_number_is_found_though_its_label_or_letters_are_torn(read: str) -> None:
    number = scanned(read).document_number
    assert (number.value, number.needs_check) == ("มท 0912.3/4418", True)


@pytest.mark.parametrize("read", ["ที่ มท ๐๙๑๒/) ๘๘", "ที่ มท ๐๙๑๒1ว ๘๘", "ที่ มท ๐๙๑๒/ว๘๘"])
def test_a_circular_keeps_its_letter(read: str) -> None:
    assert (scanned(read).document_number.value or "").replace(" ", "") == "มท0912/ว88"


def test_letters_of_another_agency_stand_as_they_were_read() -> None:
    assert scanned("ที่ กษ ๐๙๑๒/๘๘").document_number.value == "กษ 0912/88"


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("สำนักงานเลขาธิการ\nสภาผู้แทนราษฎร", "สผ"), ("ศาลากลางจังหวัดสมุทรสาคร", "สค"),
        ("กรมใดไม่รู้", None), ("สำนักงาน ก.พ.", "นร"),
    ],
)  # fmt: skip
def test_an_agency_tells_the_letters_of_its_numbers(head: str, code: str | None) -> None:
    assert code_of(head) == code


def test_letters_alike_may_be_the_agency_s_and_others_not() -> None:
    assert is_code_of("ศร", "ศธ") and is_code_of("AB", "ศธ") and is_code_of("ร", "สร")
    assert not is_code_of("กษ", "มท")


@pytest.mark.parametrize(
    ("line", "phone"),
    [
        ("โทร. ๐ ๒๒๐๓ ๕๐๐๐ Ad ๑๔๓๒", "0 2203 5000 ต่อ 1432"),
        ("โทร. ๐ ๒๒๐๓ ๕๐๐๐ตื้อ ๑๔๓๒ - ๕", "0 2203 5000 ต่อ 1432 - 5"),
        ("โทร. ๐ ๒๒๐๓ ๕๐๐๐ ตีื่อ ๑๔๓๒", "0 2203 5000 ต่อ 1432"),
        ("โทร ๐ ๒๒๐๓ ๕๐๐๐ต่อ ๑๔๓๒", "0 2203 5000 ต่อ 1432"),
        ("Tel. 66 2 555 0187", "+66 2 555 0187"),
        ("โทรศัพท์ ๐ ๒๒๐๓ ๕๐๐๐ (นางสาวเมฆ) ๑๒", "0 2203 5000"),
        ("info@sample.example/02 555 0154", "02 555 0154"),
        ("มือถือ ๐๘ ๑๒๓๔ ๕๖๗๘", "08 1234 5678"),
        ("โทรสาร ๐ ๒๒๐๓ ๕๐๐๐", None),
    ],
)
def test_telephones_as_recognised(line: str, phone: str | None) -> None:
    rest = f"ขอข้อมูล\nขอแสดงความนับถือ\n(นายลม ทะเล)\n{line}"
    assert scanned(rest=rest).contact_phone.value == phone


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("E-mail: pier @ lamnam . go . th", "pier@lamnam.go.th"),
        ("E-mail: pier@lamnam,go.th", "pier@lamnam.go.th"),
        ("อีเมล pier@lamnamgoth", "pier@lamnam.go.th"),
        ("ไปรษณีย์อิเล็กทรอนิกส์ พhip@lamnam.go.th", "whip@lamnam.go.th"),
        ("ไปรษณีย์อิเล็กทรอนิกส์ |egal@so¢.g.th", "legal@soc.go.th"),
        ("E-mail: h๐me@lamnam.go.th", "home@lamnam.go.th"),
    ],
)
def test_a_mended_address_is_to_be_checked(line: str, address: str) -> None:
    rest = f"ขอข้อมูล\nขอแสดงความนับถือ\n(นายลม ทะเล)\n{line}"
    found = scanned(rest=rest).contact_email
    assert (found.value, found.needs_check) == (address, True)


def test_a_whole_address_of_a_scan_is_left_alone() -> None:
    rest = "ขอข้อมูล\nขอแสดงความนับถือ\n(นายลม ทะเล)\nไปรษณีย์อิเล็กทรอนิกส์pier@lamnam.go.th"
    found = scanned(rest=rest).contact_email
    assert (found.value, found.needs_check) == ("pier@lamnam.go.th", False)


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("เรือง ก", Label.SUBJECT), ("เรยน ก", Label.ADDRESSEE), ("เรียบ ก", Label.ADDRESSEE),
        ("อางถึง หนังสือ", Label.REFERENCE), ("สิงทีสงมาดวย ก", Label.ENCLOSURE),
        ("สิ่งทิส่งมาด้วย ๑. ก", Label.ENCLOSURE), ("สวนราชการ กอง", Label.OFFICE),
        ("เรื่องขอความอนุเคราะห์", Label.SUBJECT), ("เรียนรัฐมนตรี", Label.ADDRESSEE),
        ("เรื่องนี้ผมเสียใจ", None), ("เรียนรู้ร่วมกัน", None), ("ถึงแม้ว่า", None),
    ],
)  # fmt: skip
def test_labels_hold_though_marks_are_lost(line: str, label: Label | None) -> None:
    assert label_of(line) is label


@given(st.text("กขคงเแโใไาิีึืุู่้๊๋์ัำ", max_size=30))
def test_every_word_matches_its_own_pattern_without_its_marks(word: str) -> None:
    assert re.fullmatch(misread("สิ่งที่ส่งมาด้วย", letters_too=True), "สงทสงมาดวย")
    bare = re.sub("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]", "", word)
    assert re.fullmatch(misread(word), bare)


def test_stray_specks_are_no_line_and_short_lines_are() -> None:
    assert is_stray("I a   A i   Lv   a   ' LY") and is_stray("๘, y")
    assert not any(is_stray(row) for row in ("ชุด", "๒๕๖๙", "น.", "โทร. ๑๒", "(นายก ขาว)", "ก ข กา"))


@pytest.mark.parametrize(
    ("read", "mended"),
    [
        ("13 สิ่ง หาคม 2567", "13 สิงหาคม 2567"),
        ("๑๔ พฤศจี กายน ๒๕๖๘", "๑๔ พฤศจิกายน ๒๕๖๘"),
        ("วนท ๑ มถุนายน", "วนท ๑ มิถุนายน"),
        ("๘ มิถุนาย ๒๕๖๙", "๘ มิถุนายน ๒๕๖๙"),
        ("๕ คน ประชุม ๒๕๖๙", "๕ คน ประชุม ๒๕๖๙"),
    ],
)
def test_months_torn_by_a_scan_are_mended(read: str, mended: str) -> None:
    assert mend_months(read) == mended


def test_full_lines_join_without_a_blank_and_others_with_one() -> None:
    assert join_lines(["รายงานผลการบุกรุกที่ดินของ", "โรงเรียน"]) == "รายงานผลการบุกรุกที่ดินของโรงเรียน"
    assert join_lines(["ลงวันที่ ๗", "กรกฎาคม ๒๕๖๙"]) == "ลงวันที่ ๗ กรกฎาคม ๒๕๖๙"
    assert join_lines(["แบบรายงาน", "จำนวน ๒ ชุด"]) == "แบบรายงาน จำนวน ๒ ชุด"
    assert join_lines(["Exchange of", "laboratory staff"]) == "Exchange of laboratory staff"
    assert append_line("รองอธิบดี", "ปฏิบัติราชการแทน", broken=False) == "รองอธิบดี ปฏิบัติราชการแทน"


def test_a_wrapped_subject_has_no_blank_within_a_word() -> None:
    text = (
        "ที่ มท ๐๙๑๒/๑\nกรมทดลองการอ่านหนังสือราชการ\n๖ สิงหาคม ๒๕๖๙\n"
        "เรื่อง ขอความร่วมมือสำรวจจำนวนนักเรียนและครูในโรงเรียนที่ตั้งอยู่ริมคลองและแม่น้ำทุก\n"
        "สายเพื่อวางแผนรับมือน้ำท่วม\nเรียน ปลัดกระทรวงศึกษาธิการ\n"
    ) + "ด้วยกรมฯ ได้รับมอบหมายให้สำรวจโรงเรียนริมน้ำทั่วประเทศโดยให้แล้วเสร็จภายในปีงบประมาณนี้\n" * 6
    subject = read_fields(letters.pages(text)).fields.subject.value or ""
    assert subject.endswith("แม่น้ำทุกสายเพื่อวางแผนรับมือน้ำท่วม")


@pytest.mark.parametrize(
    ("item", "number", "day"),
    [
        ("หนังสือกรมธนาคารเวลา ที่ กค ๐๔๓๓/ว ๑๒๓ ลงวันที่ ๕ มกราคม ๒๕๖๙", "กค 0433/ว 123", "2026-01-05"),
        ("หนังสือสมาคมลมทะเล ลงวันที่ ๕ มกราคม ๒๕๖๙", None, "2026-01-05"),
        ("คำสั่งกระทรวงศึกษาธิการ ที่ ๑๒/๒๕๖๙", "12/2569", None),
        ("ระเบียบว่าด้วยการลา พ.ศ. ๒๕๕๕", None, None),
        ("บันทึกด่วนที่สุด ที่ ศธ ๐๒๐๑/๙ ลว. 7 ก.พ. 69", "ศธ 0201/9", "2026-02-07"),
    ],
)  # fmt: skip
def test_references_are_parted_into_number_and_day(
    item: str, number: str | None, day: str | None
) -> None:
    text = f"ที่ มท ๐๙๑๒/๑\nเรื่อง  ทดลอง\nเรียน  ท่านรัฐมนตรี\nอ้างถึง  {item}\n\n        ด้วยกรมฯ ขอทดลอง"
    (found,) = read_references(build_letter(letters.pages(text), None))
    assert (found.value, found.document_number, found.document_date) == (item, number, day)


def test_enclosures_over_lines_are_counted_by_their_numbers() -> None:
    text = (
        "เรื่อง ทดลอง\nเรียน ท่านรัฐมนตรี\nสิ่งที่ส่งมาด้วย ๑. สำเนาหนังสือของสมาคมผู้ปกครองนักเรียนริมคลอง จำนวน ๑\n"
        "ชุด\n๒. แผนที่โรงเรียน จำนวน ๒ แผ่น\nด้วยสมาคมฯ ขอความช่วยเหลือ"
    )
    fields = read_fields(letters.pages(text)).fields
    assert [item.value for item in fields.enclosures] == [
        "สำเนาหนังสือของสมาคมผู้ปกครองนักเรียนริมคลอง จำนวน ๑ ชุด",
        "แผนที่โรงเรียน จำนวน ๒ แผ่น",
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        "0 " * 60_000, "a@ " * 60_000, ("a@b . " * 600 + "\n") * 200,
        ("๑ ก ก ก " * 400 + "\n") * 200, ("ที ก ๐๐๐๐/ว" * 300 + "\n") * 200,
        ("สิบ" * 1000 + "\n") * 200, ("โทร ๐ ๒ ก ๑" * 300 + "\n") * 200,
        "อ้างถึง ๑. ก\n" + ("๒. ที่ ก ๑/๑ และ" * 200 + "\n") * 200,
    ],
    ids=range(8),
)  # fmt: skip
def test_a_hostile_scan_is_read_in_seconds(hostile: str) -> None:
    began = time.perf_counter()
    read_fields(letters.pages(hostile, method=ReadMethod.OCR))
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("๓,๒๐๐,๐๐๐.- บาท (สามล้านสองแสนบาทถ้วน)", [("3200000", False)]),
        ("๓,๒๐๐,๐๐๐ บาท (สามล้านสามแสนบาทถ้วน)", [("3200000", True)]),
        ("ค่าเสียหายหนึ่งล้านห้าหมื่นบาทถ้วน", [("1050000", False)]),
        ("๑.๕ ล้านบาท (หนึ่งล้านห้าแสนบาทถ้วน)", [("1500000", False)]),
        ("สองร้อยยี่สิบเอ็ดบาท", [("221", False)]),
    ],
)
def test_amounts_in_words(text: str, amounts: list[tuple[str, bool]]) -> None:
    fields = read_fields(letters.pages(f"เรียน ท่านรัฐมนตรี\n{text}")).fields
    assert [(item.value, item.needs_check) for item in fields.amounts] == amounts


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("ขอให้ส่งข้อมูลภายใน ๕ วันทำการ", "ภายใน ๕ วันทำการ"),
        ("กรุณาแจ้งผลภายใน ๗ วัน", "ภายใน ๗ วัน"),
        ("เหตุเกิดซ้ำภายใน ๗ วัน", None),
        ("ขอให้รายงานภายใน ๗ วันแรกของเดือน", None),
    ],
)
def test_a_period_without_its_first_day_is_a_phrase(text: str, phrase: str | None) -> None:
    deadline = read_fields(letters.pages(f"เรียน ท่านรัฐมนตรี\n{text}")).fields.stated_deadline
    assert (deadline.value, deadline.phrase) == (None, phrase)


def test_the_place_of_a_meeting_stands_in_its_evidence() -> None:
    text = (
        "เรียน ท่านรัฐมนตรี\nขอเชิญประชุมวันที่ ๒๑ สิงหาคม ๒๕๖๙ เวลา ๐๙.๐๐ น. ณ ห้องประชุม ๑ อาคารลม โดยพร้อมกัน"
    )
    meeting = read_fields(letters.pages(text)).fields.meeting_at
    assert meeting.value == "2026-08-21T09:00"
    assert (meeting.raw or "").endswith("ณ ห้องประชุม ๑ อาคารลม")


@pytest.mark.parametrize(
    ("line", "phone"),
    [
        ("โทร. ๐ ๒๖๒๘ ๕๖๒๐ - ๙ ต่อ ๑๒๓", "0 2628 5620 - 9 ต่อ 123"),
        ("โทรศัพท์/โทรสาร ๐ ๒๖๒๘ ๕๖๒๐", "0 2628 5620"),
        ("โทร.0-2628-5620 โทรสาร.0-2628-5621", "0-2628-5620"),
        ("โทรสาร ๐ ๒๖๒๘ ๕๖๒๑ โทรศัพท์ ๐ ๒๖๒๘ ๕๖๒๐", "0 2628 5620"),
        ("เบอร์ภายใน 5678", "5678"),
        ("โทร. ๐ - ๒๖๒๘ - ๕๖๒๐", "0 - 2628 - 5620"),
        ("Mobile: (+66) 81 234 5678", "(+66) 81 234 5678"),
    ],
)
def test_telephones_as_offices_write_them(line: str, phone: str) -> None:
    text = f"เรื่อง ทดลอง\nเรียน ท่านรัฐมนตรี\nด้วยกรมฯ ขอข้อมูล\nขอแสดงความนับถือ\n(นายลม ทะเล)\n{line}"
    assert read_fields(letters.pages(text)).fields.contact_phone.value == phone


def test_a_lost_circular_mark_leaves_the_number_to_be_checked() -> None:
    number = scanned("ที่ กษ ๐๙๑๒/ ๘๘").document_number
    assert (number.value, number.needs_check) == ("กษ 0912/88", True)


def test_a_speck_before_a_line_is_no_part_of_it() -> None:
    assert scanned("‘ที่ มท ๐๙๑๒/๘๘").document_number.value == "มท 0912/88"


def placed(rows: list[tuple[str, float, float]]) -> Letter:
    """A page whose rows stand between the edges given, one piece each."""
    text = "\n".join(row for row, _, _ in rows)
    pieces, begin = [], 0
    for number, (row, left, right) in enumerate(rows):
        box = Box(left=left, top=number / 100, right=right, bottom=(number + 1) / 100)
        pieces.append(TextPiece(begin=begin, end=begin + len(row), box=box))
        begin += len(row) + 1
    page = PageText(
        number=1, text=text, method=ReadMethod.NATIVE, quality=1.0, pieces=tuple(pieces)
    )
    return build_letter((page,), None)


def test_a_line_is_broken_where_the_next_word_would_cross_the_margin() -> None:
    full = [("ข้อความเต็มบรรทัดของหนังสือราชการ", 0.15, 0.9)] * 6
    centred = ("รักษาราชการแทน อธิบดีกรม", 0.45, 0.89)
    letter = placed([*full, centred, ("สารนิเทศ", 0.45, 0.6), ("โทร. ๑๒", 0.15, 0.3)])
    assert is_broken(letter, 6)
    assert not is_broken(letter, 7)
