"""A look at subject, headers and file name orders the queue before anything is read."""

from __future__ import annotations

from email.header import Header
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.urgency_look import look_at_mail, look_at_name


def mail(subject: str, **headers: str) -> bytes:
    message = EmailMessage()
    message["Subject"] = subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("เนื้อความที่เขียนว่าด่วนที่สุด")
    return bytes(message)


@pytest.mark.parametrize(
    ("name", "priority"),
    [
        ("ด่วนที่สุด ที่ ศธ 1234.pdf", 8),
        ("ด่วน ที่สุด.pdf", 8),
        ("MOST URGENT reply.pdf", 8),
        ("ด่วนมาก.tif", 6),
        ("เรื่องด่วน.docx", 4),
        ("ร้องเรียนโรงเรียน.pdf", 2),
        ("ทางด่วนสายใหม่.pdf", 0),
        ("สายด่วน 1579.pdf", 0),
        ("scan0001.pdf", 0),
        ("insurgents.pdf", 0),
    ],
)
def test_a_file_name_says_how_urgent_it_is(name: str, priority: int) -> None:
    assert look_at_name(name) == priority


def test_a_mail_is_judged_by_its_subject_and_priority_headers_and_not_its_text() -> None:
    assert look_at_mail(mail("ด่วนที่สุด ขอเชิญประชุม")) == 8
    assert look_at_mail(mail("ขอเชิญประชุม")) == 0
    assert look_at_mail(mail("ขอเชิญประชุม", Importance="High")) == 4
    assert look_at_mail(mail("ขอเชิญประชุม", X_Priority="1 (Highest)")) == 4
    assert look_at_mail(mail("ขอเชิญประชุม", X_Priority="10")) == 0
    assert look_at_mail(mail("ขอเชิญประชุม", Importance="low")) == 0


def test_a_subject_in_an_old_thai_code_is_read() -> None:
    subject = Header("ด่วนที่สุด", "tis-620").encode()
    assert look_at_mail(f"Subject: {subject}\r\n\r\n".encode()) == 8


@given(st.binary(max_size=400))
def test_no_bytes_break_the_look(raw: bytes) -> None:
    assert 0 <= look_at_mail(raw) <= 8
