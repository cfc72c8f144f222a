"""Drawn lines of text for the tests of the digit recogniser."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from extractors.digits.fonts import find_fonts
from extractors.digits.glyphs import Band, pieces_in
from extractors.digits.placement import ReadLine
from extractors.scans.cleaner import Pixels
from extractors.scans.ink import Ink, find_ink
from extractors.scans.lines import TextLine
from extractors.scans.symbols import Symbol

SIZE = 62


def drawn_page(lines: list[str], family: str = "Garuda") -> Pixels:
    """Return a page with lines in a Thai font; skipped visibly where it is not installed."""
    faces = [face for face in find_fonts().get(family, ()) if face.stem == family]
    if not faces:
        pytest.skip("needs the TLWG Thai fonts (apt-get install fonts-thai-tlwg)")
    font = ImageFont.truetype(str(faces[0]), SIZE)
    image = Image.new("L", (1600, 120 * len(lines) + 80), 255)
    pen = ImageDraw.Draw(image)
    for row, text in enumerate(lines):
        pen.text((60, 40 + 120 * row), text, font=font, fill=0)
    return np.asarray(image).copy()


def drawn_ink(lines: list[str], family: str = "Garuda") -> Ink:
    """Return the ink of `drawn_page`."""
    return find_ink(drawn_page(lines, family))


def read_line(ink: Ink, row: int, *symbols: Symbol) -> ReadLine:
    """Return a row of a drawn page with what the engine is said to have read there."""
    top = 40 + 120 * row
    pieces = pieces_in(ink, Band(0, top, 1600, top + 110))
    line = TextLine(pieces, 40.0, row, 55, top, 1500, top + 110)
    return ReadLine(line, symbols)


def symbol(text: str, left: int, right: int, *, spaced: bool = False) -> Symbol:
    """Return a recognised symbol between two columns."""
    return Symbol(text, left, right, 0.9, spaced)
