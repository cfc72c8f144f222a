"""The office's Thai font as Pillow draws with it.

Thai needs shaping, marks stack on marks, so Pillow draws it through Raqm; without Raqm nothing is
drawn rather than something wrong.
"""

from __future__ import annotations

import shutil
import subprocess
from functools import lru_cache

from PIL import ImageFont, features

from correspondence.errors import MissingDependency

_FAMILIES = "TH SarabunPSK,TH Sarabun New,Sarabun,Laksaman,Noto Sans Thai Looped,Loma,Garuda"


def thai_font(points: float) -> ImageFont.FreeTypeFont:
    """Return the first of the office's fonts that is installed, bold, in a size in dots.

    Raises:
        MissingDependency: no Raqm (libfribidi), or fontconfig knows no Thai font.
    """
    if not features.check("raqm"):
        raise MissingDependency(
            "Pillow cannot shape Thai without FriBiDi.",
            thai="ยังไม่ได้ติดตั้งส่วนจัดรูปอักษรไทย",
            remedy="apt-get install libfribidi0",
        )
    return ImageFont.truetype(_font_file(), round(points), layout_engine=ImageFont.Layout.RAQM)


@lru_cache(maxsize=1)
def _font_file() -> str:
    program = shutil.which("fc-match")
    if program is not None:
        found = subprocess.run(
            [program, "-f", "%{file}|%{lang}", f"{_FAMILIES}:lang=th:bold"],
            capture_output=True,
            check=False,
            text=True,
            timeout=20,
        ).stdout
        file, _, languages = found.partition("|")
        if "th" in languages.split("|"):
            return file
    raise MissingDependency(
        "No Thai font is installed.",
        thai="ยังไม่ได้ติดตั้งแบบอักษรไทย",
        remedy="apt-get install fontconfig fonts-thai-tlwg-ttf",
    )
