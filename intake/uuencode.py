"""Files that stand uuencoded in the text of a mail (`begin 644 name` … `end`)."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field

_BEGIN = re.compile(r"^begin (?:[0-7]{3,4}) (\S.{0,200}?)\s*$")
_END = re.compile(r"^end\s*$")


@dataclass(frozen=True, slots=True)
class UuFile:
    """One uuencoded file: the name it gives and its bytes."""

    file_name: str = field(repr=False)
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class UuSplit:
    """A text without its uuencoded files, and the files."""

    text: str = field(repr=False)
    files: tuple[UuFile, ...]


def split_uuencoded(text: str) -> UuSplit:
    """Return the text and the files found in it.

    A block without `end`, or whose lines do not decode, stays in the text untouched.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    kept: list[str] = []
    files: list[UuFile] = []
    number = 0
    while number < len(lines):
        match = _BEGIN.match(lines[number])
        block = _decode_block(lines, number + 1) if match else None
        if match is None or block is None:
            kept.append(lines[number])
            number += 1
            continue
        data, number = block
        files.append(UuFile(match[1], data))
    return UuSplit("\n".join(kept) if files else text, tuple(files))


def _decode_block(lines: list[str], start: int) -> tuple[bytes, int] | None:
    data: list[bytes] = []
    for number in range(start, len(lines)):
        line = lines[number].rstrip("\r\n")
        if _END.match(line):
            return b"".join(data), number + 1
        if not line or line == "`":
            continue
        decoded = _decode_line(line)
        if decoded is None:
            return None
        data.append(decoded)
    return None


def _decode_line(line: str) -> bytes | None:
    try:
        octets = line.encode("ascii")
        return binascii.a2b_uu(octets)
    except UnicodeEncodeError:
        return None
    except binascii.Error:
        # Some encoders pad the last group wrongly; the length byte says what counts.
        count = (((octets[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(octets[:count])
        except binascii.Error:
            return None
