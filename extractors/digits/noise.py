"""What printing and scanning do to a page, by chance: tilt, blur, grain, specks, JPEG, fax."""

from __future__ import annotations

import cv2
import numpy as np

from extractors.scans.cleaner import Pixels

_FAX = 0.12
_JPEG = 0.6
_TILT = 0.7
_CLEAN = 0.15


def spoil(page: Pixels, generator: np.random.Generator) -> Pixels:
    """Return a page as a scanner gives it; characters stay where they were.

    A tilt is made and taken back, as the cleaner does it, so only its blur remains.
    """
    if generator.random() < _CLEAN:
        return page.copy()
    spoilt = _stroke(page, generator)
    if generator.random() < _TILT:
        angle = float(generator.uniform(-1.5, 1.5))
        left = float(generator.uniform(-0.08, 0.08))
        spoilt = _turn(_turn(spoilt, angle, cv2.INTER_CUBIC), -angle + left, cv2.INTER_LINEAR)
    blur = float(generator.uniform(0.2, 1.1))
    grey = cv2.GaussianBlur(spoilt, (0, 0), blur).astype(np.float32)
    grey = grey * generator.uniform(0.85, 1.0) + generator.normal(
        0, generator.uniform(0, 9), grey.shape
    )
    specks = generator.random(grey.shape) < generator.uniform(0, 0.0003)
    grey[specks] = generator.uniform(0, 120)
    spoilt = np.clip(grey, 0, 255).astype(np.uint8)
    if generator.random() < _FAX:
        return np.where(spoilt < generator.integers(110, 190), 0, 255).astype(np.uint8)
    if generator.random() < _JPEG:
        _, coded = cv2.imencode(
            ".jpg", spoilt, [cv2.IMWRITE_JPEG_QUALITY, int(generator.integers(50, 92))]
        )
        spoilt = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
    return spoilt


def _stroke(page: Pixels, generator: np.random.Generator) -> Pixels:
    """Return the page with strokes somewhat fatter or thinner, now and then."""
    chance = generator.random()
    square = np.ones((2, 2), np.uint8)
    if chance < 0.12:
        return np.asarray(cv2.erode(page, square), dtype=np.uint8)
    if chance < 0.2:
        thin = cv2.dilate(page, square)
        return np.asarray(cv2.addWeighted(page, 0.5, thin, 0.5, 0), dtype=np.uint8)
    return page


def _turn(page: Pixels, angle: float, how: int) -> Pixels:
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(page, matrix, (width, height), flags=how, borderValue=255)
    return np.asarray(turned, dtype=np.uint8)
