"""Thai character sets: the names mail uses for them, and reading bytes nobody declared.

`codecs.lookup("windows-874")` fails on Python 3.11 and mail libraries then garble silently, so
every process registers the names below before it parses any mail (measured, thai.md).
"""

from __future__ import annotations

import codecs
import re
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
_ASCII = bytes(range(128))
_BAD_BYTE = re.compile("[\udc80-\udcff]")
# What mail declares and the larger set that it then uses.
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
}
_ASCII_LABELS = frozenset({"ascii", "us-ascii", "iso8859-1", "cp1252"})
_OFTEN_WRONG = _ASCII_LABELS | {"", "utf-8"}


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
    if not getattr(found, "_is_text_encoding", True):
        return None
    return _SUPERSETS.get(found.name, found.name)


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
    # This comes before the Thai guess: Cyrillic in UTF-8 also lies where cp874 has its letters.
    if (text := _nearly_utf8(data)) is not None:
        return text, "utf-8"
    if fall_back in _OFTEN_WRONG and thai_share(data) >= _THAI_SHARE:
        return data.decode("cp874", "replace"), "cp874"
    if fall_back in _ASCII_LABELS:
        try:
            return data.decode("cp1252"), "cp1252"
        except UnicodeDecodeError:
            return data.decode("latin-1"), "iso8859-1"
    if fall_back:
        return data.decode(fall_back, "replace"), fall_back
    return data.decode("cp1252", "replace"), "cp1252"


def _mostly(data: bytes, codec: str) -> tuple[str, str]:
    if (text := _nearly_utf8(data)) is not None:
        return text, "utf-8"
    return data.decode(codec, "replace"), codec


def _nearly_utf8(data: bytes) -> str | None:
    """Return UTF-8 as text, or None: a cut or damaged one keeps a few bad bytes, others most."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    bad = len(_BAD_BYTE.findall(data.decode("utf-8", "surrogateescape")))
    high = len(data.translate(None, _ASCII))
    return data.decode("utf-8", "replace") if bad * 10 <= high else None


def thai_share(data: bytes) -> float:
    """Return how much of the 8-bit text reads as Thai in cp874, 0 to 1.

    Thai comes in runs of at least three bytes A1–FB whose vowel and tone marks stand on a
    consonant or another mark; accented Western letters stand alone or break that order.
    """
    high = sum(byte >= 0x80 for byte in data)
    if not high:
        return 0.0
    in_runs = violations = 0
    for run in _THAI_RUN.finditer(data):
        in_runs += len(run[0])
        violations += len(_MISPLACED_MARK.findall(run[0]))
    return in_runs / high if violations * 20 <= in_runs else 0.0


_THAI_RUN = re.compile(rb"[\xa1-\xda\xdf-\xfb]{3,}")
# A mark at the start of a run, or after a vowel that carries none.
_MISPLACED_MARK = re.compile(
    rb"(?:^|(?<=[\xcf\xd0\xd2\xdf-\xe6\xef-\xfb]))[\xd1\xd4-\xda\xe7-\xee]"
)
