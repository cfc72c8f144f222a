from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from correspondence.page_layout import PlacedStretch, boxes_between
from correspondence.reading import Box

LINE = PlacedStretch(begin=10, end=20, box=Box(left=0.2, top=0.1, right=0.7, bottom=0.12))
NEXT = PlacedStretch(begin=21, end=31, box=Box(left=0.2, top=0.13, right=0.5, bottom=0.15))


def test_words_over_two_lines_have_a_box_on_each() -> None:
    first, second = boxes_between((LINE, NEXT), 15, 26)
    assert (first.left, first.right, first.top) == (0.45, 0.7, 0.1)
    assert (second.left, second.right, second.top) == (0.2, 0.35, 0.13)


def test_words_that_stand_nowhere_have_no_box() -> None:
    assert not list(boxes_between((LINE, NEXT), 0, 10))
    assert not list(boxes_between((LINE, NEXT), 20, 21))


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_box_lies_within_its_line(begin: int, end: int) -> None:
    for box in boxes_between((LINE,), begin, end):
        assert LINE.box.left <= box.left <= box.right <= LINE.box.right
