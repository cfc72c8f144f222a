"""Words of Thai are whole: no mark ends one, however long the run."""

from __future__ import annotations

import re
import time

from hypothesis import given
from hypothesis import strategies as st

from classifiers.wording import words

MARKS = frozenset("ัิีึืฺุู็่้๊๋์ำ")


def test_a_subject_is_cut_into_words_where_a_regular_expression_breaks_it() -> None:
    text = "เรื่อง ขอความอนุเคราะห์"
    assert re.findall(r"\w\w+", text) != ["เรื่อง", "ขอความอนุเคราะห์"]
    found = [word.text for word in words(text)]
    assert "".join(found) == text.replace(" ", "")
    assert found[0] == "เรื่อง"
    assert "ความอนุเคราะห์" in found or "อนุเคราะห์" in found


@given(st.lists(st.sampled_from(["เรื่อง", "ผู้ใหญ่", "น้ำ", "กำหนด", "ที่", "๑๒", " "]), max_size=40))
def test_no_word_begins_with_a_mark(pieces: list[str]) -> None:
    for word in words("".join(pieces)):
        assert word.text[0] not in MARKS


def test_a_long_run_without_blanks_takes_no_more_than_its_length() -> None:
    began = time.perf_counter()
    found = words("ขอความอนุเคราะห์ห้องประชุม" * 2_000)
    assert sum(len(word.text) for word in found) == 26 * 2_000
    assert time.perf_counter() - began < 20
