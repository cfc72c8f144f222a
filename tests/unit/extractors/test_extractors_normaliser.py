from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.normaliser import normalise, restore_am

THAI = "".join(chr(code) for code in range(0x0E01, 0x0E5C) if not 0x0E3B <= code <= 0x0E3E)


@pytest.mark.parametrize(
    ("broken", "written"),
    [
        ("\uf700าน", "ฐาน"),
        ("ป\uf702", "ปี"),
        ("ที\uf70a", "ที่"),
        ("ป\uf710น", "ปัน"),
        ("ผ\uf719้", "ผู้"),
        ("ห\uf70fิง", "หญิง"),
        ("ท\uf886\uf88a", "ที่"),
        ("เปล\uf887ยน", "เปลึยน"),
    ],
)
def test_private_glyphs_become_letters(broken: str, written: str) -> None:
    assert normalise(broken) == written


@pytest.mark.parametrize(
    ("broken", "written"),
    [
        ("ผู ้สนใจ", "ผู้สนใจ"),
        ("เพ ื่อ", "เพื่อ"),
        ("ที\ufffe่", "ที่"),
        ("หนังส\nือ", "หนังสือ"),
    ],
)
def test_gaps_before_marks_go(broken: str, written: str) -> None:
    assert normalise(broken) == written


def test_tone_follows_vowel() -> None:
    assert normalise("ท่ี ผู้ใหญ่ นีื้") != ""
    assert normalise("ท่ี") == "ที่"
    assert normalise("ผู้") == "ผู้"


def test_a_tone_drawn_after_aa_goes_back_to_its_letter() -> None:
    assert normalise("หนา้ ๑") == "หน้า ๑"


@pytest.mark.parametrize("split", ["น้ํา", "นํ้า", "นำ้"])
def test_split_am_is_joined_behind_its_tone(split: str) -> None:
    assert normalise(split) == "น้ำ"


def test_split_am_without_tone_is_joined() -> None:
    assert normalise("สํานักงาน") == "สำนักงาน"


@pytest.mark.parametrize(
    ("broken", "written"),
    [
        ("การค านวณงบประมาณ", "การคำนวณงบประมาณ"),
        ("ส านักงานปลัดกระทรวง", "สำนักงานปลัดกระทรวง"),
        ("จึงด าเนินการ", "จึงดำเนินการ"),
    ],
)
def test_a_lost_am_is_restored(broken: str, written: str) -> None:
    assert normalise(broken) == written


def test_a_stray_gap_before_aa_is_not_taken_for_a_lost_am() -> None:
    assert normalise("สีฟ ้าและสำคัญ") == "สีฟ้าและสำคัญ"
    assert normalise("สีฟ้ า กับคำว่า ท้องฟ้า") == "สีฟ้า กับคำว่า ท้องฟ้า"


def test_a_page_without_am_decides_where_the_dictionary_does_not() -> None:
    lost = "ด าเนินการตามที่ได้น าความกราบเรียน เรื่องน ้าท่วม"
    assert normalise(lost) == "ดำเนินการตามที่ได้นำความกราบเรียน เรื่องน้ำท่วม"
    # น้า is a word too, and this page kept its ำ.
    assert "น้า" in normalise("คำสั่งถึงน ้าสาว")


def test_lao_stays_for_the_quality_to_see() -> None:
    assert normalise("ກົດ") == unicodedata.normalize("NFC", "ກົດ")


def test_am_is_never_split() -> None:
    assert normalise("ทำคำนำ") == "ทำคำนำ"
    assert unicodedata.normalize("NFKC", "ทำ") != "ทำ"


def test_invisible_characters_go_and_line_ends_are_one() -> None:
    assert normalise("เรื่อง\u200b ขอ\ufeff\r\nเรียน\rถึง\x0c") == "เรื่อง ขอ\nเรียน\nถึง"


def test_spaces_between_phrases_and_digits_stay() -> None:
    text = "ที่ ศธ ๐๒๐๑/1234   กระทรวงตัวอย่าง\n๑๗ มีนาคม ๒๕๖6"
    assert normalise(text) == text


def test_latin_text_is_left_alone() -> None:
    text = "Note Verbale No. 12/2026 – The Embassy presents its compliments"
    assert normalise(text) == text


@given(st.text(alphabet=THAI + " \n ab1", max_size=60))
def test_normalising_settles(text: str) -> None:
    once = normalise(normalise(text))
    assert normalise(once) == once


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    assert "\r" not in normalise(text)


def test_text_without_gaps_is_returned_as_it_is() -> None:
    assert restore_am("สำนักงาน") == "สำนักงาน"


def test_a_page_that_lost_all_am_takes_it_where_both_spellings_are_words() -> None:
    assert normalise("ฝ่ายจัดสรรน ้าและปรับปรุงระบบ") == "ฝ่ายจัดสรรน้ำและปรับปรุงระบบ"
    # One place where neighbours run together into a longer word does not speak for the page.
    page = "ส านักงานได้ด าเนินการก าหนดอ านาจ ผู้ลงชื่อปล่อยน ้าลงล าเหมือง"
    assert normalise(page) == "สำนักงานได้ดำเนินการกำหนดอำนาจ ผู้ลงชื่อปล่อยน้ำลงลำเหมือง"
    assert normalise("ผู้อ านวยการส านักการช่าง") == "ผู้อำนวยการสำนักการช่าง"


def test_a_stray_gap_does_not_make_a_page_that_lost_its_am() -> None:
    assert normalise("ผ้าสีฟ ้ากับท้องฟ ้า") == "ผ้าสีฟ้ากับท้องฟ้า"


def test_a_run_of_blanks_takes_no_time_to_speak_of() -> None:
    began = time.perf_counter()
    assert normalise("ก" + " " * 300_000 + "ข  \n\t\nค") == "ก" + " " * 300_000 + "ข\n\nค"
    assert time.perf_counter() - began < 5


def test_a_tone_goes_behind_every_vowel_of_its_run() -> None:
    assert normalise("ก่็ิ็") == "ก็ิ็่"
    assert normalise("ที่") == normalise("ท่ี") == "ที่"
