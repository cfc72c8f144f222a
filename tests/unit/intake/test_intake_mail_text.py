from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.html_text import render_html
from intake.mail_text import clean_text, join_flowed, separate_text
from intake.uuencode import split_uuencoded

NEW = "เรียน ผู้เกี่ยวข้อง\n\nรับทราบครับ"


@pytest.mark.parametrize(
    "mark",
    [
        "On Fri, 20 Nov 2026 at 09:00, Office <o@x.th> wrote:",
        "On Fri, 20 Nov 2026 at 09:00, The Office of the Minister\n<o@x.th> wrote:",
        "เมื่อ ศ. 20 พ.ย. 2569 เวลา 09:00 สำนักงาน <o@x.th> เขียนว่า:",
        "-----Original Message-----",
        "----- ข้อความเดิม -----",
        "From: Office\nSent: Friday\nTo: x\nSubject: y",
        "จาก: สำนักงาน\nส่งเมื่อ: วันศุกร์\nถึง: x\nเรื่อง: y",
        "*จาก:* สำนักงาน\n*วันที่:* 20 พ.ย. 2569\n*ถึง:* x\n*หัวข้อ:* y",
        "ผู้ส่ง: สำนักงาน\nวันที่ส่ง: 20 พ.ย. 2569\nถึง: x",
        "________________________________\nFrom: Office\nSent: Friday\nTo: x",
        "-----ข้อความดั้งเดิม-----",
        "ในวันที่ 20 พ.ย. 2569 09:00 น. สำนักงานรัฐมนตรี <o@x.th> เขียนว่า",
        "ในวันศุกร์ที่ 20 พฤศจิกายน 2026 เวลา 09:00:00 GMT+7, สำนักงาน\n<o@x.th> ได้เขียนไว้:",
        "เมื่อวันที่ ศ. 20 พ.ย. 2569 เวลา 09:00 สำนักงาน\nรัฐมนตรี\n<o@x.th> เขียนว่า:",
        "2026-11-20 9:00 GMT+07:00 Office <o@x.th>:",
        "On 20 Nov BE 2569, at 09:00, Office <o@x.th> wrote:",
    ],
)
def test_what_stands_below_a_reply_mark_is_quoted(mark: str) -> None:
    found = separate_text(f"{NEW}\n\n{mark}\nเรียน คุณสมชาย\n")
    assert found.body == NEW
    assert found.quoted.startswith(mark.split("\n")[0])
    assert "คุณสมชาย" in found.quoted


@pytest.mark.parametrize(
    "mark", ["---------- Forwarded message ---------", "---------- ข้อความที่ส่งต่อ ----------"]
)
def test_what_is_forwarded_is_the_matter(mark: str) -> None:
    text = f"{NEW}\n\n{mark}\nFrom: x@y.th\nDate: today\n\nขอความอนุเคราะห์"
    assert separate_text(text).body == text
    assert separate_text(text).quoted == ""


def test_a_mail_of_nothing_but_a_quotation_keeps_it() -> None:
    text = "> เรียน รัฐมนตรี\n> ขอร้องเรียน"
    assert separate_text(text).body == text


def test_a_letter_with_its_own_labels_is_not_cut() -> None:
    text = "ที่ มท 0211/12\nเรื่อง ขอข้อมูล\nเรียน รัฐมนตรี\nจากการประชุมเมื่อวันที่ 5\nวันที่: 6"
    assert separate_text(text).body == text


@pytest.mark.parametrize(
    "line",
    [
        "เมื่อวันที่ 5 ตุลาคม 2569 ข้าพเจ้าได้เขียนคำร้องถึงท่านแล้ว",
        "จาก: กรุงเทพฯ\nถึง: เชียงใหม่",
        "ข้อมูลนี้มาจากโรงเรียน",
        "ส่งจากโรงเรียนวัดป่า",
    ],
)
def test_a_sentence_like_a_mark_stays(line: str) -> None:
    text = f"{NEW}\n\n{line}\n\nขอแสดงความนับถือ"
    assert separate_text(text).body == text


def test_a_forwarded_block_of_headers_is_the_matter() -> None:
    text = f"{NEW}\n\nจาก: สมชาย\nส่งเมื่อ: วันศุกร์\nถึง: x\nเรื่อง: y\n\nขอร้องเรียน"
    assert separate_text(text, "FW: y").body == text
    assert separate_text(text, "Re: y").body == NEW


