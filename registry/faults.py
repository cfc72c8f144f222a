"""Faults of the database and the blob store by their names."""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from correspondence.errors import SarabanError, SourceUnavailable, StorageFull

# What a database raises when it is away, locked or full; anything else is a fault of ours.
DATABASE_FAULTS: Final = (OperationalError, InterfaceError)
_DISK_FULL_STATE = "53100"


class DatabaseAway(SourceUnavailable):
    """The database is locked by another process, or its server does not answer."""

    code = "database_away"


class BlobStoreAway(SourceUnavailable):
    """The blob store does not answer, or cannot be written though it is not full."""

    code = "blob_store_away"


class BlobStoreRefused(BlobStoreAway):
    """The blob store knows this machine and refuses: no such bucket, or no right to it."""

    code = "blob_store_refused"


class BlobStoreSignIn(BlobStoreAway):
    """The blob store does not accept the credentials of this machine, or there are none."""

    code = "blob_store_sign_in"


class BlobStoreSlow(BlobStoreAway):
    """The blob store took too long to answer, or asks to be asked less often."""

    code = "blob_store_slow"


def name_database_fault(fault: DBAPIError) -> SarabanError:
    """Return what one of `DATABASE_FAULTS` means: no room, or no answer."""
    driver = fault.orig
    full = (
        getattr(driver, "sqlite_errorname", "") == "SQLITE_FULL"
        or getattr(driver, "sqlstate", "") == _DISK_FULL_STATE
    )
    if full:
        return StorageFull(
            "The database has no room.",
            thai="พื้นที่ของฐานข้อมูลเต็ม",
            remedy="Free disk space; the next pass goes on by itself.",
        )
    return DatabaseAway(
        "The database does not answer.",
        thai="ติดต่อฐานข้อมูลไม่ได้",
        remedy="Check SARABAN_DATABASE_URL, that the server runs, and who holds a lock.",
    )
