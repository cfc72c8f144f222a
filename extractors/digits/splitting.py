"""Digits that touch, taken apart where both parts are digits beyond doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extractors.digits.features import glyph_features
from extractors.digits.glyphs import Glyph
from extractors.digits.model import CLASSES, OTHER, DigitModel, Scores

# Widths in heights of a letter; a share of columns at each end where no cut is tried;
# columns from one cut to the next.
_WIDE = 1.1
_EDGE = 0.2
_STEP = 2
_CERTAIN = 0.9
_MOST_PARTS = 4
_OTHER = CLASSES.index(OTHER)


def split_touching(
    glyphs: Sequence[Glyph],
    chances: Scores,
    places: Sequence[tuple[int, int]],
    model: DigitModel,
) -> tuple[list[Glyph], Scores]:
    """Return the glyphs of a line and their probabilities, touching digits taken apart.

    Args:
        glyphs: glyphs of the line from the left.
        chances: their probabilities, a row each.
        places: first column and column after the last of where the engine read digits; nothing
            is taken apart elsewhere, for many a letter looks like two digits.
        model: the digit model.
    """
    found: list[Glyph] = []
    rows: list[Scores] = []
    for glyph, row in zip(glyphs, chances, strict=True):
        parts = [(glyph, row)]
        if _may_touch(glyph, row) and any(a < glyph.right and b > glyph.left for a, b in places):
            parts = _take_apart(glyph, model, _MOST_PARTS) or parts
        found += [part for part, _ in parts]
        rows += [own for _, own in parts]
    return found, np.array(rows).reshape(len(rows), len(CLASSES))


def _may_touch(glyph: Glyph, row: Scores) -> bool:
    return glyph.alone and glyph.width >= _WIDE * glyph.letter and row[:20].sum() < _CERTAIN


def _take_apart(glyph: Glyph, model: DigitModel, most: int) -> list[tuple[Glyph, Scores]]:
    """Return the parts of the best cut with their probabilities, nothing where none is certain.

    The left part must be one digit or mark; the right part may be cut again.
    """
    edge = max(2, round(_EDGE * glyph.letter))
    cuts = range(edge, glyph.width - edge, _STEP)
    if most < 2 or not cuts:
        return []
    pairs = [(_part(glyph, 0, c), _part(glyph, c, glyph.width)) for c in cuts]
    lefts = model.probabilities(glyph_features([left for left, _ in pairs]))
    rights = model.probabilities(glyph_features([right for _, right in pairs]))
    one, other = _certainty(lefts), _certainty(rights)
    best = int(np.minimum(one, other).argmax())
    if min(one[best], other[best]) >= _CERTAIN:
        return [(pairs[best][0], lefts[best]), (pairs[best][1], rights[best])]
    for index in np.argsort(-one):
        if one[index] < _CERTAIN:
            break
        if pairs[index][1].width < _WIDE * glyph.letter:
            continue
        rest = _take_apart(pairs[index][1], model, most - 1)
        if rest:
            return [(pairs[index][0], lefts[index]), *rest]
    return []


def _certainty(chances: Scores) -> Scores:
    """Return how certain each row is to be one digit or mark, ๑ and 1 taken together."""
    digits = (chances[:, :10] + chances[:, 10:20]).max(axis=1)
    return np.asarray(np.maximum(digits, chances[:, 20:_OTHER].max(axis=1)))


def _part(glyph: Glyph, begin: int, end: int) -> Glyph:
    """Return the ink of some columns as a glyph of its own."""
    ink = glyph.ink[:, begin:end]
    across, down = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    if not len(across):
        return replace(glyph, left=glyph.left + begin, width=end - begin, ink=ink)
    left, right = int(across[0]), int(across[-1]) + 1
    top, bottom = int(down[0]), int(down[-1]) + 1
    return replace(
        glyph,
        left=glyph.left + begin + left,
        top=glyph.top + top,
        width=right - left,
        height=bottom - top,
        ink=ink[top:bottom, left:right],
    )
