"""Sheets that part one letter from the next in a scan: a printed code, or a blank page.

A page counts as such a sheet only where the code is large and next to nothing else stands on it:
a letter that happens to show the code keeps its page.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from correspondence.reading import Frozen

# Enough for a code of three centimetres; finding one takes a tenth of a second.
DOTS_PER_INCH = 100
_LEAST_WIDTH = 0.2
_MOST_OTHER_INK = 0.028
_MOST_BLANK_INK = 0.0006
_INK = 60
# Edges of the glass and punched holes are no writing.
_EDGE = 0.06
_ROUND_CODE = 0.08

GreyPage = NDArray[np.uint8]


class SeparatorMarks(Frozen):
    """What parts letters: the text of a QR code; blank pages only where so set."""

    text: str
    blank_pages: bool = False


class PageRole(StrEnum):
    """What a page of a scan is."""

    CONTENT = "content"
    BLANK = "blank"
    SEPARATOR = "separator"


@dataclass(frozen=True, slots=True)
class _Code:
    text: str
    left: float
    top: float
    right: float
    bottom: float


def page_role(page: GreyPage, marks: SeparatorMarks) -> PageRole:
    """Return what a page is.

    Args:
        page: the page in grey, at some `DOTS_PER_INCH`.
        marks: what a separator bears; whether blank pages part letters is the caller's matter.
    """
    ink = _ink(page)
    if _share(ink, _EDGE) < _MOST_BLANK_INK:
        return PageRole.BLANK
    width = page.shape[1]
    for code in _codes(page):
        span = max(code.right - code.left, code.bottom - code.top)
        if code.text.strip() != marks.text or span < _LEAST_WIDTH * width:
            continue
        rest = ink.copy()
        margin = _ROUND_CODE * span
        top, left = max(0, int(code.top - margin)), max(0, int(code.left - margin))
        rest[top : int(code.bottom + margin), left : int(code.right + margin)] = 0
        if _share(rest, _EDGE) <= _MOST_OTHER_INK:
            return PageRole.SEPARATOR
    return PageRole.CONTENT


def _ink(page: GreyPage) -> NDArray[np.uint8]:
    """Return 1 where there is ink, dust left out."""
    smooth = cv2.medianBlur(page, 3)
    paper = float(np.median(smooth))
    return (smooth < paper - _INK).astype(np.uint8)


def _share(ink: NDArray[np.uint8], edge: float) -> float:
    height, width = ink.shape
    down, across = int(height * edge), int(width * edge)
    inner = ink[down : height - down, across : width - across]
    return float(inner.mean()) if inner.size else 0.0


def _codes(page: GreyPage) -> list[_Code]:
    for scale in (1.0, 0.5):
        # What dirt hides at one size may be found at the other.
        sized = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        try:
            # The older QRCodeDetector misses clean codes that stand on their head.
            read, texts, corners, _ = cv2.QRCodeDetectorAruco().detectAndDecodeMulti(sized)
        except cv2.error:
            # The detector fails on some drawings; such a page is no sheet of ours.
            continue
        if read:
            places = zip(texts, corners, strict=True)
            return [_code(text, place / scale) for text, place in places if text]
    return []


def _code(text: str, corners: NDArray[np.float32]) -> _Code:
    across, down = corners[:, 0], corners[:, 1]
    return _Code(
        text, float(across.min()), float(down.min()), float(across.max()), float(down.max())
    )
