"""Make a backup of the house while it runs: one moment of the database, then every blob of it."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from sqlalchemy.orm import Session

from correspondence.clock import Clock
from correspondence.errors import SarabanError, StorageFull, UsageFault
from correspondence.reading import Frozen
from office.places import find_folder
from office.settings import Settings
from pipeline.backup_folder import (
    BLOB_LIST,
    Manifest,
    Part,
    blob_path,
    check_backup,
    describe_part,
    write_manifest,
)
from pipeline.verifying import Tell
from registry.blob_disk import sync_folder
from registry.blob_references import count_digests, referred_digests
from registry.blobs import BlobState, BlobStore
from registry.database_copy import check_copy, copied_database, copy_name, row_counts
from registry.engine import open_engine
from registry.faults import DATABASE_FAULTS, name_database_fault
from registry.migrate import schema_revision

_PIECE = 1 << 20
_TOLD_EVERY = 200
# So many blobs that were not whole are named; a manifest must not grow with the damage.
_NAMED = 10_000


class BackupFailed(SarabanError):
    """A backup could not be written; nothing of it remains."""

    code = "backup_failed"


class BackupReport(Frozen):
    """JSON of `backup`: `whole`, or `incomplete` where the house itself lacks blobs."""

    outcome: Literal["whole", "incomplete"]
    folder: str
    made_at: datetime
    schema_revision: str
    letters: int
    blobs: int
    blob_bytes: int
    missing: int
    damaged: int


def back_up(settings: Settings, target: Path, tell: Tell, clock: Clock) -> BackupReport:
    """Write a backup, check it, and give it its name; it is there whole or not at all.

    The database may be of an older schema than this release's: it is copied as it is.

    Args:
        settings: where database, blobs, models and configuration are.
        target: the backup's folder; new, or empty.
        tell: told how far it is.
        clock: when it was made.

    Raises:
        UsageFault: the folder is not empty, lies inside what is backed up, or there is no house.
        MissingDependency: pg_dump is not on PATH.
        DatabaseAway: the database does not answer.
        StorageFull: no room in that folder.
        BackupFailed: it cannot be written, or was not written whole.
    """
    target = target.expanduser().resolve()
    _look_at_target(settings, target)
    partial = target.with_name(f".{target.name}.partial-{uuid.uuid4().hex[:12]}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.mkdir(mode=0o700)
        manifest = _write(settings, partial, tell, clock())
        check_copy(partial / manifest.database_part)
        check_backup(partial, tell)
        partial.rename(target)
        sync_folder(target.parent)
    except DATABASE_FAULTS as fault:
        raise name_database_fault(fault) from fault
    except OSError as fault:
        raise _not_written(fault) from fault
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    lacking = len(manifest.missing) + len(manifest.damaged)
    return BackupReport(
        outcome="incomplete" if lacking else "whole",
        folder=str(target),
        made_at=manifest.made_at,
        schema_revision=manifest.schema_revision,
        letters=manifest.counts.get("letters", 0),
        blobs=manifest.blobs,
        blob_bytes=manifest.blob_bytes,
        missing=len(manifest.missing),
        damaged=len(manifest.damaged),
    )


def saraban_version() -> str:
    """Return the version of this installation."""
    try:
        return version("saraban")
    except PackageNotFoundError:
        return "unknown"


def _look_at_target(settings: Settings, target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageFault(f"{target} is there and not empty; a backup gets a folder of its own.")
    for inside in (settings.models_folder, settings.config_folder, settings.home_folder / "blobs"):
        if target.is_relative_to(inside):
            raise UsageFault(f"{target} lies inside {inside}, which is backed up.")


def _write(settings: Settings, folder: Path, tell: Tell, at: datetime) -> Manifest:
    engine = open_engine(settings.database)
    try:
        revision = schema_revision(engine)
        if revision is None:
            raise UsageFault(
                f"There is no house at {settings.home_folder} to back up.",
                remedy="Set SARABAN_HOME and SARABAN_DATABASE_URL.",
            )
        (folder / "database").mkdir()
        tell("database", 0, 1)
        with copied_database(engine, folder / "database") as session:
            counts = row_counts(session)
            blobs = _copy_blobs(session, BlobStore(settings.blobs), folder, tell)
        parts = [
            describe_part(folder, folder / "database" / copy_name(engine)),
            describe_part(folder, folder / BLOB_LIST),
        ]
    finally:
        engine.dispose()
    tell("models and configuration", 0, 1)
    for source, name in ((settings.models_folder, "models"), (settings.config_folder, "config")):
        parts.extend(_copy_tree(source, folder, name))
    manifest = Manifest(
        saraban=saraban_version(),
        schema_revision=revision,
        database="sqlite" if engine.dialect.name == "sqlite" else "postgresql",
        made_at=at,
        config_own=settings.config_folder != find_folder("config"),
        counts=counts,
        blobs=blobs.count,
        blob_bytes=blobs.size,
        missing=tuple(blobs.lacking[BlobState.MISSING]),
        damaged=tuple(blobs.lacking[BlobState.DAMAGED]),
        parts=tuple(parts),
    )
    write_manifest(folder, manifest)
    return manifest


class _Copied:
    """What was copied of the blobs, and which were not whole in the house."""

    def __init__(self) -> None:
        self.count = self.size = 0
        self.lacking: dict[BlobState, list[str]] = {BlobState.MISSING: [], BlobState.DAMAGED: []}


def _copy_blobs(session: Session, store: BlobStore, folder: Path, tell: Tell) -> _Copied:
    total, copied = count_digests(session), _Copied()
    with (folder / BLOB_LIST).open("x", encoding="ascii") as listed:
        for number, digest in enumerate(referred_digests(session)):
            if number % _TOLD_EVERY == 0:
                tell("blobs", number, total)
            target = folder / blob_path(digest)
            target.parent.mkdir(parents=True, exist_ok=True)
            state = store.copy_to(digest, target)
            if state is BlobState.WHOLE:
                copied.count += 1
                copied.size += target.stat().st_size
                listed.write(f"{digest}  {blob_path(digest)}\n")
            elif len(copied.lacking[state]) < _NAMED:
                copied.lacking[state].append(digest)
        listed.flush()
        os.fsync(listed.fileno())
    return copied


def _copy_tree(source: Path, folder: Path, name: str) -> Iterator[Part]:
    for path in sorted(source.rglob("*")):
        if path.is_file():
            inside = f"{name}/{path.relative_to(source).as_posix()}"
            part = _copy_file(path, folder / inside, inside)
            if part is not None:
                yield part


def _copy_file(source: Path, target: Path, inside: str) -> Part | None:
    """Copy a file and hash what was read; None where it has gone meanwhile."""
    found, size = hashlib.sha256(), 0
    with _opened(source) as file:
        if file is None:
            return None
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as copy:
            while piece := os.read(file, _PIECE):
                found.update(piece)
                size += len(piece)
                copy.write(piece)
            copy.flush()
            os.fsync(copy.fileno())
    return Part(path=inside, size=size, sha256=found.hexdigest())


@contextmanager
def _opened(path: Path) -> Iterator[int | None]:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        # A model that was taken out of store between our look and our copy.
        yield None
        return
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _not_written(fault: OSError) -> SarabanError:
    if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StorageFull(
            "The backup's folder has no room.",
            thai="พื้นที่เก็บชุดสำรองข้อมูลเต็ม",
            remedy="Free disk space, or choose another folder; nothing half-written remains.",
        )
    return BackupFailed(
        f"The backup was not written ({type(fault).__name__}).",
        thai="สำรองข้อมูลไม่สำเร็จ",
        remedy="Check the rights on its folder and on what is backed up.",
    )
