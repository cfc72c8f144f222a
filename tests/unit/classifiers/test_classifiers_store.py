"""The model file: kept whole, loaded the same, refused when it is not what it says."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from classifiers import store
from classifiers.model import Classifier
from classifiers.store import FILE_NAME, HASH_NAME, ModelRefused, load, load_or_train, save
from classifiers.training_letters import TrainingLetter, as_input


class Poison:
    """Would run a command if a loader were to build it."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch poisoned",)


def test_saved_and_loaded_answer_alike(
    classifier: Classifier, letters: tuple[TrainingLetter, ...], tmp_path: Path
) -> None:
    stored = save(classifier, tmp_path)
    assert stored.sha256 == hashlib.sha256(stored.path.read_bytes()).hexdigest()
    sample = [as_input(letter) for letter in letters[::20]]
    assert load(tmp_path).classify_many(sample) == classifier.classify_many(sample)


def test_changed_file_is_refused(classifier: Classifier, tmp_path: Path) -> None:
    path = save(classifier, tmp_path).path
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ModelRefused, match="hash"):
        load(tmp_path)


def _put(folder: Path, data: bytes) -> None:
    (folder / FILE_NAME).write_bytes(data)
    (folder / HASH_NAME).write_text(hashlib.sha256(data).hexdigest(), encoding="ascii")


def test_poisoned_file_is_refused_even_with_its_own_hash(tmp_path: Path) -> None:
    import skops.io

    _put(tmp_path, skops.io.dumps({"format": 1, "version": Poison()}))
    with pytest.raises(ModelRefused, match="types"):
        load(tmp_path)


def test_pickle_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pickle

    monkeypatch.chdir(tmp_path)
    _put(tmp_path, pickle.dumps(Poison()))
    with pytest.raises(ModelRefused):
        load(tmp_path)
    assert not (tmp_path / "poisoned").exists()


def test_wrong_parts_are_refused(tmp_path: Path) -> None:
    import skops.io

    _put(tmp_path, skops.io.dumps({"format": 1, "version": "x"}))
    with pytest.raises(ModelRefused):
        load(tmp_path)


def test_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match="missing"):
        load(tmp_path)


def test_trained_once_then_loaded(
    classifier: Classifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[int] = []

    def counted(letters: object) -> Classifier:
        runs.append(1)
        return classifier

    monkeypatch.setattr(store, "train", counted)
    assert load_or_train(tmp_path).version == classifier.version
    assert load_or_train(tmp_path).version == classifier.version
    assert len(runs) == 1
