"""`.msg` files: an OLE storage of MAPI properties ([MS-OXMSG]), read with limits."""

from __future__ import annotations

import io
import re
import struct
from collections import defaultdict

import olefile

from intake.errors import MimeTooLarge
from intake.mail_parts import MimeLimits
from intake.outlook.properties import (
    PT_BINARY,
    VARIABLE,
    MapiAttachment,
    MapiMessage,
    MapiProperties,
    Property,
)

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROPERTIES = "__properties_version1.0"
_VALUE = re.compile(r"^__substg1\.0_([0-9A-F]{4})([0-9A-F]{4})$", re.IGNORECASE)
_RECIPIENT = "__recip_version1.0_#"
_ATTACHMENT = "__attach_version1.0_#"
_EMBEDDED = "__substg1.0_3701000d"
_MAX_ENTRIES = 20_000
# The header before the first property: top level, embedded message, attachment or recipient.
_TOP, _INNER, _LEAF = 32, 24, 8
_OLE_CONTENTS = frozenset({"contents", "package"})

Path = tuple[str, ...]


def is_message_file(data: bytes) -> bool:
    """Tell whether the bytes are an OLE storage with a mail in it."""
    return data.startswith(OLE_SIGNATURE) and "__properties_version1.0".encode("utf-16-le") in data


def read_message_file(data: bytes, limits: MimeLimits) -> MapiMessage:
    """Return the message in a `.msg` file.

    Raises:
        MimeTooLarge: entries, depth or bytes.
        OSError: no OLE storage, or one damaged beyond reading.
    """
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        return _MessageFile(ole, limits, 2 * len(data)).message((), _TOP, 0)


class _MessageFile:
    """An open `.msg`, its streams by storage, and the bytes that may still be read.

    Several entries may point at the same sectors, so a small file could yield any amount.
    """

    def __init__(self, ole: olefile.OleFileIO, limits: MimeLimits, budget: int) -> None:
        self._ole = ole
        self._limits = limits
        self._budget = budget
        self._defects: list[str] = []
        self._children: dict[Path, dict[str, str]] = defaultdict(dict)
        entries = ole.listdir(streams=True, storages=True)
        if len(entries) > _MAX_ENTRIES:
            raise MimeTooLarge("parts", _MAX_ENTRIES)
        for entry in entries:
            self._children[tuple(name.lower() for name in entry[:-1])][entry[-1].lower()] = entry[
                -1
            ]

    def message(self, place: Path, header: int, depth: int, code_page: int = 0) -> MapiMessage:
        """Return the message whose properties lie in this storage."""
        if depth > self._limits.max_depth:
            raise MimeTooLarge("depth", self._limits.max_depth)
        properties = self._properties(place, header).with_code_page(code_page)
        page = properties.code_page
        storages = sorted(self._children[place])
        recipients = [
            self._properties((*place, name), _LEAF).with_code_page(page)
            for name in storages
            if name.startswith(_RECIPIENT)
        ]
        names = [name for name in storages if name.startswith(_ATTACHMENT)]
        if len(names) > self._limits.max_parts:
            raise MimeTooLarge("parts", self._limits.max_parts)
        attachments = [self._attachment((*place, name), depth, page) for name in names]
        return MapiMessage(
            properties, tuple(recipients), tuple(attachments), tuple(dict.fromkeys(self._defects))
        )

    def _attachment(self, place: Path, depth: int, code_page: int) -> MapiAttachment:
        properties = self._properties(place, _LEAF).with_code_page(code_page)
        if _EMBEDDED in self._children[place]:
            inner = (*place, _EMBEDDED)
            if _PROPERTIES in self._children[inner]:
                message = self.message(inner, _INNER, depth + 1, code_page)
                return MapiAttachment(properties, message=message)
            # An OLE object: many programs keep the file itself in a stream of its storage.
            for name in self._children[inner]:
                if name.strip("\1\3") in _OLE_CONTENTS:
                    return MapiAttachment(properties, data=self._read((*inner, name)))
            self._defects.append("ole_object_not_read")
            return MapiAttachment(properties)
        if Property.ATTACH_DATA in properties.values:
            return MapiAttachment(properties, data=properties.values[Property.ATTACH_DATA][1])
        self._defects.append("attachment_elsewhere")
        return MapiAttachment(properties)

    def _properties(self, place: Path, header: int) -> MapiProperties:
        values: dict[int, tuple[int, bytes]] = {}
        names = self._children[place]
        if _PROPERTIES in names:
            table = self._read((*place, _PROPERTIES))
            for offset in range(header, len(table) - 15, 16):
                kind, number = struct.unpack_from("<HH", table, offset)
                if kind not in VARIABLE:
                    values[number] = (kind, table[offset + 8 : offset + 16])
        for name in names:
            match = _VALUE.match(name)
            if match is None or int(match[2], 16) not in VARIABLE or name == _EMBEDDED:
                continue
            number, kind = int(match[1], 16), int(match[2], 16)
            # Named and unknown properties may be large and are not asked for.
            if number in _KNOWN and (number not in values or kind != PT_BINARY):
                values[number] = (kind, self._read((*place, name)))
        return MapiProperties(values)

    def _read(self, place: Path) -> bytes:
        path = [*place]
        try:
            size = int(self._ole.get_size(path))
            if size > self._budget:
                raise MimeTooLarge("bytes", self._limits.max_bytes)
            with self._ole.openstream(path) as stream:
                data = bytes(stream.read())
        except OSError:
            self._defects.append("outlook_stream_damaged")
            return b""
        self._budget -= len(data)
        return data


_KNOWN = frozenset(int(one) for one in Property)
