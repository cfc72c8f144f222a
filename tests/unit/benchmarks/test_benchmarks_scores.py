from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.reading_scores import edit_distance, numbers_of, score_reading
from benchmarks.reading_texts import load_texts
from pipeline.read_check import squeeze

WORDS = st.text(alphabet="กขคาิ่ ab1๑", max_size=40)


def by_rows(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for index, character in enumerate(one, 1):
        before, row[0] = row[0], index
        for position, wanted in enumerate(other, 1):
            changed = before + (character != wanted)
            before = row[position]
            row[position] = min(before + 1, row[position - 1] + 1, changed)
    return row[-1]


@given(WORDS, WORDS)
def test_the_distance_is_levenshtein(one: str, other: str) -> None:
    assert edit_distance(one, other) == by_rows(one, other)


def test_what_is_compared_has_folded_digits_and_no_blanks() -> None:
    assert squeeze("ทํา ๒๕๖6\n") == "ทำ2566"


def test_numbers_count_as_often_as_they_stand() -> None:
    assert numbers_of("๑,๒๓๔.๕๐ บาท ๗ วัน 7 คน") == {"1,234.50": 1, "7": 2}


def test_a_score_tells_errors_numbers_and_wrong_claims() -> None:
    score = score_reading("ที่ ๑๒/๒๕๖๙ จำนวน ๔๐ คน", "ที่ ๑๒/๒๕๖๕ จำนวน ๔๐ คน", ("๑๒/๒๕๖๕",))
    assert (score.errors, score.numbers, score.numbers_right) == (1, 3, 2)
    assert (score.claims, score.claims_wrong) == (2, 1)
    assert (score + score).errors == 2


def test_the_texts_are_long_enough_and_hold_tables_heads_and_numbers() -> None:
    texts = load_texts()
    thai = sum(len(re.findall("[ก-๛]", text.truth)) for text in texts)
    assert thai >= 20_000
    assert sum(numbers_of(text.truth).total() for text in texts) >= 500
    assert sum("\n| " in text.marked for text in texts) >= 5
    assert sum(" || " in text.marked for text in texts) >= 5
    assert not any(re.search(r"\|{1,2}|\^\^|##", text.truth) for text in texts)
