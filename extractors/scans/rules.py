"""Ruled lines of tables and forms, taken off the page before its letters are looked at."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from extractors.scans.cleaner import Pixels
from extractors.scans.ink import HEIGHT, LEFT, TOP, WIDTH, Ink, connect, usual_letter

# In heights of a letter: what is longer than the first is looked at for rules; a rule is a stroke
# longer than the second, and not thicker than the third.
_LARGE = 4.0
_LONG = 3.2
_THICK = 0.4
_SHORTEST = 50
# A rule of a bad print or a fax has gaps.
_UNBROKEN = 0.93


def without_rules(ink: Ink) -> Ink:
    """Return the ink without ruled lines; a letter's stroke across a rule stays.

    The page itself is returned unchanged where it has no rules.
    """
    letter = usual_letter(ink.boxes)
    if not letter:
        return ink
    boxes = ink.boxes[1:]
    large = (boxes[:, WIDTH] > _LARGE * letter) | (boxes[:, HEIGHT] > _LARGE * letter)
    numbers = np.flatnonzero(large) + 1
    if not len(numbers):
        return ink
    left, top = boxes[large, LEFT].min(), boxes[large, TOP].min()
    right = (boxes[large, LEFT] + boxes[large, WIDTH]).max()
    bottom = (boxes[large, TOP] + boxes[large, HEIGHT]).max()
    is_large = np.zeros(len(ink.boxes), dtype=np.uint8)
    is_large[numbers] = 1
    window = is_large[ink.labels[top:bottom, left:right]]
    across, along = _strokes(window, letter), _strokes(window.T, letter).T
    letters = np.where(across | along, 0, window).astype(np.uint8)
    rules = _uncrossed(across, letters) | _uncrossed(along.T, letters.T).T
    if not rules.any():
        return ink
    mask = (ink.labels > 0).astype(np.uint8)
    mask[top:bottom, left:right][rules > 0] = 0
    page = ink.page.copy()
    around = cv2.dilate(rules, np.ones((3, 3), np.uint8)) > 0
    page[top:bottom, left:right][around & (mask[top:bottom, left:right] == 0)] = 255
    return connect(page, mask)


def _strokes(window: Pixels, letter: float) -> Pixels:
    """Return 1 on long thin strokes along the rows."""
    window = np.ascontiguousarray(window)
    length = max(_SHORTEST, round(_LONG * letter))
    found = np.zeros_like(window)
    if window.shape[1] <= length:
        return found
    # A stroke is ink of this length: a box filter finds it at one cost for any length.
    inside = _sums(window, length) >= _UNBROKEN * length
    strokes = ((_sums(inside.astype(np.uint8), length) > 0) & (window > 0)).astype(np.uint8)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    thick = boxes[:, cv2.CC_STAT_AREA] > boxes[:, cv2.CC_STAT_WIDTH] * max(4.0, _THICK * letter)
    is_rule = (~thick).astype(np.uint8)
    is_rule[0] = 0
    return np.asarray(is_rule[labels], dtype=np.uint8) if count > 1 else found


def _sums(mask: Pixels, length: int) -> Any:
    return cv2.boxFilter(mask, cv2.CV_16U, (length, 1), normalize=False)


def _uncrossed(rules: Pixels, letters: Pixels) -> Pixels:
    """Return rules along the rows without the places where a letter's stroke crosses them."""
    found = np.ascontiguousarray(rules)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
    found = found.copy()
    height = found.shape[0]
    for number in range(1, count):
        x, y, width, thickness, _ = (int(v) for v in boxes[number])
        above = letters[max(0, y - 2), x : x + width] > 0
        below = letters[min(height - 1, y + thickness + 1), x : x + width] > 0
        crossed = above & below
        if crossed.any():
            own = labels[y : y + thickness, x : x + width] == number
            found[y : y + thickness, x : x + width][own & crossed] = 0
    return found
