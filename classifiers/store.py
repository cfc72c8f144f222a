"""The model file: plain arrays and names through skops, which runs no code when loading.

Each version has a folder of its own; beside `classifier.skops` lies `classifier.sha256`. A file
whose hash differs, or that holds any type beyond numbers and names, is refused before it is
opened. The file `in_force` names the version that answers.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, NamedTuple

import numpy as np

from classifiers.linear_model import LinearModel
from classifiers.model import CATEGORIES, Calibration, Classifier
from classifiers.training import PROMISED_PRECISION, basis, model_version, train
from classifiers.training_letters import shipped_letters
from classifiers.vocabulary import FeatureVocabulary
from correspondence.errors import SarabanError, StorageFull

FILE_NAME = "classifier.skops"
HASH_NAME = "classifier.sha256"
MAX_BYTES = 300_000_000
IN_FORCE_NAME = "in_force"
KEPT_VERSIONS = 10
BASE_FOLDER = Path(__file__).resolve().parent / "base_model"
"""Where `make setup` leaves the model of the shipped letters; not part of the source."""

_FORMAT = 3
_VERSION = re.compile(r"linear-[0-9a-f]{12}")


class ModelRefused(SarabanError):
    """A model file is missing, damaged, changed or holds more than numbers and names."""

    code: ClassVar[str] = "model_refused"


class StoredModel(NamedTuple):
    """Where a classifier was saved: its version, the SHA-256 of the file (hex) and the file."""

    version: str
    sha256: str
    path: Path


class InForce(NamedTuple):
    """The classifier in force, and whether it was made or put here just now."""

    classifier: Classifier
    new: bool


def save(classifier: Classifier, models: Path) -> StoredModel:
    """Write a classifier and its hash into `models/<version>/`, each replaced in one step.

    It is not in force by that; see `put_in_force`. The same model saved twice gives two hashes:
    skops writes moments and addresses into the file.

    Raises:
        StorageFull: no room; what lay there before stays.
    """
    import skops.io

    folder = models / classifier.version
    folder.mkdir(parents=True, exist_ok=True)
    data = skops.io.dumps(_parts(classifier))
    digest = hashlib.sha256(data).hexdigest()
    _replace(folder / FILE_NAME, data)
    _replace(folder / HASH_NAME, f"{digest}\n".encode("ascii"))
    return StoredModel(classifier.version, digest, folder / FILE_NAME)


def load(folder: Path) -> Classifier:
    """Return the classifier of one version's folder.

    Raises:
        ModelRefused: no file, a wrong hash, an untrusted type, or parts that do not fit.
    """
    import skops.io

    try:
        if (folder / FILE_NAME).stat().st_size > MAX_BYTES:
            raise _refusal("is too large")
        data = (folder / FILE_NAME).read_bytes()
    except FileNotFoundError:
        raise _refusal("or its hash is missing") from None
    except OSError:
        raise _refusal("or its hash cannot be read") from None
    if hashlib.sha256(data).hexdigest() != stored_hash(folder):
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


def stored_hash(folder: Path) -> str:
    """Return the SHA-256 (hex) written beside a version's file; raises ModelRefused without it."""
    try:
        return (folder / HASH_NAME).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise _refusal("or its hash is missing") from None
    except (OSError, UnicodeDecodeError):
        raise _refusal("or its hash cannot be read") from None


def stored_bytes(folder: Path) -> bytes:
    """Return the file of one version, to be kept elsewhere too; raises ModelRefused."""
    try:
        return (folder / FILE_NAME).read_bytes()
    except OSError:
        raise _refusal("cannot be read") from None


def put_bytes(models: Path, version: str, data: bytes) -> None:
    """Store the file of a version that was made elsewhere, in place of what is here.

    It is looked at when it is put in force, as every other.

    Raises:
        ModelRefused: that is no version's name.
        StorageFull: no room; what lay there before stays.
    """
    if not _VERSION.fullmatch(version):
        raise _refusal("has no version's name")
    folder = models / version
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / FILE_NAME, data)
    _replace(folder / HASH_NAME, f"{hashlib.sha256(data).hexdigest()}\n".encode("ascii"))


def version_in_force(models: Path) -> str | None:
    """Return the version that answers, or None where none was ever put in force."""
    try:
        name = (models / IN_FORCE_NAME).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        raise _refusal("in force is not named readably") from None
    if not _VERSION.fullmatch(name):
        raise _refusal("in force is not named readably")
    return name


def put_in_force(models: Path, version: str) -> None:
    """Let a stored version answer from the next start of any process on.

    Raises:
        ModelRefused: it is not stored here, damaged, or of other code than this program's.
        StorageFull: no room; the one before stays in force.
    """
    check_version(models, version)
    _name(models, version)


def check_version(models: Path, version: str) -> None:
    """Raise ModelRefused where a version is not stored, damaged, or of other code."""
    if not _VERSION.fullmatch(version) or not (models / version).is_dir():
        raise _refusal("is not stored here")
    if load(models / version).basis != basis():
        raise _refusal("was made by another version of this program")


@contextmanager
def answering(models: Path, version: str) -> Iterator[None]:
    """Let a version that `check_version` has passed answer; the one before again if it fails.

    Around the transaction that writes it down, so that the two say the same.
    """
    before = version_in_force(models)
    _name(models, version)
    try:
        yield
    except BaseException:
        if before is not None:
            _name(models, before)
        raise


