"""The classifier's files on several machines: each in the blob store, fetched where it is missing.

The registry says which version answers. Once a second machine works for the house, every version
that is put in force is kept in the blob store, too, and each machine brings its own models folder
in line when a program starts. An office of one machine does none of this.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifiers.store import (
    ModelRefused,
    check_version,
    lock_models,
    put_bytes,
    put_in_force,
    stored_bytes,
    stored_hash,
    version_in_force,
)
from correspondence.clock import Clock
from correspondence.errors import BlobDamaged, SarabanError
from registry.blobs import BlobStore
from registry.engine import Sessions
from registry.learning import in_force_row
from registry.machines import has_workers
from registry.models import ModelVersionRow

_log = logging.getLogger(__name__)
KEPT: Final = 10
"""Versions whose files stay in the blob store: the newest."""


class ModelNotShared(SarabanError):
    """The model in force lies on another machine, which has not put it into the blob store yet."""

    code = "model_not_shared"
    retryable = True


def share_version(
    session: Session, row: ModelVersionRow, models: Path, blobs: BlobStore, clock: Clock
) -> None:
    """Put a version's file into the blob store, once; nothing where no other machine works.

    Files of versions beyond the newest ten go, less the one in force: none of them is the only
    record of anything.

    Raises:
        StorageFull: no room.
        BlobStoreAway: the store cannot be written.
    """
    if not has_workers(session) or (row.shared_at is not None and blobs.exists(row.sha256)):
        return
    blobs.put(stored_bytes(models / row.version))
    row.shared_at = clock()
    session.flush()
    older = session.scalars(
        select(ModelVersionRow)
        .where(ModelVersionRow.shared_at.is_not(None), ModelVersionRow.in_force_since.is_(None))
        .order_by(ModelVersionRow.shared_at.desc(), ModelVersionRow.id.desc())
        .offset(KEPT)
    )
    for old in older:
        if old.id != row.id:
            blobs.forget(old.sha256)
            old.shared_at = None


def fetch_version(row: ModelVersionRow, models: Path, blobs: BlobStore) -> bool:
    """Bring a version's file here, unless it is; False where nobody has shared it.

    Raises:
        ModelRefused: its file is no more in the blob store.
        BlobStoreAway: the store cannot be read.
        StorageFull: no room here.
    """
    if _is_here(row, models):
        return True
    if row.shared_at is None:
        return False
    try:
        data = blobs.get(row.sha256)
    except BlobDamaged as fault:
        raise ModelRefused(
            "The model file of the version in force is not in the blob store.",
            thai="ไม่พบแฟ้มแบบจำลองรุ่นที่ใช้อยู่ในที่เก็บแฟ้ม",
            remedy="Start saraban serve on the machine that trained it, or saraban models use.",
        ) from fault
    put_bytes(models, row.version, data)
    return True


def follow_register(sessions: Sessions, models: Path, blobs: BlobStore) -> None:
    """Let the version answer here that the registry has in force, where another machine put it.

    While two releases are at work, one of them cannot read the other's version: it then goes on
    with its own.

    Raises:
        ModelNotShared: the other machine still has it to itself.
        ModelRefused: the file is damaged or gone.
        BlobStoreAway: the blob store cannot be read.
    """
    with sessions() as session:
        if not has_workers(session):
            return
        row = in_force_row(session)
    if row is None:
        return
    models.mkdir(parents=True, exist_ok=True)
    if version_in_force(models) == row.version and _is_here(row, models):
        return
    with lock_models(models):
        if not fetch_version(row, models, blobs):
            raise ModelNotShared(
                "The model in force lies on another machine alone.",
                thai="แบบจำลองที่ใช้อยู่ยังอยู่ในเครื่องอื่นเครื่องเดียว",
                remedy="The next run of process there shares it; or copy its models/ folder here.",
            )
        try:
            check_version(models, row.version)
        except ModelRefused:
            _log.warning("the version in force is another release's; this one keeps its own")
            return
        put_in_force(models, row.version)


def _is_here(row: ModelVersionRow, models: Path) -> bool:
    try:
        return stored_hash(models / row.version) == row.sha256
    except ModelRefused:
        return False
