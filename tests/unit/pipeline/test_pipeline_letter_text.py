from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from correspondence.classification import Evidence
from correspondence.vocabulary import Category
from pipeline.letter_text import parted

TEXT = "ขอให้ตรวจสอบการจัดซื้อโต๊ะเรียนของโรงเรียน"


def evidence(start: int | None, end: int | None) -> Evidence:
    return Evidence(
        text="", weight=1.0, speaks_for=Category.COMPLAINT, page=1, start=start, end=end
    )


def test_evidence_stands_apart_in_its_place() -> None:
    begin = TEXT.index("จัดซื้อ")
    before, found, after = parted(TEXT, [evidence(begin, begin + 7), evidence(None, None)])
    assert (found.text, found.evidence, found.speaks_for) == ("จัดซื้อ", True, Category.COMPLAINT)
    assert not before.evidence and not after.evidence and after.text.startswith("โต๊ะเรียน")


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_the_parts_are_the_text_whatever_the_evidence_says(places: list[tuple[int, int]]) -> None:
    parts = list(parted(TEXT, [evidence(start, end) for start, end in places]))
    assert "".join(part.text for part in parts) == TEXT
    assert all(part.text for part in parts)
