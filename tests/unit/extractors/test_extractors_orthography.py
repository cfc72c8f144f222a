from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.lexicon import covered_share, longest_word_over
from extractors.orthography import count_violations, estimate_error, measure_quality

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


# What readers take as the end of trust: a layer below it is recognised instead.
THRESHOLD = 0.55
PAGE = " ".join([LETTER] * 8)
ENGLISH = (
    "The Ministry of Examples presents its compliments to the Office of the Minister and has the "
    "honour to invite two participants to the meeting at 09.30 hours on 12 January 2027. "
) * 4
SHUFFLED = str.maketrans("กขคงจชดตทนบปผพมยรลวสหอ", "ขคงจชดตทนบปผพมยรลวสหอก")


def test_letters_of_a_garbled_map_are_not_trusted_though_they_are_thai() -> None:
    assert count_violations(PAGE.translate(SHUFFLED)) == 0
    assert measure_quality(PAGE.translate(SHUFFLED)) < 0.1
    few = PAGE.translate(str.maketrans("รนกส", "นกสร"))
    assert measure_quality(few) < THRESHOLD


def test_marks_that_were_dropped_are_missed() -> None:
    assert measure_quality(PAGE.translate(dict.fromkeys(map(ord, "่้ิีืุัู็์")))) < THRESHOLD


def test_a_page_of_another_language_is_trusted() -> None:
    assert measure_quality(ENGLISH) == 1.0
    assert measure_quality(f"{ENGLISH}\n{LETTER}") > 0.9


def test_a_shifted_map_of_latin_letters_is_not_trusted() -> None:
    shifted = "".join(chr(ord(c) + 3) if "a" <= c <= "w" else c for c in ENGLISH)
    assert measure_quality(shifted) < THRESHOLD


def test_tables_numbers_and_abbreviations_are_trusted() -> None:
    rows = "\n".join(f"{n}   สพป. เขต {n}   ๑๒,๓๔๕.๐๐ บาท   OBEC-{n}" for n in range(30))
    assert measure_quality(rows) > 0.9


def test_a_long_page_without_am_lost_them() -> None:
    whole = PAGE + " จึงดำเนินการตามคำสั่ง"
    assert measure_quality(whole.replace("ำ", "า")) < measure_quality(whole)


def test_a_latin_letter_inside_a_word_counts_against_it() -> None:
    assert estimate_error("หนังสืIอขอความอนุเคราะห์") > estimate_error("หนังสือขอความอนุเคราะห์")


@given(st.integers(min_value=1, max_value=20))
def test_every_wrong_letter_makes_it_worse_or_leaves_it(wrong: int) -> None:
    places = [index for index, character in enumerate(PAGE) if character in "กนรสค"][::9][:wrong]
    spoilt = "".join("ฬ" if index in places else c for index, c in enumerate(PAGE))
    # One or two could be names; many could not.
    assert measure_quality(spoilt) <= measure_quality(PAGE)
    assert wrong < 8 or measure_quality(spoilt) < measure_quality(PAGE) - 0.02
    assert measure_quality(spoilt) > 0.1


def test_a_page_is_weighed_in_a_few_milliseconds() -> None:
    measure_quality(PAGE)
    began = time.process_time()
    for _ in range(20):
        measure_quality(PAGE[:2500])
    # Measured at 1 ms; the slack is for a busy machine.
    assert (time.process_time() - began) / 20 < 0.02
