"""Single readers: numbers, amounts, hostile text, and the shared samples."""

from __future__ import annotations

import json
from email.utils import parseaddr
from pathlib import Path

import fields_letters as letters
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from correspondence.national_ids import masked_national_ids
from correspondence.thai_dates import parse_date
from correspondence.thai_digits import fold_digits, thai_digits
from extractors.fields import MailHead, read_fields
from extractors.fields.document_number import find_letter_number, is_circular, tidy

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not here")


@pytest.mark.parametrize(
    "number",
    [
        "กค 0402.5/ว 138", "ศธ 0237/2121", "นร 0503/ว 125", "สธ 0202.3.7/ว79", "นร 0403(กน)/9047",
        "0010.163/3656", "12/2555", "สว (กมธ 2) 0010/916", "ศธ 0208/ล 63", "สผ 0014/ร 5180",
        "สคณ. 062/2569", "ตช 0030(ลป).(11)/220",
    ],
)  # fmt: skip
def test_letter_numbers_of_every_pattern(number: str) -> None:
    assert find_letter_number(f"ที่ {thai_digits(number)} ลงวันที่ ๑ มกราคม ๒๕๖๙") == number
    text = f"ที่ {number}\nเรื่อง  ทดลอง\nเรียน  หัวหน้าสำนักงานรัฐมนตรี\nด้วยทดลองระบบ"
    assert read_fields(letters.pages(text)).fields.document_number.value == number


def test_a_circular_is_told_by_its_number() -> None:
    assert is_circular("กค 0402.5/ว 138") and is_circular("สธ 0202.3.7/ว79")
    assert not is_circular("ศธ 0237/2121") and not is_circular(None)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("เก็บ ๘๐,๐๐๐ บาท", ["80000"]), ("๓,๒๐๐ ล้านบาท", ["3200000000"]),
        ("1.5 ล้านบาท", ["1500000"]),
        ("2,400.50 บาท และ 2,400.50 บาท", ["2400.5"]), ("42,000 baht", ["42000"]),
        ("THB 1,000", ["1000"]), ("ร้อยละ ๓๐ ของ ๕ คน", []),
    ],
)  # fmt: skip
def test_amounts_of_baht(text: str, amounts: list[str]) -> None:
    fields = read_fields(letters.pages(f"เรียน ท่านรัฐมนตรี\n{text}")).fields
    assert [item.value for item in fields.amounts] == amounts


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("RE: FW: ขอข้อมูล", "ขอข้อมูล"), ("Fwd: Re: [EXTERNAL] Visit", "[EXTERNAL] Visit"),
        ("[ด่วนที่สุด] RE: ขอข้อมูล", "ขอข้อมูล"), ("ตอบกลับ: ขอข้อมูล", "ขอข้อมูล"), ("RE:", None),
    ],
)  # fmt: skip
def test_mail_subjects_lose_prefixes_and_urgency_tags_only(
    subject: str, expected: str | None
) -> None:
    fields = read_fields(letters.pages("สวัสดีครับ"), mail=letters.mail(subject)).fields
    assert fields.subject.value == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*letters.EXTERNAL, "\n", " ", "(", "/", "๑", "ที่ "]), max_size=400))
def test_torn_letters_never_fail_and_always_carry_marks(pieces: list[str]) -> None:
    for head in (None, letters.mail("เรื่อง", "ก ข", "a@b.example")):
        fields = read_fields(letters.pages("".join(pieces)), mail=head).fields
        assert fields.urgency.value and fields.secrecy.value


@pytest.mark.parametrize(
    "hostile",
    ["0 " * 60_000, "ที่ " * 40_000, "(" * 100_000, "ก" * 200_000, "1/1/" * 50_000, "a@" * 80_000,
     "ภายใน " * 40_000, "\n" * 200_000, "เรื่อง ก\n" * 20_000, "โทร. " * 40_000,
     ("ภายใน 1 " * 450 + "\n") * 2_900, ("จึงเรียนมาเพื่อ " * 200 + "\n") * 2_900,
     ("0 2 " * 900 + "\n") * 2_900, ("A a " * 900 + "\n") * 2_900, ("(ก " * 20 + "\n") * 2_900],
    ids=range(15),
)  # fmt: skip
@pytest.mark.timeout(150)
def test_hostile_text_of_millions_of_characters_comes_to_an_end(hostile: str) -> None:
    # What is quadratic in its length would take hours; the limit is that alone, not a measure.
    assert read_fields(letters.pages(hostile), mail=letters.mail("ก")).kind
    assert len(masked_national_ids(hostile)) == len(hostile)


@needs_shared
@pytest.mark.shared
def test_real_citations_parse() -> None:
    lines = (SHARED / "corpus" / "letter_refs.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    right = 0
    for row in rows:
        wanted = tidy(fold_digits(f"{row['agency_code'] or ''} {row['number']}"))
        found = find_letter_number(row["ref"]) or ""
        dated = not row["date"] or parse_date(row["ref"]) is not None
        right += found.replace(" ", "") == wanted.replace(" ", "") and dated
    assert right / len(rows) >= 0.98


@needs_shared
@pytest.mark.shared
def test_shared_letters_reach_the_aim() -> None:
    names = ("document_number", "document_date", "urgency", "contact_email", "meeting_at")
    lines = (SHARED / "letters" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    right = total = 0
    for letter in map(json.loads, lines):
        source = letter.get("email") or {}
        name, address = parseaddr(source.get("from") or "")
        head = MailHead(subject=source.get("subject"), sender_name=name, sender_address=address)
        fields = read_fields(letters.pages(letter["text"]), mail=head if source else None).fields
        for field in names:
            gold = letter["fields"].get(field)
            got = getattr(fields, field).value
            total += 1
            right += fold_digits(gold or "").replace(" ", "") == (got or "").replace(" ", "")
    assert right / total >= 0.93


def test_a_decree_has_the_day_it_was_given_not_the_day_of_the_gazette() -> None:
    text = (
        "เล่ม ๑๔๓ ตอนที่ ๘ ก   ราชกิจจานุเบกษา   ๒๐ มีนาคม ๒๕๖๙\n"
        "พระราชกฤษฎีกา\nจัดตั้งสำนักงานตัวอย่าง\nพ.ศ. ๒๕๖๙\n"
        "ให้ไว้ ณ วันที่ 17 มีนาคม พ.ศ. ๒๕๖9\n"
        "โดยที่เป็นการสมควรจัดตั้งสำนักงานตัวอย่าง จึงทรงพระกรุณาโปรดเกล้าฯ ให้ตราขึ้นไว้"
    )
    assert read_fields(letters.pages(text)).fields.document_date.value == "2026-03-17"
