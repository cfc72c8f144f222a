"""How a scanned page was read, kept for the picture that shows it to a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image

from extractors.digits.placement import ReadLine
from extractors.scans.cleaner import Pixels

# A page kept for a picture is no wider than A4 at this resolution.
PICTURE_DOTS = 150
_A4_INCHES = 8.27


@dataclass(frozen=True, slots=True, eq=False)
class PageTrace:
    """A page as recognition saw it.

    Attributes:
        page: the cleaned page in grey, made smaller.
        scale: pixels of it for a pixel of `lines`.
        lines: what was read, with the engine's symbols and the numbers put among them.
    """

    page: Image.Image
    scale: float
    lines: tuple[ReadLine, ...]


@dataclass(slots=True, eq=False)
class Traces:
    """Collects the traces of a file's pages by their number while it is read."""

    pages: dict[int, PageTrace] = field(default_factory=dict)

    def keep(self, number: int, cleaned: Pixels, lines: Sequence[ReadLine]) -> None:
        """Keep a page at the resolution of a picture."""
        image = Image.fromarray(cleaned)
        scale = min(1.0, _A4_INCHES * PICTURE_DOTS / min(image.size))
        size = (round(image.width * scale), round(image.height * scale))
        small = image if scale == 1 else image.resize(size, Image.Resampling.BOX)
        self.pages[number] = PageTrace(small, scale, tuple(lines))
