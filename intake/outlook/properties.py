"""MAPI properties: what both `.msg` and `winmail.dat` are made of ([MS-OXPROPS], [MS-OXCDATA])."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from correspondence.charsets import decode_thai

PT_SHORT = 0x0002
PT_LONG = 0x0003
PT_BOOLEAN = 0x000B
PT_OBJECT = 0x000D
PT_STRING8 = 0x001E
PT_UNICODE = 0x001F
PT_SYSTIME = 0x0040
PT_BINARY = 0x0102
VARIABLE = frozenset({PT_OBJECT, PT_STRING8, PT_UNICODE, PT_BINARY})

_FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_CODECS = {1200: "utf-16-le", 1201: "utf-16-be", 20127: "us-ascii", 65000: "utf-7", 65001: "utf-8"}
# The code pages that mean Thai: Windows, ISO-8859-11, Macintosh, IBM EBCDIC left out.
_THAI = frozenset({874, 28601, 10021, 20874})


class Property(IntEnum):
    """The identifiers that are read; the names follow [MS-OXPROPS]."""

    MESSAGE_CLASS = 0x001A
    SUBJECT = 0x0037
    CLIENT_SUBMIT_TIME = 0x0039
    SUBJECT_PREFIX = 0x003D
    SENT_REPRESENTING_NAME = 0x0042
    START_DATE = 0x0060
    END_DATE = 0x0061
    SENT_REPRESENTING_TYPE = 0x0064
    SENT_REPRESENTING_ADDRESS = 0x0065
    TRANSPORT_HEADERS = 0x007D
    RECIPIENT_TYPE = 0x0C15
    SENDER_NAME = 0x0C1A
    SENDER_TYPE = 0x0C1E
    SENDER_ADDRESS = 0x0C1F
    DISPLAY_CC = 0x0E03
    DISPLAY_TO = 0x0E04
    DELIVERY_TIME = 0x0E06
    NORMALIZED_SUBJECT = 0x0E1D
    BODY = 0x1000
    RTF_COMPRESSED = 0x1009
    HTML = 0x1013
    MESSAGE_ID = 0x1035
    REFERENCES = 0x1039
    IN_REPLY_TO = 0x1042
    DISPLAY_NAME = 0x3001
    ADDRESS_TYPE = 0x3002
    EMAIL_ADDRESS = 0x3003
    CREATION_TIME = 0x3007
    ATTACH_DATA = 0x3701
    ATTACH_FILE_NAME = 0x3704
    ATTACH_METHOD = 0x3705
    ATTACH_LONG_NAME = 0x3707
    ATTACH_MIME_TAG = 0x370E
    ATTACH_CONTENT_ID = 0x3712
    SMTP_ADDRESS = 0x39FE
    INTERNET_CODEPAGE = 0x3FDE
    MESSAGE_CODEPAGE = 0x3FFD
    SENDER_SMTP = 0x5D01
    SENT_REPRESENTING_SMTP = 0x5D02
    ATTACHMENT_HIDDEN = 0x7FFE


def codec_of(code_page: int) -> str:
    """Return the codec of a Windows code page; empty for 0, which says nothing."""
    if code_page in _THAI:
        return "cp874"
    if code_page in _CODECS:
        return _CODECS[code_page]
    if 28591 <= code_page <= 28605:
        return f"iso8859-{code_page - 28590}"
    return f"cp{code_page}" if code_page else ""


@dataclass(frozen=True, slots=True)
class MapiProperties:
    """The properties of one object, undecoded.

    Attributes:
        values: type and bytes by identifier.
        code_page: the Windows code page of its 8-bit strings, 0 where unknown.
    """

    values: Mapping[int, tuple[int, bytes]] = field(repr=False)
    code_page: int = 0

    def text(self, wanted: Property) -> str:
        """Return a string property, or an empty string."""
        kind, data = self.values.get(wanted, (0, b""))
        if kind == PT_UNICODE:
            return data[: len(data) & ~1].decode("utf-16-le", "replace").rstrip("\0")
        if kind == PT_STRING8:
            return decode_thai(data.rstrip(b"\0"), codec_of(self.code_page))[0]
        return ""

    def octets(self, wanted: Property) -> bytes:
        """Return the bytes of a binary or 8-bit property, or none."""
        kind, data = self.values.get(wanted, (0, b""))
        return data if kind in (PT_BINARY, PT_STRING8, PT_OBJECT) else b""

    def number(self, wanted: Property) -> int | None:
        """Return an integer or boolean property, or None."""
        kind, data = self.values.get(wanted, (0, b""))
        if kind in (PT_SHORT, PT_BOOLEAN) and len(data) >= 2:
            return int(struct.unpack_from("<H", data)[0])
        if kind == PT_LONG and len(data) >= 4:
            return int(struct.unpack_from("<I", data)[0])
        return None

    def moment(self, wanted: Property) -> datetime | None:
        """Return a time property as an aware moment in UTC, or None."""
        kind, data = self.values.get(wanted, (0, b""))
        if kind != PT_SYSTIME or len(data) < 8:
            return None
        try:
            ticks = struct.unpack_from("<Q", data)[0]
            moment = _FILETIME_EPOCH + timedelta(microseconds=ticks // 10)
        except OverflowError:
            return None
        # Outlook writes the year 4501 for "none".
        return moment if 1970 <= moment.year <= 2200 else None

    def with_code_page(self, fall_back: int = 0) -> MapiProperties:
        """Return the same with the code page that the object itself names.

        PR_MESSAGE_CODEPAGE is the one of its strings; PR_INTERNET_CPID that of the mail it came
        as, which is right far more often than nothing.
        """
        named = self.number(Property.MESSAGE_CODEPAGE) or self.number(Property.INTERNET_CODEPAGE)
        return MapiProperties(self.values, named or fall_back or self.code_page)


@dataclass(frozen=True, slots=True)
class MapiAttachment:
    """One attachment: its properties, and its bytes or the message it is.

    Attributes:
        properties: name, type, method.
        data: its bytes; None where it is a message or lies elsewhere.
        message: the embedded message, or None.
    """

    properties: MapiProperties
    data: bytes | None = field(repr=False, default=None)
    message: MapiMessage | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class MapiMessage:
    """One message: properties, recipients, attachments; `defects` are stable names."""

    properties: MapiProperties
    recipients: tuple[MapiProperties, ...] = field(repr=False, default=())
    attachments: tuple[MapiAttachment, ...] = field(repr=False, default=())
    defects: tuple[str, ...] = ()
