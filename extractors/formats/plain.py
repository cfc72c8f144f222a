"""Plain text in any Thai charset."""

from __future__ import annotations

from extractors.charsets import decode_unknown
from extractors.formats.protocol import FormatReading, native_reading
from extractors.request import ReadingRequest


def read(data: bytes, request: ReadingRequest) -> FormatReading:
    """Return the text as one page; see `FormatReader`."""
    return native_reading(decode_unknown(data), request)
