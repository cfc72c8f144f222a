"""A telephone's picture of a sheet made flat: edges found, slant and shadow taken out.

An ordinary scan passes untouched: everything is decided on a copy of a few hundred pixels, and
without clear signs of a photograph nothing is done. Text is worth more than a straight picture:
where anything that could be a second sheet or text lies outside the edges, they are left alone.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from PIL import Image

from extractors.scans.sheets import Corners, Pixels, find_sheet, fit_sides, without_ink

_LOOK = 640
_NEAR_LOOK = 1600
_A4 = (2480, 3508)
_A4_RATIO = 2**0.5
_WHITE = 245
# The edge of the sheet itself is no stroke: about a millimetre is painted white.
_EDGE_PIXELS = 12


def flatten_photograph(image: Image.Image) -> Image.Image:
    """Return the sheet of paper in a photograph, upright, 300 dots per inch of A4, evenly lit.

    Args:
        image: a page image of any mode, turned as its EXIF says.

    Returns:
        The sheet without the table around it; the whole picture with even light where no sheet
        is found and only the light is uneven; the same object where there is nothing to do.
    """
    if image.mode == "1" or min(image.size) < 400:
        return image
    look = _look(image, _LOOK)
    paper = without_ink(look.min(axis=2))
    if _is_plain(paper):
        return image
    corners = find_sheet(look)
    if corners is None:
        return Image.fromarray(even_light(_pixels(image))) if _is_shaded(paper) else image
    near = _look(image, _NEAR_LOOK)
    fitted = fit_sides(near, _points(corners * _growth(look, near)))
    whole = _pixels(image)
    sheet = _warp(whole, _points(fitted * _growth(near, whole)))
    return Image.fromarray(_whiten_edge(even_light(sheet)))


def even_light(page: Pixels) -> Pixels:
    """Return a page in grey or RGB divided by the light that falls on it, paper near white.

    The light is what is left of a small copy when strokes are closed and the rest is smoothed.
    Each channel is divided by its own, so the paper turns white and red ink stays red.
    """
    height, width = page.shape[:2]
    scale = min(1.0, 440 / max(height, width))
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    light = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((17, 17), np.uint8))
    light = cv2.GaussianBlur(cv2.medianBlur(light, 21), (0, 0), 5)
    full = cv2.resize(np.maximum(light, 24), (width, height), interpolation=cv2.INTER_LINEAR)
    return _as_pixels(cv2.divide(page, full, scale=_WHITE))


def _look(image: Image.Image, longest: int) -> Pixels:
    """Return a small copy in RGB: every so many pixels of the image, averaged in fours."""
    scale = min(1.0, 2 * longest / max(image.size))
    size = (max(2, int(image.width * scale)), max(2, int(image.height * scale)))
    sampled = _pixels(image.resize(size, Image.Resampling.NEAREST).convert("RGB"))
    half = (max(1, size[0] // 2), max(1, size[1] // 2))
    return _as_pixels(cv2.resize(sampled, half, interpolation=cv2.INTER_AREA))


def _pixels(image: Image.Image) -> Pixels:
    return np.asarray(image if image.mode in ("L", "RGB") else image.convert("RGB"))


def _is_plain(paper: Pixels) -> bool:
    """Tell whether the page is bright to every side and evenly lit, as from a scanner."""
    low, high = np.percentile(paper, (1, 90))
    return bool(low >= 0.8 * high and high >= 120)


def _is_shaded(paper: Pixels) -> bool:
    """Tell whether the whole picture is paper in uneven light: dark and bright, but no edges."""
    low, high = np.percentile(paper, (1, 90))
    smooth = cv2.GaussianBlur(paper, (0, 0), 3).astype(np.float32)
    steps = np.maximum(
        np.abs(smooth[8:, 8:] - smooth[:-8, 8:]), np.abs(smooth[8:, 8:] - smooth[8:, :-8])
    )
    return bool(
        low >= 40 and low < 0.8 * high and np.percentile(steps / smooth[8:, 8:], 99.5) < 0.2
    )


def _growth(small: Pixels, large: Pixels) -> Corners:
    """Return how much larger one copy of a picture is than another, across and down."""
    return _points((large.shape[1] / small.shape[1], large.shape[0] / small.shape[0]))


def _warp(pixels: Pixels, corners: Corners) -> Pixels:
    """Return the quadrilateral as an upright rectangle as large as A4 at 300 dots per inch."""
    lengths = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    across, down = float(lengths[0] + lengths[2]) / 2, float(lengths[1] + lengths[3]) / 2
    ratio = max(across, down) / min(across, down)
    if abs(ratio / _A4_RATIO - 1) < 0.12:
        ratio = _A4_RATIO
    # The area of A4 whatever the shape, so letters come out about as high.
    short = round((_A4[0] * _A4[1] / ratio) ** 0.5)
    size = (short, round(short * ratio)) if down >= across else (round(short * ratio), short)
    shrink = max(size) / max(across, down)
    if shrink < 0.7:
        pixels = _as_pixels(
            cv2.resize(pixels, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        )
        corners = _points(corners * shrink)
    target = _points([(0, 0), (size[0], 0), size, (0, size[1])])
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    return _as_pixels(
        cv2.warpPerspective(
            pixels, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
    )


def _whiten_edge(page: Pixels) -> Pixels:
    page[:_EDGE_PIXELS] = page[-_EDGE_PIXELS:] = 255
    page[:, :_EDGE_PIXELS] = page[:, -_EDGE_PIXELS:] = 255
    return page


def _as_pixels(array: Any) -> Pixels:
    return np.asarray(array, dtype=np.uint8)


def _points(array: Any) -> Corners:
    return np.asarray(array, dtype=np.float32)
