"""Put a backup in the place of a house: checked first, upgraded after, verified at the end."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

from correspondence.clock import Clock
from correspondence.errors import SarabanError
from correspondence.reading import Frozen
from office.settings import Settings
from pipeline.backup_folder import Manifest, blob_path, check_backup, listed_blobs, read_manifest
from pipeline.bootstrap import House, open_house
from pipeline.verifying import Tell, VerifyReport, verify_house
from registry.blobs import BlobStore
from registry.database_copy import (
    check_copy,
    copy_name,
    database_counts,
    house_is_empty,
    put_database_back,
)
from registry.engine import open_engine
from registry.migrate import knows_revision, schema_revision
from registry.models import AuditEvent

RESTORED = "restore_house"
_ACTOR = "saraban"
_TOLD_EVERY = 200


class HouseNotEmpty(SarabanError):
    """There is a house where a backup should go; nothing was changed."""

    code = "house_not_empty"


class BackupRefused(SarabanError):
    """A whole backup that this house cannot take: another database, or a newer release's."""

    code = "backup_refused"


class RestoreReport(Frozen):
    """JSON of `restore`: `whole` or `faults_found`, with what `verify` found at the end.

    `config` says what became of the office's configuration: `restored`; `kept`, because files
    were there; `shipped`, because the office had none of its own. `differing` are tables whose
    rows are not as many as in the backup. `put_aside` is where the former database is.
    """

    outcome: Literal["whole", "faults_found"]
    made_at: datetime
    from_revision: str
    to_revision: str
    letters: int
    blobs: int
    missing_in_backup: int
    config: Literal["restored", "kept", "shipped"]
    put_aside: str | None
    differing: tuple[str, ...]
    verify: VerifyReport


def restore(
    settings: Settings, backup: Path, tell: Tell, clock: Clock, *, replace: bool = False
) -> RestoreReport:
    """Restore a backup and look whether all of it is there. Nothing that was there is deleted.

    Blobs and models first, the database last: a restore that is killed is simply begun again.

    Args:
        settings: where database, blobs, models and configuration go; nobody may use them now.
        backup: the folder that `back_up` made.
        tell: told how far it is.
        clock: when it is done.
        replace: also where there is a house; its database is put aside.

    Raises:
        BackupDamaged: a part of it is missing or changed; nothing was changed here.
        BackupRefused: it is of another kind of database, or of a newer release.
        HouseNotEmpty: there is a house, and `replace` was not said.
        MissingDependency: pg_restore is not on PATH.
        DatabaseCopyFailed: the database was not put back.
        DatabaseAway: the database does not answer.
        StorageFull: no room.
        AuditKeyMissing: the restored trail has a key that SARABAN_AUDIT_KEY does not hold.
    """
    backup = backup.expanduser().resolve()
    manifest = read_manifest(backup)
    engine = open_engine(settings.database)
    try:
        _look_at_fit(manifest, engine.dialect.name)
        if not replace and not house_is_empty(engine):
            raise HouseNotEmpty(
                "There is a house here already.",
                thai="มีข้อมูลอยู่แล้ว จึงไม่กู้คืนทับ",
                remedy="Add --replace to put its database aside, or set another SARABAN_HOME.",
            )
        check_backup(backup, tell)
        copy = backup / "database" / copy_name(engine)
        check_copy(copy)
        _put_blobs_back(backup, manifest, BlobStore(settings.blobs), tell)
        _put_files_back(backup, manifest, "models", settings.models_folder)
        config = _put_config_back(backup, manifest, settings)
        tell("database", 0, 1)
        aside = put_database_back(engine, copy, clock())
        counts = database_counts(engine)
    finally:
        engine.dispose()
    differing = tuple(
        name for name, count in sorted(manifest.counts.items()) if counts.get(name) != count
    )
    with open_house(settings, clock=clock) as house:
        _note(house, manifest)
        verified = verify_house(house, tell)
        return RestoreReport(
            outcome="faults_found" if differing or verified.outcome != "whole" else "whole",
            made_at=manifest.made_at,
            from_revision=manifest.schema_revision,
            to_revision=schema_revision(house.engine) or "",
            letters=counts.get("letters", 0),
            blobs=manifest.blobs,
            missing_in_backup=len(manifest.missing) + len(manifest.damaged),
            config=config,
            put_aside=aside,
            differing=differing,
            verify=verified,
        )


def _look_at_fit(manifest: Manifest, dialect: str) -> None:
    if manifest.database != dialect:
        raise BackupRefused(
            f"The backup is of {manifest.database}, SARABAN_DATABASE_URL of {dialect}.",
            thai="ชุดสำรองข้อมูลเป็นของฐานข้อมูลคนละชนิด",
            remedy="Point SARABAN_DATABASE_URL at a database of that kind.",
        )
    if not knows_revision(manifest.schema_revision):
        raise BackupRefused(
            f"The backup has the schema {manifest.schema_revision}, made by Saraban "
            f"{manifest.saraban}; this release does not know it.",
            thai="ชุดสำรองข้อมูลมาจากรุ่นที่ใหม่กว่า",
            remedy="Install that release or a newer one.",
        )


def _put_blobs_back(backup: Path, manifest: Manifest, store: BlobStore, tell: Tell) -> None:
    for number, digest in enumerate(listed_blobs(backup)):
        if number % _TOLD_EVERY == 0:
            tell("blobs", number, manifest.blobs)
        store.mend((backup / blob_path(digest)).read_bytes())


def _put_files_back(backup: Path, manifest: Manifest, name: str, target: Path) -> None:
    for source, inside in _files_of(backup, manifest, name):
        final = target / inside
        final.parent.mkdir(parents=True, exist_ok=True)
        coming = final.with_name(f".{final.name}.{uuid.uuid4().hex[:8]}")
        shutil.copyfile(source, coming)
        with coming.open("rb") as file:
            os.fsync(file.fileno())
        coming.rename(final)


def _put_config_back(
    backup: Path, manifest: Manifest, settings: Settings
) -> Literal["restored", "kept", "shipped"]:
    if not manifest.config_own:
        # A newer release has newer files of its own.
        return "shipped"
    target = settings.config.expanduser() if settings.config else settings.home_folder / "config"
    if target.is_dir() and any(target.iterdir()):
        return "kept"
    _put_files_back(backup, manifest, "config", target)
    return "restored"


def _files_of(backup: Path, manifest: Manifest, name: str) -> Iterator[tuple[Path, str]]:
    for part in manifest.parts:
        top, _, inside = part.path.partition("/")
        if top == name and inside:
            yield backup / part.path, inside


def _note(house: House, manifest: Manifest) -> None:
    """Write into the trail that everything after the backup's moment is gone from here."""
    with house.sessions.begin() as session:
        session.add(
            AuditEvent(
                at=house.clock(),
                actor=_ACTOR,
                action=RESTORED,
                before={},
                after={
                    "made_at": manifest.made_at.isoformat(),
                    "revision": manifest.schema_revision,
                    "events": manifest.counts.get("audit_events", 0),
                },
            )
        )