@pytest.mark.parametrize(
    "notice",
    [
        "This e-mail and any attachments are confidential and intended for the addressee only.",
        "Disclaimer: views are the sender's.",
        "ข้อความในอีเมลนี้และเอกสารแนบเป็นความลับ หากท่านมิใช่ผู้รับโปรดลบทิ้ง",
        "โปรดคำนึงถึงสิ่งแวดล้อมก่อนพิมพ์อีเมลนี้",
    ],
)
def test_a_disclaimer_stands_with_the_signature(notice: str) -> None:
    found = separate_text(f"{NEW}\n\nส่งจาก iPhone ของฉัน\n\n{notice}\nบรรทัดต่อไป")
    assert found.body == NEW
    assert found.signature == f"ส่งจาก iPhone ของฉัน\n\n{notice}\nบรรทัดต่อไป"


def test_the_lines_of_a_signed_text_stand_with_the_signature() -> None:
    text = (
        f"-----BEGIN PGP SIGNED MESSAGE-----\n{NEW}\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n"
        "-----END PGP SIGNATURE-----"
    )
    found = separate_text(text)
    assert found.body == NEW
    assert "iQ==" in found.signature


def test_quoted_lines_between_answers_are_told_apart() -> None:
    found = separate_text("> ข้อหนึ่ง\nตอบหนึ่ง\n> ข้อสอง\nตอบสอง")
    assert (found.body, found.quoted) == ("ตอบหนึ่ง\nตอบสอง", "> ข้อหนึ่ง\n> ข้อสอง")


@pytest.mark.parametrize(
    "tail",
    [
        "-- \nสมชาย\nโทร 1",
        "--\nสมชาย",
        "ส่งจาก iPhone ของฉัน",
        "Sent from my Galaxy",
        "Sent from Yahoo Mail for iPhone",
        "Sent from Mail for Windows",
        "Get Outlook for iOS",
        "รับ Outlook สำหรับ Android",
        "ส่งจากโทรศัพท์มือถือ",
    ],
)
def test_the_signature_stands_apart(tail: str) -> None:
    found = separate_text(f"{NEW}\n\n{tail}")
    assert (found.body, found.signature) == (NEW, tail)


@given(st.text(max_size=400))
def test_no_word_is_deleted(text: str) -> None:
    cleaned = clean_text(text)
    found = separate_text(cleaned)
    joined = f"{found.body} {found.quoted} {found.signature}"
    assert sorted(joined.split()) == sorted(cleaned.split())


def test_flowed_lines_are_joined() -> None:
    assert join_flowed("one \r\ntwo\r\n three\r\n-- \r\nx") == "one two\nthree\n-- \nx"
    assert join_flowed("ขอความ \nอนุเคราะห์", delete_space="yes") == "ขอความอนุเคราะห์"
    assert join_flowed("> quoted \nnew") == "> quoted \nnew"


def test_a_table_keeps_its_rows() -> None:
    text = render_html("<table><tr><td>ที่</td><td>๑</td></tr><tr><td>เรื่อง</td></tr></table>")
    assert [line.split() for line in text.split("\n")] == [["ที่", "๑"], ["เรื่อง"]]


@given(st.text(alphabet="<>/apdivtrscrle &;#x09ก'\"=!-", max_size=120))
def test_no_markup_makes_it_fail(html: str) -> None:
    assert isinstance(render_html(html), str)


@given(st.text(max_size=300))
def test_a_text_without_files_is_untouched(text: str) -> None:
    split = split_uuencoded(text)
    assert split.files or split.text == text


def test_an_unfinished_file_stays_in_the_text() -> None:
    text = "begin 644 a.pdf\n#4&55\nmore"
    assert split_uuencoded(text).text == text


@pytest.mark.parametrize("depth", [300, 20_000])
def test_a_mail_however_deep_keeps_its_words(depth: int) -> None:
    text = render_html(f"{'<div>' * depth}ขอความช่วยเหลือ{'</div>' * depth}<p>ขอบคุณครับ</p>")
    assert text.split() == ["ขอความช่วยเหลือ", "ขอบคุณครับ"]
