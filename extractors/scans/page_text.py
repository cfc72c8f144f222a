"""From lines as read to the text of a page: signs restored, dirt dropped, columns apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from correspondence.reading import Box, Frozen, TextPiece
from extractors.digits.placement import ReadLine
from extractors.normaliser import normalise
from extractors.orthography import measure_quality
from extractors.scans.cleaner import Pixels
from extractors.scans.signs import restore_signs

_COLUMNS = "   "
# The engine says 0.99 of every line it reads well, and 0.93 of a page that stands on its head.
_GARBLED, _CLEAR = 0.93, 0.99
_DIRT, _FEW_DIRT, _FEW = 0.15, 0.4, 4
# Signs around what could be a wrong number, while its line is put right.
_OPEN, _CLOSE = "\ue000", "\ue001"


class RecognisedPage(Frozen):
    """Text of a page image and how far it can be trusted, 0 to 1.

    Numbers are those of our own recogniser where it is sure, the engine's elsewhere; the engine's
    cannot be trusted (thai.md).

    `confidence` is how sure the engine is, 0 to 1; `quality` also asks whether the text is Thai.
    """

    text: str
    quality: float
    confidence: float
    pieces: tuple[TextPiece, ...] = ()


class RecognisedLine(Frozen):
    """A line's part in one column, put right: its row, text, place, certainty, doubtful spans.

    `text` is "" where what was read is dirt; `weight` counts what was read all the same.
    """

    row: int
    text: str
    box: Box
    confidence: float
    weight: int = 1
    doubtful: tuple[tuple[int, int], ...] = ()


def page_certainty(read: Sequence[ReadLine]) -> float:
    """Return how sure the engine is of a page, 0 to 1; 0 where nothing was read."""
    weights = [_weight(line) for line in read]
    return float(np.average([_certainty(line) for line in read], weights=weights)) if read else 0.0


def _weight(read: ReadLine) -> int:
    return max(1, sum(len(symbol.text) for symbol in read.symbols))


def _certainty(read: ReadLine) -> float:
    told = sum(symbol.confidence * len(symbol.text) for symbol in read.symbols) / _weight(read)
    return min(1.0, max(0.0, (told - _GARBLED) / (_CLEAR - _GARBLED)))


def put_right(placed: Sequence[ReadLine], page: Pixels) -> list[RecognisedLine]:
    """Return the lines of a page with their signs restored; dirt has no text."""
    height, width = page.shape
    return [_put_right(line, width, height) for line in placed]


def _put_right(read: ReadLine, width: int, height: int) -> RecognisedLine:
    marked = "".join(
        " " * symbol.spaced + (f"{_OPEN}{symbol.text}{_CLOSE}" if symbol.doubtful else symbol.text)
        for symbol in read.symbols
    )
    marked = restore_signs(normalise(marked).strip())
    text, doubtful = _without_signs(marked)
    sure = _certainty(read)
    letters = sum(character.isalnum() for character in text)
    dirt = sure < _DIRT or (sure < _FEW_DIRT and letters <= _FEW)
    if not letters or (dirt and not read.numbers):
        text, doubtful = "", ()
    line = read.line
    box = Box(
        left=line.left / width,
        top=line.top / height,
        right=min(1.0, line.right / width),
        bottom=min(1.0, line.bottom / height),
    )
    return RecognisedLine(
        row=line.row,
        text=text,
        box=box,
        confidence=round(sure, 3),
        weight=_weight(read),
        doubtful=doubtful,
    )


def _without_signs(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return a text without the signs around doubtful numbers, and where these stand."""
    pieces: list[str] = []
    spans: list[tuple[int, int]] = []
    length = begin = 0
    for character in marked:
        if character == _OPEN:
            begin = length
        elif character == _CLOSE:
            if spans and spans[-1][1] == begin:
                begin = spans.pop()[0]
            spans.append((begin, length))
        else:
            pieces.append(character)
            length += 1
    return "".join(pieces), tuple(spans)


def join_lines(lines: Sequence[RecognisedLine]) -> RecognisedPage:
    """Return the page: rows on lines of their own, the parts of a row three blanks apart."""
    text = ""
    pieces: list[TextPiece] = []
    written = [line for line in lines if line.text]
    for _, row in groupby(written, key=lambda line: line.row):
        text += "\n" if text else ""
        for number, line in enumerate(row):
            text += _COLUMNS if number else ""
            begin = len(text)
            text += line.text
            pieces.append(
                TextPiece(
                    begin=begin,
                    end=len(text),
                    box=line.box,
                    confidence=line.confidence,
                    doubtful=tuple((begin + a, begin + b) for a, b in line.doubtful),
                )
            )
    # What was dropped as dirt counts: a page on its head is mostly that.
    weights = [line.weight for line in lines]
    sure = [line.confidence for line in lines]
    confidence = float(np.average(sure, weights=weights)) if lines else 0.0
    quality = round(confidence * measure_quality(text), 3)
    return RecognisedPage(text=text, quality=quality, confidence=confidence, pieces=tuple(pieces))
