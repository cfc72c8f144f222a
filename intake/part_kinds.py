"""What a part of a mail is to the intake, by its bytes; its name and type only break a tie."""

from __future__ import annotations

import re
from enum import StrEnum

from intake.outlook.message_file import is_message_file
from intake.outlook.tnef import TNEF_SIGNATURE

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OTHER_ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"MSCF", b"BZh", b"\xfd7zXZ\x00")
_APPLE = (b"\x00\x05\x16\x07", b"\x00\x05\x16\x00")
# Formats that are ZIP files and are documents or programs all the same.
_DOCUMENT_MEMBERS = (
    b"[Content_Types].xml", b"mimetype", b"word/", b"xl/", b"ppt/", b"META-INF/", b"_rels/",
    b"docProps/", b"AndroidManifest.xml",
)  # fmt: skip
_PKCS7_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_ACCESSORY_TYPES = frozenset(
    {
        "application/pkcs7-signature", "application/x-pkcs7-signature",
        "application/pgp-signature", "application/pgp-encrypted", "application/pgp-keys",
        "application/applefile", "message/delivery-status", "message/disposition-notification",
        "text/rfc822-headers", "message/feedback-report",
    }
)  # fmt: skip
_ACCESSORY_NAMES = (".p7s", ".asc", ".sig")
_MAIL_HEADER = re.compile(
    rb"^(?:received|return-path|delivered-to|from|to|cc|date|subject|message-id|mime-version"
    rb"|reply-to|sender|in-reply-to|references|content-type|x-mailer):",
    re.IGNORECASE | re.MULTILINE,
)


class PartKind(StrEnum):
    """How a part is treated."""

    FILE = "file"
    MAIL = "mail"
    OUTLOOK = "outlook"
    TNEF = "tnef"
    ZIP = "zip"
    GZIP = "gzip"
    OTHER_ARCHIVE = "other_archive"
    PKCS7 = "pkcs7"
    PGP = "pgp"
    CALENDAR = "calendar"
    ACCESSORY = "accessory"


def part_kind(data: bytes, name: str, declared: str) -> PartKind:
    """Return how a part is treated.

    Args:
        data: its decoded bytes.
        name: its file name or an empty string.
        declared: its declared type in lower case.
    """
    lower = name.lower()
    if declared in _ACCESSORY_TYPES or lower.endswith(_ACCESSORY_NAMES):
        return PartKind.PGP if _is_pgp(data) else PartKind.ACCESSORY
    if data.startswith(_APPLE):
        return PartKind.ACCESSORY
    if data.startswith(TNEF_SIGNATURE):
        return PartKind.TNEF
    if data.startswith(_ZIP):
        return PartKind.FILE if _is_document(data) else PartKind.ZIP
    if data.startswith(b"\x1f\x8b\x08"):
        return PartKind.GZIP
    if data.startswith(_OTHER_ARCHIVES):
        return PartKind.OTHER_ARCHIVE
    if _is_pgp(data):
        return PartKind.PGP
    if is_message_file(data):
        return PartKind.OUTLOOK
    if declared in _PKCS7_TYPES or lower.endswith((".p7m", ".p7z")):
        return PartKind.PKCS7
    start = data[:2000].lstrip(b"\xef\xbb\xbf\r\n\t ")
    if start[:15].upper() == b"BEGIN:VCALENDAR":
        return PartKind.CALENDAR
    is_text = declared.startswith("text/") and not lower.endswith(".eml")
    if not is_text and _is_mail(data, lower):
        return PartKind.MAIL
    return PartKind.FILE


def is_archive(data: bytes) -> bool:
    """Tell whether bytes that arrived by themselves are a ZIP or gzip file to be opened."""
    return part_kind(data, "", "") in (PartKind.ZIP, PartKind.GZIP)


def _is_pgp(data: bytes) -> bool:
    return data[:200].lstrip().startswith(b"-----BEGIN PGP MESSAGE-----")


def _is_document(data: bytes) -> bool:
    # The name of the first member stands 30 bytes in; a document's parts begin with these.
    first = data[30:130]
    if any(first.startswith(member) for member in _DOCUMENT_MEMBERS):
        return True
    return b"[Content_Types].xml" in data[-100_000:] or b"META-INF/manifest.xml" in data[-100_000:]


def _is_mail(data: bytes, name: str) -> bool:
    head = re.split(rb"\r?\n\r?\n", data[:16_384].lstrip(b"\xef\xbb\xbf\r\n"), maxsplit=1)[0]
    if not re.match(rb"[!-9;-~]{1,70}:|>?From ", head):
        return False
    known = {match.lower() for match in _MAIL_HEADER.findall(head)}
    return len(known) >= (1 if name.endswith(".eml") else 3)
