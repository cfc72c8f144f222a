"""The digit model: a small network of plain arrays, loaded without any code."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from correspondence.errors import SarabanError
from extractors.digits.features import Vectors, feature_count

OTHER = "other"
THAI = "๐๑๒๓๔๕๖๗๘๙"
ARABIC = "0123456789"
MARKS = "/.,-:"
CLASSES: tuple[str, ...] = (*THAI, *ARABIC, *MARKS, OTHER)
WEIGHTS = Path(__file__).with_name("weights.npz")
_LARGEST_FILE = 1 << 20
_FORMAT = 1

Scores = NDArray[np.float64]


class UnusableWeights(SarabanError):
    """The file of weights is not one of ours; `reason` names what is wrong."""

    code = "unusable_digit_weights"

    def __init__(self, reason: str) -> None:
        """Keep why."""
        super().__init__(
            f"The weights of the digit recogniser are unusable: {reason}.",
            thai="แฟ้มแบบจำลองตัวเลขใช้ไม่ได้",
        )
        self.reason = reason


@dataclass(frozen=True, slots=True, eq=False)
class DigitModel:
    """Two layers: features scaled, a hidden layer of rectifiers, soft maximum over CLASSES."""

    mean: Vectors
    scale: Vectors
    hidden: Vectors
    hidden_bias: Vectors
    output: Vectors
    output_bias: Vectors

    def probabilities(self, rows: Vectors) -> Scores:
        """Return one row a glyph, one column a class of CLASSES, summing to 1."""
        inner = np.maximum(0, ((rows - self.mean) / self.scale) @ self.hidden + self.hidden_bias)
        raised = (inner @ self.output + self.output_bias).astype(np.float64)
        raised = np.exp(raised - raised.max(axis=1, keepdims=True, initial=-np.inf))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))

    def save(self, path: Path) -> str:
        """Write the weights and, beside them, their SHA-256, which is returned."""
        arrays = {name: getattr(self, name).astype(np.float16) for name in _LAYERS}
        arrays |= {name: getattr(self, name).astype(np.float32) for name in ("mean", "scale")}
        with path.open("wb") as file:
            np.savez_compressed(file, format=np.array(_FORMAT), **arrays)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        path.with_suffix(".sha256").write_text(f"{digest}  {path.name}\n", encoding="ascii")
        return digest


_LAYERS = ("hidden", "hidden_bias", "output", "output_bias")


def load(path: Path) -> DigitModel:
    """Return the model of a file written by `save`.

    Raises:
        UnusableWeights: missing, too large, changed since it was written, or of another shape.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise UnusableWeights("too large")
        told = path.with_suffix(".sha256").read_text(encoding="ascii").split()[0]
        if hashlib.sha256(path.read_bytes()).hexdigest() != told:
            raise UnusableWeights("changed since they were written")
        with np.load(path, allow_pickle=False) as file:
            if int(file["format"]) != _FORMAT:
                raise UnusableWeights("another format")
            arrays = {name: file[name].astype(np.float32) for name in ("mean", "scale", *_LAYERS)}
    except (OSError, ValueError, KeyError, IndexError) as fault:
        raise UnusableWeights(type(fault).__name__) from None
    model = DigitModel(**arrays)
    width = len(model.hidden_bias)
    shapes = (model.mean.shape, model.scale.shape, model.hidden.shape, model.output.shape)
    wanted = ((feature_count(),), (feature_count(),), (feature_count(), width))
    if shapes != (*wanted, (width, len(CLASSES))) or model.output_bias.shape != (len(CLASSES),):
        raise UnusableWeights("another shape")
    return model


@cache
def shipped_model() -> DigitModel:
    """Return the model of the package, loaded once per process.

    Raises:
        UnusableWeights: see `load`.
    """
    return load(WEIGHTS)
