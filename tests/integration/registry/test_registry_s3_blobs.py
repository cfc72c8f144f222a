"""The blob store on an S3-compatible server, over real HTTP."""

from __future__ import annotations

import hashlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from correspondence.errors import BlobDamaged
from registry.blobs import BlobState, BlobStore
from registry.faults import BlobStoreAway, BlobStoreRefused, BlobStoreSignIn, BlobStoreSlow
from tests.servers.s3_server import S3Server, running_s3

LETTER = "หนังสือ".encode() * 1000
DIGEST = hashlib.sha256(LETTER).hexdigest()


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with running_s3() as running:
        yield running


def set_environment(patch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name, value in variables.items():
        patch.setenv(name, value)


@pytest.fixture
def bucket(server: S3Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    set_environment(monkeypatch, server.environment)
    return tmp_path.name.replace("_", "-").lower()


@pytest.fixture
def store(server: S3Server, bucket: str) -> Iterator[BlobStore]:
    opened = BlobStore(server.make_bucket(bucket))
    yield opened
    opened.close()


def stored(server: S3Server, bucket: str) -> list[str]:
    found = server.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])
    return [item["Key"] for item in found]


def test_bytes_are_stored_once_and_come_back_by_their_hash(
    server: S3Server, bucket: str, store: BlobStore, tmp_path: Path
) -> None:
    assert store.put(LETTER) == store.put(LETTER) == DIGEST
    assert stored(server, bucket) == [f"blobs/{DIGEST[:2]}/{DIGEST}"]
    assert store.get(DIGEST) == LETTER
    assert store.exists(DIGEST)
    assert store.examine(DIGEST) is BlobState.WHOLE
    assert store.copy_to(DIGEST, tmp_path / "copy") is BlobState.WHOLE
    assert (tmp_path / "copy").read_bytes() == LETTER
    many = [f"mail {number % 7}".encode() for number in range(20)]
    assert [store.get(digest) for digest in store.put_many(many)] == many
    assert store.address(DIGEST).startswith(f"s3://{bucket}/blobs/")


def test_what_lies_there_whole_is_never_written_again(
    server: S3Server, bucket: str, store: BlobStore
) -> None:
    client = server.client("s3")
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    store.put(LETTER)
    # As two machines that both have seen that nothing is there yet.
    store._shelf.write(f"{DIGEST[:2]}/{DIGEST}", LETTER)
    store.put(LETTER)
    assert len(client.list_object_versions(Bucket=bucket)["Versions"]) == 1


def test_missing_and_changed_bytes_are_named_and_mended(
    server: S3Server, bucket: str, store: BlobStore, tmp_path: Path
) -> None:
    with pytest.raises(BlobDamaged):
        store.get(DIGEST)
    assert store.examine(DIGEST) is BlobState.MISSING
    assert store.copy_to(DIGEST, tmp_path / "copy") is BlobState.MISSING
    key = f"blobs/{DIGEST[:2]}/{DIGEST}"
    server.client("s3").put_object(Bucket=bucket, Key=key, Body=LETTER[:-1] + b"!")
    with pytest.raises(BlobDamaged):
        store.get(DIGEST)
    assert store.examine(DIGEST) is BlobState.DAMAGED
    assert store.mend(LETTER) == DIGEST
    assert store.get(DIGEST) == LETTER
    # Cut short by another program: the next arrival of the same letter mends it.
    server.client("s3").put_object(Bucket=bucket, Key=key, Body=LETTER[:10])
    store.put(LETTER)
    assert store.get(DIGEST) == LETTER


def test_least_rights_do_and_wrong_keys_and_foreign_buckets_have_names(
    server: S3Server, bucket: str, store: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.make_bucket(f"{bucket}-other")
    right = server.make_user(bucket, bucket)
    with server.asking_for_keys():
        set_environment(monkeypatch, right)
        mine = BlobStore(f"s3://{bucket}/blobs")
        assert mine.get(mine.put(LETTER)) == LETTER
        with pytest.raises(BlobDamaged):
            mine.get("0" * 64)
        other = BlobStore(f"s3://{bucket}-other/blobs")
        for ask in (lambda: other.put(LETTER), lambda: other.get(DIGEST)):
            with pytest.raises(BlobStoreRefused) as refused:
                ask()
            assert refused.value.code == "blob_store_refused"
        set_environment(
            monkeypatch,
            {"AWS_SECRET_ACCESS_KEY": "not the secret", "AWS_ACCESS_KEY_ID": "AKIANOBODY"},
        )
        wrong = BlobStore(f"s3://{bucket}/blobs")
        for ask in (
            lambda: wrong.put(LETTER),
            lambda: wrong.get(DIGEST),
            lambda: wrong.examine(DIGEST),
        ):
            with pytest.raises(BlobStoreSignIn) as caught:
                ask()
            assert "AKIANOBODY" not in f"{caught.value}{caught.value.remedy}"
    for opened in (mine, other, wrong):
        opened.close()


def test_a_bucket_that_is_not_there_is_no_missing_letter(bucket: str) -> None:
    nowhere = BlobStore(f"s3://{bucket}-nowhere/blobs")
    for ask in (
        lambda: nowhere.get(DIGEST),
        lambda: nowhere.examine(DIGEST),
        lambda: nowhere.put(LETTER),
    ):
        with pytest.raises(BlobStoreRefused):
            ask()
    nowhere.close()


def test_without_any_key_it_says_so(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    keyless = BlobStore(f"s3://{bucket}/blobs")
    with pytest.raises(BlobStoreSignIn):
        keyless.put(LETTER)
    keyless.close()


def test_a_store_that_is_away_or_slow_has_a_name_within_its_time(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", address)
        away = BlobStore(f"s3://{bucket}/blobs", seconds=0.5)
        with pytest.raises(BlobStoreAway) as caught:
            away.get(DIGEST)
        assert caught.value.code == "blob_store_away"
        assert caught.value.retryable
        # Takes the connection and never answers.
        deaf.listen(20)
        began = time.monotonic()
        slow = BlobStore(f"s3://{bucket}/blobs", seconds=0.3)
        with pytest.raises(BlobStoreSlow):
            slow.put(LETTER)
        assert time.monotonic() - began < 8
    away.close()
    slow.close()
