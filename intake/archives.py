"""ZIP and gzip files in a mail or by themselves, read in memory and never unpacked to disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from correspondence.charsets import decode_thai, thai_share
from intake.errors import MimeTooLarge
from intake.mail_parts import MimeLimits, PartCondition

_MAX_RATIO = 250
# Below this no ratio harms: an empty form compresses well.
_HARMLESS = 20_000_000
_THAI_SHARE = 0.4
_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_UNICODE_PATH = 0x7075
# LZMA in a ZIP names its own dictionary size, up to 4 GB, before a byte is read.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2})
_LITTER = ("__macosx/", "thumbs.db", ".ds_store", "desktop.ini")
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    IndexError,
)


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """One file of an archive: its name as shown, its bytes, and what there is to read in it."""

    name: str = field(repr=False)
    data: bytes = field(repr=False)
    condition: PartCondition = PartCondition.WHOLE


class ArchiveDamaged(Exception):
    """The bytes are no archive that can be listed; the caller names the outcome."""


def open_zip(
    data: bytes, limits: MimeLimits, budget: int, passwords: Sequence[str] = ()
) -> Iterator[ArchivedFile]:
    """Yield the files of a ZIP in its own order, without folders and systems' litter.

    Args:
        data: the archive.
        limits: parts.
        budget: bytes that may still be unpacked.
        passwords: tried in turn on encrypted files (ZipCrypto; AES stays locked).

    Raises:
        MimeTooLarge: files, ratio or bytes.
        ArchiveDamaged: no table of contents.
    """
    # Each entry costs memory before the first is looked at.
    if data.count(b"PK\x01\x02") > 2 * limits.max_parts:
        raise MimeTooLarge("archive_files", limits.max_parts)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE:
        raise ArchiveDamaged from None
    with archive:
        files = [one for one in archive.infolist() if not one.is_dir()]
        if len(files) > limits.max_parts:
            raise MimeTooLarge("archive_files", limits.max_parts)
        declared = sum(one.file_size for one in files)
        if declared > budget:
            raise MimeTooLarge("archive_bytes", limits.max_unpacked)
        if declared > _HARMLESS and declared > _MAX_RATIO * len(data):
            raise MimeTooLarge("archive_ratio", _MAX_RATIO)
        for one in files:
            name = entry_name(one)
            last = name.lower().replace("\\", "/")
            if last.startswith(_LITTER[0]) or last.rpartition("/")[2] in _LITTER:
                continue
            found = _read_entry(archive, one, name, budget, passwords)
            budget -= len(found.data)
            if budget < 0:
                raise MimeTooLarge("archive_bytes", limits.max_unpacked)
            yield found


def open_gzip(data: bytes, name: str, limits: MimeLimits, budget: int) -> ArchivedFile:
    """Return the one file of a gzip; its name is the archive's without the ending.

    Raises:
        MimeTooLarge: ratio or bytes.
        ArchiveDamaged: it breaks off or is none.
    """
    reader = zlib.decompressobj(wbits=31)
    try:
        unpacked = reader.decompress(data, budget + 1)
    except zlib.error:
        raise ArchiveDamaged from None
    if len(unpacked) > budget:
        raise MimeTooLarge("archive_bytes", limits.max_unpacked)
    if len(unpacked) > _HARMLESS and len(unpacked) > _MAX_RATIO * len(data):
        raise MimeTooLarge("archive_ratio", _MAX_RATIO)
    if not reader.eof:
        raise ArchiveDamaged
    stem = name[:-3] if name.lower().endswith(".gz") else ""
    if name.lower().endswith(".tgz") or unpacked[257:262] == b"ustar":
        return ArchivedFile(stem or "archive.tar", unpacked, PartCondition.UNOPENED)
    return ArchivedFile(stem, unpacked)


def entry_name(entry: zipfile.ZipInfo) -> str:
    """Return the name of an entry: UTF-8 where flagged, else by what the bytes look like.

    Thai Windows writes cp874 without a word, other systems UTF-8 without the flag; the standard
    says cp437 (APPNOTE 4.4.4, 4.6.9).
    """
    if entry.flag_bits & _UTF8_FLAG:
        return entry.filename
    if named := _unicode_path(entry.extra):
        return named
    try:
        octets = entry.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    if octets.isascii():
        return entry.filename
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        pass
    return decode_thai(octets, "cp874")[0] if thai_share(octets) >= _THAI_SHARE else entry.filename


def _unicode_path(extra: bytes) -> str:
    position = 0
    while position + 4 <= len(extra):
        kind = int.from_bytes(extra[position : position + 2], "little")
        length = int.from_bytes(extra[position + 2 : position + 4], "little")
        if kind == _UNICODE_PATH and length > 5:
            return extra[position + 9 : position + 4 + length].decode("utf-8", "replace")
        position += 4 + length
    return ""


def _read_entry(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    name: str,
    budget: int,
    passwords: Sequence[str],
) -> ArchivedFile:
    locked = bool(entry.flag_bits & _ENCRYPTED_FLAG)
    if entry.compress_type not in _METHODS:
        # 99 is AES: locked, whatever the flag says.
        aes = entry.compress_type == 99 or locked
        return ArchivedFile(name, b"", PartCondition.LOCKED if aes else PartCondition.UNOPENED)
    keys: list[bytes | None] = [None]
    if locked:
        keys = [word.encode(codec, "ignore") for word in passwords for codec in ("utf-8", "cp874")]
    for key in keys:
        try:
            with archive.open(entry, pwd=key) as opened:
                # One byte more than allowed tells an entry that lies about its size.
                return ArchivedFile(name, opened.read(budget + 1))
        except _DAMAGE:
            continue
    return ArchivedFile(name, b"", PartCondition.LOCKED if locked else PartCondition.DAMAGED)
