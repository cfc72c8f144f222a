"""What a backup is: a folder with a manifest, its parts, and the check that they are whole.

manifest.json          this, with the SHA-256 of every part
manifest.sha256        the manifest's own
blobs.sha256           every blob, as `sha256sum --check` reads it
database/  blobs/  models/  config/
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import AwareDatetime, Field, ValidationError, field_validator

from correspondence.errors import SarabanError
from correspondence.reading import Frozen
from pipeline.verifying import Tell

MANIFEST = "manifest.json"
MANIFEST_HASH = "manifest.sha256"
BLOB_LIST = "blobs.sha256"
_PIECE = 1 << 20
_LONGEST_MANIFEST = 64 << 20
_TOLD_EVERY = 200
_HASH = r"^[0-9a-f]{64}$"


class BackupDamaged(SarabanError):
    """A backup is not whole, or is none; names the part."""

    code = "backup_damaged"


class Part(Frozen):
    """One file of a backup: its path in it, its size in bytes, its SHA-256 in hex."""

    path: str = Field(max_length=500)
    size: int = Field(ge=0)
    sha256: str = Field(pattern=_HASH)

    @field_validator("path")
    @classmethod
    def _stays_inside(cls, given: str) -> str:
        path = PurePosixPath(given)
        if path.is_absolute() or ".." in path.parts or "\\" in given or not path.parts:
            raise ValueError("a part lies in the backup's own folder")
        return given


class Manifest(Frozen):
    """`manifest.json`. `missing` and `damaged` are blobs that the house itself had not whole.

    `config_own` tells whether the configuration is the office's own or was the shipped one.
    `counts` are rows by table.
    """

    kind: Literal["saraban_backup"] = "saraban_backup"
    form: Literal[1] = 1
    saraban: str
    schema_revision: str
    database: Literal["sqlite", "postgresql"]
    made_at: AwareDatetime
    config_own: bool
    counts: dict[str, int]
    blobs: int = Field(ge=0)
    blob_bytes: int = Field(ge=0)
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    parts: tuple[Part, ...]

    @property
    def database_part(self) -> str:
        """The path of the database's copy in the backup."""
        return next(part.path for part in self.parts if part.path.startswith("database/"))


def describe_part(backup: Path, path: Path) -> Part:
    """Return a file of a backup as its manifest names it."""
    return Part(
        path=path.relative_to(backup).as_posix(),
        size=path.stat().st_size,
        sha256=hash_file(path),
    )


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file in hex, read piece by piece."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.hexdigest()


def write_manifest(backup: Path, manifest: Manifest) -> None:
    """Write the manifest and its hash; the last files of a backup."""
    data = manifest.model_dump_json(indent=1).encode()
    listed = f"{hashlib.sha256(data).hexdigest()}  {MANIFEST}\n".encode()
    for name, content in ((MANIFEST, data), (MANIFEST_HASH, listed)):
        with (backup / name).open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def read_manifest(backup: Path) -> Manifest:
    """Return the manifest of a backup.

    Raises:
        BackupDamaged: there is none, it does not match its hash, or it is of another form.
    """
    try:
        with (backup / MANIFEST).open("rb") as file:
            data = file.read(_LONGEST_MANIFEST)
        listed = (backup / MANIFEST_HASH).read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        raise backup_damaged(MANIFEST, "is not there") from None
    if listed[:1] != [hashlib.sha256(data).hexdigest()]:
        raise backup_damaged(MANIFEST, "does not match its hash")
    try:
        manifest = Manifest.model_validate_json(data)
    except ValidationError:
        raise backup_damaged(MANIFEST, "is of a form that this release does not know") from None
    names = {part.path for part in manifest.parts}
    if BLOB_LIST not in names or not any(name.startswith("database/") for name in names):
        raise backup_damaged(MANIFEST, "names no database or no blobs")
    return manifest


def listed_blobs(backup: Path) -> Iterator[str]:
    """Yield the SHA-256 of every blob of a backup, one at a time.

    Raises:
        BackupDamaged: a line of the list is none.
    """
    with (backup / BLOB_LIST).open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            digest, _, path = line.rstrip("\n").partition("  ")
            if len(digest) != 64 or path != blob_path(digest):
                raise backup_damaged(BLOB_LIST, "has a line that names no blob")
            yield digest


def blob_path(digest: str) -> str:
    """Return where a blob lies in a backup."""
    return f"blobs/{digest[:2]}/{digest}"


def check_backup(backup: Path, tell: Tell) -> Manifest:
    """Hold every file of a backup against its SHA-256; returns the manifest.

    Raises:
        BackupDamaged: a part is missing or changed; names it.
    """
    manifest = read_manifest(backup)
    for part in manifest.parts:
        _hold(backup, part.path, part.sha256)
    count = 0
    for digest in listed_blobs(backup):
        if count % _TOLD_EVERY == 0:
            tell("checking the backup", count, manifest.blobs)
        count += 1
        _hold(backup, blob_path(digest), digest)
    if count != manifest.blobs:
        raise backup_damaged(BLOB_LIST, f"lists {count} blobs, not {manifest.blobs}")
    return manifest


def backup_damaged(part: str, why: str) -> BackupDamaged:
    """Return the fault of a part; `why` completes a sentence."""
    return BackupDamaged(
        f"The backup's {part} {why}.",
        thai="ชุดสำรองข้อมูลไม่สมบูรณ์",
        remedy="Use another backup; nothing was changed.",
    )


def _hold(backup: Path, path: str, sha256: str) -> None:
    try:
        found = hash_file(backup / path)
    except OSError:
        raise backup_damaged(path, "is not there or cannot be read") from None
    if found != sha256:
        raise backup_damaged(path, "does not match its hash")
