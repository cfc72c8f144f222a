from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondence.charsets import decode_thai, register_thai_codecs, resolve_codec, thai_share

SENTENCE = "เรื่อง ขอความอนุเคราะห์ข้อมูล ที่ มท ๐๒๑๑/ว ๑๒"


@pytest.mark.parametrize(
    "name",
    [
        "windows-874", "WINDOWS-874", "x-windows-874", "ms874", "tis-620", "TIS620",
        "iso-8859-11", "ISO_8859-11", "tis-620-2533:1", "cp874",
    ],
)  # fmt: skip
def test_every_thai_name_means_cp874(name: str) -> None:
    register_thai_codecs()
    assert codecs.lookup(name).name == "cp874"
    assert SENTENCE.encode(name).decode("cp874") == SENTENCE


@pytest.mark.parametrize("name", ["hex", "rot13", "base64", "no-such", "", None, "X-UNKNOWN", "\0"])
def test_what_is_no_charset_is_not_used(name: str | None) -> None:
    assert resolve_codec(name) is None


@pytest.mark.parametrize(
    "declared", [None, "", "x-unknown", "us-ascii", "iso-8859-1", "windows-1252", "utf-8", "nope"]
)
@pytest.mark.parametrize("codec", ["cp874", "utf-8"])
def test_thai_is_read_whatever_was_declared(declared: str | None, codec: str) -> None:
    assert decode_thai(SENTENCE.encode(codec), declared)[0] == SENTENCE


def test_utf8_declared_as_tis620_is_read() -> None:
    assert decode_thai("“ด่วน”".encode("cp874"), "tis-620")[0] == "“ด่วน”"
    assert decode_thai("ลงวันที่ 5 — ด่วน é".encode(), "tis-620")[0] == "ลงวันที่ 5 — ด่วน é"


@pytest.mark.parametrize(
    "text", ["Formação", "Eelanalüüsi päring", "Größe ÄÖÜ", "déjà vu naïve", "Ångström"]
)
def test_western_letters_are_not_taken_for_thai(text: str) -> None:
    assert thai_share(text.encode("latin-1")) == 0.0
    assert decode_thai(text.encode("latin-1"))[0] == text


@pytest.mark.parametrize("declared", [None, "utf-8", "us-ascii", "tis-620"])
@pytest.mark.parametrize("text", [SENTENCE, "Просьба ознакомиться с приложением"])
def test_damaged_utf8_is_no_other_charset(text: str, declared: str | None) -> None:
    damaged = text.encode()[:-1]
    assert decode_thai(damaged, declared)[0] == text[:-1] + "\ufffd"
    assert decode_thai(b"\xff" + text.encode(), declared)[0] == "\ufffd" + text


def test_a_replacement_letter_in_right_utf8_stays() -> None:
    assert decode_thai("phone\ufffd\ufffd\ufffd".encode())[0] == "phone\ufffd\ufffd\ufffd"


def test_marks_of_byte_order_decide() -> None:
    assert decode_thai(codecs.BOM_UTF16_LE + "ไทย".encode("utf-16-le"), "utf-8")[0] == "ไทย"
    assert decode_thai(codecs.BOM_UTF8 + "ไทย".encode())[0] == "ไทย"


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=12)))
def test_nothing_makes_it_fail(data: bytes, declared: str | None) -> None:
    text, codec = decode_thai(data, declared)
    assert isinstance(text, str)
    assert codecs.lookup(codec)


@given(st.text(alphabet="กขคงจฉชซาิีึืุูเแโใไ่้๊๋์ำะ abc123", min_size=1))
def test_utf8_always_survives(text: str) -> None:
    assert decode_thai(text.encode())[0] == text
