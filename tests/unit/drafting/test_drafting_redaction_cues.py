"""Cues of forms, foreign letters and crumbs, each by itself, and what hostile text costs."""

from __future__ import annotations

import pytest

from correspondence.reading import Extraction, PageText
from correspondence.vocabulary import LetterKind, ReadMethod, ReadOutcome
from drafting.redaction import black_out, complainant_names
from drafting.redaction.crumbs import without_crumbs
from drafting.redaction.doubtful_latin import foreign_words
from drafting.redaction.labelled_values import labelled_values
from drafting.redaction.people import is_private

LONG = 60_000


def letter(text: str, kind: LetterKind = LetterKind.CITIZEN_LETTER) -> Extraction:
    page = PageText(number=1, text=text, method=ReadMethod.NATIVE, quality=1.0)
    return Extraction(
        file="letter.txt", outcome=ReadOutcome.OK, media_type="text/plain", kind=kind, text=text,
        pages=(page,),
    )  # fmt: skip


def shown(text: str, kind: LetterKind = LetterKind.CITIZEN_LETTER) -> str:
    return black_out(text, complainant_names(letter(text, kind))).text


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("ชื่อ: สมมาตร ลองดู", ["สมมาตร ลองดู"]),
        ("ชื่อ:สมมาตร   นามสกุล:ลองดู", ["สมมาตร", "ลองดู"]),
        ("ชื่อ.....สมมาตร.....นามสกุล.....ลองดู.....", ["สมมาตร", "ลองดู"]),
        ("อำเภอ/เขต: สันทราย", ["สันทราย"]),
        ("ที่พัก          ลุมพินีเพลส ตึก D ชั้น 18", ["ลุมพินีเพลส ตึก D ชั้น 18"]),
        ("ชื่อโรงเรียน: บ้านหนองแขม", []),
        ("ที่อยู่ผู้ถูกร้อง: ศาลากลางจังหวัด", []),
    ],
)
def test_values_behind_labels_are_found_however_the_label_ends(
    line: str, values: list[str]
) -> None:
    assert [line[begin:end].strip() for begin, end, _ in labelled_values(line)] == values


def test_of_a_value_without_end_as_much_is_hidden_as_is_looked_at() -> None:
    line = "ที่อยู่: " + "ก" * 900
    ((begin, end, is_place),) = labelled_values(line)
    assert is_place and end - begin > 250


def test_a_signature_in_letters_of_a_third_script_is_hidden() -> None:
    text = "ขอบคุณค่ะ\nကျော်စိုးမိုး\nمحمد café 12\n"
    words = [text[begin:end] for begin, end in foreign_words(text)]
    assert words == ["ကျော်စိုးမိုး", "محمد"]
    assert not any(word in shown(text) for word in words)


@pytest.mark.parametrize(
    ("text", "name", "whole"),
    [
        ("เด็กชายโอ๊ต อายุ", "โอ๊", "โอ๊ต"),
        ("ไปหาครูแดง", "แดง", "แดง"),
        ("บรรทัดมา\nสมชาย", "สมชาย", "สมชาย"),
        ("ฟาติน เจ๊ะอุมา (ติน)", "ฟาติน เจ๊ะอุ", "ฟาติน เจ๊ะอุมา"),
    ],
)
def test_no_crumb_of_a_name_is_left_and_no_word_beside_it_taken(
    text: str, name: str, whole: str
) -> None:
    at = text.index(name)
    begin, end = without_crumbs(text, at, at + len(name))
    assert text[begin:end] == whole


def test_an_official_who_complains_on_a_memo_sheet_is_a_private_person() -> None:
    own = "บันทึกข้อความ\nเรื่อง ขอความเป็นธรรม\nกระผม นายสมมาตร ลองดู ขอร้องว่า\n"
    passed_on = "บันทึกข้อความ\nเรื่อง ส่งเรื่องของประชาชน\nศูนย์รับเรื่องร้องเรียนแจ้งว่า ข้าพเจ้า\n"
    assert is_private(letter(own, LetterKind.INTERNAL_MEMO))
    assert not is_private(letter(passed_on, LetterKind.INTERNAL_MEMO))


@pytest.mark.parametrize(
    "kept",
    [
        "เรียกว่า “ค่าบำรุง”",
        "ชั้นมัธยมศึกษา ปีที่ 3/2 ห้องเรียน",
        "คำสั่ง ที่ 45/2568 ลงวันที่",
        "นายแพทย์สาธารณสุขจังหวัด เชียงใหม่",
    ],
)
def test_what_is_no_name_stays_readable(kept: str) -> None:
    text = f"เรียน รัฐมนตรี\nโรงเรียนเก็บเงินที่ {kept} ทุกปี\n"
    first = kept.replace("“", " ").replace("”", " ").split()
    assert [word for word in first if word not in shown(text)] == []


def test_a_telephone_in_a_line_that_goes_as_a_whole_is_counted_as_one() -> None:
    end = "ขอแสดงความนับถือ\n(นางสมมาตร ลองดู)\nผู้ปกครอง\nโทร. ๐๘ ๑๕๕๕ ๐๑๔๒\n"
    text = f"เรียน รัฐมนตรี\nขอให้ตรวจสอบ\n{end}"
    blacked = black_out(text, complainant_names(letter(text)))
    assert blacked.counts["telephone"] == 1 and "โทร" not in blacked.text.split("\n")[-2]
    assert blacked.text.split("\n")[-2].count("███") == 1
    spans = [text[span.start : span.end] for span in blacked.spans if span.kind == "telephone"]
    assert spans == ["๐๘ ๑๕๕๕ ๐๑๔๒"]


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "text",
    [
        "ผู้เขียน" + " " * LONG, "นามสกุล" + "\n" * LONG + "ก", "สกุล" + "\u3000" * LONG,
        "ชื่อ" + "." * LONG, "ชื่อ:" * (LONG // 5), "ลูกชายคน" * (LONG // 8),
        "เรียกผม" * (LONG // 7), "เรื่อง ร้องเรียน" * (LONG // 16), "ที่อยู่\t" * (LONG // 8),
        "จ่\u200b" * (LONG // 3),
    ],
    ids=["blanks", "lines", "wide", "dots", "labels", "kin", "called", "memo", "tabs", "signs"],
)  # fmt: skip
def test_hostile_text_comes_to_an_end(text: str) -> None:
    assert isinstance(shown(text), str)
