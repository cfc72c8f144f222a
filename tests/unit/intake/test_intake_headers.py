from __future__ import annotations

import base64
import email
import email.policy
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondence.charsets import register_thai_codecs
from intake.headers import addresses, clean_line, decode_value, header_text, message_ids, parameters
from intake.mail_dates import parse_mail_date

register_thai_codecs()
SUBJECT = "ขอเชิญประชุมคณะกรรมการ ครั้งที่ ๓/๒๕๖๙"


def b64(text: str, charset: str) -> str:
    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


def raw(octets: bytes) -> str:
    return octets.decode("ascii", "surrogateescape")


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "tis-620", "windows-874", "iso-8859-11"])
def test_encoded_words_in_every_thai_charset(charset: str) -> None:
    assert decode_value(b64(SUBJECT, charset)) == SUBJECT


@pytest.mark.parametrize("codec", ["utf-8", "cp874"])
def test_raw_bytes(codec: str) -> None:
    assert decode_value(raw(SUBJECT.encode(codec))) == SUBJECT


def test_a_character_cut_between_two_words_is_joined() -> None:
    octets = SUBJECT.encode()
    words = [
        f"=?utf-8?B?{base64.b64encode(octets[i : i + 10]).decode()}?="
        for i in range(0, len(octets), 10)
    ]
    assert decode_value("\r\n ".join(words)) == SUBJECT
    q = [f"=?utf-8?Q?{''.join(f'={b:02X}' for b in octets[i : i + 7])}?=" for i in range(0, 70, 7)]
    assert decode_value(" ".join(q)) == octets[:70].decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Re:=?utf-8?Q?=E0=B8=81?=x", "Re:กx"),
        ('"=?utf-8?B?4LiB?="', '"ก"'),
        ("=?utf-8?B?4LiB4LiC?", "=?utf-8?B?4LiB4LiC?"),
        ("=?utf-8?B?4LiB4LiC=?=", "กข"),
        ("=?x-unknown?Q?=A1=C3=C1?=", "กรม"),
        ("=?utf-8*th?Q?=E0=B8=81?=", "ก"),
        ("=?utf-8?q?a_b?= =?utf-8?q?c?=", "a bc"),
        ("a\r\n\tb", "a b"),
        ("\u202egpj.exe", "gpj.exe"),
    ],
)
def test_broken_words(value: str, text: str) -> None:
    assert decode_value(value) == text


@given(st.text(max_size=200))
def test_no_header_makes_it_fail(value: str) -> None:
    for result in (decode_value(value), clean_line(value)):
        assert "\n" not in result
        assert "\r" not in result
    message_ids(value)
    addresses(value)
    parameters(value)


@given(st.binary(max_size=120))
def test_no_bytes_make_it_fail(value: bytes) -> None:
    text = raw(value)
    decode_value(text).encode("utf-8")
    addresses(text)
    parameters("x; " + text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("สมชาย <A@Example.go.th>", [("สมชาย", "a@example.go.th")]),
        (b64("สมหญิง ใจดี", "tis-620") + " <b@x.th>", [("สมหญิง ใจดี", "b@x.th")]),
        ("c@x.th", [("", "c@x.th")]),
        ("undisclosed-recipients:;", []),
        ("<<d@x.th>>", [("", "d@x.th")]),
        ("", []),
    ],
)
def test_addresses(value: str, expected: list[tuple[str, str]]) -> None:
    assert addresses(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        'attachment; filename="หนังสือ.pdf"',
        "attachment; filename=หนังสือ.pdf",
        f'attachment; filename="{b64("หนังสือ.pdf", "windows-874")}"',
        f"attachment; filename={b64('หนังสือ.pdf', 'utf-8')}",
        "attachment; filename*=utf-8''" + quote("หนังสือ.pdf"),
        "attachment; filename*=tis-620'th'%CB%B9%D1%A7%CA%D7%CD.pdf",
        "attachment; filename*0*=utf-8''%E0%B8%AB%E0%B8%99%E0%B8%B1%E0;"
        ' filename*1*=%B8%87%E0%B8%AA%E0%B8%B7%E0%B8%AD; filename*2=".pdf"',
    ],
)
def test_file_names_in_every_form(value: str) -> None:
    octets = value.encode()
    assert parameters(raw(octets))["filename"] == "หนังสือ.pdf"
    assert parameters(value)["filename"] == "หนังสือ.pdf"


def test_a_raw_cp874_file_name() -> None:
    value = raw('attachment; filename="หนังสือเชิญ.pdf"'.encode("cp874"))
    assert parameters(value)["filename"] == "หนังสือเชิญ.pdf"


def test_a_semicolon_in_quotes_does_not_end_a_name() -> None:
    assert parameters('x; name="a;b\\"c.pdf"; size=3') == {"name": 'a;b"c.pdf', "size": "3"}


def test_a_header_is_found_whatever_its_case() -> None:
    message = email.message_from_bytes(b"sUBJECT: x\n\n", policy=email.policy.compat32)
    assert header_text(message, "Subject") == "x"
    assert header_text(message, "To") == ""


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("Sat, 21 Nov 2026 08:30:00 +0700", datetime(2026, 11, 21, 1, 30, tzinfo=UTC)),
        ("Sat, 21 Nov 2569 08:30:00 +0700", datetime(2026, 11, 21, 1, 30, tzinfo=UTC)),
        ("Thu, 29 Feb 2567 08:30:00 +0700", datetime(2024, 2, 29, 1, 30, tzinfo=UTC)),
        ("21 Nov 2026 08:30:00", datetime(2026, 11, 21, 1, 30, tzinfo=UTC)),
        ("21 Nov 2026 08:30:00 -0000", datetime(2026, 11, 21, 8, 30, tzinfo=UTC)),
        ("๒๑ Nov ๒๕๖๙ 08:30:00 +0700", datetime(2026, 11, 21, 1, 30, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
        ("Sat, 41 Nov 2026 08:30:00 +0700", None),
        ("Sat, 21 Nov 1901 08:30:00 +0700", None),
    ],
)
def test_dates(value: str, moment: datetime | None) -> None:
    found = parse_mail_date(value)
    assert found == moment
    assert found is None or found.utcoffset() is not None


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2150, 1, 1)))
def test_a_buddhist_year_names_the_same_day(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    if 1857 <= moment.year <= 2157:
        text = f"{moment.day} {moment:%b} {moment.year + 543} {moment:%H:%M:%S} +0700"
        found = parse_mail_date(text)
        assert found is not None
        assert found.replace(tzinfo=None) == moment
        assert found.utcoffset() == timedelta(hours=7)


@given(st.text(max_size=60))
def test_no_date_makes_it_fail(value: str) -> None:
    parse_mail_date(value)
