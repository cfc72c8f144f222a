"""Blobs in a folder of this machine or of a share: written beside, made durable, then renamed."""

from __future__ import annotations

import errno
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from correspondence.errors import StorageFull
from registry.faults import BlobStoreAway

# Where bytes lie till they are whole, and how long a killed writer's stay there.
_PARTIAL = "partial"
_ABANDONED_SECONDS = 3600.0
_PIECE = 1 << 20


class DiskShelf:
    """Files by key in a folder; a file that is there is whole, whatever dies when."""

    def __init__(self, root: str) -> None:
        """Remember the folder; it is made when first written to."""
        self._root = Path(root)

    def size(self, key: str) -> int | None:
        """Return how many bytes a file has; None where there is none.

        Raises:
            BlobStoreAway: it cannot be looked at.
        """
        try:
            return (self._root / key).stat().st_size
        except FileNotFoundError:
            return None
        except OSError as fault:
            raise _away(fault) from fault

    def write(self, key: str, data: bytes, *, over: bool = False) -> None:
        """Store the bytes whole or not at all, in place of what lies there, `over` or not.

        Raises:
            StorageFull: the disk has no room.
            BlobStoreAway: it cannot be written for another reason.
        """
        final = self._root / key
        partial = self._root / _PARTIAL / f"{uuid.uuid4().hex}.part"
        try:
            partial.parent.mkdir(parents=True, exist_ok=True)
            _make_folder(final.parent)
            _write_durably(partial, data)
            partial.replace(final)
            sync_folder(final.parent)
        except OSError as fault:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise StorageFull(
                    "The blob store has no room.",
                    thai="พื้นที่เก็บแฟ้มเต็ม",
                    remedy="Free disk space; the next pass goes on by itself.",
                ) from fault
            raise _away(fault) from fault

    def read(self, key: str) -> bytes:
        """Return the bytes of a file; raises OSError, FileNotFoundError where there is none."""
        return (self._root / key).read_bytes()

    def pieces(self, key: str) -> Iterator[bytes]:
        """Yield the bytes piece by piece; raises as `read`."""
        with (self._root / key).open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece

    def remove(self, key: str) -> None:
        """Take a file away; nothing where there is none.

        Raises:
            BlobStoreAway: it cannot be removed.
        """
        try:
            (self._root / key).unlink(missing_ok=True)
        except OSError as fault:
            raise _away(fault) from fault

    def address(self, key: str) -> str:
        """Return where the bytes lie, for a person who must open them by hand."""
        return f"file://{self._root / key}"

    def sweep(self) -> int:
        """Remove what writers left half-written an hour ago or longer; returns how many files.

        A younger one may be written just now, by another machine that shares the folder.
        """
        removed = 0
        with suppress(OSError):
            for partial in (self._root / _PARTIAL).glob("*.part"):
                if time.time() - partial.stat().st_mtime > _ABANDONED_SECONDS:
                    partial.unlink()
                    removed += 1
        return removed

    def close(self) -> None:
        """Nothing is held open."""


def sync_folder(folder: Path) -> None:
    """Wait until the disk holds what a folder names."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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


def _away(fault: OSError) -> BlobStoreAway:
    return BlobStoreAway(
        f"The blob store cannot be reached or written ({type(fault).__name__}).",
        thai="เข้าถึงหรือเขียนลงที่เก็บแฟ้มไม่ได้",
        remedy="Check SARABAN_BLOB_URL and the rights on that folder.",
    )
