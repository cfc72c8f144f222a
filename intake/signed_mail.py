"""S/MIME in one file (`smime.p7m`): the content is taken out, signatures are not judged.

Only as much of the Cryptographic Message Syntax (RFC 5652) as tells what kind it is and where the
content lies; in BER, because Outlook and OpenSSL write indefinite lengths.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from dataclasses import dataclass, field
from enum import StrEnum

_SIGNED = bytes.fromhex("2a864886f70d010702")
_ENVELOPED = (
    bytes.fromhex("2a864886f70d010703"),
    bytes.fromhex("2a864886f70d010706"),
    bytes.fromhex("2a864886f70d0109100117"),
)
_COMPRESSED = bytes.fromhex("2a864886f70d0109100109")
_OID, _OCTETS, _SEQUENCE, _CONTEXT_0 = 0x06, 0x04, 0x30, 0xA0
_CONSTRUCTED = 0x20
_MAX_DEPTH = 24
_BASE64 = re.compile(rb"^[A-Za-z0-9+/=\s]+$")


class SmimeKind(StrEnum):
    """What an S/MIME file is."""

    SIGNED = "signed"
    COMPRESSED = "compressed"
    ENCRYPTED = "encrypted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SmimeFile:
    """What an S/MIME file is, and its content where it has one that can be read."""

    kind: SmimeKind
    content: bytes | None = field(default=None, repr=False)


def read_smime(data: bytes, limit: int) -> SmimeFile:
    """Return the kind and the content of a `smime.p7m`; never raises.

    Args:
        data: the file, also once more in base64 or PEM.
        limit: bytes that a compressed one may unpack to; more is `unknown`.
    """
    try:
        outer = _children(_unwrapped(data), 0)
        inner = _children(outer[0][1], 1)
        oid = inner[0][1]
        if oid in _ENVELOPED:
            return SmimeFile(SmimeKind.ENCRYPTED)
        fields = _children(_children(inner[1][1], 2)[0][1], 3)
        if oid == _SIGNED:
            return SmimeFile(SmimeKind.SIGNED, _encapsulated(fields))
        if oid == _COMPRESSED:
            packed = _encapsulated(fields) or b""
            reader = zlib.decompressobj()
            content = reader.decompress(packed, limit)
            return SmimeFile(SmimeKind.COMPRESSED, content if reader.eof else None)
    except (IndexError, ValueError, zlib.error):
        pass
    return SmimeFile(SmimeKind.UNKNOWN)


def _unwrapped(data: bytes) -> bytes:
    body = re.sub(rb"-----(?:BEGIN|END)[^-]{1,40}-----", b"", data[:400]) + data[400:]
    body = re.sub(rb"-----END[^-]{1,40}-----\s*$", b"", body).strip()
    if body[:1] == b"M" and _BASE64.match(body):
        try:
            return base64.b64decode(body)
        except binascii.Error:
            return data
    return data


def _encapsulated(fields: list[tuple[int, bytes]]) -> bytes | None:
    # The one sequence that begins with an OID and may hold [0] is EncapsulatedContentInfo.
    for tag, value in fields:
        if tag != _SEQUENCE:
            continue
        parts = _children(value, 4)
        if parts and parts[0][0] == _OID:
            for inner_tag, inner in parts[1:]:
                if inner_tag == _CONTEXT_0:
                    return b"".join(_octets(one, text, 5) for one, text in _children(inner, 5))
    return None


def _octets(tag: int, value: bytes, depth: int) -> bytes:
    if tag == _OCTETS:
        return value
    if tag == _OCTETS | _CONSTRUCTED:
        return b"".join(_octets(one, text, depth + 1) for one, text in _children(value, depth + 1))
    raise ValueError("not an octet string")


def _children(data: bytes, depth: int) -> list[tuple[int, bytes]]:
    found: list[tuple[int, bytes]] = []
    position = 0
    while position < len(data):
        tag, value, position = _element(data, position, depth)
        if tag == 0:
            break
        found.append((tag, value))
        if depth == 0:
            break
    return found


def _element(data: bytes, position: int, depth: int) -> tuple[int, bytes, int]:
    """Return tag, value and the place after one element."""
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deep")
    tag = data[position]
    if tag & 0x1F == 0x1F:
        raise ValueError("long tags stand nowhere in CMS")
    length = data[position + 1]
    start = position + 2
    if length == 0x80:
        end = start
        while data[end : end + 2] != b"\0\0":
            _, _, end = _element(data, end, depth + 1)
        return tag, data[start:end], end + 2
    if length & 0x80:
        size = length & 0x7F
        if size > 5:
            raise ValueError("longer than any mail")
        length = int.from_bytes(data[start : start + size], "big")
        start += size
    end = start + length
    if end > len(data):
        raise ValueError("breaks off")
    return tag, data[start:end], end
