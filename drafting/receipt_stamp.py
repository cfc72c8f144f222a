"""ตรารับหนังสือ as a drawing of one ink: office, เลขรับ, วันที่, เวลา in a frame of 5 by 2.5 cm.

The size and the lines are those of form 12 of the regulation on correspondence (ระเบียบงานสารบรรณ
พ.ศ. ๒๕๒๖). Thai needs shaping, marks stack on marks, so Pillow draws it through Raqm; without
Raqm nothing is drawn rather than something wrong.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont, features

from correspondence.clock import BANGKOK
from correspondence.errors import MissingDependency
from correspondence.thai_dates import Digits, short_thai_date
from correspondence.thai_digits import thai_digits

WIDTH_MM, HEIGHT_MM = 50.0, 25.0
_DOTS_PER_MM = 24  # some 600 dots an inch
_FAMILIES = "TH SarabunPSK,TH Sarabun New,Sarabun,Laksaman,Noto Sans Thai Looped,Loma,Garuda"
_PAD_MM = 1.6
_LINE_MM = 0.45


@dataclass(frozen=True, slots=True)
class StampText:
    """What stands in the stamp.

    Attributes:
        office: name of the office.
        number: register number with its year, for example `123/2569`.
        received_at: when it came, aware; shown in Bangkok.
    """

    office: str
    number: str
    received_at: datetime

    def lines(self) -> tuple[str, str, str]:
        """Return the three lines below the office's name, in Thai digits."""
        local = self.received_at.astimezone(BANGKOK)
        return (
            f"เลขรับ {thai_digits(self.number)}",
            f"วันที่ {short_thai_date(local.date(), Digits.THAI)}",
            f"เวลา {thai_digits(f'{local:%H.%M}')} น.",
        )


def draw_stamp(text: StampText) -> Image.Image:
    """Return the stamp as an image of mode `1`: black is ink, white is left free.

    Raises:
        MissingDependency: no Raqm (libfribidi) or no Thai font.
    """
    if not features.check("raqm"):
        raise MissingDependency(
            "Pillow cannot shape Thai without FriBiDi.",
            thai="ยังไม่ได้ติดตั้งส่วนจัดรูปอักษรไทย",
            remedy="apt-get install libfribidi0",
        )
    size = (round(WIDTH_MM * _DOTS_PER_MM), round(HEIGHT_MM * _DOTS_PER_MM))
    image = Image.new("L", size, 255)
    draw = ImageDraw.Draw(image)
    edge = round(_LINE_MM * _DOTS_PER_MM)
    draw.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=0, width=edge)
    shares = (6.2, 5.6, 5.6, 5.6)
    top = (HEIGHT_MM - sum(shares)) / 2
    for line, height in zip((text.office, *text.lines()), shares, strict=True):
        _write(draw, line, top, height)
        top += height
    return image.point(lambda value: 255 if value > 128 else 0).convert("1")


def _write(draw: ImageDraw.ImageDraw, line: str, top: float, height: float) -> None:
    """Write a line in the middle of its band, smaller where it would not fit."""
    room = (WIDTH_MM - 2 * _PAD_MM) * _DOTS_PER_MM
    points = height * _DOTS_PER_MM * 0.82
    font = ImageFont.truetype(_font_file(), round(points), layout_engine=ImageFont.Layout.RAQM)
    length = font.getlength(line, language="th")
    if length > room:
        smaller = max(8, int(points * room / length))
        font = ImageFont.truetype(_font_file(), smaller, layout_engine=ImageFont.Layout.RAQM)
    middle = (WIDTH_MM / 2 * _DOTS_PER_MM, (top + height / 2) * _DOTS_PER_MM)
    draw.text(middle, line, fill=0, font=font, anchor="mm", language="th")


@lru_cache(maxsize=1)
def _font_file() -> str:
    """Return the file of the first of the office's fonts that is installed.

    Raises:
        MissingDependency: fontconfig knows no Thai font.
    """
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
