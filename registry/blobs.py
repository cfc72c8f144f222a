"""The blob store: bytes by their SHA-256, written atomically, verified on read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from fsspec.implementations.local import LocalFileSystem

from correspondence.errors import BlobDamaged
from registry.blob_bucket import ANSWER_SECONDS, BucketShelf
from registry.blob_disk import DiskShelf

_WRITERS = 16


class BlobState(StrEnum):
    """How stored bytes were found."""

    WHOLE = "whole"
    MISSING = "missing"
    DAMAGED = "damaged"


class Shelf(Protocol):
    """Where bytes lie by key; `blob_disk` and `blob_bucket` say what each raises."""

    def size(self, key: str) -> int | None:
        """Return how many bytes lie there; None where there are none."""

    def write(self, key: str, data: bytes, *, over: bool = False) -> None:
        """Store the bytes whole or not at all; what lies there may stay, unless `over`."""

    def read(self, key: str) -> bytes:
        """Return the bytes; raises FileNotFoundError."""

    def pieces(self, key: str) -> Iterator[bytes]:
        """Yield the bytes piece by piece; raises FileNotFoundError."""

    def remove(self, key: str) -> None:
        """Take the bytes away; nothing where there are none."""

    def address(self, key: str) -> str:
        """Return where the bytes lie, for a person."""

    def sweep(self) -> int:
        """Remove what was left half-written; returns how many."""

    def close(self) -> None:
        """Give connections back."""


class BlobStore:
    """Content-addressed bytes on any fsspec file system (`file://`, `s3://`, `memory://`)."""

    def __init__(self, url: str, seconds: float = ANSWER_SECONDS) -> None:
        """Open the store at an fsspec URL; folders are made when first written to.

        Args:
            url: `file://FOLDER`, `s3://BUCKET/PREFIX` …
            seconds: how long one answer of a store elsewhere may take.

        Raises:
            MissingDependency: the part for that kind of store is not installed.
        """
        self.is_local = url.startswith("file://") or "://" not in url
        self._shelf: Shelf
        if self.is_local:
            self._shelf = DiskShelf(LocalFileSystem._strip_protocol(url))
        else:
            self._shelf = BucketShelf(url, seconds)

    def put(self, data: bytes) -> str:
        """Store the bytes and return their SHA-256 in hex; the same bytes are stored once.

        Where something of another length lies in their place, it gives way.

        Raises:
            StorageFull: no room; nothing half-written remains visible.
            BlobStoreAway: it cannot be written for another reason; its kinds say which.
        """
        digest = hashlib.sha256(data).hexdigest()
        key = _key(digest)
        there = self._shelf.size(key)
        if there != len(data):
            self._shelf.write(key, data, over=there is not None)
        return digest

    @staticmethod
    def name_of(data: bytes) -> str:
        """Return the name that bytes have or would have here: their SHA-256 in hex."""
        return hashlib.sha256(data).hexdigest()

    def put_many(self, many: Sequence[bytes]) -> list[str]:
        """Store several and return their hashes in order; raises as `put`.

        Side by side: a disk makes many files durable in little more time than one.
        """
        if len(many) < 2:
            return [self.put(data) for data in many]
        with ThreadPoolExecutor(max_workers=min(len(many), _WRITERS)) as writers:
            return list(writers.map(self.put, many))

    def sweep_partial(self) -> int:
        """Remove what writers left half-written when they were killed; returns how many files."""
        return self._shelf.sweep()

    def get(self, digest: str) -> bytes:
        """Return the bytes.

        Raises:
            BlobDamaged: missing, or they no longer match their hash.
            BlobStoreAway: the store cannot be read; its kinds say why.
        """
        try:
            data = self._shelf.read(_key(digest))
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
            for piece in self._shelf.pieces(_key(digest)):
                found.update(piece)
        except FileNotFoundError:
            return BlobState.MISSING
        except OSError:
            # On a disk of ours that place is damaged; a store elsewhere has names for it.
            return BlobState.DAMAGED
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
            pieces = self._shelf.pieces(_key(digest))
            while state is None:
                try:
                    piece = next(pieces, b"")
                except FileNotFoundError:
                    state = BlobState.MISSING
                except OSError:
                    state = BlobState.DAMAGED
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
            StorageFull: no room.
            BlobStoreAway: it cannot be written for another reason.
        """
        digest = hashlib.sha256(data).hexdigest()
        if self.examine(digest) is BlobState.DAMAGED:
            self._shelf.write(_key(digest), data, over=True)
        return self.put(data)

    def forget(self, digest: str) -> None:
        """Remove bytes that can be made anew, such as an old model file: never a letter's.

        Raises:
            BlobStoreAway: the store cannot be reached.
        """
        self._shelf.remove(_key(digest))

    def exists(self, digest: str) -> bool:
        """Tell whether the bytes are stored; raises BlobStoreAway."""
        return self._shelf.size(_key(digest)) is not None

    def address(self, digest: str) -> str:
        """Return where the bytes lie, for a person who must open them by hand."""
        return self._shelf.address(_key(digest))

    def close(self) -> None:
        """Give connections back."""
        self._shelf.close()


def _key(digest: str) -> str:
    return f"{digest[:2]}/{digest}"
