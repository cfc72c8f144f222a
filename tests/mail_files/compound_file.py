"""A writer of OLE compound files (MS-CFB, version 3), enough for `.msg`."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
NONE = 0xFFFFFFFF


@dataclass
class Storage:
    """A storage: streams and storages by name."""

    entries: dict[str, bytes | Storage] = field(default_factory=dict)


@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    left: int = NONE
    right: int = NONE
    child: int = NONE
    start: int = END
    size: int = 0


def write_compound_file(root: Storage) -> bytes:
    entries = [_Entry("Root Entry", 5)]
    entries[0].child = _add(entries, root)
    mini, mini_fat = b"", []
    sectors: list[bytes] = []
    fat: list[int] = []

    def put(data: bytes) -> int:
        if not data:
            return END
        first, count = len(sectors), -(-len(data) // SECTOR)
        for number in range(count):
            sectors.append(data[number * SECTOR : (number + 1) * SECTOR].ljust(SECTOR, b"\0"))
            fat.append(first + number + 1 if number + 1 < count else END)
        return first

    for entry in entries:
        if entry.kind != 2:
            continue
        entry.size = len(entry.data)
        if entry.size >= CUTOFF:
            entry.start = put(entry.data)
        elif entry.size:
            entry.start, count = len(mini_fat), -(-entry.size // MINI)
            mini_fat += [entry.start + n + 1 if n + 1 < count else END for n in range(count)]
            mini += entry.data.ljust(count * MINI, b"\0")
    entries[0].start, entries[0].size = put(mini), len(mini)
    mini_start = put(b"".join(struct.pack("<I", n) for n in mini_fat))
    mini_sectors = -(-len(mini_fat) * 4 // SECTOR)
    directory = b"".join(_pack(entry) for entry in entries)
    directory_start = put(directory)
    fat_sectors = 1
    while (len(fat) + fat_sectors) * 4 > fat_sectors * SECTOR:
        fat_sectors += 1
    fat_start = len(sectors)
    fat += [FAT_SECTOR] * fat_sectors
    table = b"".join(struct.pack("<I", n) for n in fat).ljust(fat_sectors * SECTOR, b"\xff")
    places = [fat_start + n for n in range(fat_sectors)]
    assert fat_sectors <= 109
    header = struct.pack(
        "<8s16sHHHHHHIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, 0, 0, fat_sectors, directory_start, 0, CUTOFF, mini_start if mini_fat else END,
        mini_sectors, END, 0,
    )  # fmt: skip
    header += b"".join(struct.pack("<I", n) for n in places + [FREE] * (109 - fat_sectors))
    return header + b"".join(sectors) + table


def _add(entries: list[_Entry], storage: Storage) -> int:
    ordered = sorted(storage.entries.items(), key=lambda one: (len(one[0]), one[0].upper()))
    numbers: list[int] = []
    for name, content in ordered:
        numbers.append(len(entries))
        is_stream = isinstance(content, bytes)
        entries.append(_Entry(name, 2 if is_stream else 1, content if is_stream else b""))
        if isinstance(content, Storage):
            entries[numbers[-1]].child = _add(entries, content)
    return _tree(entries, numbers)


def _tree(entries: list[_Entry], numbers: list[int]) -> int:
    if not numbers:
        return NONE
    middle = len(numbers) // 2
    top = numbers[middle]
    entries[top].left = _tree(entries, numbers[:middle])
    entries[top].right = _tree(entries, numbers[middle + 1 :])
    return top


def _pack(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16sIQQIQ", name, len(name), entry.kind, 1, entry.left, entry.right,
        entry.child, b"", 0, 0, 0, entry.start, entry.size,
    )  # fmt: skip
