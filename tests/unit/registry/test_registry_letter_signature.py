"""Signatures: what stands in them, what they overlook, what they tell apart."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from registry.letter_comparison import Likeness, compare_texts
from registry.letter_signature import (
    BANDS,
    MAX_BODY,
    VALUES,
    LetterText,
    Signature,
    bare_text,
    letter_text,
    sign_text,
)

FORM = """ที่ ทส ๐๔/{number}

โรงเรียนบ้านหนองกระทุ่มวิทยา

เรื่อง  ขออนุมัติเบิกเงินค่าซ่อมหลังคา

เรียน  รัฐมนตรีว่าการกระทรวงศึกษาธิการ

	ด้วยเมื่อต้นเดือนที่ผ่านมาเกิดลมพายุพัดหลังคาอาคารเรียนหลังที่สองเสียหายทั้งแถบ นักเรียนชั้นอนุบาล
ต้องย้ายไปเรียนใต้ต้นไม้ คณะกรรมการสถานศึกษาประชุมแล้วเห็นควรซ่อมก่อนเปิดภาคเรียนหน้า
	โรงเรียนจึงขอเบิกเงินค่าซ่อมหลังคา {amount} บาท โดยให้{name} ครูผู้ช่วย เป็นผู้รับเงินและเป็นผู้ควบคุมงาน
เมื่อซ่อมเสร็จแล้วจะรายงานพร้อมภาพถ่ายและใบเสร็จรับเงินภายในสิบห้าวัน

	จึงเรียนมาเพื่อโปรดพิจารณา

ขอแสดงความนับถือ

