"""Names of downloads: no header is broken with one, and Thai names stay readable."""

from __future__ import annotations

import string
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.downloads import LONGEST_NAME, attachment, download, safe_name

ODD = ["a\r\nSet-Cookie: x=1.svg", 'a"; filename="b.exe', "\u202egpj.exe", "\ud800.pdf", "..", ""]


@given(st.one_of(st.text(max_size=400), st.sampled_from(ODD)))
def test_a_header_is_one_line_of_plain_signs(name: str) -> None:
    header = attachment(name)
    assert header.startswith("attachment; filename=") and header.isascii()
    assert all(sign in string.printable and sign not in "\r\n\t" for sign in header)
    assert header.count('"') == 2
    kept = unquote(header.rpartition("''")[2])
    assert kept == safe_name(name) and len(kept) <= LONGEST_NAME
    assert not set(kept) & set('/\\"\r\n\0\u202e')


@pytest.mark.parametrize(
    ("name", "kept", "plain"),
    [
        ("หนังสือ ที่ ๑.pdf", "หนังสือ ที่ ๑.pdf", "letter.pdf"),
        ("../../etc/passwd", "passwd", "passwd.bin"),
        ("C:\\temp\\a.docx", "a.docx", "a.docx"),
        ("\u202egpj.exe", "_gpj.exe", "gpj.exe"),
        ("", "file", "file.bin"),
        ("...", "file", "file.bin"),
        ("ก" * 300 + ".pdf", "ก" * 146 + ".pdf", "letter.pdf"),
    ],
)
def test_names_stay_what_they_say(name: str, kept: str, plain: str) -> None:
    assert safe_name(name) == kept
    assert f'filename="{plain}"' in attachment(name)


def test_what_others_sent_has_no_kind_of_its_own() -> None:
    answer = download(b"<svg onload=alert(1)>", "x.svg")
    assert answer.headers["content-type"] == "application/octet-stream"
