"""Blobs in an object store through fsspec, S3-compatible ones above all.

An object is seen when its upload has ended, whole. It is created only where none is (S3's
`If-None-Match: *`), and the store itself compares what it received with the SHA-256 it was told.
Address and secrets come from the environment as for every S3 client: AWS_ENDPOINT_URL_S3,
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_DEFAULT_REGION or a profile; never from the URL.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final, TypeVar

import fsspec
from fsspec.exceptions import FSTimeoutError

from correspondence.errors import MissingDependency, SarabanError, StorageFull
from registry.faults import (
    BlobStoreAway,
    BlobStoreRefused,
    BlobStoreSignIn,
    BlobStoreSlow,
)

Answer = TypeVar("Answer")

CONNECT_SECONDS: Final = 10.0
ANSWER_SECONDS: Final = 20.0
_TRIES: Final = 3
# s3fs tries a read twice as often as it is told, once within the other.
_ASKED: Final = 2
_PIECE: Final = 1 << 20
_READ_AHEAD: Final = 8 << 20

_NO_SIGN_IN: Final = frozenset(
    {
        *("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"),
        *("TokenRefreshRequired", "InvalidSecurity", "RequestTimeTooSkewed"),
        *("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"),
    }
)
_REFUSED: Final = frozenset(
    {
        *("AccessDenied", "AllAccessDisabled", "AccountProblem", "403", "NoSuchBucket"),
        *("InvalidBucketName", "PermanentRedirect", "MethodNotAllowed", "InvalidObjectState"),
    }
)
_SLOW: Final = frozenset(
    {
        *("ReadTimeoutError", "FSTimeoutError", "TimeoutError", "RequestTimeout"),
        *("SlowDown", "ServiceUnavailable", "503"),
    }
)
_FULL: Final = frozenset({"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "507"})
_THERE: Final = frozenset({"PreconditionFailed", "412"})
# Two creators at once: one of them is told so and looks again.
_AT_ONCE: Final = frozenset({"ConditionalRequestConflict", "409"})
_KNOWS_NO_CONDITION: Final = frozenset({"NotImplemented", "501"})


class BucketShelf:
    """Objects by key below one address; every fault comes out by its name."""

    def __init__(self, url: str, seconds: float = ANSWER_SECONDS) -> None:
        """Open the store; it is asked for nothing yet.

        Args:
            url: of fsspec, such as `s3://BUCKET/PREFIX`.
            seconds: how long one answer may take.

        Raises:
            MissingDependency: the part for that kind of store is not installed.
        """
        self._s3 = url.startswith(("s3://", "s3a://"))
        options: dict[str, object] = {}
        if self._s3:
            options = {
                # A listing kept from before would tell of objects as they were then.
                "use_listings_cache": False,
                "skip_instance_cache": True,
                "config_kwargs": {
                    "connect_timeout": min(CONNECT_SECONDS, seconds),
                    "read_timeout": seconds,
                    # Tried again by s3fs, and in the end by the next pass.
                    "retries": {"max_attempts": 0},
                },
            }
        try:
            self._files, self._root = fsspec.core.url_to_fs(url, **options)
        except ImportError as fault:
            raise MissingDependency(
                "The part that talks to that kind of blob store is not installed.",
                thai="ยังไม่ได้ติดตั้งส่วนที่ติดต่อที่เก็บแฟ้มแบบนี้",
                remedy="pip install 'saraban[s3]'",
            ) from fault
        self._faults: tuple[type[Exception], ...] = (OSError, FSTimeoutError)
        if self._s3:
            from aiohttp import ClientError
            from botocore.exceptions import BotoCoreError

            self._faults = (OSError, FSTimeoutError, BotoCoreError, ClientError)
            self._files.retries = _ASKED

    def size(self, key: str) -> int | None:
        """Return how many bytes an object has; None where there is none.

        Raises:
            BlobStoreAway: or one of its kinds.
        """
        try:
            return int(self._ask_head(key, lambda: self._files.info(self._path(key))["size"]))
        except FileNotFoundError:
            return None

    def write(self, key: str, data: bytes, *, over: bool = False) -> None:
        """Store the bytes where nothing lies; what lies there stays, unless `over`.

        Raises:
            StorageFull: the store has no room.
            BlobStoreAway: or one of its kinds.
        """
        for _ in range(_TRIES):
            try:
                return self._write(key, data, over=over)
            except self._faults as fault:
                codes = _codes(fault)
                if isinstance(fault, FileExistsError) or codes & _THERE:
                    return None
                if codes & _KNOWS_NO_CONDITION and not over:
                    # Such a store takes the same bytes once more, which changes nothing.
                    over = True
                elif not codes & _AT_ONCE:
                    raise name_fault(fault) from fault
        raise BlobStoreAway(
            "The blob store did not say what became of an upload.",
            thai="ที่เก็บแฟ้มไม่ตอบผลการบันทึก",
            remedy="The next pass goes on by itself.",
        )

    def _write(self, key: str, data: bytes, *, over: bool) -> None:
        if not self._s3:
            self._files.makedirs(self._files._parent(self._path(key)), exist_ok=True)
            self._files.pipe_file(self._path(key), data)
            return
        checksum = base64.b64encode(hashlib.sha256(data).digest()).decode()
        self._files.pipe_file(
            self._path(key),
            data,
            # In one piece: the checksum is of the whole.
            chunksize=len(data) + 1,
            mode="overwrite" if over else "create",
            ChecksumSHA256=checksum,
        )

    def read(self, key: str) -> bytes:
        """Return the bytes of an object.

        Raises:
            FileNotFoundError: there is none.
            BlobStoreAway: or one of its kinds.
        """
        # Read in one go: the look at the size before would hide that the bucket is not there.
        more = {"max_concurrency": 1} if self._s3 else {}
        return bytes(self._ask(lambda: self._files.cat_file(self._path(key), **more)))

    def pieces(self, key: str) -> Iterator[bytes]:
        """Yield the bytes piece by piece; raises as `read`."""
        more = {"block_size": _READ_AHEAD} if self._s3 else {}
        try:
            file = self._ask_head(key, lambda: self._files.open(self._path(key), "rb", **more))
        except FileNotFoundError:
            self._read_first(key)
            raise
        with file:
            while piece := self._ask(lambda: file.read(_PIECE)):
                yield piece

    def remove(self, key: str) -> None:
        """Take an object away; nothing where there is none.

        Raises:
            BlobStoreAway: or one of its kinds.
        """
        with suppress(FileNotFoundError):
            self._ask(lambda: self._files.rm_file(self._path(key)))

    def address(self, key: str) -> str:
        """Return where the bytes lie, for a person who must open them by hand."""
        return str(self._files.unstrip_protocol(self._path(key)))

    def sweep(self) -> int:
        """Nothing half-written is ever seen."""
        return 0

    def close(self) -> None:
        """Give connections back."""
        session = getattr(self._files, "_s3", None)
        if self._s3 and session is not None:
            self._files.close_session(self._files.loop, session)

    def _ask(self, ask: Callable[[], Answer]) -> Answer:
        try:
            return ask()
        except FileNotFoundError as fault:
            if "NoSuchBucket" in _codes(fault):
                raise name_fault(fault) from fault
            raise
        except self._faults as fault:
            raise name_fault(fault) from fault

    def _ask_head(self, key: str, ask: Callable[[], Answer]) -> Answer:
        try:
            return self._ask(ask)
        except BlobStoreRefused:
            self._read_first(key)
            raise

    def _read_first(self, key: str) -> None:
        """Ask for a byte: HEAD's answer has no body, only a GET is told what the matter is."""
        self._ask(lambda: self._files.cat_file(self._path(key), start=0, end=1))

    def _path(self, key: str) -> str:
        return f"{self._root}/{key}"


