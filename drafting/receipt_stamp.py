"""ตรารับหนังสือ as a drawing of one ink: office, เลขรับ, วันที่, เวลา in a frame of 5 by 2.5 cm.

The size and the lines are those of form 12 of the regulation on correspondence (ระเบียบงานสารบรรณ
พ.ศ. ๒๕๒๖).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PIL import Image, ImageDraw

from correspondence.clock import BANGKOK
from correspondence.thai_dates import Digits, short_thai_date
from correspondence.thai_digits import thai_digits
from drafting.thai_font import thai_font

WIDTH_MM, HEIGHT_MM = 50.0, 25.0
_DOTS_PER_MM = 24  # some 600 dots an inch
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
    font = thai_font(points)
    length = font.getlength(line, language="th")
    if length > room:
        font = thai_font(max(8, int(points * room / length)))
    middle = (WIDTH_MM / 2 * _DOTS_PER_MM, (top + height / 2) * _DOTS_PER_MM)
    draw.text(middle, line, fill=0, font=font, anchor="mm", language="th")
