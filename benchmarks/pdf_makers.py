"""PDFs that spoil the reading of Thai as real ones do: other writers' text layers, and scans."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image

from correspondence.thai_digits import fold_digits
from demo.samples.word_pdf import lose_sara_am, respell_text_layer

Page = NDArray[np.uint8]

# Windows Thai fonts: places of each mark in the private-use area (thai.md), in fixed order.
_PRIVATE = {
    "ิ": "\uf701", "ี": "\uf702", "ึ": "\uf703", "ื": "\uf704", "ั": "\uf710", "ํ": "\uf711",
    "็": "\uf712", "่": "\uf705\uf70a\uf713", "้": "\uf706\uf70b\uf714", "๊": "\uf707\uf70c\uf715",
    "๋": "\uf708\uf70d\uf716", "์": "\uf709\uf70e\uf717", "ุ": "\uf718", "ู": "\uf719",
}  # fmt: skip
# The digits that the Royal Gazette's files hold as ASCII beside Thai ones ("๒๕๖6").
_ASCII_DIGITS = frozenset("๑๖๗๘")
_INK, _PEN = (196, 32, 44), (40, 60, 170)
_PHOTO_DPI = 360
_PHOTO_SIZE = (3024, 4032)
_TABLES = ((96, 66, 44), (70, 74, 80), (128, 96, 66), (44, 58, 66))


def lost_am_pdf(raw: bytes) -> bytes:
    """Return a LibreOffice PDF whose nikhahit is a space, as Word's is."""
    return lose_sara_am(raw)


def private_use_pdf(raw: bytes) -> bytes:
    """Return a LibreOffice PDF whose marks are private-use glyphs of Windows fonts.

    Every glyph of a mark gets one of the mark's places, by its code.
    """
    return respell_text_layer(
        raw,
        lambda code, text: _PRIVATE[text][code % len(_PRIVATE[text])] if text in _PRIVATE else text,
    )


def ascii_digits_pdf(raw: bytes) -> bytes:
    """Return a LibreOffice PDF that draws Thai digits and says ASCII ones for some of them.

    So do files set in TH SarabunIT๙, which come out of Word: their ำ is lost as well.
    """

    def spell(_code: int, text: str) -> str:
        if text == "\u0e4d":
            return " "
        return fold_digits(text) if text in _ASCII_DIGITS else text

    return respell_text_layer(raw, spell)


@dataclass(frozen=True, slots=True)
class Scan:
    """How a page was scanned.

    Attributes:
        dpi: dots per inch.
        damage: `none`; `noise` (tilt, blur, grain, speckles, JPEG); `stamp` (a red stamp over the
            head and a blue signature); `fax` (1 bit, broken strokes); `photo` (a telephone's
            picture of 12 megapixels: the sheet on a table, aslant, in a shadow; `dpi` is only
            what the PDF says of it).
    """

    dpi: int
    damage: Literal["none", "noise", "stamp", "fax", "photo"] = "none"


def scan_pdf(raw: bytes, scan: Scan, *, seed: int) -> bytes:
    """Return a PDF of page images without any text layer; the same seed gives the same scan."""
    chance = np.random.default_rng((seed, scan.dpi))
    with pypdfium2.PdfDocument(raw) as document:
        images = [_scan_page(page, scan, chance) for page in document]
    first, *rest = images
    out = io.BytesIO()
    # Pillow writes 1-bit pages as CCITT fax, which knows no quality.
    quality = {"fax": {}, "photo": {"quality": 75}}.get(scan.damage, {"quality": 80})
    first.save(out, "PDF", save_all=True, append_images=rest, resolution=scan.dpi, **quality)
    return out.getvalue()


def _scan_page(page: pypdfium2.PdfPage, scan: Scan, chance: np.random.Generator) -> Image.Image:
    grey: Page = np.asarray(page.render(scale=scan.dpi / 72, grayscale=True).to_pil().convert("L"))
    if scan.damage == "none":
        return Image.fromarray(grey)
    if scan.damage == "noise":
        return Image.fromarray(_add_noise(grey, scan.dpi, chance))
    if scan.damage == "stamp":
        return Image.fromarray(_add_stamp(grey, scan.dpi, chance))
    if scan.damage == "photo":
        sharp = np.asarray(page.render(scale=_PHOTO_DPI / 72, grayscale=True).to_pil().convert("L"))
        return photograph(Image.fromarray(sharp), chance)
    return Image.fromarray(_fax(grey, scan.dpi, chance)).convert("1", dither=Image.Dither.NONE)