(นางพวงผกา แสงอรุณ)
ผู้อำนวยการโรงเรียน
"""


def form(name: str = "นายธีระ คงมั่น", amount: str = "๔๕,๒๐๐", number: str = "๑๑") -> str:
    return FORM.format(name=name, amount=amount, number=number)


def blurred(text: str, *, share: float, seed: int = 1) -> str:
    """Return a text as a poor scan gives it: letters lost, doubled and taken for others."""
    chance = random.Random(seed)
    alike = {"ก": "ถ", "ด": "ต", "น": "ม", "บ": "ป", "ท": "ห", "ค": "ศ", "ร": "ธ", "่": "้", " ": ""}
    out = []
    for letter in text:
        if chance.random() < share:
            out.append(alike.get(letter, chance.choice(["", letter, letter * 2])))
        else:
            out.append(letter)
    return "".join(out)


def read(text: str) -> LetterText:
    return letter_text([text])


def scanned(text: str) -> LetterText:
    return letter_text([text], recognised=True)


def signed(text: str) -> Signature:
    signature = sign_text(read(text))
    assert signature is not None
    return signature


letters = st.text(alphabet="กขคงจชซดตถทนบปผพฟมยรลวสหอา ิี่้\n", min_size=150, max_size=900)


@given(letters)
def test_a_signature_survives_storing(text: str) -> None:
    signature = sign_text(LetterText(bare_text(text), ""))
    if signature is not None:
        stored = signature.pack()
        assert len(stored) == 4 * VALUES
        assert Signature.unpack(stored, signature.shingles) == signature
        assert len(set(signature.bands())) == BANDS
        assert all(-(2**63) <= key < 2**63 for key in signature.bands())


@given(letters, st.sampled_from(" .,-\u200b\n่้๊ิ"), st.randoms(use_true_random=False))
def test_blanks_marks_and_line_ends_change_nothing(
    text: str, noise: str, chance: random.Random
) -> None:
    strewn = "".join(c + noise if chance.random() < 0.2 else c for c in text)
    assert bare_text(strewn) == bare_text(text)
    assert sign_text(LetterText(bare_text(strewn), "")) == sign_text(
        LetterText(bare_text(text), "")
    )


@given(letters, letters)
def test_resemblance_is_even_and_whole_with_itself(first: str, second: str) -> None:
    one, two = (sign_text(LetterText(bare_text(text), "")) for text in (first, second))
    if one is not None and two is not None:
        assert one.resemblance(two) == two.resemblance(one)
        assert one.resemblance(one) == 1.0
        assert 0.0 <= one.resemblance(two) <= 1.0


@given(st.text(max_size=3000))
def test_any_text_gives_bounded_parts(text: str) -> None:
    found = letter_text([text, text])
    assert len(found.body) <= MAX_BODY
    assert all(c.isalnum() for c in found.body + found.signers)


@given(letters, st.floats(0, 0.04), st.integers(0, 50))
def test_comparing_is_even(text: str, share: float, seed: int) -> None:
    one, two = read(text), read(blurred(text, share=share, seed=seed))
    assert compare_texts(one, two, floor=0.3) == compare_texts(two, one, floor=0.3)


def test_thai_and_arabic_digits_are_one() -> None:
    assert bare_text("เลขที่ ๑๒๓/๒๕๖๙") == bare_text("เลขที่ 123/2569")


def test_poor_scans_of_one_letter_share_bands_and_are_one_letter() -> None:
    for seed in range(12):
        scan = blurred(form(), share=0.03, seed=seed)
        assert set(signed(form()).bands()) & set(signed(scan).bands())
        other = blurred(form(), share=0.03, seed=seed + 100)
        assert compare_texts(read(form()), scanned(scan), floor=0.5).likeness is Likeness.SAME
        assert compare_texts(scanned(scan), scanned(other), floor=0.5).likeness is Likeness.SAME


def test_one_form_with_another_name_or_amount_is_another_letter() -> None:
    for other in (
        form(name="นางสาวกัลยา พูลสุข"),
        form(amount="๙๑,๗๕๐"),
        form(amount="๔๕,๓๐๐"),
        form(name="นายวิเชียร ดวงแก้ว", amount="๑๒,๐๐๐"),
    ):
        compared = compare_texts(read(form()), read(other), floor=0.5)
        assert compared.score > 0.9
        assert compared.likeness is Likeness.FORM
        scan = blurred(other, share=0.01)
        if "๔๕,๓๐๐" not in other:
            assert compare_texts(read(form()), scanned(scan), floor=0.5).likeness is Likeness.FORM


def test_another_signer_makes_another_letter() -> None:
    other = form().replace("นางพวงผกา แสงอรุณ", "นายบุญส่ง เกตุทอง")
    assert compare_texts(read(form()), read(other), floor=0.5).likeness is Likeness.FORM


def test_letters_that_share_standing_phrases_only_share_no_band() -> None:
    other = """เรียน  รัฐมนตรีว่าการกระทรวงศึกษาธิการ

	ข้าพเจ้าเป็นแม่ค้าขายขนมอยู่ปากซอยข้างโรงเรียน ขอร้องทุกข์ว่ามีรถบรรทุกวิ่งเข้าออกตอนเช้าทั้งที่มีเด็กเดินเท้า
จำนวนมาก เคยแจ้งเทศบาลแล้วแต่เงียบหาย อยากให้มีป้ายจำกัดเวลาและมีตำรวจมาดูแลทุกเช้า

	จึงเรียนมาเพื่อโปรดพิจารณา

ขอแสดงความนับถือ
(นางทองใบ ชื่นจิต)
"""
    assert not set(signed(form()).bands()) & set(signed(other).bands())
    assert compare_texts(read(form()), read(other), floor=0.5).likeness is Likeness.OTHER


def test_head_and_what_stands_below_the_signer_do_not_count() -> None:
    head = "สำนักงานทดสอบ\nถนนลองทำ แขวงตัวอย่าง\n\n"
    tail = "\nหน้า ๒ สิ่งที่ส่งมาด้วย รายการซ่อมแซมอาคารเรียนตามแบบแปลน\n" * 5
    assert read(head + form() + tail).body == read(form()).body


def test_short_texts_have_no_signature() -> None:
    assert sign_text(read("ขอส่งเอกสารตามที่คุยกันทางโทรศัพท์")) is None
    assert sign_text(LetterText("", "")) is None


def test_a_signature_is_the_same_in_every_release() -> None:
    """Stored signatures must go on meeting new ones: a change here needs a new SCHEME."""
    values = signed(form()).values
    assert values[:3] == (2138487, 3809, 6091199)
