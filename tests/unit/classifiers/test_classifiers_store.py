"""The model file: kept whole, loaded the same, refused when it is not what it says."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest

from classifiers import store
from classifiers.model import Classifier
from classifiers.store import (
    FILE_NAME,
    HASH_NAME,
    IN_FORCE_NAME,
    ModelRefused,
    answering,
    drop_old_versions,
    load,
    load_or_train,
    prepare_base,
    put_in_force,
    save,
    stored_versions,
    version_in_force,
)
from classifiers.training import train
from classifiers.training_letters import TrainingLetter, as_input
from correspondence.errors import StorageFull


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
    loaded = load(stored.path.parent)
    assert loaded.classify_many(sample) == classifier.classify_many(sample)
    assert (loaded.version, loaded.basis) == (classifier.version, classifier.basis)


def test_changed_file_is_refused(classifier: Classifier, tmp_path: Path) -> None:
    path = save(classifier, tmp_path).path
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ModelRefused, match="hash"):
        load(path.parent)


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


@pytest.fixture
def no_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program without a ready-made model beside it."""
    folder = tmp_path / "base"
    monkeypatch.setattr(store, "BASE_FOLDER", folder)
    return folder


@pytest.fixture
def trainings(classifier: Classifier, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often the shipped letters were learnt; one number for each time."""
    runs: list[int] = []

    def counted(letters: object) -> Classifier:
        runs.append(1)
        return classifier

    monkeypatch.setattr(store, "train", counted)
    return runs


def test_trained_once_then_loaded(
    classifier: Classifier, tmp_path: Path, no_base: Path, trainings: list[int]
) -> None:
    assert load_or_train(tmp_path).version == classifier.version
    assert load_or_train(tmp_path).version == classifier.version
    assert version_in_force(tmp_path) == classifier.version
    assert len(trainings) == 1


def test_a_ready_made_model_spares_the_training(
    classifier: Classifier, tmp_path: Path, no_base: Path, trainings: list[int]
) -> None:
    prepare_base()
    prepare_base()
    assert load_or_train(tmp_path / "office").version == classifier.version
    assert len(trainings) == 1


def test_a_damaged_model_in_force_is_never_replaced_silently(
    classifier: Classifier, tmp_path: Path, no_base: Path, trainings: list[int]
) -> None:
    load_or_train(tmp_path)
    (tmp_path / classifier.version / FILE_NAME).write_bytes(b"not a model")
    with pytest.raises(ModelRefused, match="hash"):
        load_or_train(tmp_path)
    assert len(trainings) == 1


def test_a_model_of_other_code_is_learnt_again(
    classifier: Classifier,
    tmp_path: Path,
    no_base: Path,
    trainings: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load_or_train(tmp_path)
    monkeypatch.setattr(store, "basis", lambda: "0123456789abcdef")
    with pytest.raises(ModelRefused, match="another version"):
        put_in_force(tmp_path, classifier.version)
    monkeypatch.setattr(classifier, "basis", "0123456789abcdef")
    load_or_train(tmp_path)
    assert len(trainings) == 2


def test_what_this_code_learnt_before_is_not_learnt_again(
    classifier: Classifier, tmp_path: Path, no_base: Path, trainings: list[int]
) -> None:
    load_or_train(tmp_path)
    kept = (tmp_path / classifier.version / FILE_NAME).read_bytes()
    (tmp_path / IN_FORCE_NAME).unlink()
    assert load_or_train(tmp_path).version == classifier.version
    assert version_in_force(tmp_path) == classifier.version
    # Saved again it would have another hash than the registry knows.
    assert (tmp_path / classifier.version / FILE_NAME).read_bytes() == kept
    assert len(trainings) == 1


def test_a_full_disk_is_named_and_leaves_the_model_in_force(
    classifier: Classifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_force(tmp_path, save(classifier, tmp_path).version)

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull):
        save(classifier, tmp_path)
    with pytest.raises(StorageFull):
        put_in_force(tmp_path, classifier.version)
    assert load_or_train(tmp_path).version == version_in_force(tmp_path) == classifier.version
    assert not list(tmp_path.rglob(".*"))


def test_the_version_before_answers_again_where_the_switch_fails(
    classifier: Classifier, letters: tuple[TrainingLetter, ...], tmp_path: Path
) -> None:
    put_in_force(tmp_path, save(classifier, tmp_path).version)
    other = save(train(letters[::8]), tmp_path).version
    with pytest.raises(ZeroDivisionError), answering(tmp_path, other):
        assert version_in_force(tmp_path) == other
        raise ZeroDivisionError
    assert version_in_force(tmp_path) == classifier.version


@pytest.mark.parametrize("name", ["../elsewhere", "linear-000000000000", "", "linear-ABC"])
def test_only_a_stored_version_can_be_put_in_force(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelRefused, match="not stored"):
        put_in_force(tmp_path, name)


def test_old_versions_go_but_never_the_one_in_force(
    classifier: Classifier, letters: tuple[TrainingLetter, ...], tmp_path: Path
) -> None:
    first = save(classifier, tmp_path)
    put_in_force(tmp_path, first.version)
    os.utime(first.path, (1, 1))
    others = [save(train(letters[start::8]), tmp_path) for start in (0, 1)]
    os.utime(others[0].path, (2, 2))
    drop_old_versions(tmp_path, keep=1, spared=(others[0].version,))
    assert len(stored_versions(tmp_path)) == 3
    drop_old_versions(tmp_path, keep=1)
    assert stored_versions(tmp_path) == (others[1].version, first.version)
