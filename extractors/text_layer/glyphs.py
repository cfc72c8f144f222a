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
        self._sizes: dict[float, float] = {}

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
        pdfium.FPDFText_GetCharOrigin(self._page, index, *self._pointers[:2])
        x, y = left.value, right.value
        if not pdfium.FPDFText_GetCharBox(self._page, index, *self._pointers):
            return x, y
        return ((left.value + right.value) / 2 if right.value > left.value else x), y

    def place(self, index: int) -> tuple[float, float, float, float]:
        """Return origin, baseline, right edge of the character's place, and its font's size."""
        pointers, box = self._pointers, self._box
        pdfium.FPDFText_GetCharOrigin(self._page, index, pointers[0], pointers[1])
        x, y = self._numbers[0].value, self._numbers[1].value
        if not pdfium.FPDFText_GetLooseCharBox(self._page, index, self._box_pointer):
            return x, y, x, 10.0
        right = max(box.right, x)
        # Characters of one size have places of one height.
        height = round(box.top - box.bottom, 2)
        size = self._sizes.get(height)
        if size is None:
            size = float(pdfium.FPDFText_GetFontSize(self._page, index)) or 10.0
            self._sizes[height] = size
        return x, y, right, size if size >= 2.0 else max(2.0, (right - x) * 1.5)
