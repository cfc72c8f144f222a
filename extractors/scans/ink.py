"""Ink of a page: its connected pieces, found once and shared by everything that looks at them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.scans.cleaner import Pixels

LEFT, TOP, WIDTH, HEIGHT, AREA = range(5)

# A page of dots is no page of text: beyond this many pieces the small ones are not looked at.
_MOST_PIECES = 60_000


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """Connected pieces of a page.

    Attributes:
        page: the cleaned page in grey.
        labels: the number of the piece at each pixel, 0 for paper.
        boxes: a row a piece: left, top, width, height, area in pixels; row 0 is the paper.
    """

    page: Pixels
    labels: NDArray[np.int32]
    boxes: NDArray[np.int32]


def find_ink(page: Pixels) -> Ink:
    """Return the connected pieces of ink of a cleaned, straight page in grey."""
    return connect(page, mask_ink(page))


def mask_ink(page: Pixels) -> Pixels:
    """Return 1 where a cleaned page has ink, 0 elsewhere."""
    _, ink = cv2.threshold(page, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    return np.asarray(ink, dtype=np.uint8)


def connect(page: Pixels, mask: Pixels) -> Ink:
    """Return the pieces of a mask of ink."""
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return Ink(page, np.asarray(labels, dtype=np.int32), np.asarray(boxes, dtype=np.int32))


def usual_letter(boxes: NDArray[np.int32]) -> float:
    """Return the most frequent height of letters of a page in pixels, 0 where there are none.

    Heights are weighed by width, so that rows of marks and dots do not win over letters.
    """
    boxes = boxes[1:_MOST_PIECES]
    heights, widths = boxes[:, HEIGHT], boxes[:, WIDTH]
    likely = (heights >= 10) & (heights <= 160) & (widths >= 0.25 * heights)
    likely &= widths <= 2.2 * heights
    if not likely.any():
        return 0.0
    votes = np.bincount(heights[likely], weights=widths[likely], minlength=162)
    return float(np.convolve(votes, np.ones(5), "same").argmax())
