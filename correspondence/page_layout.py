"""Where the text of a letter's pages stands, kept to show a page with what was read on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import Field

from correspondence.reading import Box, Frozen

# Thai numbers and shares need no more to be drawn on a page.
_DIGITS = 4


class PlacedStretch(Frozen):
    """A stretch of a page's text, as offsets (begin, end), and where it stands."""

    begin: int = Field(ge=0)
    end: int = Field(ge=0)
    box: Box


class PageLayout(Frozen):
    """A page with places: its size, its turn, and where its text stands; no word of it.

    Attributes:
        number: of the page of the letter, from 1.
        width: of the page as it was read, in any unit.
        height: in the same unit.
        turn: degrees counter-clockwise by which the page's picture was turned to be read.
        stretches: where the text stands, in order.
        doubts: where what was read could be a wrong number.
    """

    number: int = Field(ge=1)
    width: float = Field(gt=0)
    height: float = Field(gt=0)
    turn: float = 0.0
    stretches: tuple[PlacedStretch, ...] = ()
    doubts: tuple[Box, ...] = ()


def boxes_between(stretches: Iterable[PlacedStretch], begin: int, end: int) -> Iterator[Box]:
    """Yield where the text between two offsets stands, a box for each stretch it touches.

    Without the text itself, letters count as equally wide.
    """
    for stretch in stretches:
        first, last = max(begin, stretch.begin), min(end, stretch.end)
        if first >= last:
            continue
        step = (stretch.box.right - stretch.box.left) / (stretch.end - stretch.begin)
        left = stretch.box.left + step * (first - stretch.begin)
        right = stretch.box.left + step * (last - stretch.begin)
        yield stretch.box.model_copy(
            update={"left": round(left, _DIGITS), "right": round(min(1.0, right), _DIGITS)}
        )
