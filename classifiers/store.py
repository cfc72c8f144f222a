"""The model file: plain arrays and names through skops, which runs no code when loading.

Beside `classifier.skops` lies `classifier.sha256`. A file whose hash differs, or that holds any
type beyond numbers and names, is refused before it is opened.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, NamedTuple

import numpy as np

from classifiers.linear_model import LinearModel
from classifiers.model import Calibration, Classifier, LinearPair
from classifiers.training import PROMISED_PRECISION, model_version, train
from classifiers.training_letters import shipped_letters
from classifiers.vocabulary import FeatureVocabulary
from correspondence.errors import SarabanError

FILE_NAME = "classifier.skops"
HASH_NAME = "classifier.sha256"
MAX_BYTES = 300_000_000
_FORMAT = 1


class ModelRefused(SarabanError):
    """A model file is missing, damaged, changed or holds more than numbers and names."""

    code: ClassVar[str] = "model_refused"


class StoredModel(NamedTuple):
    """Where a classifier was saved: its version, the SHA-256 of the file (hex) and the file."""

    version: str
    sha256: str
    path: Path


def save(classifier: Classifier, folder: Path) -> StoredModel:
    """Write a classifier and its hash into a folder, each replaced in one step."""
    import skops.io

    folder.mkdir(parents=True, exist_ok=True)
    data = skops.io.dumps(_parts(classifier))
    digest = hashlib.sha256(data).hexdigest()
    _replace(folder / FILE_NAME, data)
    _replace(folder / HASH_NAME, f"{digest}\n".encode("ascii"))
    return StoredModel(classifier.version, digest, folder / FILE_NAME)


def load(folder: Path) -> Classifier:
    """Return the classifier of a folder.

    Raises:
        ModelRefused: no file, a wrong hash, an untrusted type, or parts that do not fit.
    """
    import skops.io

    try:
        if (folder / FILE_NAME).stat().st_size > MAX_BYTES:
            raise _refusal("is too large")
        data = (folder / FILE_NAME).read_bytes()
        expected = (folder / HASH_NAME).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise _refusal("or its hash is missing") from None
    except (OSError, UnicodeDecodeError):
        raise _refusal("or its hash cannot be read") from None
    if hashlib.sha256(data).hexdigest() != expected:
        raise _refusal("does not match its hash")
    try:
        if skops.io.get_untrusted_types(data=data):
            raise _refusal("holds types that a model does not need")
        return _classifier(skops.io.loads(data, trusted=[]))
    except ModelRefused:
        raise
    # A crafted file can make the reader fail in any way; each of them is the same refusal.
    except Exception:
        raise _refusal("is no model of this program") from None


def load_or_train(folder: Path) -> Classifier:
    """Return the classifier of a folder; train it from the shipped letters at first use.

    A model of other letters or other code than the present is trained again. Two processes that
    start together train once: the second waits for the first one's file.

    Raises:
        ModelRefused: the file there is damaged or poisoned; it is never silently replaced.
    """
    letters = shipped_letters()
    wanted = model_version(letters, PROMISED_PRECISION)
    found = _present(folder, wanted)
    if found is not None:
        return found
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / "classifier.lock"):
        found = _present(folder, wanted)
        if found is None:
            found = train(letters)
            save(found, folder)
    return found


def _present(folder: Path, wanted: str) -> Classifier | None:
    if not (folder / FILE_NAME).exists() or not (folder / HASH_NAME).exists():
        return None
    found = load(folder)
    return found if found.version == wanted else None


def _parts(classifier: Classifier) -> dict[str, object]:
    category, fine = classifier.models
    return {
        "format": _FORMAT,
        "version": classifier.version,
        "features": "\n".join(classifier.vocabulary.names),
        "rarity": classifier.vocabulary.rarity,
        "category": _model_parts(category),
        "subcategory": _model_parts(fine),
        "temperature": classifier.calibration.temperature,
        "thresholds": dict(classifier.calibration.thresholds),
    }


def _model_parts(model: LinearModel) -> dict[str, object]:
    return {
        "labels": list(model.labels),
        "weights": model.weights,
        "intercepts": model.intercepts,
    }


def _classifier(parts: dict[str, object]) -> Classifier:
    if parts.get("format") != _FORMAT:
        raise _refusal("has another format; train again")
    vocabulary = FeatureVocabulary(
        str(parts["features"]).split("\n"), np.asarray(parts["rarity"], dtype=float)
    )
    models = LinearPair(_model(parts["category"]), _model(parts["subcategory"]))
    thresholds = parts["thresholds"]
    if not isinstance(thresholds, dict):
        raise _refusal("has no thresholds")
    width = len(vocabulary)
    fits = len(vocabulary.rarity) == width and all(
        m.weights.shape == (width, len(m.labels)) and len(m.intercepts) == len(m.labels)
        for m in models
    )
    if not fits:
        raise _refusal("has parts that do not fit together")
    calibration = Calibration(
        float(np.float64(str(parts["temperature"]))),
        {str(name): float(value) for name, value in thresholds.items()},
    )
    return Classifier(str(parts["version"]), vocabulary, models, calibration)


def _model(parts: object) -> LinearModel:
    if not isinstance(parts, dict):
        raise _refusal("lacks a part")
    return LinearModel(
        tuple(str(label) for label in parts["labels"]),
        np.asarray(parts["weights"], dtype=np.float32),
        np.asarray(parts["intercepts"], dtype=float),
    )


def _refusal(what: str) -> ModelRefused:
    return ModelRefused(
        f"The model file {what}.",
        thai="แฟ้มแบบจำลองการจำแนกใช้ไม่ได้ จึงไม่เปิดใช้",
        remedy="Remove the two classifier files from the models folder, or train again.",
    )


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)
