"""Training of the digit model from drawn pages: `python -m extractors.digits.training`.

Seeds are fixed: the same fonts and libraries give the same model. Nothing is trained where the
fonts are missing.
"""

from __future__ import annotations

import argparse
import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from extractors.digits.features import Vectors, glyph_features
from extractors.digits.fonts import find_fonts
from extractors.digits.model import CLASSES, OTHER, WEIGHTS, DigitModel
from extractors.digits.samples import Sample, draw_samples

HELD_OUT = ("Umpush", "Waree", "Tlwg Typist")
_SEED = 20261121
_PAGES = 30
_HIDDEN = 160
_ROUNDS = 26
# Letters outnumber digits on a page; beyond this many a digit they teach little more.
_OTHERS = 1.6

Labels = NDArray[np.int64]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GlyphScore:
    """How a model does on glyphs: shares of 1; `sure` is a probability of 0.9 and more.

    Attributes:
        glyphs: how many were judged.
        right: share of all glyphs given their class, ๑ and 1 counted as different.
        digits_right: the same for digits, ๑ and 1 counted as the same number.
        digits_sure: share of digits that are sure.
        sure_wrong: share of the sure digits that are another number or no digit.
        false_alarms: share of the letters that are taken for a digit and sure.
    """

    glyphs: int
    right: float
    digits_right: float
    digits_sure: float
    sure_wrong: float
    false_alarms: float


def draw_set(fonts: Mapping[str, Sequence[Path]], pages: int, seed: int) -> tuple[Vectors, Labels]:
    """Return features and labels of glyphs, `pages` drawn a face."""
    rows: list[Vectors] = []
    labels: list[Labels] = []
    for number, face in enumerate(_faces(fonts)):
        generator = np.random.default_rng((seed, number))
        samples: list[Sample] = []
        for _ in range(pages):
            samples += _thinned(draw_samples(face, generator), generator)
        rows.append(glyph_features([sample.glyph for sample in samples]))
        labels.append(np.array([sample.label for sample in samples], dtype=np.int64))
    return np.concatenate(rows), np.concatenate(labels)


def fit(rows: Vectors, labels: Labels, *, rounds: int = _ROUNDS) -> DigitModel:
    """Return the model trained on glyphs.

    Args:
        rows: features.
        labels: positions in CLASSES.
        rounds: how often every glyph is seen.
    """
    mean = rows.mean(axis=0)
    scale = rows.std(axis=0) + 0.05
    network = MLPClassifier(
        (_HIDDEN,), alpha=3e-4, batch_size=256, max_iter=rounds, random_state=_SEED
    )
    # Every class takes part, so that the output has a column for each.
    blank = np.zeros((len(CLASSES), rows.shape[1]), dtype=np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        network.fit(
            np.concatenate([(rows - mean) / scale, blank]),
            np.concatenate([labels, np.arange(len(CLASSES))]),
        )
    hidden, output = (np.asarray(layer, dtype=np.float32) for layer in network.coefs_)
    hidden_bias, output_bias = (np.asarray(bias, dtype=np.float32) for bias in network.intercepts_)
    return DigitModel(mean, scale, hidden, hidden_bias, output, output_bias)


def measure(model: DigitModel, rows: Vectors, labels: Labels) -> GlyphScore:
    """Return how a model does on glyphs it has not seen."""
    chances = model.probabilities(rows)
    digit = labels < 20
    values = np.stack([chances[:, :10] + chances[:, 10:20]]).reshape(-1, 10)
    best = chances.argmax(axis=1)
    said, sure = values.argmax(axis=1), values.max(axis=1) >= 0.9
    same = (best < 20) & (said == labels % 10)
    other = labels == CLASSES.index(OTHER)
    return GlyphScore(
        glyphs=len(labels),
        right=float((best == labels).mean()),
        digits_right=float(same[digit].mean()),
        digits_sure=float(sure[digit].mean()),
        sure_wrong=float((said != labels % 10)[digit & sure].mean()),
        false_alarms=float(sure[other].mean()),
    )


def _faces(fonts: Mapping[str, Sequence[Path]]) -> Iterator[Path]:
    for family in sorted(fonts):
        yield from fonts[family]


def _thinned(samples: Sequence[Sample], generator: np.random.Generator) -> list[Sample]:
    """Return the samples with letters left out by chance where they outnumber the rest."""
    letter = CLASSES.index(OTHER)
    letters = sum(sample.label == letter for sample in samples)
    kept = _OTHERS * max(1, len(samples) - letters) / max(1, letters)
    return [s for s in samples if s.label != letter or generator.random() < kept]


def main() -> int:
    """Train on all families but HELD_OUT, tell how these are read, then train on all and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=_PAGES, help="pages drawn a face")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--only-held-out", action="store_true", help="save the measured model")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    fonts = find_fonts()
    known = {name: faces for name, faces in fonts.items() if name not in HELD_OUT}
    unseen = {name: faces for name, faces in fonts.items() if name in HELD_OUT}
    if not known or not unseen:
        _log.info("The Thai fonts are missing (apt-get install fonts-thai-tlwg).")
        return 4
    rows, labels = draw_set(known, options.pages, _SEED)
    other_rows, other_labels = draw_set(unseen, max(2, options.pages // 4), _SEED + 1)
    model = fit(rows, labels)
    _log.info("held out: %s", measure(model, other_rows, other_labels))
    if not options.only_held_out:
        more_rows, more_labels = draw_set(unseen, options.pages, _SEED + 2)
        model = fit(np.concatenate([rows, more_rows]), np.concatenate([labels, more_labels]))
    _log.info("sha256 %s", model.save(options.out))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
