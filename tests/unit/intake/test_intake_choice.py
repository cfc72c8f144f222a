from __future__ import annotations

import pytest

from intake.choice import choose_letter
from intake.mail_parts import MailAttachment

BIG = b"%PDF" + b"0" * 50_000
LETTER = "ที่ มท ๐๒๑๑/๑๒\nเรื่อง ขอข้อมูล\nเรียน รัฐมนตรี\nจึงเรียนมาเพื่อโปรดพิจารณา\nขอแสดงความนับถือ"


def file(
    name: str, data: bytes = BIG, kind: str = "application/octet-stream", *, inline: bool = False
) -> MailAttachment:
    return MailAttachment(name, kind, data, inline, None)


def picture(name: str, size: int, *, inline: bool = False) -> MailAttachment:
    return file(name, b"\xff\xd8\xff" + b"0" * size, "image/jpeg", inline=inline)


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        ([], None),
        ([file("หนังสือ.pdf")], 0),
        ([file("สิ่งที่ส่งมาด้วย 1.pdf"), file("นร 0105-123.pdf")], 1),
        ([file("กำหนดการ.pdf"), file("หนังสือเชิญ.pdf"), file("แบบตอบรับ.pdf")], 1),
        ([file("a.pdf"), file("b.pdf")], 0),
        ([file("table.xlsx", b"PK\x03\x04" * 999), file("scan001.pdf")], 1),
        ([file("part-1.bin"), file("x.xlsx", b"PK")], 0),
        ([picture("logo.png", 3_000, inline=True)], None),
        ([picture("image001.jpg", 9_000, inline=True), file("doc.docx", b"PK" * 999)], 1),
        ([picture("IMG_1.jpg", 900_000)], 0),
        ([file("smime.p7s", b"0" * 900), file("invite.ics", b"BEGIN" * 99)], None),
        ([file("หนังสือ.pdf", b"")], None),
        ([file("table.xlsx", b"PK\x03\x04" * 999)], None),
    ],
)
def test_the_letter_is_chosen(files: list[MailAttachment], chosen: int | None) -> None:
    assert choose_letter(files) == chosen


def test_the_text_decides_where_it_is_known() -> None:
    files = [file("1.pdf"), file("สำเนา 2.pdf")]
    assert choose_letter(files) == 0
    assert choose_letter(files, {0: "ตารางข้อมูล", 1: LETTER}) == 1


def test_a_forwarded_mail_is_the_letter_where_there_is_no_better() -> None:
    mail = MailAttachment("เรื่องเดิม.eml", "message/rfc822", b"x" * 900, False, None, LETTER)
    assert choose_letter([mail]) == 0
    inside = MailAttachment("a.pdf", "application/pdf", BIG, False, 0)
    plain = MailAttachment("Fwd.eml", "message/rfc822", b"x" * 900, False, None, "ส่งต่อ")
    assert choose_letter([plain, inside]) == 1


def test_a_short_text_file_is_the_letter_of_a_mail_without_words() -> None:
    notes = [file("ข้อความ.txt", "ขอความช่วยเหลือ".encode(), "text/plain")]
    texts = {0: "ขอความช่วยเหลือ"}
    assert choose_letter(notes, texts) is None
    assert choose_letter(notes, texts, bare=True) == 0
    assert choose_letter([picture("logo.png", 3_000, inline=True)], bare=True) is None
