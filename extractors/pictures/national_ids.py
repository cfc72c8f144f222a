"""Where the national numbers of a page stand, so that its picture can have them black."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from correspondence.national_ids import MASK
from correspondence.reading import Box, PageText, TextPiece
from extractors.scans.traces import PageTrace

# A national number of 11 to 15 digits as it leaves the reader: masked but for the last three.
_MASKED = re.compile(rf"{MASK}(?:\W{{0,4}}{MASK}){{7,}}(?:\W{{0,4}}[\dOoIl|]){{3}}")
# What recognition writes for digits counts inside a labelled number.
LIKE_DIGIT = re.compile(r"[\dOoIl|]")
_WRITTEN = re.compile(rf"[{MASK}\dOoIl|]")
# In heights of the line: how far around the digits is black too.
_AROUND = 0.9

FindDigits = Callable[[TextPiece], tuple[Box, ...]]


def hidden_boxes(page: PageText, find_digits: FindDigits) -> tuple[Box, ...] | None:
    """Return what to blacken on a page; None where a number's place is not known.

    Where a line has as many digits as its text, those of the number go; where it has more or
    fewer, all from the first to the last; where it has not even those of the number, the line.

    Args:
        page: the page with its numbers masked.
        find_digits: returns the places of the digits of a piece.
    """
    boxes: list[Box] = []
    for found in _MASKED.finditer(page.text):
        covered = 0
        for piece in page.pieces:
            begin, end = max(piece.begin, found.start()), min(piece.end, found.end())
            if begin < end:
                counts = [
                    len(_WRITTEN.findall(page.text[a:b]))
                    for a, b in ((piece.begin, begin), (begin, end), (end, piece.end))
                ]
                covered += counts[1]
                if counts[1]:
                    boxes.append(_around(piece, find_digits(piece), *counts))
        if covered < len(_WRITTEN.findall(found[0])):
            return None
    return tuple(boxes)


def digits_of_scan(trace: PageTrace) -> FindDigits:
    """Return what finds digits among the symbols of a scan; a symbol may be several digits."""
    width, height = (side / trace.scale for side in trace.page.size)

    def find(piece: TextPiece) -> tuple[Box, ...]:
        return tuple(_digits_on_line(piece, trace, width, height))

    return find


def _digits_on_line(
    piece: TextPiece, trace: PageTrace, width: float, height: float
) -> Iterator[Box]:
    for read in trace.lines:
        line = read.line
        middle = (line.top + line.bottom) / 2 / height
        if not piece.box.top <= middle <= piece.box.bottom:
            continue
        for symbol in read.symbols:
            centre = (symbol.left + symbol.right) / 2 / width
            count = len(LIKE_DIGIT.findall(symbol.text))
            if count and piece.box.left <= centre <= piece.box.right:
                box = Box(
                    left=_share(symbol.left / width),
                    top=piece.box.top,
                    right=_share(symbol.right / width),
                    bottom=piece.box.bottom,
                )
                yield from (box for _ in range(count))


def _around(piece: TextPiece, digits: tuple[Box, ...], before: int, within: int, after: int) -> Box:
    if len(digits) < within:
        return piece.box
    if len(digits) == before + within + after and _on_one_row(digits):
        in_order = sorted(digits, key=lambda box: box.left)
        digits = tuple(in_order[before : before + within])
    # Heights are shares of the longer side: about two letters of room.
    room = _AROUND * (piece.box.bottom - piece.box.top)
    return Box(
        left=_share(min(box.left for box in digits) - room),
        top=piece.box.top,
        right=_share(max(box.right for box in digits) + room),
        bottom=piece.box.bottom,
    )


def _on_one_row(boxes: tuple[Box, ...]) -> bool:
    """Tell whether boxes stand beside each other; a cell of a table may have several lines."""
    return max(box.top for box in boxes) < min(box.bottom for box in boxes)


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
