"""A clean PDF as it comes from the office's scanner: tilted, blurred, speckled, grey, JPEG."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image

MAX_TILT_DEGREES = 1.2
_DPI = (200, 240, 300)
_JPEG_QUALITY = 72
_STAMP = datetime(2026, 11, 1, 9, 0, tzinfo=UTC).timetuple()

GreyPage = NDArray[np.uint8]


def scan_pdf(raw: bytes, *, seed: tuple[int, ...]) -> bytes:
    """Return a PDF of page images without any text layer.

    Args:
        raw: the clean PDF.
        seed: decides resolution (200, 240 or 300 dpi), tilt, blur and speckles; the same seed
            and PDF give the same bytes.
    """
    chance = np.random.default_rng(seed)
    dpi = int(chance.choice(_DPI))
    document = pypdfium2.PdfDocument(raw)
    try:
        pages = [_scanned(_render(document[n], dpi), dpi, chance) for n in range(len(document))]
    finally:
        document.close()
    first, *rest = (Image.fromarray(page) for page in pages)
    out = io.BytesIO()
    first.save(
        out,
        format="PDF",
        save_all=True,
        append_images=rest,
        resolution=dpi,
        quality=_JPEG_QUALITY,
        creationDate=_STAMP,
        modDate=_STAMP,
    )
    return out.getvalue()


def _render(page: pypdfium2.PdfPage, dpi: int) -> GreyPage:
    bitmap = page.render(scale=dpi / 72, grayscale=True)
    try:
        return np.array(bitmap.to_numpy(), dtype=np.uint8).reshape(bitmap.height, bitmap.width)
    finally:
        bitmap.close()
        page.close()


def _scanned(page: GreyPage, dpi: int, chance: np.random.Generator) -> GreyPage:
    height, width = page.shape
    tilt = float(chance.uniform(0.3, MAX_TILT_DEGREES) * chance.choice((-1, 1)))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
    turned = cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
    blurred = cv2.GaussianBlur(turned, (0, 0), sigmaX=float(chance.uniform(0.3, 0.5)) * dpi / 200)
    # Paper is not white and ink not black; grain is drawn at half size as a sensor's is.
    coarse = chance.normal(0, 6, (height // 2 + 1, width // 2 + 1)).astype(np.float32)
    grain = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    grey = 26 + blurred.astype(np.float32) * (0.86 + chance.uniform(-0.02, 0.02)) + grain
    out: GreyPage = np.clip(grey, 0, 255).astype(np.uint8)
    _add_speckles(out, dpi, chance)
    return out


def _add_speckles(page: GreyPage, dpi: int, chance: np.random.Generator) -> None:
    """Draw dust: about two hundred dots a page of one or two hundredths of an inch."""
    height, width = page.shape
    for _ in range(int(chance.integers(140, 260))):
        centre = (int(chance.integers(width)), int(chance.integers(height)))
        radius = int(chance.integers(0, max(2, dpi // 100)))
        cv2.circle(page, centre, radius, float(chance.integers(60, 150)), -1)
