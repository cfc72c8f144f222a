"""Lines of text on a page: rows parted in columns, each cut out with its own ink only.

Text recognition of a whole page takes rows of tone marks for lines of their own and loses cells of
tables; a line that is cut out here holds its own pieces of ink and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extractors.scans.chains import Boxes, Numbers, find_rows
from extractors.scans.cleaner import Pixels
from extractors.scans.ink import HEIGHT, LEFT, TOP, WIDTH, Ink, usual_letter
from extractors.scans.marks import with_marks

# In heights of a letter without marks (ก).
_COLUMN_GAP = 2.5
_MARGIN = 0.4
_MOST_LINES = 400
_WIDEST_IMAGE = 8000


@dataclass(frozen=True, slots=True, eq=False)
class TextLine:
    """A line of text, or its part in one column.

    Attributes:
        pieces: the numbers of its pieces in the ink.
        letter: height of its plain letters, in pixels.
        row: number of the row it stands in, from the top; parts of one row share it.
        left, top, right, bottom: its place, in pixels.
    """

    pieces: Numbers
    letter: float
    row: int
    left: int
    top: int
    right: int
    bottom: int


def find_lines(ink: Ink) -> list[TextLine]:
    """Return the lines of a page, rows from the top and their parts from the left."""
    letter = usual_letter(ink.boxes)
    if not letter:
        return []
    boxes = ink.boxes.astype(np.float64)
    rows = find_rows(boxes, letter)[:_MOST_LINES]
    members = with_marks(boxes, rows)
    found: list[TextLine] = []
    for row, (own, size) in enumerate(zip(members, (chain.size for chain in rows), strict=True)):
        found += [_line(boxes, part, size, row) for part in _columns(boxes, own, size)]
    return found


def cut_out(ink: Ink, line: TextLine, letter: float) -> tuple[Pixels, int]:
    """Return the image of a line with nothing but its own ink, and its first column on the page.

    Args:
        ink: the page's ink.
        line: the line.
        letter: height of a plain letter in the image, in pixels.
    """
    margin = round(_MARGIN * line.letter)
    height, width = ink.page.shape
    left, top = max(0, line.left - margin), max(0, line.top - margin)
    right, bottom = min(width, line.right + margin), min(height, line.bottom + margin)
    labels = ink.labels[top:bottom, left:right]
    own = np.isin(labels, line.pieces).astype(np.uint8)
    own = np.asarray(cv2.dilate(own, np.ones((3, 3), np.uint8)), dtype=np.uint8)
    image = np.where(own > 0, ink.page[top:bottom, left:right], 255).astype(np.uint8)
    # Specks taken for a line across the page would become an image without bounds.
    scale = min(letter / line.letter, _WIDEST_IMAGE / image.shape[1])
    kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    resized = cv2.resize(image, None, fx=scale, fy=scale, interpolation=kind)
    return np.asarray(resized, dtype=np.uint8), left


def _columns(boxes: Boxes, own: Numbers, size: float) -> list[Numbers]:
    """Part a row where it has a wide gap."""
    own = own[np.argsort(boxes[own, LEFT], kind="stable")]
    ends = np.maximum.accumulate(boxes[own, LEFT] + boxes[own, WIDTH])
    gaps = boxes[own[1:], LEFT] - ends[:-1]
    return np.split(own, np.flatnonzero(gaps > _COLUMN_GAP * size) + 1)


def _line(boxes: Boxes, own: Numbers, size: float, row: int) -> TextLine:
    part = boxes[own]
    return TextLine(
        pieces=own,
        letter=size,
        row=row,
        left=int(part[:, LEFT].min()),
        top=int(part[:, TOP].min()),
        right=int((part[:, LEFT] + part[:, WIDTH]).max()),
        bottom=int((part[:, TOP] + part[:, HEIGHT]).max()),
    )
