"""Thai character sets: the names mail uses for them, and reading bytes nobody declared.

`codecs.lookup("windows-874")` fails on Python 3.11 and mail libraries then garble silently, so
every process registers the names below before it parses any mail (measured, thai.md).
"""

from __future__ import annotations

import codecs
from encodings import aliases
from functools import lru_cache

_CP874_NAMES = frozenset(
    {
        "windows_874",
        "x_windows_874",
        "windows874",
        "ms874",
        "ms_874",
        "x_ms874",
        "dos_874",
        "ibm874",
        "tis620",
        "tis_620",
        "tis_620_0",
        "tis_620_2533",
        "tis_620_2533_0",
        "tis_620_2533_1",
        "tis620_0",
        "tis620_2533",
        "iso_ir_166",
        "iso_8859_11",
        "iso_8859_11_2001",
        "iso8859_11",
        "thai",
    }
)
_UTF8_NAMES = frozenset({"utf8mb4", "utf_8mb4", "unicode_1_1_utf_8", "utf_8_th"})

UNDECLARED = frozenset(
    {"", "unknown", "x-unknown", "unknown-8bit", "x-user-defined", "binary", "default", "none"}
)
_THAI_SHARE = 0.4
_ASCII_LABELS = frozenset({"ascii", "us-ascii", "iso8859-1", "cp1252"})


@lru_cache(maxsize=1)
def register_thai_codecs() -> None:
    """Make every Thai name mean cp874 in this process; calling again changes nothing.

    `tis-620` and `iso-8859-11` are mapped too: cp874 contains both, and mail declared as either
    carries Windows quotation marks in practice.
    """
    aliases.aliases.update(dict.fromkeys(_CP874_NAMES, "cp874"))
    aliases.aliases.update(dict.fromkeys(_UTF8_NAMES, "utf_8"))
    # A lookup that failed before is not remembered, but one of tis-620 that succeeded is; this
    # function must therefore run before any mail is parsed.


def resolve_codec(declared: str | None) -> str | None:
    """Return the codec to use for a declared charset name, or None where it names none we know.

    The whole Thai family becomes `cp874`, which contains the others: mail declared as TIS-620
    carries Windows quotation marks and dashes in practice.
    """
    name = (declared or "").strip().strip("\"'").lower()
    if name in UNDECLARED:
        return None
    plain = name.replace("-", "_").replace(" ", "_").replace(":", "_")
    if plain in _CP874_NAMES:
        return "cp874"
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    # hex, base64, rot13 and the like are codecs that do not turn bytes into text.
    return found.name if getattr(found, "_is_text_encoding", True) else None


def decode_thai(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """Return the bytes as text and the name of the codec used.

    Order: a byte-order mark; the declared charset where it decodes without an error; UTF-8;
    cp874 where the Thai share of the 8-bit bytes is high; cp1252; at last cp874 or UTF-8 with
    U+FFFD. A mail declared as ASCII or Latin-1 that holds Thai bytes is read as Thai.

    Args:
        data: the bytes, of any length.
        declared: a charset name from a header, or None.
    """
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(codec, "replace"), codec
    codec_name = resolve_codec(declared)
    if codec_name in _ASCII_LABELS and not data.isascii():
        return _decode_undeclared(data, fall_back=codec_name or "")
    if codec_name is not None:
        try:
            return data.decode(codec_name), codec_name
        except (UnicodeError, ValueError):
            if codec_name == "cp874":
                return _mostly(data, codec_name)
    return _decode_undeclared(data, fall_back=codec_name or "")


def _decode_undeclared(data: bytes, fall_back: str) -> tuple[str, str]:
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    high = [byte for byte in data if byte >= 0x80]
    if thai_share(data) >= _THAI_SHARE and (not fall_back or fall_back in _ASCII_LABELS):
        return data.decode("cp874", "replace"), "cp874"
    if fall_back in _ASCII_LABELS:
        try:
            return data.decode("cp1252"), "cp1252"
        except UnicodeDecodeError:
            return data.decode("latin-1"), "iso8859-1"
    if fall_back:
        return data.decode(fall_back, "replace"), fall_back
    text = data.decode("utf-8", "replace")
    # A truncated UTF-8 text keeps a few bad bytes; another charset breaks nearly everywhere.
    if text.count("\ufffd") * 10 <= max(1, len(high)):
        return text, "utf-8"
    return data.decode("cp1252", "replace"), "cp1252"


def _mostly(data: bytes, codec: str) -> tuple[str, str]:
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode(codec, "replace"), codec


def thai_share(data: bytes) -> float:
    """Return how much of the 8-bit text looks like cp874 Thai, 0 to 1.

    Thai text has long runs of bytes A1–FB; Latin-1 text has single accented letters between
    ASCII ones, so a high byte counts only beside another one.
    """
    high = beside = 0
    previous = False
    for position, byte in enumerate(data):
        thai = 0xA1 <= byte <= 0xDA or 0xDF <= byte <= 0xFB
        if byte >= 0x80:
            high += 1
            following = data[position + 1] if position + 1 < len(data) else 0
            if thai and (previous or 0xA1 <= following <= 0xFB):
                beside += 1
        previous = thai
    return beside / high if high else 0.0
