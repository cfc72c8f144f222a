"""The old office formats, converted to DOCX by LibreOffice and read as such."""

from __future__ import annotations

from extractors import soffice
from extractors.formats import docx
from extractors.formats.protocol import FormatReading
from extractors.request import ReadingRequest


def read_doc(data: bytes, request: ReadingRequest) -> FormatReading:
    """Read a Word 97–2003 document; see `FormatReader`."""
    return _read(data, "doc", request)


def read_odt(data: bytes, request: ReadingRequest) -> FormatReading:
    """Read an OpenDocument text; see `FormatReader`."""
    return _read(data, "odt", request)


def read_rtf(data: bytes, request: ReadingRequest) -> FormatReading:
    """Read a Rich Text document; see `FormatReader`."""
    return _read(data, "rtf", request)


def _read(data: bytes, suffix: str, request: ReadingRequest) -> FormatReading:
    converted = soffice.convert(data, suffix, "docx", request.limits.convert_seconds)
    return docx.read(converted, request)
