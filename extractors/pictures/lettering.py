"""Letters for labels: a Thai font where the machine has one, Pillow's own without Thai else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from correspondence.thai_digits import fold_digits
from extractors.digits.fonts import find_fonts

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

# Without serifs first: the labels are small.
_PREFERRED = ("Loma", "Waree", "Garuda", "Umpush", "Sawasdee", "Laksaman", "Norasi", "Kinnari")


@dataclass(frozen=True, slots=True)
class Lettering:
    """What labels are written with; `file` is None where no Thai font is installed."""

    file: Path | None

    @property
    def is_thai(self) -> bool:
        """Tell whether Thai letters can be written."""
        return self.file is not None

    def font(self, size: int) -> Font:
        """Return the font at a size in pixels."""
        if self.file is None:
            return ImageFont.load_default(size)
        return ImageFont.truetype(str(self.file), size)

    def digits(self, text: str) -> str:
        """Return a number as it can be written: Thai digits need a Thai font."""
        return text if self.is_thai else fold_digits(text)


@lru_cache(maxsize=1)
def find_lettering() -> Lettering:
    """Return what this machine can write labels with; looked for once per process."""
    fonts = find_fonts()
    for family in (*_PREFERRED, *fonts):
        # A family's plain face has the shortest name of its files.
        faces = sorted(fonts.get(family, ()), key=lambda path: (len(path.stem), path))
        if faces:
            return Lettering(faces[0])
    return Lettering(None)
