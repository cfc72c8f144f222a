"""Every private-use glyph of Thai fonts, one by one."""

from __future__ import annotations

import unicodedata

import pytest

from extractors.normaliser import normalise
from extractors.orthography import count_violations, measure_quality

WINDOWS = {
    0xF700: "ฐ", 0xF701: "ิ", 0xF702: "ี", 0xF703: "ึ", 0xF704: "ื", 0xF705: "่", 0xF706: "้",
    0xF707: "๊", 0xF708: "๋", 0xF709: "์", 0xF70A: "่", 0xF70B: "้", 0xF70C: "๊", 0xF70D: "๋",
    0xF70E: "์", 0xF70F: "ญ", 0xF710: "ั", 0xF712: "็", 0xF713: "่", 0xF714: "้", 0xF715: "๊",
    0xF716: "๋", 0xF717: "์", 0xF718: "ุ", 0xF719: "ู", 0xF71A: "\u0e3a",
}  # fmt: skip
MACINTOSH = {
    0xF884: "ั", 0xF885: "ิ", 0xF886: "ี", 0xF887: "ึ", 0xF888: "ื", 0xF889: "็",
    **{0xF88A + number: tone for number, tone in enumerate("่่่้้้๊๊๊๋๋๋์์์")},
}  # fmt: skip


@pytest.mark.parametrize(("code", "letter"), [*WINDOWS.items(), *MACINTOSH.items()])
def test_a_private_glyph_is_the_letter_it_draws(code: int, letter: str) -> None:
    assert normalise(f"ก{chr(code)}น") == f"ก{letter}น"


@pytest.mark.parametrize("nikhahit", ["\uf711", "\uf899"])
def test_a_private_nikhahit_makes_am(nikhahit: str) -> None:
    assert normalise(f"ส{nikhahit}านัก") == "สำนัก"


@pytest.mark.parametrize("code", [*range(0xF89A, 0xF89F), 0xE000])
def test_a_private_glyph_that_nobody_knows_is_counted_against_the_page(code: int) -> None:
    text = f"ขอความอนุเคราะห์{chr(code)}ห้องประชุม " * 5
    assert count_violations(normalise(text)) == 5
    assert measure_quality(normalise(text)) < 0.7


def test_composing_leaves_thai_as_it_is() -> None:
    text = "น้ำ ที่ ผู้ ก๊ำ เดี๋ยว พันธุ์ ๑๗ มีนาคม ๒๕๖๖"
    assert normalise(text) == text == unicodedata.normalize("NFC", text)
    assert unicodedata.normalize("NFKD", text) != text


@pytest.mark.parametrize("stranger", ["ກ", "ນ", "क", "ा"])
def test_stray_letters_of_neighbouring_scripts_are_violations(stranger: str) -> None:
    assert count_violations(normalise(f"ขอความ{stranger}อนุเคราะห์")) >= 1
