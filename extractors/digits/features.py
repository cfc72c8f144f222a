"""What the model sees of a glyph: its shape on a small square, and its place in the line."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.digits.glyphs import Glyph

Vectors = NDArray[np.float32]

_SIDE = 24
_CELL = 4
_DIRECTIONS = 8
_PLACE = 7


def glyph_features(glyphs: Sequence[Glyph]) -> Vectors:
    """Return one row a glyph: 288 of gradients, 144 of ink, 7 of size and place in the line."""
    if not glyphs:
        return np.zeros((0, feature_count()), dtype=np.float32)
    squares = np.stack([_square(glyph) for glyph in glyphs])
    place = np.array([_place(glyph) for glyph in glyphs], dtype=np.float32)
    rough = squares.reshape(len(glyphs), 12, 2, 12, 2).mean(axis=(2, 4)).reshape(len(glyphs), -1)
    return np.hstack([_gradients(squares), rough, place]).astype(np.float32)


def feature_count() -> int:
    """Return the length of a row."""
    cells = (_SIDE // _CELL) ** 2
    return cells * _DIRECTIONS + (_SIDE // 2) ** 2 + _PLACE


def _square(glyph: Glyph) -> Vectors:
    """Return the ink centred on a square of 24 x 24, sides kept in proportion, 0 to 1."""
    inner = _SIDE - 2
    scale = inner / max(glyph.width, glyph.height)
    width = max(1, min(inner, round(glyph.width * scale)))
    height = max(1, min(inner, round(glyph.height * scale)))
    kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(glyph.ink.astype(np.float32), (width, height), interpolation=kind)
    square = np.zeros((_SIDE, _SIDE), dtype=np.float32)
    top, left = (_SIDE - height) // 2, (_SIDE - width) // 2
    square[top : top + height, left : left + width] = small
    return square


def _place(glyph: Glyph) -> tuple[float, ...]:
    letter = glyph.letter
    over = (glyph.baseline - glyph.top) / letter
    under = (glyph.top + glyph.height - glyph.baseline) / letter
    fill = float(glyph.ink.mean())
    aspect = np.log(glyph.width / glyph.height)
    size = glyph.width / letter, glyph.height / letter
    return (*size, over, under, fill, float(aspect), float(glyph.alone))


def _gradients(squares: Vectors) -> Vectors:
    """Return histograms of the directions of edges, one a cell of 4 x 4."""
    down, across = np.gradient(squares, axis=(1, 2))
    strength = np.hypot(down, across)
    turn = (np.arctan2(down, across) % (2 * np.pi)) * (_DIRECTIONS / (2 * np.pi))
    lower = np.floor(turn).astype(np.int64) % _DIRECTIONS
    share = (turn - np.floor(turn)).astype(np.float32)
    rows, cells = len(squares), _SIDE // _CELL
    found = np.zeros((rows, cells, cells, _DIRECTIONS), dtype=np.float32)
    for direction in range(_DIRECTIONS):
        weight = np.where(lower == direction, strength * (1 - share), 0.0)
        weight += np.where((lower + 1) % _DIRECTIONS == direction, strength * share, 0.0)
        summed = weight.reshape(rows, cells, _CELL, cells, _CELL).sum(axis=(2, 4))
        found[..., direction] = summed
    flat = found.reshape(rows, -1)
    norm = np.sqrt((flat**2).sum(axis=1, keepdims=True)) + 1e-3
    return np.asarray(flat / norm * 4, dtype=np.float32)
