"""`winmail.dat`: a stream of TNEF attributes ([MS-OXTNEF]), read with limits.

What is damaged ends the reading of its attribute, not of the file: senders' gateways cut and
rewrite these streams.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.errors import MimeTooLarge
from intake.mail_parts import MimeLimits
from intake.outlook.properties import (
    PT_BINARY,
    PT_OBJECT,
    PT_STRING8,
    VARIABLE,
    MapiAttachment,
    MapiMessage,
    MapiProperties,
    Property,
)

TNEF_SIGNATURE = b"\x78\x9f\x3e\x22"

_SUBJECT = 0x8004
_MESSAGE_ID = 0x8009
_BODY = 0x800C
_ATTACH_DATA = 0x800F
_ATTACH_TITLE = 0x8010
_ATTACH_TRANSPORT_NAME = 0x9001
_ATTACH_START = 0x9002
_MAPI_PROPERTIES = 0x9003
_RECIPIENTS = 0x9004
_ATTACHMENT = 0x9005
_CODE_PAGE = 0x9007
_MULTIPLE = 0x1000
_NAMED = 0x8000
_MAX_PROPERTIES = 4_000
_FIXED = {0x02: 2, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 2, 0x14: 8,
          0x40: 8, 0x48: 16, 0x00: 0, 0x01: 0}  # fmt: skip

Values = dict[int, tuple[int, bytes]]


@dataclass(slots=True)
class _Attachment:
    """An attachment that is being put together: classic attributes, then MAPI properties."""

    values: Values = field(default_factory=dict)
    data: bytes | None = None


def read_tnef(data: bytes, limits: MimeLimits, depth: int = 0) -> MapiMessage:
    """Return the message in a `winmail.dat`.

    Raises:
        MimeTooLarge: attachments or depth.
    """
    if depth > limits.max_depth:
        raise MimeTooLarge("depth", limits.max_depth)
    values: Values = {}
    classic: Values = {}
    recipients: list[Values] = []
    attachments: list[_Attachment] = []
    defects: list[str] = []
    code_page = 0
    for number, content in _attributes(data, defects):
        if number == _CODE_PAGE and len(content) >= 4:
            code_page = struct.unpack_from("<I", content)[0]
        elif number == _MAPI_PROPERTIES:
            values |= _properties(_Cursor(content), defects)
        elif number == _RECIPIENTS:
            recipients += _rows(content, defects)
        elif number == _SUBJECT:
            classic[Property.SUBJECT] = (PT_STRING8, content)
        elif number == _BODY:
            classic[Property.BODY] = (PT_STRING8, content)
        elif number == _ATTACH_START:
            if len(attachments) >= limits.max_parts:
                raise MimeTooLarge("parts", limits.max_parts)
            attachments.append(_Attachment())
        elif number in (_ATTACH_DATA, _ATTACH_TITLE, _ATTACH_TRANSPORT_NAME, _ATTACHMENT):
            if not attachments:
                # Some writers leave the start out.
                attachments.append(_Attachment())
            _take_attribute(attachments[-1], number, content, defects)
    properties = MapiProperties(classic | values).with_code_page(code_page)
    page = code_page or properties.code_page
    return MapiMessage(
        MapiProperties(properties.values, page),
        tuple(MapiProperties(row, page) for row in recipients),
        tuple(_finish(one, page, limits, depth) for one in attachments),
        tuple(dict.fromkeys(defects)),
    )


def _attributes(data: bytes, defects: list[str]) -> Iterator[tuple[int, bytes]]:
    position = len(TNEF_SIGNATURE) + 2
    while position + 9 <= len(data):
        level, number, _, length = struct.unpack_from("<BHHI", data, position)
        start = position + 9
        if level not in (1, 2) or start + length > len(data):
            defects.append("tnef_damaged")
            return
        yield number, data[start : start + length]
        position = start + length + 2


def _take_attribute(
    attachment: _Attachment, number: int, content: bytes, defects: list[str]
) -> None:
    if number == _ATTACH_DATA:
        attachment.data = content
    elif number == _ATTACH_TITLE:
        attachment.values.setdefault(Property.ATTACH_FILE_NAME, (PT_STRING8, content))
    elif number == _ATTACH_TRANSPORT_NAME:
        attachment.values.setdefault(Property.DISPLAY_NAME, (PT_STRING8, content))
    else:
        attachment.values |= _properties(_Cursor(content), defects)


def _finish(
    attachment: _Attachment, code_page: int, limits: MimeLimits, depth: int
) -> MapiAttachment:
    properties = MapiProperties(attachment.values, code_page)
    kind, inner = attachment.values.get(Property.ATTACH_DATA, (0, b""))
    # An object begins with the identifier of its interface, 16 bytes.
    if kind == PT_OBJECT and inner[16:20] == TNEF_SIGNATURE:
        return MapiAttachment(properties, message=read_tnef(inner[16:], limits, depth + 1))
    data = attachment.data
    if data is None and kind in (PT_BINARY, PT_OBJECT):
        data = inner[16:] if kind == PT_OBJECT else inner
    return MapiAttachment(properties, data=data)


class _Cursor:
    """A place in bytes that only moves forward and never beyond their end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    def take(self, length: int) -> bytes:
        """Return the next bytes.

        Raises:
            EOFError: there are fewer.
        """
        end = self._position + length
        if length < 0 or end > len(self._data):
            raise EOFError
        found = self._data[self._position : end]
        self._position = end
        return found

    def padded(self, length: int) -> bytes:
        """Return the next bytes and pass the padding to a multiple of four."""
        found = self.take(length)
        self._position += -length % 4
        return found

    def number(self) -> int:
        """Return the next 32-bit number."""
        return int(struct.unpack("<I", self.take(4))[0])


def _properties(cursor: _Cursor, defects: list[str]) -> Values:
    found: Values = {}
    try:
        for _ in range(min(cursor.number(), _MAX_PROPERTIES)):
            kind, number = struct.unpack("<HH", cursor.take(4))
            if number >= _NAMED:
                _skip_name(cursor)
            value = _value(cursor, kind)
            if value is not None and number < _NAMED:
                found[number] = (kind, value)
    except EOFError:
        defects.append("tnef_damaged")
    return found


def _skip_name(cursor: _Cursor) -> None:
    cursor.take(16)
    if cursor.number() == 0:
        cursor.take(4)
    else:
        cursor.padded(cursor.number())


def _value(cursor: _Cursor, kind: int) -> bytes | None:
    plain = kind & ~_MULTIPLE
    if plain in VARIABLE:
        values = [cursor.padded(cursor.number()) for _ in range(_count(cursor))]
    else:
        size = _FIXED.get(plain)
        if size is None:
            raise EOFError
        times = _count(cursor) if kind & _MULTIPLE else 1
        values = [cursor.padded(size) for _ in range(times if size else 0)]
    return values[0] if values and not kind & _MULTIPLE else None


def _count(cursor: _Cursor) -> int:
    times = cursor.number()
    if times > _MAX_PROPERTIES:
        raise EOFError
    return times


def _rows(content: bytes, defects: list[str]) -> list[Values]:
    cursor = _Cursor(content)
    rows: list[Values] = []
    try:
        for _ in range(min(cursor.number(), _MAX_PROPERTIES)):
            before = len(defects)
            rows.append(_properties(cursor, defects))
            if len(defects) > before:
                break
    except EOFError:
        defects.append("tnef_damaged")
    return rows
