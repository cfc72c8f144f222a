"""Drawn lines of text for the tests of the digit recogniser."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from extractors.digits.fonts import find_fonts
from extractors.scan_cleaner import Pixels
from extractors.tesseract import Word

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


def line_box(row: int, text: str, left: int, right: int) -> Word:
    """Return a recognised word of a row of `drawn_page`."""
    return Word(text, left, 40 + 120 * row, right - left, 110, 90.0, (1, 1, row))
