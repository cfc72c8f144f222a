"""A page image to draw on: boxes in shares of the page, labels that keep off each other."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from correspondence.reading import Box
from extractors.pictures.lettering import Lettering

Colour = tuple[int, int, int]
Place = tuple[int, int, int, int]

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
# How much of the page's own ink is kept, so that what is drawn on it stands out.
_INK = 0.7
# Greys and colours of the page, in steps that a PNG packs well.
_BITS = 4
_MARGIN = 8
_STEPS = 12


class Canvas:
    """A page, faded, and what is drawn on it; places are its pixels."""

    def __init__(self, page: Image.Image, lettering: Lettering) -> None:
        """Take a page of any mode; it is not changed."""
        self.width, self.height = page.size
        faded = Image.blend(Image.new("RGB", page.size, WHITE), page.convert("RGB"), _INK)
        step = 1 << (8 - _BITS)
        stepped = faded.point([min(255, round(value / step) * step) for value in range(256)] * 3)
        self._image = stepped
        self._draw = ImageDraw.Draw(self._image, "RGBA")
        self.lettering = lettering
        self._labels: list[Place] = []
        self._texts: list[Place] = []

    def place(self, box: Box) -> Place:
        """Return the pixels of a box."""
        return (
            round(box.left * self.width),
            round(box.top * self.height),
            round(box.right * self.width),
            round(box.bottom * self.height),
        )

    def frame(self, place: Place, colour: Colour, width: int, fill: int = 0) -> None:
        """Draw a box with a line of some pixels; `fill` 0 to 255 tints what is inside."""
        inside = (*colour, fill) if fill else None
        self._draw.rectangle(self._clipped(place), outline=colour, width=width, fill=inside)

    def blacken(self, place: Place) -> None:
        """Paint a place over."""
        self._draw.rectangle(self._clipped(place), fill=BLACK)

    def stroke(self, begin: tuple[int, int], end: tuple[int, int], colour: Colour) -> None:
        """Draw a line one pixel wide."""
        self._draw.line([begin, end], fill=colour, width=1)

    def keep_clear(self, place: Place) -> None:
        """Remember where text stands: labels cover as little of it as they can."""
        self._texts.append(place)

    def label(self, place: Place, text: str, colour: Colour, size: int, paper: Colour) -> None:
        """Write beside a box: where it covers the least text and no other label."""
        font = self.lettering.font(size)
        left, top, right, bottom = self._draw.textbbox((0, 0), text, font=font, anchor="ls")
        wide, high = round(right - left) + 6, round(bottom - top) + 4
        spot = self._free_spot(place, wide, high)
        self._labels.append(spot)
        self._draw.rectangle(spot, fill=(*paper, 225))
        x, y = spot[0] + 3 - left, spot[1] + 2 - top
        self._draw.text((x, y), text, fill=colour, font=font, anchor="ls")

    def under_legend(self, entries: Sequence[tuple[Colour, str]], size: int) -> Image.Image:
        """Return the picture under a band that says what the colours mean.

        Args:
            entries: colours and their meanings.
            size: of the letters, in pixels.
        """
        font = self.lettering.font(size)
        row, patch = size + 14, size + 4
        spots: list[tuple[int, int]] = []
        x = y = _MARGIN
        for _, text in entries:
            wide = patch + 8 + round(self._draw.textlength(text, font=font))
            if x > _MARGIN and x + wide > self.width:
                x, y = _MARGIN, y + row
            spots.append((x, y))
            x += wide + 2 * _MARGIN
        band = y + row + _MARGIN
        whole = Image.new("RGB", (self.width, self.height + band), WHITE)
        whole.paste(self._image, (0, band))
        draw = ImageDraw.Draw(whole)
        for (colour, text), (x, y) in zip(entries, spots, strict=True):
            middle = y + row // 2
            draw.rectangle((x, middle - 9, x + patch, middle + 9), fill=colour)
            draw.text((x + patch + 8, middle), text, fill=BLACK, font=font, anchor="lm")
        draw.line([(0, band - 1), (self.width, band - 1)], fill=BLACK, width=1)
        return whole

    def _free_spot(self, place: Place, wide: int, high: int) -> Place:
        """Return the spot beside a place that covers the least text and no other label."""
        left, top, right, bottom = place
        beside = (
            (left, top - high),
            (right - wide, top - high),
            (left, bottom + 1),
            (right - wide, bottom + 1),
            (left - wide - 2, top),
            (right + 2, top),
        )
        farther = (
            *((left + step * wide // 2, top - high) for step in range(1, _STEPS)),
            *((left, bottom + 1 + step * high) for step in range(1, _STEPS)),
        )
        for spots in (beside, farther):
            free = [
                spot for x, y in spots if not self._is_taken(spot := self._inside(x, y, wide, high))
            ]
            if free:
                return min(free, key=self._covered)
        return self._inside(left, top - high, wide, high)

    def _covered(self, spot: Place) -> int:
        return sum(
            (min(spot[2], text[2]) - max(spot[0], text[0]))
            * (min(spot[3], text[3]) - max(spot[1], text[1]))
            for text in self._texts
            if overlap(spot, text)
        )

    def _inside(self, x: int, y: int, wide: int, high: int) -> Place:
        x = max(0, min(x, self.width - wide - 1))
        y = max(0, min(y, self.height - high - 1))
        return x, y, x + wide, y + high

    def _is_taken(self, spot: Place) -> bool:
        return any(overlap(spot, other) for other in self._labels)

    def _clipped(self, place: Place) -> Place:
        left, top = max(0, min(place[0], self.width - 1)), max(0, min(place[1], self.height - 1))
        right, bottom = min(place[2], self.width - 1), min(place[3], self.height - 1)
        return left, top, max(left, right), max(top, bottom)


def overlap(one: Place, other: Place) -> bool:
    """Tell whether two places share a pixel."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
