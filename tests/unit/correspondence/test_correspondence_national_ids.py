"""National numbers: found however they are written, masked in place, and nothing else touched."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondence.national_ids import (
    find_national_ids,
    is_national_id,
    masked_national_ids,
)
from correspondence.thai_digits import fold_digits, thai_digits


def with_check_digit(twelve: str) -> str:
    weighted = sum(int(d) * w for d, w in zip(twelve, range(13, 1, -1), strict=True))
    return twelve + str((11 - weighted % 11) % 10)


def grouped(digits: str, gap: str) -> str:
    return gap.join((digits[0], digits[1:5], digits[5:10], digits[10:12], digits[12:]))


def bare(text: str) -> str:
    return re.sub(r"[^0-9x]", "", fold_digits(text))


VALID = st.integers(min_value=10**11, max_value=9 * 10**11 - 1).map(str).map(with_check_digit)
GAPS = st.sampled_from(["-", " ", "–", " - ", "- ", "\u00a0", ".", "  "])
DIGITS = with_check_digit("110170020345")
WRONG = DIGITS[:-1] + str((int(DIGITS[-1]) + 1) % 10)


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """A valid number and one way people and scanners write it."""
    digits = draw(VALID)
    match draw(st.sampled_from(["whole", "grouped", "mixed", "torn", "boxes", "line end"])):
        case "whole":
            written = digits
        case "grouped":
            written = grouped(digits, draw(GAPS))
        case "mixed":
            gaps = [draw(st.sampled_from(["-", " ", " - "])) for _ in range(4)]
            pieces = grouped(digits, "|").split("|")
            written = pieces[0] + "".join(a + b for a, b in zip(gaps, pieces[1:], strict=True))
        case "torn":
            place = draw(st.sampled_from([3, 4, 8, 9, 10, 11, 14]))
            dashed = grouped(digits, "-")
            written = dashed[:place] + " " + dashed[place:]
        case "boxes":
            written = " ".join(digits)
        case _:
            place = draw(st.integers(min_value=0, max_value=3))
            pieces = grouped(digits, "-").split("-")
            written = "-".join(pieces[: place + 1]) + "-\n" + "-".join(pieces[place + 1 :])
    return digits, draw(st.sampled_from([written, thai_digits(written)]))


@given(spellings(), st.sampled_from(["", "ข้าพเจ้า นายทดสอบ ", "(", "โทร. 0 2628 5555, "]))
def test_a_valid_number_is_masked_in_every_spelling(number: tuple[str, str], before: str) -> None:
    digits, written = number
    text = f"{before}{written} ขอร้องเรียน"
    masked = masked_national_ids(text)
    assert len(masked) == len(text)
    assert bare(masked).endswith("x" * 10 + digits[-3:])
    assert masked.startswith(before)
    assert [found.digits for found in find_national_ids(text)] == [digits]
    assert masked_national_ids(masked) == masked


@given(spellings(), spellings())
def test_only_digits_change_and_only_into_the_mask(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    text = f"นาย ก {one[1]}\nนาง ข {other[1]} จบ"
    masked = masked_national_ids(text)
    assert all(a == b or (b == "x" and a.isdecimal()) for a, b in zip(text, masked, strict=True))
    assert masked.count("x") == 20


@given(st.lists(st.integers(min_value=0, max_value=10**10).map(str), max_size=12))
def test_numbers_of_a_table_stay(numbers: list[str]) -> None:
    text = "\n".join(numbers)
    assert masked_national_ids(text) == text
    row = "   ".join(f"{int(number):,}.50" for number in numbers)
    assert masked_national_ids(row) == row


@pytest.mark.parametrize(
    "text",
    [
        f"บาร์โค้ด {WRONG}", f"เอกสาร {grouped(WRONG, '-')}", f"0{DIGITS}", f"{DIGITS}0",
        "โทร. 0 2628 5555 ต่อ 1234 มือถือ 081-234-5678", "บัญชี 123-4-56789-0",
        "งบ 1,101,700,203,450 บาท", "พ.ศ. 2566 2567 2568 1", "0105548012345",
        "สำเนาบัตรประชาชน จำนวน 1 ฉบับ โทร. 02 628 5555 หรือ 081 234 5678",
        "สำเนาบัตรประชาชน โทรศัพท์ 026285555 0812345678", "Meeting ID: 123 4567 8901",
        "เลขประจำตัวประชาชน ตามบัญชีแนบ 12345", "นายทดสอบ ระบบดี",
    ],
)  # fmt: skip
def test_other_numbers_and_names_stay(text: str) -> None:
    assert masked_national_ids(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"เลขประจำตัวประชาชน {grouped(WRONG, '-')}", "เลขประจำตัวประชาชน x-xxxx-xxxxx-45-1"),
        (f"บัตรประชาชนเลขที่ {thai_digits(WRONG)} ", "บัตรประชาชนเลขที่ xxxxxxxxxx๔๕๑ "),
        ("บัตรประจำตัวประชาชน 13 หลัก 11017 002 0345 1", "บัตรประจำตัวประชาชน 13 หลัก xxxxx xxx xx45 1"),
        ("เลข ๑๓ หลัก: 1101700203451", "เลข ๑๓ หลัก: xxxxxxxxxx451"),
        ("เลขประจาตัว ประชาชน 1-1017-OO2O3-45-1", "เลขประจาตัว ประชาชน x-xxxx-xxxxx-45-1"),
        ("เลขบัตรประชาชน\n1-1017-00203-45-1 อายุ 34", "เลขบัตรประชาชน\nx-xxxx-xxxxx-45-1 อายุ 34"),
        ("บัตรประชาชน 110170020345 0812345678", "บัตรประชาชน xxxxxxxxx345 0812345678"),
        ("บัตรประชาชน 1-1017-00203-45-1 12 หมู่ 3", "บัตรประชาชน x-xxxx-xxxxx-45-1 12 หมู่ 3"),
        ("National ID card No. 1101700203451", "National ID card No. xxxxxxxxxx451"),
    ],
)  # fmt: skip
def test_a_labelled_number_is_masked_with_the_errors_of_recognition(
    text: str, expected: str
) -> None:
    assert masked_national_ids(text) == expected


def test_the_first_digit_tells_a_person_from_a_company() -> None:
    assert is_national_id(DIGITS)
    assert not is_national_id(with_check_digit("010554801234"))
    assert not is_national_id(DIGITS[:-1])
    assert not is_national_id(thai_digits(WRONG))


@pytest.mark.parametrize(
    "hostile",
    ["1 " * 60_000, "1-" * 60_000, "1" * 200_000, "บัตรประชาชน " * 20_000, "บัตรประชาชน 1 " * 20_000,
     "บัตรประชาชน 1" + "1 " * 60_000, "id card " * 40_000, "1-1017 " * 30_000],
    ids=range(8),
)  # fmt: skip
def test_hostile_text_is_searched_in_seconds(hostile: str) -> None:
    began = time.perf_counter()
    masked_national_ids(hostile)
    assert time.perf_counter() - began < 20
