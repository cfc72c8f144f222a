"""Where a sheet of paper lies in a picture: four corners, found small and fitted near.

In doubt there is no sheet: text is worth more than a straight picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Corners = NDArray[np.float32]

# What a sheet on a table is: share of the picture, of its hull, of its sides' points.
_LEAST_AREA = 0.28
_LEAST_FIT = 0.95
_LEAST_EDGE = 0.75
# Factors of Otsu's threshold; in deep shadow none of them parts sheet and table.
_THRESHOLDS = (1.0, 0.85, 1.15, 0.7)
# Share of the brightness around, an eighth of the picture wide.
_LOCAL_SHARE = 0.8
_UPRIGHT = 0.006


def find_sheet(look: Pixels) -> Corners | None:
    """Return the corners of the sheet in a small picture, None where there is no clear one.

    Several thresholds propose quadrilaterals; one stays whose every side has paper inside and
    something darker outside, point by point, so that a shadow's edge is no side.

    Args:
        look: RGB pixels, some hundred a side.

    Returns:
        Four points (x, y) in pixels of `look`: top left, top right, bottom right, bottom left.
    """
    # Wood and cloth are coloured, paper hardly: the darkest channel parts them best.
    darkest = look.min(axis=2)
    paper = without_ink(darkest)
    best: tuple[float, Corners] | None = None
    for bright in _bright_parts(paper):
        corners = _propose(bright)
        if corners is None:
            continue
        edges = [_edge_share(paper, *side) for side in _sides(corners)]
        inner = [edge for edge in edges if edge is not None]
        if not inner or min(inner) < _LEAST_EDGE:
            continue
        score = sum(inner) / len(inner)
        if best is None or score > best[0]:
            best = (score, corners)
    if best is None or _holds_text_outside(darkest, paper, best[1]):
        return None
    return best[1]


def _bright_parts(paper: Pixels) -> Iterator[NDArray[np.bool_]]:
    """Yield what may be the sheet: brighter than one threshold, or than its surroundings."""
    otsu, _ = cv2.threshold(paper, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    for factor in _THRESHOLDS:
        yield paper > otsu * factor
    around = cv2.GaussianBlur(paper.astype(np.float32), (0, 0), max(paper.shape) / 8)
    yield paper > _LOCAL_SHARE * around


def fit_sides(near: Pixels, coarse: Corners) -> Corners:
    """Return corners found in a small picture, moved to where the edges cross in a nearer one.

    Args:
        near: RGB pixels, some thousand a side.
        coarse: corners in pixels of `near`, in the order of `find_sheet`.
    """
    grey = _as_pixels(cv2.GaussianBlur(near.min(axis=2), (0, 0), 1.5))
    lines = [_fit_side(grey, *side) for side in _sides(coarse)]
    refined = coarse.copy()
    for index in range(4):
        meeting = _meet(lines[index - 1], lines[index])
        moved = np.inf if meeting is None else np.linalg.norm(meeting - coarse[index])
        if meeting is not None and moved < 0.03 * max(grey.shape):
            refined[index] = meeting
    return refined


def without_ink(grey: Pixels) -> Pixels:
    """Return a small grey picture with the strokes of letters closed."""
    closed = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8))
    return _as_pixels(cv2.medianBlur(closed, 5))


def _propose(bright: NDArray[np.bool_]) -> Corners | None:
    """Return the quadrilateral of the largest bright part, None where it is not one."""
    mask = cv2.morphologyEx(bright.astype(np.uint8), cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    hull = cv2.convexHull(outline)
    area = cv2.contourArea(hull)
    if area < _LEAST_AREA * mask.size or cv2.contourArea(outline) < _LEAST_FIT * area:
        return None
    round_it = cv2.arcLength(hull, closed=True)
    for tolerance in (0.01, 0.015, 0.02, 0.03, 0.04):
        points = cv2.approxPolyDP(hull, tolerance * round_it, closed=True)
        if len(points) <= 4:
            break
    if len(points) != 4 or not _LEAST_FIT <= cv2.contourArea(points) / area <= 1 / _LEAST_FIT:
        return None
    corners = _in_order(points.reshape(4, 2).astype(np.float32))
    return corners if _is_sheet_like(corners) else None


def _in_order(points: Corners) -> Corners:
    """Return four points clockwise from the top left."""
    centre = points.mean(axis=0)
    around = np.arctan2(points[:, 1] - centre[1], points[:, 0] - centre[0])
    clockwise = points[np.argsort(around)]
    first = int(np.argmin(clockwise.sum(axis=1)))
    return np.asarray(np.roll(clockwise, -first, axis=0), dtype=np.float32)


def _is_sheet_like(corners: Corners) -> bool:
    ahead = np.roll(corners, -1, axis=0) - corners
    lengths = np.linalg.norm(ahead, axis=1)
    if lengths.min() < 1:
        return False
    units = ahead / lengths[:, None]
    cosines = np.abs(np.sum(units * np.roll(units, -1, axis=0), axis=1))
    opposite = np.minimum(lengths, np.roll(lengths, 2)) / np.maximum(lengths, np.roll(lengths, 2))
    ratio = max(lengths[0] + lengths[2], lengths[1] + lengths[3]) / min(
        lengths[0] + lengths[2], lengths[1] + lengths[3]
    )
    return bool(cosines.max() < 0.5 and opposite.min() > 0.55 and ratio < 2.2)


def _sides(corners: Corners) -> list[tuple[Corners, Corners]]:
    return [(corners[index], corners[(index + 1) % 4]) for index in range(4)]


def _on_border(start: Corners, end: Corners, width: int, height: int, room: float = 0.012) -> bool:
    """Tell whether a side lies on the picture's own border: the sheet goes on beyond it."""
    reach = room * max(width, height)
    for axis, size in ((0, width), (1, height)):
        pair = (float(start[axis]), float(end[axis]))
        if max(pair) <= reach or min(pair) >= size - 1 - reach:
            return True
    return False


