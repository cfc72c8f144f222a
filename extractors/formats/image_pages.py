"""A decoded picture of any kind as a page image: upright, square pixels, on white paper."""

from __future__ import annotations

import numpy as np
from PIL import Image

_SIMPLE = ("1", "L", "RGB")
_DEEP = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")
# A fax is 204 dots per inch across and 98 down; more than four to one is a wrong tag.
_LEAST_STRETCH, _MOST_STRETCH = 1.5, 4.0
# How much the grey may differ that a decoder fills in for rows that are not there.
_FILL_RANGE = 2
_ORIENTATION, _STORED_WIDTH = 0x0112, 0x0100
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def as_page_image(image: Image.Image, pixels: int) -> Image.Image:
    """Return a loaded picture as a page image of mode `1`, `L` or `RGB`.

    It is turned as its EXIF says, transparent parts are paper, 16 bits a channel become 8, and
    the flat pixels of a fax are made square where the result stays within the limit.

    Args:
        image: as decoded.
        pixels: how many the page may have.

    Raises:
        ValueError: colours that cannot be converted.
    """
    # The resolution is that of the picture before its turn.
    square = _with_square_pixels(_in_simple_colours(image), image, pixels)
    return _turn(square, image)


def visible_part(image: Image.Image) -> Image.Image | None:
    """Return the rows of a cut JPEG that were there; None where they are too few for a letter.

    The decoder fills the rest with grey, to which recognition would set its threshold.
    """
    rows = np.asarray(image.convert("L")).astype(np.int16)
    shown = np.flatnonzero(np.ptp(rows, axis=1) > _FILL_RANGE)
    height = int(shown[-1]) + 1 if shown.size else 0
    # The last row of blocks may be filled from its middle on.
    height -= height % 16
    return image.crop((0, 0, image.width, height)) if height >= 64 else None


def _in_simple_colours(image: Image.Image) -> Image.Image:
    if image.mode in _DEEP:
        return _eight_bits(image)
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        paper = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(paper, seen).convert("RGB")
    if image.mode in _SIMPLE:
        return image
    if image.mode == "LAB":
        return image.getchannel(0)
    return image.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return a picture of more bits in 8: by the scale of 16, or by what it holds."""
    deep = np.nan_to_num(np.asarray(image).astype(np.float32))
    low, high = float(deep.min()), float(deep.max())
    if low >= 0 and high <= 65535:
        low, high = 0.0, 65535.0 if high > 255 else 255.0
    return Image.fromarray(((deep - low) * (255 / max(1e-6, high - low))).astype(np.uint8))


def _with_square_pixels(page: Image.Image, stored: Image.Image, pixels: int) -> Image.Image:
    across, down = _resolution(stored)
    ratio = max(across, down) / min(across, down)
    if not _LEAST_STRETCH <= ratio <= _MOST_STRETCH or page.width * page.height * ratio > pixels:
        return page
    size = (
        (page.width, round(page.height * ratio))
        if across > down
        else (round(page.width * ratio), page.height)
    )
    grey = page.convert("L") if page.mode == "1" else page
    return grey.resize(size, Image.Resampling.BICUBIC)


def _resolution(image: Image.Image) -> tuple[float, float]:
    """Return dots across and down in whatever unit; equal where the file does not say."""
    if image.format != "TIFF":
        return 1.0, 1.0
    found = image.info.get("dpi") or image.info.get("resolution") or (1.0, 1.0)
    across, down = (float(value) for value in found)
    if not (across > 0 and down > 0):
        return 1.0, 1.0
    # Pillow has turned a TIFF already, but says its resolution and width as stored.
    turned = getattr(image, "tag_v2", {}).get(_STORED_WIDTH) not in (None, image.width)
    return (down, across) if turned else (across, down)


def _turn(page: Image.Image, stored: Image.Image) -> Image.Image:
    try:
        turn = _TURNS.get(int(stored.getexif().get(_ORIENTATION, 1)))
    except (SyntaxError, ValueError, TypeError, KeyError, OSError, OverflowError):
        # A damaged EXIF block says nothing about the picture.
        return page
    return page.transpose(turn) if turn is not None else page
