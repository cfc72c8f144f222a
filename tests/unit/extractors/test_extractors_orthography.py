from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.lexicon import covered_share, longest_word_over
from extractors.orthography import count_violations, measure_quality

LETTER = (
    "ด้วยสำนักงานตัวอย่างมีความประสงค์จะขอความอนุเคราะห์สถานที่เพื่อจัดประชุมคณะกรรมการ "
    "จึงเรียนมาเพื่อโปรดพิจารณาอนุเคราะห์ จะขอบคุณยิ่ง"
)


@pytest.mark.parametrize(
    "broken",
    [
        " ่าง",  # a mark without a base
        "ท่ี",  # tone before vowel
        "ที่่",  # doubled
        "ส านัก",  # า after a space
        "หนา้",  # tone after า
        "สํานัก",  # bare nikhahit
        "เเละ",  # two leading vowels
        "ไ ป",  # a leading vowel without a consonant
        "ก\ufffd",
        "กາ",  # Lao
    ],
)
def test_each_violation_counts(broken: str) -> None:
    assert count_violations(broken) >= 1


@pytest.mark.parametrize(
    "written",
    ["สิทธิ์", "พันธุ์", "ก็", "เดี๋ยว", "เกาะ", "น้ำ", "ฤๅษี", "ศุกร์", "ใหญ่ๆ", "ฯลฯ", LETTER],
)
def test_good_thai_has_no_violation(written: str) -> None:
    assert count_violations(written) == 0


def test_a_good_letter_is_trusted_and_garbage_is_not() -> None:
    assert measure_quality(LETTER) > 0.9
    assert measure_quality("àÃ×èÍ§ ¢Íà¤ÃÒÐËì Ê¶Ò¹·Õè »ÃÐªØÁ ¤³Ð¡ÃÃÁ¡ÒÃ ¨Ö§àÃÕÂ¹ÁÒ") < 0.3
    assert measure_quality("ฮฎฆญ ฬฌฒฑ ฉฮฆฏ ฎฐฒณ ซฌญฎ ฬฮฆฑ ฒฌฬฉ ฆฎฏฐ ฑฒณ ฬฮ ฌญฎ ซฆฉ") < 0.3
    assert measure_quality("") == 0.0
    assert measure_quality("The Ministry of Examples presents its compliments.") == 1.0


def test_quality_falls_with_violations() -> None:
    broken = LETTER.replace("ี่", "่ี").replace("ื่", "่ื").replace("ำ", " า")
    assert measure_quality(broken) < measure_quality(LETTER) - 0.2


@given(st.text(max_size=300))
def test_quality_is_a_share(text: str) -> None:
    assert 0.0 <= measure_quality(text) <= 1.0


def test_the_longest_word_over_a_place_is_found() -> None:
    assert longest_word_over("xxสำนักงานyy", 3) == len("สำนักงาน")
    assert longest_word_over("xyz", 1) == 0


def test_words_cover_a_letter() -> None:
    assert covered_share(LETTER) > 0.9
    assert covered_share("no Thai at all") == 1.0
