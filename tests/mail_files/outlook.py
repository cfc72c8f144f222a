"""Writers of `.msg` and `winmail.dat` with the properties a test names."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import compressed_rtf

from intake.outlook.properties import Property
from tests.mail_files.compound_file import Storage, write_compound_file

Value = str | bytes | int | datetime
INTERFACE = bytes.fromhex("0703020000000000c000000000000046")


@dataclass(frozen=True)
class Item:
    """A message or an attachment: `eight_bit` names the codec of its strings, else Unicode."""

    properties: dict[Property, Value] = field(default_factory=dict)
    recipients: Sequence[dict[Property, Value]] = ()
    files: Sequence[tuple[dict[Property, Value], bytes | Item]] = ()
    eight_bit: str = ""


def write_msg(item: Item) -> bytes:
    root = _storage(item, header=32)
    root.entries["__nameid_version1.0"] = Storage({"__substg1.0_00020102": b""})
    return write_compound_file(root)


def packed_rtf(text: bytes) -> bytes:
    return bytes(compressed_rtf.compress(text))


def _storage(item: Item, header: int) -> Storage:
    storage = _properties(item.properties, header, item.eight_bit)
    for number, recipient in enumerate(item.recipients):
        name = f"__recip_version1.0_#{number:08X}"
        storage.entries[name] = _properties(recipient, 8, item.eight_bit)
    for number, (properties, content) in enumerate(item.files):
        method = 5 if isinstance(content, Item) else 1
        given = {Property.ATTACH_METHOD: method, **properties}
        if isinstance(content, bytes):
            given[Property.ATTACH_DATA] = content
        inner = _properties(given, 8, item.eight_bit)
        if isinstance(content, Item):
            inner.entries["__substg1.0_3701000D"] = _storage(content, header=24)
        storage.entries[f"__attach_version1.0_#{number:08X}"] = inner
    return storage


def _properties(values: dict[Property, Value], header: int, eight_bit: str) -> Storage:
    storage, table = Storage(), b"\0" * header
    for number, value in values.items():
        kind, data = _encoded(value, eight_bit)
        fixed = kind in (0x0003, 0x0040)
        stored = data.ljust(8, b"\0") if fixed else struct.pack("<II", len(data), 0)
        table += struct.pack("<HHI", kind, number, 6) + stored
        if not fixed:
            storage.entries[f"__substg1.0_{number:04X}{kind:04X}"] = data
    storage.entries["__properties_version1.0"] = table
    return storage


def _encoded(value: Value, eight_bit: str) -> tuple[int, bytes]:
    if isinstance(value, int):
        return 0x0003, struct.pack("<I", value)
    if isinstance(value, datetime):
        ticks = int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
        return 0x0040, struct.pack("<Q", ticks)
    if isinstance(value, bytes):
        return 0x0102, value
    return (0x001E, value.encode(eight_bit)) if eight_bit else (0x001F, value.encode("utf-16-le"))


def write_tnef(item: Item, code_page: int = 874) -> bytes:
    out = b"\x78\x9f\x3e\x22\x01\x00" + _attribute(1, 0x00069007, struct.pack("<II", code_page, 0))
    out += _attribute(1, 0x00069003, _block(item.properties, item.eight_bit))
    for properties, content in item.files:
        out += _attribute(2, 0x00069002, b"\0" * 14)
        if title := properties.get(Property.ATTACH_FILE_NAME):
            out += _attribute(2, 0x00018010, str(title).encode("cp874") + b"\0")
        rest = {k: v for k, v in properties.items() if k is not Property.ATTACH_FILE_NAME}
        if isinstance(content, bytes):
            out += _attribute(2, 0x0006800F, content)
            out += _attribute(2, 0x00069005, _block(rest, item.eight_bit))
        else:
            inner = INTERFACE + write_tnef(content, code_page)
            block = _block(rest, item.eight_bit)
            count = struct.unpack_from("<I", block)[0] + 1
            held = struct.pack("<HHII", 0x0D, 0x3701, 1, len(inner)) + _padded(inner)
            out += _attribute(2, 0x00069005, struct.pack("<I", count) + block[4:] + held)
    return out


def _attribute(level: int, number: int, data: bytes) -> bytes:
    return (
        struct.pack("<BII", level, number, len(data)) + data + struct.pack("<H", sum(data) % 65536)
    )


def _block(values: dict[Property, Value], eight_bit: str) -> bytes:
    # A named property first: readers must pass it.
    out = struct.pack("<I", len(values) + 1)
    out += struct.pack("<HH", 0x0003, 0x8001) + b"\0" * 16 + struct.pack("<III", 0, 5, 7)
    for number, value in values.items():
        kind, data = _encoded(value, eight_bit)
        out += struct.pack("<HH", kind, number)
        fixed = kind in (0x0003, 0x0040)
        out += data if fixed else struct.pack("<II", 1, len(data)) + _padded(data)
    return out


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)
