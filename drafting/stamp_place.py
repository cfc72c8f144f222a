"""Where on a page a stamp covers nothing: the top right corner, else another one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PIL import Image

MARGIN_MM = 5.0
CLEARANCE_MM = 1.5
STEP_MM = 1.0
# A smaller stamp in the right corner is better than a whole one elsewhere.
SCALES = (1.0, 0.85, 0.72)
# How much darker than its paper a dot is that counts as ink, and how many specks do not matter.
_INK = 40
_SPECKS = 0.0004
# Corners in the order of preference: (at the right, at the top).
_CORNERS = ((True, True), (False, True), (True, False), (False, False))
_ZONE = (0.62, 0.3)
# A stamp smaller by a tenth is as bad as one so many tenths of this farther from the corner.
_SMALLNESS_MM = 60.0


@dataclass(frozen=True, slots=True)
class StampPlace:
    """A place on the page as it is seen, in millimetres from the top left corner.

    Attributes:
        left: distance from the left.
        top: distance from the top.
        scale: 1.0 is the stamp's own size.
        free: it covers nothing.
    """

    left: float
    top: float
    scale: float
    free: bool


def find_place(page: Image.Image, width_mm: float, size_mm: tuple[float, float]) -> StampPlace:
    """Return where a stamp goes.

    Args:
        page: the page as it is seen, any mode, some 4 dots a millimetre.
        width_mm: width of the page.
        size_mm: width and height of the stamp.
    """
    ink = _ink_sums(page)
    per_mm = page.width / width_mm
    height_mm = page.height / per_mm
    most = min(
        1.0,
        (width_mm - 2 * MARGIN_MM) / size_mm[0],
        (height_mm - 2 * MARGIN_MM) / size_mm[1],
    )
    scales = sorted({max(0.05, min(scale, most)) for scale in SCALES}, reverse=True)
    room = (width_mm, height_mm)
    worst: tuple[float, StampPlace] | None = None
    for corner in _CORNERS:
        for left, top, scale in _spots(corner, room, size_mm, scales):
            stamp = (size_mm[0] * scale, size_mm[1] * scale)
            share = _ink_share(ink, per_mm, (left, top), stamp)
            if share <= _SPECKS:
                return StampPlace(left, top, scale, free=True)
            # With no free corner the lightest spot at the top right must do.
            if corner == _CORNERS[0] and (worst is None or share < worst[0]):
                worst = (share, StampPlace(left, top, scale, free=False))
    if worst is None:
        return StampPlace(MARGIN_MM, MARGIN_MM, scales[-1], free=False)
    return worst[1]


def _spots(
    corner: tuple[bool, bool],
    room: tuple[float, float],
    size_mm: tuple[float, float],
    scales: list[float],
) -> list[tuple[float, float, float]]:
    """Return top left points and scales of a stamp in a corner, the best first.

    What is farther from the corner is worse, and so is what is smaller.
    """
    at_right, at_top = corner
    found: list[tuple[float, tuple[float, float, float]]] = []
    for scale in scales:
        stamp = (size_mm[0] * scale, size_mm[1] * scale)
        edge = [max(0.0, min(MARGIN_MM, (r - s) / 2)) for r, s in zip(room, stamp, strict=True)]
        reach = [
            max(0.0, min(r - 2 * e - s, r * zone - s))
            for r, e, s, zone in zip(room, edge, stamp, _ZONE, strict=True)
        ]
        steps = [np.arange(0.0, far + STEP_MM / 2, STEP_MM).tolist() for far in reach]
        for aside, down in product(*steps):
            left = room[0] - edge[0] - stamp[0] - aside if at_right else edge[0] + aside
            top = edge[1] + down if at_top else room[1] - edge[1] - stamp[1] - down
            found.append((aside + down + (1 - scale) * _SMALLNESS_MM, (left, top, scale)))
    found.sort(key=lambda spot: spot[0])
    return [spot for _, spot in found]


def _ink_sums(page: Image.Image) -> NDArray[np.int64]:
    """Return sums over rectangles from the corner: ink dots, with a row and column of zeros."""
    grey = np.asarray(page.convert("L"))
    paper = int(np.percentile(grey, 80))
    sums = np.zeros((grey.shape[0] + 1, grey.shape[1] + 1), dtype=np.int64)
    sums[1:, 1:] = (grey < paper - _INK).cumsum(axis=0).cumsum(axis=1)
    return sums


def _ink_share(
    sums: NDArray[np.int64],
    per_mm: float,
    spot: tuple[float, float],
    stamp: tuple[float, float],
) -> float:
    rows, columns = sums.shape[0] - 1, sums.shape[1] - 1
    left = int(max(0, (spot[0] - CLEARANCE_MM) * per_mm))
    top = int(max(0, (spot[1] - CLEARANCE_MM) * per_mm))
    right = int(min(columns, (spot[0] + stamp[0] + CLEARANCE_MM) * per_mm + 1))
    bottom = int(min(rows, (spot[1] + stamp[1] + CLEARANCE_MM) * per_mm + 1))
    dots = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    return float(dots) / max(1, (right - left) * (bottom - top))
