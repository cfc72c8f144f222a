"""Drawn pages to learn from: lines of words and numbers whose digits are known by their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from extractors.digits.glyphs import Band, Glyph, find_glyphs, pieces_in
from extractors.digits.model import ARABIC, CLASSES, MARKS, OTHER, THAI
from extractors.digits.noise import spoil
from extractors.lexicon import words
from extractors.scans.cleaner import Pixels, remove_specks
from extractors.scans.ink import find_ink

_LINES = 14
_WIDTH = 1500
_MARGIN = 60
_DOTS_PER_INCH = 300
_SHAPES = (
    *("9", "99", "9999", "9999.9/9", "9999/999", "99.99", "99/9999", "9,999", "999,999.99"),
    *("9-9999-9999", "99-99", "9.", "(9)", "9.9", "99/9/9999", "9-99", "9999/ว99", "9999/ 9"),
    *("99:99", "9:99", "99:99:99", "99"),
)
_LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SIGNS = "()\"';%&+=?!ฯๆ“”‘’–|_<>[]"


@dataclass(frozen=True, slots=True)
class Sample:
    """A glyph and the class of CLASSES it is."""

    glyph: Glyph
    label: int


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A character of a number as drawn: the box of its ink, in pixels of the page."""

    character: str
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Line:
    band: Band
    drawn: tuple[_Drawn, ...]
    numbers: tuple[tuple[int, int], ...]


def draw_samples(face: Path, generator: np.random.Generator) -> list[Sample]:
    """Return the labelled glyphs of one page in a face, spoilt as prints and scans are.

    Pieces of a number that are no whole character (broken or touching) are left out.
    """
    points = generator.uniform(9.5, 18.5)
    dots = float(generator.choice([150, 200, 300, 300, 300]))
    image, lines = _draw_page(face, points, dots, generator)
    page = spoil(image, generator)
    growth = _DOTS_PER_INCH / dots
    if growth > 1:
        page = np.asarray(
            cv2.resize(page, None, fx=growth, fy=growth, interpolation=cv2.INTER_CUBIC), np.uint8
        )
    bands = [_grown(line.band, growth) for line in lines]
    ink = find_ink(remove_specks(page))
    found = find_glyphs(ink, [pieces_in(ink, band) for band in bands])
    samples: list[Sample] = []
    for line, glyphs in zip(lines, found, strict=True):
        for glyph in glyphs:
            label = _label(glyph, line, growth)
            if label is not None:
                samples.append(Sample(glyph, CLASSES.index(label)))
    return samples


def _grown(band: Band, growth: float) -> Band:
    sides = (band.left, band.top, band.right, band.bottom)
    return Band(*(round(side * growth) for side in sides))


def _draw_page(
    face: Path, points: float, dots: float, generator: np.random.Generator
) -> tuple[Pixels, list[_Line]]:
    size = points * dots / 72
    font = ImageFont.truetype(str(face), round(size))
    step = round(size * 1.75)
    scale = dots / _DOTS_PER_INCH
    width, margin = round(_WIDTH * scale), round(_MARGIN * scale)
    image = Image.new("L", (width, step * _LINES + 2 * margin), 255)
    pen = ImageDraw.Draw(image)
    lines = [
        _draw_line(pen, font, (margin, margin + step * row, width - margin), generator)
        for row in range(_LINES)
    ]
    return np.asarray(image).copy(), lines


def _draw_line(
    pen: ImageDraw.ImageDraw,
    font: ImageFont.FreeTypeFont,
    place: tuple[int, int, int],
    generator: np.random.Generator,
) -> _Line:
    left, top, right = place
    space = font.getlength(" ")
    drawn: list[_Drawn] = []
    numbers: list[tuple[int, int]] = []
    across = float(left)
    # Some lines are short, as dates and page numbers are.
    end = right if generator.random() < 0.8 else left + (right - left) * generator.uniform(0.1, 0.5)
    while True:
        number = generator.random() < 0.5
        text = _number(generator) if number else _word(generator)
        if across + font.getlength(text) > end:
            break
        begun = across
        if number:
            for character in text:
                drawn += _draw_character(pen, font, (across, top), character)
                across += font.getlength(character)
            numbers.append((round(begun) - 1, round(across) + 1))
        else:
            pen.text((across, top), text, font=font, fill=0)
            across += font.getlength(text)
        across += space * float(generator.choice([0.0, 1.0, 1.0, 1.0, 2.0]))
    ascent, descent = font.getmetrics()
    band = Band(0, top, right + left, top + ascent + descent)
    return _Line(band, tuple(drawn), tuple(numbers))


def _draw_character(
    pen: ImageDraw.ImageDraw,
    font: ImageFont.FreeTypeFont,
    at: tuple[float, int],
    character: str,
) -> list[_Drawn]:
    pen.text(at, character, font=font, fill=0)
    if character not in CLASSES:
        return []
    ink = _ink_box(font, character)
    if ink is None:
        return []
    across, down = at
    left, top, right, bottom = ink
    box = (round(across + left), down + top, round(across + right), down + bottom)
    return [_Drawn(character, box)]


def _ink_box(font: ImageFont.FreeTypeFont, character: str) -> tuple[int, int, int, int] | None:
    """Return the box of a character's ink when drawn at 0, 0; the font's own box is wider."""
    side = round(font.size)
    image = Image.new("L", (3 * side, 3 * side), 0)
    ImageDraw.Draw(image).text((side, side), character, font=font, fill=255)
    box = image.point([255 if level > 127 else 0 for level in range(256)]).getbbox()
    if box is None:
        return None
    left, top, right, bottom = box
    return left - side, top - side, right - side, bottom - side


def _label(glyph: Glyph, line: _Line, growth: float) -> str | None:
    """Return what a glyph is, None where it is a piece of a number but no whole character."""
    middle = (glyph.left + glyph.width / 2) / growth
    own = (glyph.left, glyph.top, glyph.right, glyph.top + glyph.height)
    box = tuple(side / growth for side in own)
    slack = 0.08 * glyph.letter / growth + 1
    for drawn in line.drawn:
        if all(abs(a - b) <= slack for a, b in zip(box, drawn.box, strict=True)):
            return drawn.character
    if any(begin <= middle <= end for begin, end in line.numbers):
        return None
    return OTHER


def _number(generator: np.random.Generator) -> str:
    """Return an invented number, in Thai digits more often than not."""
    shape = str(generator.choice(_SHAPES))
    digits = THAI if generator.random() < 0.62 else ARABIC
    return "".join(
        digits[int(generator.integers(10))] if character == "9" else character
        for character in shape
    )


def _word(generator: np.random.Generator) -> str:
    kind = generator.random()
    if kind < 0.78:
        listed = _listed()
        count = int(generator.integers(1, 4))
        return "".join(listed[int(generator.integers(len(listed)))] for _ in range(count))
    if kind < 0.9:
        count = int(generator.integers(1, 9))
        return "".join(generator.choice(list(_LATIN), count))
    return str(generator.choice(list(_SIGNS)))


_sorted_words: list[str] = []


def _listed() -> Sequence[str]:
    """Return the word list in a fixed order, digits and marks of numbers left out."""
    if not _sorted_words:
        digits = set(THAI + ARABIC + MARKS)
        _sorted_words.extend(sorted(word for word in words() if not digits & set(word)))
    return _sorted_words
