"""The signature of a letter's text: MinHash values over what two readings of it share.

Pure: no table is known here. Two scans of one letter differ in tone marks, blanks, punctuation
and digits first of all, so the signature is taken of the bare letters of the body. Head, closing
and standing phrases are common to all official letters and say nothing about this one.
"""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from correspondence.thai_digits import fold_digits

# Grows when any of the numbers below changes: signatures of different schemes are not compared.
SCHEME = 1
ROWS = 3
BANDS = 42
VALUES = ROWS * BANDS
SHINGLE = 5
MAX_TEXT = 20_000
MAX_BODY = 6_000
# Below this a text is too short to be told from another by its letters.
MIN_SHINGLES = 60
_SIGNERS = 160
_CLOSING_LIKENESS = 80

_HEAD_LINE = re.compile(r"^\s*(?:กราบเรียน|เรียน|อ้างถึง|สิ่งที่ส่งมาด้วย|นมัสการ|dear\b)", re.IGNORECASE)
_CLOSINGS = ("ขอแสดงความนับถือ", "ขอแสดงความนับถืออย่างยิ่ง", "ด้วยความเคารพอย่างสูง", "yours sincerely")
_PHRASES = (
    "จึงเรียนมาเพื่อโปรดพิจารณา",
    "จึงเรียนมาเพื่อโปรดทราบ",
    "จึงเรียนมาเพื่อโปรดพิจารณาดำเนินการ",
    "จึงเรียนมาเพื่อโปรดทราบและพิจารณาดำเนินการต่อไป",
    "จึงเรียนมาเพื่อโปรดพิจารณาให้ความอนุเคราะห์",
    "จึงเรียนมาเพื่อขอความอนุเคราะห์",
    "ขอแสดงความนับถือ",
    "ในส่วนที่เกี่ยวข้อง จะขอบคุณยิ่ง",
    "หวังเป็นอย่างยิ่งว่าจะได้รับความอนุเคราะห์ด้วยดี และขอขอบคุณมา ณ โอกาสนี้",
    "เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ",
    "ตามหนังสือที่อ้างถึง",
    "รายละเอียดปรากฏตามสิ่งที่ส่งมาด้วย",
    "ตามที่ได้แจ้งให้ทราบนั้น",
    "ความละเอียดแจ้งแล้ว นั้น",
    "พร้อมหนังสือนี้ได้แนบเอกสารที่เกี่ยวข้องมาด้วยแล้ว",
    "สำนักงานเขตพื้นที่การศึกษา",
    "กระทรวงศึกษาธิการ",
    "รัฐมนตรีว่าการกระทรวงศึกษาธิการ",
    "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน",
    "ปฏิบัติราชการแทน",
)


@dataclass(frozen=True, slots=True)
class LetterText:
    """What of a letter's text is compared.

    Attributes:
        body: bare letters and digits from below the head to the closing.
        signers: the same of the lines below the closing, where the signer stands.
        recognised: some of it was read from a picture.
    """

    body: str = field(repr=False)
    signers: str = field(repr=False)
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """MinHash values (unsigned, 32 bits) and of how many shingles."""

    values: tuple[int, ...]
    shingles: int

    def pack(self) -> bytes:
        """Return the values as bytes, big-endian."""
        return struct.pack(f">{VALUES}I", *self.values)

    @classmethod
    def unpack(cls, packed: bytes, shingles: int) -> Signature:
        """Return the signature of stored bytes."""
        return cls(struct.unpack(f">{VALUES}I", packed), shingles)

    def bands(self) -> tuple[int, ...]:
        """Return one key a band (signed, 64 bits); texts with one in common may be alike."""
        keys = []
        for band in range(BANDS):
            rows = struct.pack(f">B{ROWS}I", band, *self.values[band * ROWS : (band + 1) * ROWS])
            digest = hashlib.blake2b(rows, digest_size=8).digest()
            keys.append(int.from_bytes(digest, "big", signed=True))
        return tuple(keys)

    def resemblance(self, other: Signature) -> float:
        """Return the share of shingles two texts have in common, estimated: 0 to 1."""
        same = sum(mine == theirs for mine, theirs in zip(self.values, other.values, strict=True))
        return same / VALUES


def bare_text(text: str) -> str:
    """Return letters and digits only: no marks above or below, lower case, digits 0-9."""
    folded = unicodedata.normalize("NFKD", fold_digits(text)).casefold()
    return "".join(c for c in folded if c.isalnum())


def letter_text(pages: Sequence[str], *, recognised: bool = False) -> LetterText:
    """Return what is compared of a letter's pages; enclosures below the signer are left out.

    Args:
        pages: the text of each.
        recognised: some of it was read from a picture.
    """
    lines = "\n".join(pages)[:MAX_TEXT].split("\n")
    heads = [
        number + 1
        for number, line in enumerate(lines[: len(lines) * 3 // 5])
        if _HEAD_LINE.match(line)
    ]
    start = heads[-1] if heads else 0
    closing = next(
        (n for n in range(start, len(lines)) if _is_closing(lines[n])),
        len(lines),
    )
    body = bare_text("\n".join(lines[start:closing]))
    if len(body) < MIN_SHINGLES:
        # A letter without the usual head, or with a line like one further down.
        body = bare_text("\n".join(lines[:closing]))
    signers = bare_text("\n".join(lines[closing + 1 :]))
    return LetterText(body[:MAX_BODY], signers[:_SIGNERS], recognised)


def sign_text(text: LetterText) -> Signature | None:
    """Return the signature of a text, or None where it is too short to be told from others."""
    found = _shingles(text.body) - _standing_shingles()
    if len(found) < MIN_SHINGLES:
        return None
    hashes = np.fromiter((zlib.crc32(s.encode()) for s in found), dtype=np.uint64, count=len(found))
    # Multiplication mod 2^64; the upper half is spread evenly enough for a minimum.
    mixed = (hashes[:, None] * _factors()[0] + _factors()[1]) >> np.uint64(32)
    return Signature(tuple(int(v) for v in mixed.min(axis=0)), len(found))


def _is_closing(line: str) -> bool:
    bare = bare_text(line)
    return any(
        abs(len(bare) - len(closing)) < 6 and fuzz.ratio(bare, closing) >= _CLOSING_LIKENESS
        for closing in map(bare_text, _CLOSINGS)
    )


def _shingles(bare: str) -> set[str]:
    # Digits are what recognition errs in most; they are compared one by one afterwards.
    letters = "".join(c for c in bare if not c.isdigit())
    return {letters[i : i + SHINGLE] for i in range(len(letters) - SHINGLE + 1)}


@cache
def _standing_shingles() -> frozenset[str]:
    return frozenset().union(*(_shingles(bare_text(phrase)) for phrase in _PHRASES))


@cache
def _factors() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return a multiplier (odd) and an addend a value, the same in every process for ever."""

    def numbers(name: str) -> list[int]:
        seeds = (f"{name}{number}".encode() for number in range(VALUES))
        return [
            int.from_bytes(hashlib.blake2b(seed, digest_size=8).digest(), "big") for seed in seeds
        ]

    multipliers = np.array([n | 1 for n in numbers("multiplier")], dtype=np.uint64)
    return multipliers, np.array(numbers("addend"), dtype=np.uint64)
