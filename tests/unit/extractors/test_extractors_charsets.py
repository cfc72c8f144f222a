from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.charsets import decode_declared, decode_unknown, register_thai_codecs

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "thai"
TEXT = "เรื่อง ขอความอนุเคราะห์ – เรียน ผู้อำนวยการ"


@pytest.mark.parametrize("name", ["windows-874", "x-windows-874", "ms874", "Windows-874"])
def test_codecs_that_python_lacks_are_registered(name: str) -> None:
    register_thai_codecs()
    assert codecs.lookup(name).name == "cp874"
    assert TEXT.encode("cp874").decode(name) == TEXT


@pytest.mark.parametrize(
    "declared", ["tis-620", "TIS620", "iso-8859-11", "windows-874", "x-windows-874", "cp874"]
)
def test_every_thai_declaration_means_cp874(declared: str) -> None:
    # The dash is in cp874 only: strict TIS-620 would fail on it.
    assert decode_declared(TEXT.encode("cp874"), declared) == TEXT


@pytest.mark.parametrize("declared", ["us-ascii", "iso-8859-1", "utf-8", "nonsense", None, ""])
def test_a_wrong_declaration_does_no_harm(declared: str | None) -> None:
    assert decode_declared(TEXT.encode("cp874"), declared) == TEXT


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp874"])
def test_undeclared_text_is_decoded(charset: str) -> None:
    assert decode_unknown(TEXT.encode(charset)) == TEXT


def test_short_thai_is_decoded() -> None:
    assert decode_unknown("ด่วน".encode("cp874")) == "ด่วน"


def test_western_text_is_not_taken_for_thai() -> None:
    text = "Le ministère présente ses compliments à l'ambassade et prie de répondre très vite"
    assert "présente" in decode_unknown(text.encode("latin-1"))


def test_utf8_cut_in_a_character_is_still_utf8() -> None:
    assert decode_unknown(TEXT.encode()[:-1]).startswith(TEXT[:-1])


@given(st.binary(max_size=300))
def test_any_bytes_are_decoded(data: bytes) -> None:
    assert isinstance(decode_unknown(data), str)


@given(st.binary(max_size=100), st.text(max_size=12))
def test_any_declaration_is_taken(data: bytes, declared: str) -> None:
    assert isinstance(decode_declared(data, declared), str)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data")
def test_public_pages_in_tis620_are_decoded() -> None:
    for file in sorted(SHARED.glob("*.xml")):
        text = decode_unknown(file.read_bytes())
        thai = sum("ก" <= character <= "๛" for character in text)
        assert thai > 200, file.name
        assert "\ufffd" not in text, file.name
