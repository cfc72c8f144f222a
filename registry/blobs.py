"""The blob store: bytes by their SHA-256, written atomically, verified on read."""

from __future__ import annotations

import errno
import hashlib
import os
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

from correspondence.errors import BlobDamaged, StorageFull
from registry.faults import BlobStoreAway

_WRITERS = 16
# Where bytes lie till they are whole, and how long a killed writer's stay there.
_PARTIAL = "partial"
_ABANDONED_SECONDS = 3600.0
_PIECE = 1 << 20


class BlobState(StrEnum):
    """How stored bytes were found."""

    WHOLE = "whole"
    MISSING = "missing"
    DAMAGED = "damaged"


class BlobStore:
    """Content-addressed bytes on any fsspec file system (`file://`, `s3://`, `memory://`)."""

    def __init__(self, url: str) -> None:
        """Open the store at an fsspec URL; folders are made when first written to."""
        self._files, self._root = fsspec.core.url_to_fs(url)
        self._local = isinstance(self._files, LocalFileSystem)

    def put(self, data: bytes) -> str:
        """Store the bytes and return their SHA-256 in hex; the same bytes are stored once.

        Raises:
            StorageFull: the disk has no room; nothing half-written remains visible.
            BlobStoreAway: it cannot be written for another reason.
        """
        digest = hashlib.sha256(data).hexdigest()
        final = self._path(digest)
        partial = Path(f"{self._root}/{_PARTIAL}/{uuid.uuid4().hex}.part")
        try:
            if self._files.exists(final):
                return digest
            if self._local:
                partial.parent.mkdir(parents=True, exist_ok=True)
                _make_folder(Path(final).parent)
                _write_durably(partial, data)
                partial.replace(final)
                sync_folder(Path(final).parent)
            else:
                # Object stores show an object only when its upload has ended.
                self._files.makedirs(self._files._parent(final), exist_ok=True)
                self._files.pipe_file(final, data)
        except OSError as fault:
            if self._local:
                with suppress(OSError):
                    partial.unlink(missing_ok=True)
            if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise StorageFull(
                    "The blob store has no room.",
                    thai="พื้นที่เก็บแฟ้มเต็ม",
                    remedy="Free disk space; the next pass goes on by itself.",
                ) from fault
            raise BlobStoreAway(
                f"The blob store cannot be written ({type(fault).__name__}).",
                thai="เขียนลงที่เก็บแฟ้มไม่ได้",
                remedy="Check SARABAN_BLOB_URL and the rights on that folder.",
            ) from fault
        return digest

    def put_many(self, many: Sequence[bytes]) -> list[str]:
        """Store several and return their hashes in order; raises as `put`.

        Side by side: a disk makes many files durable in little more time than one.
        """
        if len(many) < 2:
            return [self.put(data) for data in many]
        with ThreadPoolExecutor(max_workers=min(len(many), _WRITERS)) as writers:
            return list(writers.map(self.put, many))

    def sweep_partial(self) -> int:
        """Remove what writers left half-written when they were killed; returns how many files.

        Only what has been still for an hour goes: another machine may share the store.
        """
        if not self._local:
            return 0
        removed = 0
        with suppress(OSError):
            for partial in Path(self._root, _PARTIAL).glob("*.part"):
                if time.time() - partial.stat().st_mtime > _ABANDONED_SECONDS:
                    partial.unlink()
                    removed += 1
        return removed

    def get(self, digest: str) -> bytes:
        """Return the bytes.

        Raises:
            BlobDamaged: missing, or they no longer match their hash.
        """
        try:
            data: bytes = self._files.cat_file(self._path(digest))
        except FileNotFoundError:
            raise BlobDamaged(
                f"Blob {digest[:12]} is missing.",
                thai="ไม่พบแฟ้มต้นฉบับในที่เก็บ",
                remedy="Restore it from the backup.",
            ) from None
        if hashlib.sha256(data).hexdigest() != digest:
            raise BlobDamaged(
                f"Blob {digest[:12]} does not match its hash.",
                thai="แฟ้มต้นฉบับในที่เก็บเสียหาย",
                remedy="Restore it from the backup.",
            )
        return data

    def examine(self, digest: str) -> BlobState:
        """Tell whether the bytes are there and match their hash; read piece by piece.

        Raises:
            BlobStoreAway: a store elsewhere does not answer.
        """
        found = hashlib.sha256()
        try:
            for piece in self._pieces(digest):
                found.update(piece)
        except FileNotFoundError:
            return BlobState.MISSING
        except OSError as fault:
            return self._unreadable(fault)
        return BlobState.WHOLE if found.hexdigest() == digest else BlobState.DAMAGED

    def copy_to(self, digest: str, target: Path) -> BlobState:
        """Copy the bytes into a new file, piece by piece and durably.

        Where they are not whole no file is left behind.

        Raises:
            OSError: the target cannot be written.
            BlobStoreAway: a store elsewhere does not answer.
        """
        found = hashlib.sha256()
        state: BlobState | None = None
        with target.open("xb") as file:
            pieces = self._pieces(digest)
            while state is None:
                try:
                    piece = next(pieces, b"")
                except FileNotFoundError:
                    state = BlobState.MISSING
                except OSError as fault:
                    state = self._unreadable(fault)
                else:
                    found.update(piece)
                    file.write(piece)
                    if not piece:
                        whole = found.hexdigest() == digest
                        state = BlobState.WHOLE if whole else BlobState.DAMAGED
            file.flush()
            os.fsync(file.fileno())
        if state is not BlobState.WHOLE:
            target.unlink()
        return state

    def mend(self, data: bytes) -> str:
        """Store the bytes also where something damaged lies in their place; returns the SHA-256.

        Raises:
            StorageFull: the disk has no room.
            BlobStoreAway: it cannot be written for another reason.
        """
        digest = hashlib.sha256(data).hexdigest()
        if self.examine(digest) is BlobState.DAMAGED:
            with suppress(OSError):
                self._files.rm_file(self._path(digest))
        return self.put(data)

    def exists(self, digest: str) -> bool:
        """Tell whether the bytes are stored."""
        return bool(self._files.exists(self._path(digest)))

    def address(self, digest: str) -> str:
        """Return where the bytes lie, for a person who must open them by hand."""
        return str(self._files.unstrip_protocol(self._path(digest)))

    def _pieces(self, digest: str) -> Iterator[bytes]:
        with self._files.open(self._path(digest), "rb") as file:
            while piece := file.read(_PIECE):
                yield piece

    def _unreadable(self, fault: OSError) -> BlobState:
        """Return what a failed read means: on a disk of ours that place is damaged."""
        if self._local:
            return BlobState.DAMAGED
        raise BlobStoreAway(
            f"The blob store cannot be read ({type(fault).__name__}).",
            thai="อ่านจากที่เก็บแฟ้มไม่ได้",
            remedy="Check SARABAN_BLOB_URL and that the store answers.",
        ) from fault

    def _path(self, digest: str) -> str:
        return f"{self._root}/{digest[:2]}/{digest}"


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        # Without this a power loss could take the new folder with all that is in it.
        sync_folder(folder.parent)


def _write_durably(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the disk holds what a folder names."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
