"""Names of attachments: safe to show and to store, made up where a mail gives none."""

from __future__ import annotations

import mimetypes
import re
from urllib.parse import unquote_to_bytes

from intake.headers import clean_line

_MAX_NAME = 180
_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"|?*]')
_SIGNATURES = (
    (b"%PDF", ".pdf"),
    (b"PK\x03\x04", ".zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc"),
    (b"{\\rtf", ".rtf"),
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"II*\x00", ".tif"),
    (b"MM\x00*", ".tif"),
)


def mend_name(name: str) -> str:
    """Return a file name with what was encoded once too often undone.

    Seen in Thai mail: UTF-8 taken for Latin-1, cp1252 or cp874 and encoded again, and percent
    signs left standing. A name is changed only where all of its 8-bit letters become Thai.
    """
    if "%E0%B" in name.upper():
        try:
            return unquote_to_bytes(name.encode("utf-8", "replace")).decode("utf-8")
        except UnicodeDecodeError:
            return name
    if name.isascii():
        return name
    for codec in ("latin-1", "cp1252", "cp874"):
        try:
            mended = name.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
        if all(one.isascii() or "\u0e01" <= one <= "\u0e5b" for one in mended):
            return mended
    return name


def safe_name(given: str) -> str:
    """Return a declared file name without folders, control and direction characters.

    The ending survives a cut to 180 characters. Empty where nothing usable is left.
    """
    last = re.split(r"[/\\]", clean_line(given))[-1]
    name = _FORBIDDEN.sub("_", last).strip(" .")
    if len(name) <= _MAX_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:_MAX_NAME]
    return stem[: _MAX_NAME - len(ending) - 1] + "." + ending


def made_up_name(number: int, declared_type: str, data: bytes) -> str:
    """Return a name for a part without one; the ending follows the bytes, then the claim."""
    for signature, ending in _SIGNATURES:
        if data.startswith(signature):
            return f"part-{number}{ending}"
    return f"part-{number}{mimetypes.guess_extension(declared_type) or '.bin'}"