def _edge_share(paper: Pixels, start: Corners, end: Corners) -> float | None:
    """Return the share of a side's points where paper ends; None for the picture's border."""
    height, width = paper.shape
    if _on_border(start, end, width, height):
        return None
    inside, outside = (_along(paper, start, end, shift) for shift in (7.0, -7.0))
    return float(np.mean(inside > 1.15 * outside + 4))


def _along(grey: Pixels, start: Corners, end: Corners, shift: float) -> NDArray[np.float32]:
    """Return the grey values along a side, `shift` pixels to its inner side."""
    way = (end - start) / max(1e-6, float(np.linalg.norm(end - start)))
    normal = _points((-way[1], way[0]))
    share = np.linspace(0.04, 0.96, 60, dtype=np.float32)[:, None]
    points = start + share * (end - start) + shift * normal
    height, width = grey.shape
    columns = np.clip(np.rint(points[:, 0]), 0, width - 1).astype(np.intp)
    rows = np.clip(np.rint(points[:, 1]), 0, height - 1).astype(np.intp)
    return _points(grey[rows, columns])


def _holds_text_outside(darkest: Pixels, paper: Pixels, corners: Corners) -> bool:
    """Tell whether something outside the sheet is as bright as paper or text on a dark ground.

    A box on a page that is upright to a third of a degree is more likely part of a layout than a
    photographed sheet, so its outside must be dark and empty.
    """
    inside = cv2.fillConvexPoly(np.zeros_like(darkest), np.rint(corners).astype(np.int32), 1)
    near = cv2.dilate(inside, np.ones((13, 13), np.uint8))
    outside = darkest[near == 0]
    if outside.size < 0.01 * darkest.size:
        return False
    white = float(np.median(paper[inside > 0]))
    bright = float(np.mean(outside > 0.85 * white)) * outside.size / darkest.size
    if _is_upright(corners):
        return bool(bright > 0.001 or np.median(outside) > 0.5 * white)
    return bool(bright > 0.04)


def _is_upright(corners: Corners) -> bool:
    ahead = np.abs(np.roll(corners, -1, axis=0) - corners)
    return bool(np.max(ahead.min(axis=1) / ahead.max(axis=1)) < _UPRIGHT)


def _fit_side(grey: Pixels, start: Corners, end: Corners) -> tuple[Corners, Corners]:
    """Return a line (point, direction) through the strongest steps near a side."""
    height, width = grey.shape
    way = (end - start) / max(1e-6, float(np.linalg.norm(end - start)))
    if _on_border(start, end, width, height):
        return start, way
    reach = int(0.012 * max(height, width))
    normal = _points((-way[1], way[0]))
    profiles = np.stack(
        [_along(grey, start, end, float(shift)) for shift in range(-reach - 4, reach + 5)]
    )
    steps = profiles[8:] - profiles[:-8]
    strongest = steps.argmax(axis=0).astype(np.float32) - reach
    share = np.linspace(0.04, 0.96, 60, dtype=np.float32)[:, None]
    points = start + share * (end - start) + strongest[:, None] * normal
    sure = steps.max(axis=0) > 12
    if np.count_nonzero(sure) < 20:
        return start, way
    fitted = cv2.fitLine(points[sure], cv2.DIST_HUBER, 0, 0.01, 0.01).reshape(4)
    return fitted[2:].astype(np.float32), fitted[:2].astype(np.float32)


def _meet(one: tuple[Corners, Corners], other: tuple[Corners, Corners]) -> Corners | None:
    """Return where two lines (point, direction) cross."""
    directions = np.stack((one[1], -other[1]), axis=1).astype(np.float64)
    if abs(np.linalg.det(directions)) < 1e-3:
        return None
    along = np.linalg.solve(directions, (other[0] - one[0]).astype(np.float64))
    return np.asarray(one[0] + along[0] * one[1], dtype=np.float32)


def _as_pixels(array: Any) -> Pixels:
    return np.asarray(array, dtype=np.uint8)


def _points(array: Any) -> Corners:
    return np.asarray(array, dtype=np.float32)
