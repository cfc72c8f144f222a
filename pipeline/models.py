"""The classifier's versions: which one answers, put another in force, go back to the one before."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from classifiers.model import Classifier
from classifiers.store import (
    ModelRefused,
    answering,
    check_version,
    lock_models,
    put_bytes,
    stored_hash,
    stored_versions,
    take_in_force,
    version_in_force,
)
from classifiers.training_letters import shipped_letters
from correspondence.clock import Clock
from correspondence.errors import SarabanError
from correspondence.reading import Frozen
from correspondence.vocabulary import Role
from office.settings import Settings
from pipeline.acting import acting_person
from pipeline.alerts import CLASSIFIER
from pipeline.bootstrap import House
from pipeline.shared_models import fetch_version, follow_register, share_version
from registry.alerts import clear_alerts, raise_alert
from registry.blobs import BlobStore
from registry.engine import Sessions
from registry.learning import (
    all_versions,
    find_version,
    in_force_row,
    promote,
    version_before,
    wait_for_turn,
)
from registry.models import ModelVersionRow
from registry.trail import note_on_case
from registry.transitions import MACHINE, Actor

USE_MODEL = "use_model"
NOT_PROMOTED = "model_not_promoted"
CHOICE_KEPT = "model_choice_kept"
"""Alerts of the training; they end when another version is put in force."""
_MAY = (Role.ADMINISTRATOR, Role.OFFICE_HEAD)


class NoEarlierModel(SarabanError):
    """No version answered before the one in force, or its file is gone."""

    code = "no_earlier_model"


class ModelLine(Frozen):
    """JSON of `models list`: a version and how it did when it was made.

    `right` and `wrong` are of the check letters; what is missing to `check_letters` it left to
    people. `stored` is false where the file was dropped since.
    """

    version: str
    made_at: datetime
    shipped_letters: int
    corrections: int
    check_letters: int
    right: int
    wrong: int
    refused: str
    promoted_at: datetime | None
    promoted_by: str | None
    in_force: bool
    stored: bool


def verified_classifier(
    settings: Settings, sessions: Sessions, blobs: BlobStore, clock: Clock
) -> Classifier:
    """Return the classifier in force, its file checked against the hash the registry keeps.

    Where machines share the database, it is the one that the registry has in force.

    A version the registry has not seen (the shipped one at first use) is written down, and one
    made just now is written down anew: the same letters give the same model in another file.

    Raises:
        ModelRefused: the file is damaged, or another one than was written down; also an alert.
    """
    try:
        follow_register(sessions, settings.models_folder, blobs)
        found = _take_verified(settings.models_folder, sessions, blobs, clock)
    except ModelRefused as fault:
        with sessions.begin() as session:
            raise_alert(session, CLASSIFIER, fault.code, at=clock())
        raise
    with sessions.begin() as session:
        clear_alerts(session, CLASSIFIER, at=clock(), but=(NOT_PROMOTED, CHOICE_KEPT))
    return found


def _take_verified(models: Path, sessions: Sessions, blobs: BlobStore, clock: Clock) -> Classifier:
    found, new = take_in_force(models)
    with lock_models(models), sessions.begin() as session:
        # Machines that start together would each write down a file of their own.
        wait_for_turn(session)
        sha256 = stored_hash(models / found.version)
        row = find_version(session, found.version)
        if row is None:
            row = shipped_version(found.version, sha256, clock())
            session.add(row)
            session.flush()
        elif new and row.shared_at is not None and row.sha256 != sha256:
            # Another machine made the same model; its file is the one that is known.
            put_bytes(models, row.version, blobs.get(row.sha256))
            sha256 = row.sha256
        elif new:
            row.sha256 = sha256
        if row.sha256 != sha256:
            raise _other_file()
        share_version(session, row, models, blobs, clock)
        # Another process may have put another one in force since this one was loaded.
        if row.in_force_since is None and version_in_force(models) == found.version:
            in_force = in_force_row(session)
            # What another machine put in force, and this one never had, is not this one's to end.
            if in_force is None or (models / in_force.version).is_dir():
                promote(session, row, at=clock(), by=MACHINE.name)
    return found


def shipped_version(version: str, sha256: str, at: datetime) -> ModelVersionRow:
    """Return the entry of a model that learnt from nothing but the shipped letters."""
    return ModelVersionRow(
        version=version,
        sha256=sha256,
        shipped_letters=len(shipped_letters()),
        corrections=0,
        made_at=at,
        check_letters=0,
        check_right=0,
        check_wrong=0,
        recent_letters=0,
        recent_right=0,
        recent_wrong=0,
    )


def model_lines(house: House) -> tuple[ModelLine, ...]:
    """Return all versions ever kept, the newest first."""
    models = house.settings.models_folder
    stored = set(stored_versions(models)) if models.is_dir() else set()
    in_force = version_in_force(models)
    with house.sessions.begin() as session:
        return tuple(
            ModelLine(
                version=row.version,
                made_at=row.made_at,
                shipped_letters=row.shipped_letters,
                corrections=row.corrections,
                check_letters=row.check_letters,
                right=row.check_right,
                wrong=row.check_wrong,
                refused=row.refused,
                promoted_at=row.promoted_at,
                promoted_by=row.promoted_by,
                in_force=row.version == in_force,
                stored=row.version in stored,
            )
            for row in all_versions(session)
        )


def use_model(house: House, version: str, *, by: str) -> ModelLine:
    """Put a stored version in force, whatever its figures; audited.

    Raises:
        ActionRefused: the person may not.
        ModelRefused: it is not stored, damaged, of other code, or not the file written down.
    """
    with lock_models(_folder(house)):
        with house.sessions.begin() as session:
            actor = acting_person(session, by, _MAY)
            row = find_version(session, version)
        _switch(house, row, version, actor)
    return _line(house, version)


def roll_back(house: House, *, by: str) -> ModelLine:
    """Put the newest version in force that answered once and is older than the present; audited.

    Raises:
        ActionRefused: the person may not.
        NoEarlierModel: there is none.
        ModelRefused: its file is damaged or of other code.
    """
    models = _folder(house)
    with lock_models(models):
        with house.sessions.begin() as session:
            actor = acting_person(session, by, _MAY)
            row = version_before(session, version_in_force(models) or "")
        if row is None:
            raise NoEarlierModel(
                "No version answered before this one.", thai="ไม่มีแบบจำลองรุ่นก่อนให้ย้อนกลับ"
            )
        _switch(house, row, row.version, actor)
    return _line(house, row.version)


def _folder(house: House) -> Path:
    """Return the models folder, made where the office has none yet."""
    house.settings.models_folder.mkdir(parents=True, exist_ok=True)
    return house.settings.models_folder


def _line(house: House, version: str) -> ModelLine:
    return next(line for line in model_lines(house) if line.version == version)


def _switch(house: House, row: ModelVersionRow | None, version: str, actor: Actor) -> None:
    """Put a version in force; the caller holds the lock of the models."""
    models = house.settings.models_folder
    if row is not None:
        fetch_version(row, models, house.blobs)
    if row is None or not (models / version).is_dir():
        raise ModelRefused(
            "The model file is not stored here.",
            thai="ไม่มีแบบจำลองรุ่นนี้",
            remedy="saraban models list shows those there are.",
        )
    # Looked at outside the transaction: it takes a second, and everybody waits for a writer.
    check_version(models, version)
    if stored_hash(models / version) != row.sha256:
        raise _other_file()
    now = house.clock()
    with answering(models, version), house.sessions.begin() as session:
        row = session.merge(row)
        promote(session, row, at=now, by=actor.name)
        share_version(session, row, models, house.blobs, house.clock)
        clear_alerts(session, CLASSIFIER, at=now)
        note_on_case(session, None, actor, USE_MODEL, at=now, about={"model_version": row.id})


def _other_file() -> ModelRefused:
    return ModelRefused(
        "The model file is not the one the registry knows.",
        thai="แฟ้มแบบจำลองไม่ตรงกับที่ทะเบียนบันทึกไว้ จึงไม่เปิดใช้",
        remedy="Put another version in force: saraban models list, saraban models use VERSION.",
    )
