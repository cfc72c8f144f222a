"""Where each line of a page's text stands, in shares of the page as it is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from correspondence.reading import Box, TextPiece
from extractors.text_layer.clusters import Cluster
from extractors.text_layer.lines import COLUMN_GAP, Place, Row, extent_of, join_places

# What no step of the normaliser drops, adds or moves; marks, vowels and blanks it may.
_CHANGED = re.compile(r"[^ก-ฮ0-9A-Za-z๐-๙.,/()\[\]:;+@#%&*-]")
_PRIVATE = str.maketrans("\uf700\uf70f", "ฐญ")


@dataclass(frozen=True, slots=True)
class Frame:
    """The visible part of a PDF page in points, and its turn in degrees clockwise."""

    place: Place
    turn: int

    def box(self, place: Place) -> Box:
        """Return a place as shares of the page as shown, from its top left corner."""
        width = max(1.0, self.place.right - self.place.left)
        height = max(1.0, self.place.top - self.place.bottom)
        left, right = (_share((x - self.place.left) / width) for x in (place.left, place.right))
        top, bottom = (_share((self.place.top - y) / height) for y in (place.top, place.bottom))
        if self.turn == 90:
            left, top, right, bottom = 1 - bottom, left, 1 - top, right
        elif self.turn == 180:
            left, top, right, bottom = 1 - right, 1 - bottom, 1 - left, 1 - top
        elif self.turn == 270:
            left, top, right, bottom = top, 1 - right, bottom, 1 - left
        return Box(left=left, top=top, right=right, bottom=bottom)


def _share(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 5)


def page_frame(page: pypdfium2.PdfTextPage) -> Frame:
    """Return the frame of a text page's page."""
    left, bottom, right, top = page.page.get_bbox()
    turn = 90 * int(pdfium.FPDFPage_GetRotation(page.page.raw))
    return Frame(Place(left, bottom, right, top), turn)


def pieces_of_rows(text: str, rows: Sequence[Row], frame: Frame) -> tuple[TextPiece, ...]:
    """Return the pieces of the normalised text of rows.

    Normalising keeps lines and wide gaps but for rare repairs: where a row then has another number
    of parts, it is one piece; where lines were joined, they are found by their letters.
    """
    lines = text.split("\n")
    if len(lines) != len(rows):
        return _pieces_by_letters(
            text, [(strip.text, strip.place) for r in rows for strip in r.strips], frame
        )
    pieces: list[TextPiece] = []
    begin = 0
    for line, row in zip(lines, rows, strict=True):
        parts = line.split(COLUMN_GAP)
        strips = row.strips
        if len(parts) == len(strips):
            at = begin
            for part, strip in zip(parts, strips, strict=True):
                _add(pieces, at, part, frame.box(strip.place))
                at += len(part) + len(COLUMN_GAP)
        else:
            _add(pieces, begin, line, frame.box(join_places(strip.place for strip in strips)))
        begin += len(line) + 1
    return tuple(pieces)


def pieces_in_order(text: str, clusters: Sequence[Cluster], frame: Frame) -> tuple[TextPiece, ...]:
    """Return the pieces of any reading of the clusters, one a line; lines not found have none."""
    return _pieces_by_letters(text, [(c.text, extent_of((c,))) for c in clusters], frame)


def _pieces_by_letters(
    text: str, placed: Sequence[tuple[str, Place]], frame: Frame
) -> tuple[TextPiece, ...]:
    letters: list[str] = []
    places: list[Place] = []
    for written, place in placed:
        kept = _letters(written)
        letters.append(kept)
        places.extend([place] * len(kept))
    stream = "".join(letters)
    pieces: list[TextPiece] = []
    begin = after = 0
    for line in text.split("\n"):
        wanted = _letters(line)
        at = stream.find(wanted, after)
        if at < 0:
            at = stream.find(wanted)
        if wanted and at >= 0:
            after = at + len(wanted)
            _add(pieces, begin, line, frame.box(join_places(places[at:after])))
        begin += len(line) + 1
    return tuple(pieces)


def _letters(text: str) -> str:
    return _CHANGED.sub("", text.translate(_PRIVATE))


def _add(pieces: list[TextPiece], begin: int, text: str, box: Box) -> None:
    """Add a piece without the blanks at its ends; nothing for a blank text."""
    inner = text.strip()
    if inner:
        begin += len(text) - len(text.lstrip())
        pieces.append(TextPiece(begin=begin, end=begin + len(inner), box=box))
