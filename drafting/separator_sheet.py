"""แผ่นคั่นหนังสือ: a sheet of A4 with a large QR code, laid between letters before they are scanned."""

from __future__ import annotations

import io

import cv2
from PIL import Image, ImageDraw

from drafting.thai_font import thai_font

_DOTS_PER_MM = 300 / 25.4
_WIDTH_MM, _HEIGHT_MM = 210.0, 297.0
_CODE_MM = 100.0
_LINES = (
    ("แผ่นคั่นหนังสือ", 40.0, 14.0),
    ("วางแผ่นนี้คั่นระหว่างหนังสือแต่ละฉบับก่อนสแกน", 200.0, 6.0),
    ("ระบบแยกเป็นคนละเรื่องและไม่เก็บแผ่นนี้ นำกลับมาใช้ซ้ำได้", 210.0, 6.0),
)


def draw_separator(text: str) -> bytes:
    """Return a separator sheet as a PDF of one page.

    Args:
        text: what its code says, as `sources.toml` has it: ASCII, at most 80 characters.

    Raises:
        MissingDependency: no Thai font, or Pillow cannot shape Thai.
    """
    size = (round(_WIDTH_MM * _DOTS_PER_MM), round(_HEIGHT_MM * _DOTS_PER_MM))
    sheet = Image.new("L", size, 255)
    settings = cv2.QRCodeEncoder.Params()
    settings.correction_level = cv2.QRCODE_ENCODER_CORRECT_LEVEL_Q
    code = Image.fromarray(cv2.QRCodeEncoder.create(settings).encode(text))
    dots = round(_CODE_MM * _DOTS_PER_MM)
    # Whole dots a module: a scaled edge would be grey.
    dots -= dots % code.width
    corner = ((size[0] - dots) // 2, round(75 * _DOTS_PER_MM))
    sheet.paste(code.convert("L").resize((dots, dots), Image.Resampling.NEAREST), corner)
    draw = ImageDraw.Draw(sheet)
    for line, down, height in _LINES:
        middle = (size[0] / 2, down * _DOTS_PER_MM)
        font = thai_font(height * _DOTS_PER_MM)
        draw.text(middle, line, fill=0, font=font, anchor="mm", language="th")
    out = io.BytesIO()
    sheet.convert("1", dither=Image.Dither.NONE).save(out, format="PDF", resolution=300)
    return out.getvalue()
