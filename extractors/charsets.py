"""Thai charsets: codecs that Python lacks, and the order in which unknown bytes are decoded."""

from __future__ import annotations

import codecs
from itertools import pairwise

from charset_normalizer import from_bytes

from correspondence.charsets import register_thai_codecs

__all__ = ["decode_declared", "decode_unknown", "register_thai_codecs"]

_ALIASES = frozenset(
    {"windows_874", "x_windows_874", "ms874", "tis_620", "tis620", "iso_8859_11", "thai", "cp_874"}
)
_THAI_SHARE = 0.15


def decode_declared(data: bytes, charset: str | None) -> str:
    """Return text whose charset a mail or page declares; a wrong declaration does no harm.

    A declared Thai charset means cp874, its superset. A declaration that is unknown or does not
    fit falls back to `decode_unknown`.
    """
    if not charset:
        return decode_unknown(data)
    name = charset.strip().strip("\"'").lower().replace("-", "_").replace(" ", "_")
    if name in ("us_ascii", "ascii", "iso_8859_1", "latin_1", "windows_1252", "binary", "8bit"):
        # Often declared out of ignorance: let the bytes speak.
        return decode_unknown(data)
    try:
        return data.decode("cp874" if name in _ALIASES else name)
    except (LookupError, UnicodeDecodeError, ValueError):
        return decode_unknown(data)


def decode_unknown(data: bytes) -> str:
    """Return text of unknown charset: UTF-8, cp874 where the Thai share is high, a detector.

    Detectors guess short Thai wrongly, so they come last (measured). Never fails: what no charset
    explains is replaced by U+FFFD.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        if fault.start > len(data) - 4 and fault.start > 0:
            # Cut inside its last character.
            return data.decode("utf-8", "replace")
    if _thai_share(data) >= _THAI_SHARE:
        return data.decode("cp874", "replace")
    best = from_bytes(data[: 1 << 20]).best()
    return data.decode(best.encoding if best else "cp874", "replace")


def _thai_share(data: bytes) -> float:
    """Share of letters that are Thai when read as cp874, 0 if their order is not Thai.

    Western 8-bit text has single high bytes between ASCII letters; Thai comes in runs.
    """
    text = data[: 1 << 16].decode("cp874", "replace")
    thai = sum("ก" <= c <= "๛" for c in text)
    high = sum(byte >= 0x80 for byte in data[: 1 << 16])
    letters = sum(c.isalpha() for c in text)
    in_runs = sum("ก" <= a <= "๛" and "ก" <= b <= "๛" for a, b in pairwise(text))
    if not thai or thai < 0.9 * high or in_runs < 0.5 * thai:
        return 0.0
    return thai / max(1, letters)
