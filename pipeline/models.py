"""The classifier's versions: which one answers, put another in force, go back to the one before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from classifiers.model import Classifier
from classifiers.store import (
    ModelRefused,
    load,
    load_or_train,
    put_in_force,
    stored_hash,
    stored_versions,
    version_in_force,
)
from classifiers.training_letters import shipped_letters
from correspondence.clock import Clock
from correspondence.errors import SarabanError
from correspondence.reading import Frozen
from correspondence.vocabulary import Role
from office.settings import Settings
from pipeline.acting import acting_person
from pipeline.bootstrap import House
from registry.engine import Sessions
from registry.learning import all_versions, find_version, promote, version_before
from registry.models import ModelVersionRow
from registry.trail import note_on_case
from registry.transitions import MACHINE, Actor

USE_MODEL = "use_model"
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


def verified_classifier(settings: Settings, sessions: Sessions, clock: Clock) -> Classifier:
    """Return the classifier in force, its file checked against the hash the registry keeps.

    A version the registry has not seen (the shipped one at first use) is written down.

    Raises:
        ModelRefused: the file is damaged, or another one than was written down.
    """
    models = settings.models_folder
    found = load_or_train(models)
    sha256 = stored_hash(models / found.version)
    with sessions.begin() as session:
        row = find_version(session, found.version)
        if row is not None and row.sha256 != sha256:
            raise ModelRefused(
                "The model file in force is not the one the registry knows.",
                thai="แฟ้มแบบจำลองไม่ตรงกับที่ทะเบียนบันทึกไว้ จึงไม่เปิดใช้",
                remedy="Put another version in force: saraban models list, saraban models use.",
            )
        if row is None:
            row = shipped_version(found.version, sha256, clock())
            session.add(row)
            session.flush()
        if row.in_force_since is None:
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
    with house.sessions.begin() as session:
        actor = acting_person(session, by, _MAY)
        row = find_version(session, version)
        _switch(house, session, row, version, actor)
    return next(line for line in model_lines(house) if line.version == version)


def roll_back(house: House, *, by: str) -> ModelLine:
    """Put the version in force that answered before the present one; audited.

    Raises:
        ActionRefused: the person may not.
        NoEarlierModel: there is none.
        ModelRefused: its file is damaged or of other code.
    """
    current = version_in_force(house.settings.models_folder) or ""
    with house.sessions.begin() as session:
        actor = acting_person(session, by, _MAY)
        row = version_before(session, current)
        if row is None:
            raise NoEarlierModel(
                "No version answered before this one.", thai="ไม่มีแบบจำลองรุ่นก่อนให้ย้อนกลับ"
            )
        _switch(house, session, row, row.version, actor)
        version = row.version
    return next(line for line in model_lines(house) if line.version == version)


def _switch(
    house: House, session: Session, row: ModelVersionRow | None, version: str, actor: Actor
) -> None:
    models = house.settings.models_folder
    if row is None or not (models / version).is_dir():
        raise ModelRefused(
            "The model file is not stored here.",
            thai="ไม่มีแบบจำลองรุ่นนี้",
            remedy="saraban models list shows those there are.",
        )
    load(models / version)
    if stored_hash(models / version) != row.sha256:
        raise ModelRefused(
            "The model file is not the one the registry knows.",
            thai="แฟ้มแบบจำลองไม่ตรงกับที่ทะเบียนบันทึกไว้",
            remedy="Put another version in force.",
        )
    now = house.clock()
    promote(session, row, at=now, by=actor.name)
    note_on_case(session, None, actor, USE_MODEL, at=now, about={"model_version": row.id})
    # Last, so that a refusal above leaves everything as it was.
    put_in_force(models, version)
