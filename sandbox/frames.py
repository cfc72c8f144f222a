"""Messages between parent and child: a JSON header, then raw bytes. Never pickle.

A frame is two big-endian lengths (header 4 bytes, body 8 bytes), the header as UTF-8 JSON, the
body as it is.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Mapping

from pydantic import JsonValue

LENGTHS = struct.Struct(">IQ")


class FrameGarbled(Exception):
    """The bytes are no frame, or larger than allowed."""


def pack_head(header: Mapping[str, JsonValue], body_length: int) -> bytes:
    """Return lengths and header of a frame; the body follows it unchanged."""
    encoded = json.dumps(header, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return LENGTHS.pack(len(encoded), body_length) + encoded


def parse_header(encoded: bytes) -> dict[str, JsonValue]:
    """Return a header.

    Raises:
        FrameGarbled: not a JSON object, or nested too deep to parse.
    """
    try:
        header = json.loads(encoded.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        raise FrameGarbled from None
    if not isinstance(header, dict):
        raise FrameGarbled
    return header


def read_exactly(descriptor: int, length: int) -> bytes | None:
    """Return `length` bytes of a blocking descriptor, or None where it ends before."""
    pieces: list[bytes] = []
    missing = length
    while missing:
        piece = os.read(descriptor, min(missing, 1 << 20))
        if not piece:
            return None
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def read_frame(descriptor: int) -> tuple[dict[str, JsonValue], bytes] | None:
    """Return header and body of the next frame, or None at the end of the pipe.

    For the child's side, which trusts its parent.
    """
    lengths = read_exactly(descriptor, LENGTHS.size)
    if lengths is None:
        return None
    header_length, body_length = LENGTHS.unpack(lengths)
    header = read_exactly(descriptor, header_length)
    body = read_exactly(descriptor, body_length)
    if header is None or body is None:
        return None
    return parse_header(header), body


def write_all(descriptor: int, data: bytes) -> None:
    """Write everything to a blocking descriptor."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