def name_fault(fault: BaseException) -> SarabanError:
    """Return what a fault of an object store means; never anything that the store said."""
    codes = _codes(fault)
    if codes & _NO_SIGN_IN:
        return BlobStoreSignIn(
            "The blob store does not accept the credentials of this machine.",
            thai="ที่เก็บแฟ้มไม่ยอมรับรหัสเข้าใช้ของเครื่องนี้",
            remedy="Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and this machine's clock.",
        )
    if codes & _FULL:
        return StorageFull(
            "The blob store has no room.",
            thai="พื้นที่เก็บแฟ้มเต็ม",
            remedy="Raise its quota; the next pass goes on by itself.",
        )
    if codes & _REFUSED:
        return _refused()
    if codes & _SLOW:
        return BlobStoreSlow(
            "The blob store took too long to answer.",
            thai="ที่เก็บแฟ้มตอบช้าเกินกำหนด",
            remedy="The next pass goes on by itself; if it lasts, look at the store's load.",
        )
    return BlobStoreAway(
        f"The blob store does not answer ({type(fault).__name__}).",
        thai="ติดต่อที่เก็บแฟ้มไม่ได้",
        remedy="Check SARABAN_BLOB_URL, AWS_ENDPOINT_URL_S3 and that the store answers.",
    )


def _refused() -> BlobStoreRefused:
    return BlobStoreRefused(
        "The blob store refuses: there is no such bucket, or these credentials may not use it so.",
        thai="ที่เก็บแฟ้มปฏิเสธ ไม่มีที่เก็บนั้นหรือไม่มีสิทธิ์",
        remedy="Check SARABAN_BLOB_URL and that the key may list, get and put in that bucket.",
    )


def _codes(fault: BaseException) -> frozenset[str]:
    """Return the store's error codes and the names of the faults, down to the first cause."""
    found: set[str] = set()
    link: BaseException | None = fault
    while link is not None and len(found) < 20:
        found.add(type(link).__name__)
        answer = getattr(link, "response", None)
        if isinstance(answer, dict):
            found.add(str(answer.get("Error", {}).get("Code", "")))
        link = link.__cause__
    return frozenset(found)
