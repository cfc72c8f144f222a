from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from correspondence.errors import BlobDamaged, StorageFull
from registry import blob_disk
from registry.blobs import BlobStore


def test_bytes_come_back_by_their_hash(blobs: BlobStore) -> None:
    digest = blobs.put("หนังสือ".encode())
    assert digest == hashlib.sha256("หนังสือ".encode()).hexdigest()
    assert blobs.get(digest).decode() == "หนังสือ"


def test_the_same_bytes_are_stored_once(blobs: BlobStore, tmp_path: Path) -> None:
    assert blobs.put(b"x") == blobs.put(b"x")
    assert len([p for p in (tmp_path / "blobs").rglob("*") if p.is_file()]) == 1


def test_changed_bytes_are_noticed(blobs: BlobStore, tmp_path: Path) -> None:
    digest = blobs.put(b"original")
    next(p for p in (tmp_path / "blobs").rglob(digest)).write_bytes(b"forged")
    with pytest.raises(BlobDamaged):
        blobs.get(digest)


def test_a_missing_blob_is_named(blobs: BlobStore) -> None:
    with pytest.raises(BlobDamaged) as caught:
        blobs.get("0" * 64)
    assert "ไม่พบแฟ้ม" in caught.value.thai


def test_a_full_disk_leaves_nothing_half_written(
    blobs: BlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(path: Path, data: bytes) -> None:
        path.write_bytes(data[:3])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(blob_disk, "_write_durably", no_room)
    with pytest.raises(StorageFull):
        blobs.put(b"a letter")
    assert [p for p in (tmp_path / "blobs").rglob("*") if p.is_file()] == []


def test_object_stores_work_too() -> None:
    store = BlobStore("memory://saraban-test")
    assert store.get(store.put(b"x")) == b"x"


def test_many_are_stored_side_by_side_in_their_order(tmp_path: Path) -> None:
    store = BlobStore(f"file://{tmp_path / 'blobs'}")
    many = [f"mail {number % 20}".encode() for number in range(60)]
    digests = store.put_many(many)
    assert [store.get(digest) for digest in digests] == many
    assert store.put_many([]) == []
    assert list(tmp_path.rglob("*.part")) == []


def test_what_a_killed_writer_left_is_swept_when_it_is_old(
    blobs: BlobStore, tmp_path: Path
) -> None:
    assert blobs.sweep_partial() == 0
    digest = blobs.put(b"whole")
    left = [tmp_path / "blobs" / "partial" / f"{name}.part" for name in ("old", "young")]
    for path in left:
        path.write_bytes(b"half")
    os.utime(left[0], (1, 1))
    assert blobs.sweep_partial() == 1
    assert [path.exists() for path in left] == [False, True]
    assert blobs.get(digest) == b"whole"
