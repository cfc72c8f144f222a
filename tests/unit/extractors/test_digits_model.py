from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from extractors.digits.features import feature_count, glyph_features
from extractors.digits.model import CLASSES, WEIGHTS, UnusableWeights, load, shipped_model


def test_the_shipped_weights_are_small_and_whole() -> None:
    assert WEIGHTS.stat().st_size <= 1 << 20
    model = shipped_model()
    chances = model.probabilities(np.zeros((3, feature_count()), dtype=np.float32))
    assert chances.shape == (3, len(CLASSES))
    assert chances.sum(axis=1) == pytest.approx(np.ones(3))


def test_no_glyphs_give_no_rows() -> None:
    assert shipped_model().probabilities(glyph_features([])).shape == (0, len(CLASSES))


def test_saved_weights_come_back_the_same(tmp_path: Path) -> None:
    model = shipped_model()
    digest = model.save(tmp_path / "weights.npz")
    again = load(tmp_path / "weights.npz")
    assert digest == hashlib.sha256((tmp_path / "weights.npz").read_bytes()).hexdigest()
    rows = np.random.default_rng(1).random((5, feature_count())).astype(np.float32)
    assert np.allclose(model.probabilities(rows), again.probabilities(rows))


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    shipped_model().save(path)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(UnusableWeights, match="changed"):
        load(path)


def _with_digest(path: Path) -> Path:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_suffix(".sha256").write_text(f"{digest}  {path.name}\n", encoding="ascii")
    return path


def test_pickled_or_misshapen_weights_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    np.savez(path, format=np.array(1), mean=np.array([{}], dtype=object))
    with pytest.raises(UnusableWeights, match="ValueError"):
        load(_with_digest(path))
    arrays = {name: np.zeros((2, 2)) for name in ("mean", "scale", "hidden", "output")}
    arrays |= {name: np.zeros(2) for name in ("hidden_bias", "output_bias")}
    np.savez(path, format=np.array(1), **arrays)
    with pytest.raises(UnusableWeights, match="shape"):
        load(_with_digest(path))


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableWeights, match="FileNotFoundError"):
        load(tmp_path / "weights.npz")
