"""A page image made ready for recognition: red ink off, straight, without specks."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]

_WIDEST_TILT = 3.0
_THINNEST = 20
_SPECK_PIXELS = 9
_INK_SHARE = 0.0004
# In widths of the page: taller and wider than letters of a heading.
_LARGEST_LETTER = 0.045
_RED, _BLUE = 0, 2
# By how much a channel is lighter than the others, and how light it is, in ink of its colour.
_CLEARLY = {_RED: (60, 100), _BLUE: (35, 70)}


def grey_page(image: Image.Image) -> Pixels:
    """Return the page in grey without red ink (the receipt stamp) and large strokes in blue.

    That is the red channel, where red is as white as the paper. Transparent parts are paper.
    Signatures and stamps in blue are larger than letters; letters in blue stay.
    """
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    if image.mode in ("L", "1", "I;16"):
        return np.asarray(image.convert("L")).copy()
    colours = np.asarray(image.convert("RGB"))
    page = colours[:, :, 0].copy()
    if _has_colour(image, _BLUE):
        page[_large_strokes(_in_colour(colours, _BLUE)) > 0] = 255
    return page


def red_ink(image: Image.Image) -> Pixels | None:
    """Return only what is printed in red, black on white, or None where nothing is.

    Urgency and secrecy marks are red by custom, so they must not go with the stamp.
    """
    if image.mode in ("L", "1", "I;16", "LA") or not _has_colour(image, _RED):
        return None
    red = _in_colour(np.asarray(image.convert("RGB")), _RED)
    return np.where(red > 0, 0, 255).astype(np.uint8)


def _has_colour(image: Image.Image, channel: int) -> bool:
    """Tell from a small copy whether enough of a page is printed in red or blue."""
    small = np.asarray(image.reduce(3).convert("RGB"))
    return float(np.mean(_in_colour(small, channel))) >= _INK_SHARE


def _in_colour(colours: Pixels, channel: int) -> Pixels:
    """Return 1 where one channel is much lighter than the other two, 0 elsewhere."""
    first, second = (colours[:, :, other] for other in range(3) if other != channel)
    own = colours[:, :, channel]
    lead, light = _CLEARLY[channel]
    lighter = cv2.subtract(own, cv2.max(first, second)) > lead
    return np.asarray(lighter & (own > light), dtype=np.uint8)


def _large_strokes(ink: Pixels) -> Pixels:
    """Return 1 on pieces of ink larger than letters, and a little around them."""
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    sides = np.maximum(boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT])
    large = (sides > _LARGEST_LETTER * ink.shape[1]).astype(np.uint8)
    large[0] = 0
    if not large.any():
        return np.zeros_like(ink)
    return _as_pixels(cv2.dilate(large[labels], np.ones((5, 5), np.uint8)))


def clean(page: Pixels) -> Pixels:
    """Return a grey page straightened and without grain.

    It stays grey: recognition finds the threshold of each part better than one for the whole page.
    """
    return straighten(page, find_tilt(page))


def straighten(page: Pixels, tilt: float) -> Pixels:
    """Return a grey page turned by degrees counter-clockwise, and without grain."""
    return _as_pixels(cv2.medianBlur(_turn(page, tilt), 3))


def remove_specks(page: Pixels) -> Pixels:
    """Return a grey page without specks and grain; thin strokes stay."""
    straight = page.copy()
    smooth = cv2.GaussianBlur(straight, (3, 3), 0)
    _, ink = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(_as_pixels(ink), connectivity=8)
    small = np.zeros(count, dtype=bool)
    small[1:] = stats[1:, cv2.CC_STAT_AREA] < _SPECK_PIXELS
    specks = cv2.dilate(small[labels].astype(np.uint8), np.ones((5, 5), np.uint8))
    straight[specks > 0] = int(np.median(page))
    return _as_pixels(cv2.medianBlur(straight, 3))


def find_tilt(page: Pixels) -> float:
    """Return the angle in degrees, -3 to 3, at which the lines of the page lie sharpest.

    Sums of rows change fastest when the rows run along the lines of text.
    """
    if min(page.shape) < _THINNEST:
        return 0.0
    scale = min(1.0, 900 / max(page.shape))
    if min(page.shape) * scale < 1:
        return 0.0
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, ink = cv2.threshold(small, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    if not 0.001 < float(np.mean(ink)) < 0.5:
        return 0.0

    def sharpness(angle: float) -> float:
        rows = _turn(_as_pixels(ink), angle, paper=0).sum(axis=1, dtype=np.int64)
        return float(np.square(np.diff(rows)).sum())

    coarse = max(np.arange(-_WIDEST_TILT, _WIDEST_TILT + 0.1, 0.5), key=sharpness)
    fine = max(np.arange(coarse - 0.4, coarse + 0.45, 0.1), key=sharpness)
    return float(round(fine, 2))


def encode(page: Pixels) -> bytes:
    """Return the page as a binary PGM, which needs no compression on its way to a program."""
    height, width = page.shape
    return b"P5 %d %d 255\n" % (width, height) + page.tobytes()


def is_blank(page: Pixels) -> bool:
    """Tell whether the page has no ink to speak of."""
    return float(np.mean(page < 128)) < 0.0002


def _turn(page: Pixels, angle: float, paper: int = 255) -> Pixels:
    if abs(angle) < 0.05:
        return page.copy()
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return _as_pixels(
        cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=paper)
    )


def _as_pixels(array: Any) -> Pixels:
    return np.asarray(array, dtype=np.uint8)
