"""Bodies of forms with a file, as browsers send them and as nobody should."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.forms import MAX_FIELDS, FormForeign, FormTooLarge
from review.uploads import MAX_FILE, take_parts

BOUNDARY = b"----x7"


def part(name: bytes, content: bytes, more: bytes = b"") -> bytes:
    head = b'--%s\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n' % (BOUNDARY, name, more)
    return head + content + b"\r\n"


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--%s--\r\n" % BOUNDARY


FILE = b'; filename="a.docx"\r\nContent-Type: application/octet-stream'


def test_fields_and_files_are_told_apart() -> None:
    sent = take_parts(
        body(part(b"reason", "เหตุผล\0".encode()), part(b"ok", b"1"), part(b"ok", b"2"),
             part(b"draft", b"PK\r\n--\x00\xff", FILE)),
        BOUNDARY,
    )  # fmt: skip
    assert sent.form["reason"] == "เหตุผล"
    assert sent.form.all("ok") == ("1", "2")
    assert sent.files == {"draft": b"PK\r\n--\x00\xff"}


def test_a_file_input_that_was_left_empty_sends_none() -> None:
    sent = take_parts(body(part(b"draft", b"", b'; filename=""')), BOUNDARY)
    assert sent.files == {} and dict(sent.form) == {}


@given(st.binary(max_size=300).filter(lambda data: b"\r\n--" + BOUNDARY not in data))
def test_the_bytes_of_a_file_come_as_they_were_sent(content: bytes) -> None:
    sent = take_parts(body(part(b"draft", content, FILE)), BOUNDARY)
    assert sent.files.get("draft", b"") == content


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"nothing of a form",
        b"--" + BOUNDARY,
        part(b"reason", b"no end"),
        body(b"--" + BOUNDARY + b"\r\nno head at all\r\n"),
        body(part(b"re<b>", b"x")),
        body(b"--" + BOUNDARY + b'\r\nX: ; name="a"' + b"y" * 3_000 + b"\r\n\r\nx\r\n"),
        b"before" + body(part(b"reason", b"x")),
    ],
)
def test_what_no_form_of_ours_sends_is_refused(sent: bytes) -> None:
    with pytest.raises(FormForeign):
        take_parts(sent, BOUNDARY)


@given(st.binary(max_size=400))
def test_no_bytes_break_it(sent: bytes) -> None:
    for data in (sent, b"--" + BOUNDARY + sent, body(b"--" + BOUNDARY + b"\r\n" + sent)):
        with suppress(FormForeign, FormTooLarge):
            take_parts(data, BOUNDARY)


def test_too_many_parts_and_too_large_a_file_are_refused() -> None:
    with pytest.raises(FormTooLarge):
        take_parts(body(*(part(b"a", b"1") for _ in range(MAX_FIELDS + 5))), BOUNDARY)
    with pytest.raises(FormTooLarge):
        take_parts(body(part(b"draft", b"P" * (MAX_FILE + 1), FILE)), BOUNDARY)
