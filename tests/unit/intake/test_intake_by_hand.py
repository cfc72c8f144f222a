from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import intake.mime
from intake.by_hand import read_by_hand
from intake.errors import MimeUnreadable
from intake.mime import take_apart

BODY = "เรียน ท่านรัฐมนตรี\nขอทราบผลการร้องเรียน"
PDF = b"%PDF-1.7\n" + b"0" * 300
HEAD = "From: สมชาย <a@example.org>\nTo: b@example.org\nSubject: ขอทราบผล\n"


@pytest.mark.parametrize("codec", ["utf-8", "cp874", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_headers_and_body_are_found(codec: str, end: str) -> None:
    raw = f"{HEAD}\n{BODY}\n".replace("\n", end).encode(codec)
    parts = take_apart(raw)
    assert (parts.subject, parts.sender_address) == ("ขอทราบผล", "a@example.org")
    assert parts.body_text == BODY


@pytest.mark.parametrize(
    "junk", ["HTTP/1.1 200 OK\nServer x\n\n", "   \n \n", "+OK 1234 octets\n", "\ufeff\n\n"]
)
def test_lines_before_the_headers_are_passed(junk: str) -> None:
    parts = take_apart(f"{junk}{HEAD}\n{BODY}".encode())
    assert (parts.subject, parts.body_text) == ("ขอทราบผล", BODY)


def test_a_blank_before_the_colon_is_no_end_of_headers() -> None:
    parts = take_apart(f"From : a@example.org\nSubject : ขอทราบผล\nTo : b@x.th\n\n{BODY}".encode())
    assert (parts.subject, parts.sender_address) == ("ขอทราบผล", "a@example.org")
    assert (parts.body_text, "read_by_hand" in parts.defects) == (BODY, True)


@pytest.mark.parametrize("boundary", ["declared", ""])
def test_another_boundary_than_the_declared_one_is_found(boundary: str) -> None:
    raw = (
        f"{HEAD}Content-Type: multipart/mixed; boundary={boundary}\n\n"
        f"--used\nContent-Type: text/plain; charset=utf-8\n\n{BODY}\n"
        "--used\nContent-Type: application/pdf; name=a.pdf\n\n%PDF-1.7 x\n--used--\n"
    )
    parts = take_apart(raw.encode())
    assert parts.body_text == BODY
    assert [one.file_name for one in parts.attachments] == ["a.pdf"]
    assert "boundary_guessed" in parts.defects


class Broken(Exception):
    """A fault that no reader expects."""


def failing(*_: object, **__: object) -> None:
    raise Broken("text of the letter")


def multipart() -> bytes:
    return (
        f"{HEAD}Content-Type: multipart/mixed;\n boundary=b\n\nหัว\n--b\n"
        "Content-Type: multipart/alternative; boundary=c\n\n--c\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{BODY}\n--c--\n--b\n"
        "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
        "JVBERi0xLjc=\n--b--\n"
    ).encode()


def test_what_the_parser_cannot_read_is_read_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = take_apart(multipart())
    monkeypatch.setattr(intake.mime.email, "message_from_bytes", failing)
    found = take_apart(multipart())
    assert found.defects == ("read_by_hand",)
    assert (found.subject, found.body_text) == (expected.subject, BODY)
    assert [(a.file_name, a.data) for a in found.attachments] == [("a.pdf", b"%PDF-1.7")]
    assert found.content_sha256 == expected.content_sha256


def test_what_no_reader_reads_is_named_without_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake.mime.email, "message_from_bytes", failing)
    monkeypatch.setattr(intake.mime, "read_by_hand", failing)
    with pytest.raises(MimeUnreadable) as caught:
        take_apart(multipart())
    assert "Broken" in str(caught.value)
    assert "letter" not in str(caught.value)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"--b\n" * 50_000,
        b"From: x\n" * 50_000,
        b"From: a@b\nTo: c@d\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 20_000,
        b"From: a@b\nTo: c@d\nContent-Type: multipart/mixed\n\n" + b"--b\ncontent-x:\n" * 9_000,
    ],
)
def test_nothing_takes_it_long(raw: bytes) -> None:
    started = time.monotonic()
    read_by_hand(raw)
    assert time.monotonic() - started < 3


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail(raw: bytes) -> None:
    read_by_hand(raw)
    read_by_hand(b"From: a@b\nTo: c@d\nContent-Type: multipart/mixed; boundary=b\n\n--b\n" + raw)
