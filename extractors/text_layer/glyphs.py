"""What PDFium says of the characters of a page: what they are and where they stand."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import pypdfium2
import pypdfium2.raw as pdfium

# What decoding puts for halves of a pair, and characters that took two indexes.
_REPLACED = frozenset("\ufffd")


class Glyphs:
    """What PDFium says of the characters of a page, through few calls: they are most of the time.

    Distances in points; `index` counts the page's characters.
    """

    def __init__(self, page: pypdfium2.PdfTextPage) -> None:
        self._text_page = page
        self._page = page.raw
        self._numbers = [ctypes.c_double() for _ in range(4)]
        self._pointers = [ctypes.byref(number) for number in self._numbers]
        self._box = pdfium.FS_RECTF()
        self._box_pointer = ctypes.byref(self._box)
        self._heights: dict[int, tuple[float, float]] = {}

    def characters(self, count: int) -> Sequence[str]:
        """Return one string for each index: a character, a half of a pair, or NUL for none."""
        text = str(self._text_page.get_text_range(0, count, errors="replace"))
        if len(text) == count and _REPLACED.isdisjoint(text):
            return text
        return [chr(pdfium.FPDFText_GetUnicode(self._page, index)) for index in range(count)]

    def is_generated(self, index: int) -> bool:
        """Tell whether PDFium put the character there and the file does not have it."""
        return bool(pdfium.FPDFText_IsGenerated(self._page, index) == 1)

    def is_hyphen(self, index: int) -> bool:
        """Tell whether the character is a hyphen at the end of a line."""
        return bool(pdfium.FPDFText_IsHyphen(self._page, index) == 1)

    def is_turned(self, index: int) -> bool:
        """Tell whether the character does not stand upright."""
        return abs(float(pdfium.FPDFText_GetCharAngle(self._page, index))) > 0.1

    def mark_place(self, index: int) -> tuple[float, float]:
        """Return the middle of what is drawn of a mark, and its baseline."""
        left, right = self._numbers[:2]
        x, y = self._origin(index)
        if not pdfium.FPDFText_GetCharBox(self._page, index, *self._pointers):
            return x, y
        return ((left.value + right.value) / 2 if right.value > left.value else x), y

    def place(self, index: int) -> tuple[float, float, float, float]:
        """Return left edge, baseline, right edge of the character's place, and its font's size."""
        box = self._box
        if not pdfium.FPDFText_GetLooseCharBox(self._page, index, self._box_pointer):
            x, y = self._origin(index)
            return x, y, x, 10.0
        left, bottom, right = box.left, box.bottom, box.right
        # Characters of one font and size have places of one height, and stand equally high in it.
        height = int(100 * (box.top - bottom))
        known = self._heights.get(height)
        if known is None:
            size = float(pdfium.FPDFText_GetFontSize(self._page, index)) or 10.0
            known = self._heights[height] = size, self._origin(index)[1] - bottom
        size, rise = known
        return left, bottom + rise, right, size if size >= 2.0 else max(2.0, (right - left) * 1.5)

    def _origin(self, index: int) -> tuple[float, float]:
        pdfium.FPDFText_GetCharOrigin(self._page, index, self._pointers[0], self._pointers[1])
        return self._numbers[0].value, self._numbers[1].value
