from __future__ import annotations

import numpy as np

from extractors.digits.features import feature_count, glyph_features
from extractors.digits.glyphs import Band, Glyph, find_glyphs, pieces_in
from extractors.scans.cleaner import Pixels
from extractors.scans.ink import find_ink

BAND = Band(0, 0, 900, 120)


def page(*boxes: tuple[int, int, int, int]) -> Pixels:
    """Return a page with eight letters of 40 pixels and other boxes (left, top, right, bottom)."""
    pixels = np.full((120, 900), 255, dtype=np.uint8)
    for number in range(8):
        pixels[40:80, 20 + 40 * number : 45 + 40 * number] = 0
    for left, top, right, bottom in boxes:
        pixels[top:bottom, left:right] = 0
    return pixels


def glyphs_of(pixels: Pixels, band: Band = BAND) -> list[Glyph]:
    ink = find_ink(pixels)
    (found,) = find_glyphs(ink, [pieces_in(ink, band)])
    return found


def test_letters_stand_alone_until_a_mark_is_over_them() -> None:
    line = glyphs_of(page((22, 20, 42, 32)))
    letters = [glyph for glyph in line if glyph.height == 40]
    assert [glyph.alone for glyph in letters] == [False, *[True] * 7]
    assert letters[0].letter == 40
    assert letters[0].baseline == 80


def test_two_dots_over_each_other_are_one_glyph() -> None:
    line = glyphs_of(page((400, 50, 407, 57), (400, 73, 407, 80)))
    colon = line[-1]
    assert (colon.left, colon.top, colon.height, colon.alone) == (400, 50, 30, True)


def test_pictures_and_dust_are_no_glyphs() -> None:
    line = glyphs_of(page((400, 5, 800, 115), (850, 60, 852, 62)))
    assert len(line) == 8


def test_a_blank_page_has_no_glyphs() -> None:
    assert glyphs_of(np.full((50, 50), 255, dtype=np.uint8), Band(0, 0, 50, 50)) == []
    assert find_glyphs(find_ink(page()), []) == []


def test_a_row_of_features_is_finite_and_as_long_as_told() -> None:
    line = glyphs_of(page())
    rows = glyph_features(line)
    assert rows.shape == (8, feature_count())
    assert np.isfinite(rows).all()
