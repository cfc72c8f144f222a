from __future__ import annotations

from email.message import EmailMessage

import pytest

from correspondence.vocabulary import ReadOutcome
from extractors.request import ReadingRequest
from pipeline.mail_reading import read_mail

WORDS = "ขอความช่วยเหลือเรื่องทุนการศึกษาของบุตร"


def mail(*files: tuple[str, bytes]) -> bytes:
    """Return a mail without words of its own and with some files."""
    message = EmailMessage()
    message["From"] = "somsri@example.com"
    message["To"] = "office@example.go.th"
    message.set_content("")
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


@pytest.mark.parametrize("name", ["ข้อความ.txt", "noname", "a.dat"])
def test_a_mail_without_words_is_what_its_file_says(name: str) -> None:
    read = read_mail(mail((name, WORDS.encode())), "a.eml", ReadingRequest(ocr=False))
    assert read.extraction.outcome is ReadOutcome.OK
    assert WORDS in read.extraction.text
    assert [carried.role for carried in read.carried] == ["letter"]


def test_an_empty_file_before_it_does_not_hide_it() -> None:
    raw = mail(("หนังสือ.pdf", b""), ("b", WORDS.encode()))
    read = read_mail(raw, "a.eml", ReadingRequest(ocr=False))
    assert WORDS in read.extraction.text
    assert [carried.role for carried in read.carried] == ["enclosure", "letter"]


def test_a_mail_with_nothing_readable_stays_empty() -> None:
    read = read_mail(mail(("หนังสือ.pdf", b"")), "a.eml", ReadingRequest(ocr=False))
    assert read.extraction.outcome is ReadOutcome.EMPTY