def _add_noise(page: Page, dpi: int, chance: np.random.Generator) -> Page:
    turned = _tilt(page, float(chance.uniform(0.4, 1.5) * chance.choice((-1, 1))))
    blurred = cv2.GaussianBlur(turned, (0, 0), sigmaX=float(chance.uniform(0.4, 0.7)) * dpi / 300)
    height, width = page.shape
    grain = chance.normal(0, 8, page.shape).astype(np.float32)
    slope = np.linspace(0, chance.uniform(-18, 18), width, dtype=np.float32)
    out: Page = np.clip(18 + blurred * 0.88 + grain + slope, 0, 255).astype(np.uint8)
    for _ in range(220):
        centre = (int(chance.integers(width)), int(chance.integers(height)))
        cv2.circle(out, centre, int(chance.integers(0, 3)), float(chance.integers(50, 150)), -1)
    return out


def _tilt(page: Page, degrees: float) -> Page:
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turned = cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
    return np.asarray(turned, dtype=np.uint8)


def _add_stamp(page: Page, dpi: int, chance: np.random.Generator) -> NDArray[np.uint8]:
    """Lay the frame of a receipt stamp over the head and a pen's stroke over the foot."""
    colours = cv2.cvtColor(page, cv2.COLOR_GRAY2RGB)
    ink = np.full_like(colours, 255)
    height, width = page.shape
    inch, thick = dpi, max(2, dpi // 90)
    left = int(width * chance.uniform(0.50, 0.62))
    top = int(height * chance.uniform(0.05, 0.09))
    right, bottom = left + int(2.2 * inch), top + int(1.0 * inch)
    cv2.rectangle(ink, (left, top), (right, bottom), _INK, thick)
    for part in (0.33, 0.66):
        y = round(top + part * (bottom - top))
        cv2.line(ink, (left, y), (right, y), _INK, max(1, thick // 2))
    centre = (int(width * 0.30), int(height * 0.72))
    cv2.circle(ink, centre, int(0.55 * inch), _INK, thick)
    cv2.circle(ink, centre, int(0.45 * inch), _INK, max(1, thick // 2))
    stroke = np.cumsum(chance.normal(0, 0.10, (40, 2)), axis=0) * inch * 0.6
    points = np.add(stroke, (width * 0.62, height * 0.80)).astype(np.int32)
    cv2.polylines(ink, [points.reshape(-1, 1, 2)], isClosed=False, color=_PEN, thickness=thick)
    return np.asarray(np.minimum(colours, ink), dtype=np.uint8)


def _fax(page: Page, dpi: int, chance: np.random.Generator) -> Page:
    turned = _tilt(page, float(chance.uniform(-0.5, 0.5)))
    rough = turned + chance.normal(0, 26, page.shape)
    rough = cv2.GaussianBlur(rough.astype(np.float32), (0, 0), sigmaX=0.45 * dpi / 200)
    return np.where(rough < 150, 0, 255).astype(np.uint8)


def photograph(page: Image.Image, chance: np.random.Generator) -> Image.Image:
    """Return a page as a telephone sees it on a table.

    Args:
        page: the page in grey or colour, flat.
        chance: decides the table, the slant (5 to 12 degrees out of the plane, up to 4 within
            it), the shadow, blur and grain.
    """
    width, height = _PHOTO_SIZE
    colours = np.asarray(page.convert("RGB"))
    corners = _slanted_corners(page.width / page.height, chance)
    flat = np.float32([(0, 0), (page.width, 0), (page.width, page.height), (0, page.height)])
    matrix = cv2.getPerspectiveTransform(flat, corners)
    # Drawn smaller than the page by averaging, as a lens does.
    seen = cv2.warpPerspective(
        cv2.GaussianBlur(colours, (0, 0), 0.5), matrix, _PHOTO_SIZE, flags=cv2.INTER_LINEAR
    )
    sheet = cv2.warpPerspective(
        np.full(colours.shape[:2], 255, np.uint8), matrix, _PHOTO_SIZE, flags=cv2.INTER_LINEAR
    )
    share = cv2.GaussianBlur(sheet, (0, 0), 1.0).astype(np.float32)[:, :, None] / 255
    # The sheet throws a narrow shadow of its own on the table.
    under = cv2.GaussianBlur(np.roll(sheet, (18, 14), (0, 1)), (0, 0), 14)
    table = _table(chance) * (1 - 0.45 * under.astype(np.float32)[:, :, None] / 255)
    picture = (seen * 0.90 + 14) * share + table * (1 - share)
    picture *= _shadow(width, height, chance)[:, :, None]
    picture *= np.float32((1.0, chance.uniform(0.95, 1.0), chance.uniform(0.86, 0.97)))
    picture = cv2.GaussianBlur(picture, (0, 0), float(chance.uniform(0.8, 1.2)))
    grain = chance.normal(0, 5, (height // 2, width // 2)).astype(np.float32)
    picture += cv2.resize(grain, _PHOTO_SIZE, interpolation=cv2.INTER_LINEAR)[:, :, None]
    return Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))


def _slanted_corners(aspect: float, chance: np.random.Generator) -> NDArray[np.float32]:
    """Return where the corners of a sheet stand in the picture, from the top left clockwise."""
    pitch, yaw = np.radians(chance.uniform(5, 12, 2) * chance.choice((-1, 1), 2))
    roll = np.radians(chance.uniform(-4, 4))
    turn = (
        cv2.Rodrigues(np.float64((pitch, 0, 0)))[0]
        @ cv2.Rodrigues(np.float64((0, yaw, 0)))[0]
        @ cv2.Rodrigues(np.float64((0, 0, roll)))[0]
    )
    half = np.float64([(-aspect, -1, 0), (aspect, -1, 0), (aspect, 1, 0), (-aspect, 1, 0)]) / 2
    seen = half @ turn.T
    # A telephone's lens is a little wider than the picture is high; the sheet is 1 high.
    flat = seen[:, :2] / (seen[:, 2:] + 1.35)
    low, high = flat.min(axis=0), flat.max(axis=0)
    room = np.float64(_PHOTO_SIZE) * chance.uniform(0.86, 0.95)
    scale = float(np.min(room / (high - low)))
    shift = (np.float64(_PHOTO_SIZE) - (high - low) * scale) * chance.uniform(0.3, 0.7, 2)
    return ((flat - low) * scale + shift).astype(np.float32)


def _table(chance: np.random.Generator) -> NDArray[np.float32]:
    """Return boards of a table: streaks along the boards, seams between them."""
    height = _PHOTO_SIZE[1]
    streaks = (
        cv2.resize(chance.normal(0, 1, (height // 6, 14)).astype(np.float32), _PHOTO_SIZE) * 16
        + cv2.resize(chance.normal(0, 1, (9, 7)).astype(np.float32), _PHOTO_SIZE) * 10
    )
    for seam in range(int(chance.integers(100, 500)), height, 620):
        streaks[seam : seam + 10] -= 40
    colour = np.float32(_TABLES[int(chance.integers(len(_TABLES)))])
    return np.asarray(np.clip(colour + streaks[:, :, None], 0, 190), dtype=np.float32)


def _shadow(width: int, height: int, chance: np.random.Generator) -> NDArray[np.float32]:
    """Return the light of each pixel: a slope over the picture and a shadow with a soft edge."""
    across, down = np.meshgrid(
        np.linspace(-1, 1, 126, dtype=np.float32), np.linspace(-1, 1, 168, dtype=np.float32)
    )
    way = chance.uniform(0, 2 * np.pi)
    slope = 0.88 + 0.12 * (np.cos(way) * across + np.sin(way) * down)
    way = chance.uniform(0, 2 * np.pi)
    depth = np.cos(way) * across + np.sin(way) * down - chance.uniform(0.1, 0.5)
    shade = 1 - chance.uniform(0.2, 0.4) / (1 + np.exp(-depth * chance.uniform(6, 14)))
    return np.asarray(cv2.resize(np.float32(slope * shade), (width, height)), dtype=np.float32)