def stored_versions(models: Path) -> tuple[str, ...]:
    """Return the versions stored, the newest first."""
    folders = [f.parent for f in models.glob(f"*/{FILE_NAME}") if _VERSION.fullmatch(f.parent.name)]
    folders.sort(key=lambda folder: (folder / FILE_NAME).stat().st_mtime, reverse=True)
    return tuple(folder.name for folder in folders)


def drop_old_versions(
    models: Path, keep: int = KEPT_VERSIONS, *, spared: Collection[str] = ()
) -> None:
    """Take away all but the newest `keep` versions, those spared and the one in force."""
    kept = {version_in_force(models), *spared}
    for version in stored_versions(models)[keep:]:
        if version not in kept:
            shutil.rmtree(models / version, ignore_errors=True)


def load_or_train(models: Path) -> Classifier:
    """Return the classifier in force, as `take_in_force` does."""
    return take_in_force(models).classifier


def take_in_force(models: Path) -> InForce:
    """Return the classifier in force; at first use the one of the shipped letters.

    A model made by other code than the present is not asked: the shipped letters are learnt
    again, unless this code learnt them here before, and people's corrections with the next
    training. Two processes that start together train once: the second waits for the first one's
    file.

    Raises:
        ModelRefused: the file there is damaged or poisoned; it is never silently replaced.
        StorageFull: no room for a new one.
    """
    found = _present(models)
    if found is not None:
        return InForce(found, new=False)
    models.mkdir(parents=True, exist_ok=True)
    with lock_models(models):
        found = _present(models)
        if found is not None:
            return InForce(found, new=False)
        found = _learnt_before(models)
        new = found is None
        if found is None:
            found = _ready_made() or train(shipped_letters())
            save(found, models)
        put_in_force(models, found.version)
        drop_old_versions(models)
    return InForce(found, new=new)


def prepare_base() -> Classifier:
    """Return the model of the shipped letters, kept beside the program for every new office."""
    found = _ready_made()
    if found is None:
        found = train(shipped_letters())
        save(found, BASE_FOLDER)
        drop_old_versions(BASE_FOLDER, keep=1)
    return found


@contextmanager
def lock_models(models: Path) -> Iterator[None]:
    """Keep other processes from training into the same folder meanwhile."""
    with (models / "classifier.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


def _name(models: Path, version: str) -> None:
    _replace(models / IN_FORCE_NAME, f"{version}\n".encode("ascii"))


def _present(models: Path) -> Classifier | None:
    version = version_in_force(models)
    if version is None:
        return None
    found = load(models / version)
    return found if found.basis == basis() else None


def _learnt_before(models: Path) -> Classifier | None:
    """Return the model of the shipped letters where this code left it, whole; else None."""
    version = model_version(shipped_letters(), PROMISED_PRECISION)
    try:
        found = load(models / version)
    except ModelRefused:
        return None
    return found if found.basis == basis() else None


def _ready_made() -> Classifier | None:
    wanted = basis()
    for version in stored_versions(BASE_FOLDER):
        found = load(BASE_FOLDER / version)
        if found.basis == wanted:
            return found
    return None


def _parts(classifier: Classifier) -> dict[str, object]:
    return {
        "format": _FORMAT,
        "version": classifier.version,
        "basis": classifier.basis,
        "features": "\n".join(classifier.vocabulary.names),
        "rarity": classifier.vocabulary.rarity,
        "labels": list(classifier.model.labels),
        "weights": classifier.model.weights,
        "intercepts": classifier.model.intercepts,
        "temperature": classifier.calibration.temperature,
        "thresholds": dict(classifier.calibration.thresholds),
    }


def _classifier(parts: dict[str, object]) -> Classifier:
    if parts.get("format") != _FORMAT:
        raise _refusal("has another format; train again")
    vocabulary = FeatureVocabulary(
        str(parts["features"]).split("\n"), np.asarray(parts["rarity"], dtype=float)
    )
    labels, thresholds = parts["labels"], parts["thresholds"]
    if not isinstance(labels, list) or not isinstance(thresholds, dict):
        raise _refusal("lacks a part")
    model = LinearModel(
        tuple(str(label) for label in labels),
        np.asarray(parts["weights"], dtype=np.float32),
        np.asarray(parts["intercepts"], dtype=float),
    )
    shapes = (model.weights.shape, model.intercepts.shape, vocabulary.rarity.shape)
    width, height = len(vocabulary), len(model.labels)
    whole = {label.partition("/")[0] for label in model.labels} == set(CATEGORIES)
    if shapes != ((width, height), (height,), (width,)) or not whole:
        raise _refusal("has parts that do not fit together")
    calibration = Calibration(
        float(np.float64(str(parts["temperature"]))),
        {str(name): float(value) for name, value in thresholds.items()},
    )
    return Classifier(str(parts["version"]), str(parts["basis"]), vocabulary, model, calibration)


def _refusal(what: str) -> ModelRefused:
    return ModelRefused(
        f"The model file {what}.",
        thai="แฟ้มแบบจำลองการจำแนกใช้ไม่ได้ จึงไม่เปิดใช้",
        remedy="Put another version in force: saraban models list, saraban models use VERSION.",
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
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StorageFull(
                "The models folder has no room.",
                thai="พื้นที่เก็บแบบจำลองเต็ม",
                remedy="Free disk space; the model that was in force goes on answering.",
            ) from fault
        raise
    finally:
        temporary.unlink(missing_ok=True)
