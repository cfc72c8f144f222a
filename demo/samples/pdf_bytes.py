"""PDFs that are the same at each run, cut off, locked, or empty of text."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, ByteStringObject

PASSWORD = "told-by-telephone-only"
_CREATED = re.compile(rb"(/CreationDate\(D:)\d{14}")
_IDENTIFIERS = re.compile(rb"(/ID\s*\[\s*)<[0-9A-F]{32}>(\s*)<[0-9A-F]{32}>")
_CHECKSUM = re.compile(rb"(/DocChecksum\s*/)[0-9A-F]{32}")
_ZEROS = b"0" * 32


def fix_pdf(raw: bytes) -> bytes:
    """Return a LibreOffice PDF with a fixed date and identifiers, at its old length.

    A sample rendered twice is then one file to a ledger that knows files by their hash.
    """
    fixed = _CREATED.sub(rb"\g<1>20261101020000", raw)
    fixed = _IDENTIFIERS.sub(rb"\g<1><" + _ZEROS + rb">\g<2><" + _ZEROS + b">", fixed)
    return _CHECKSUM.sub(rb"\g<1>" + _ZEROS, fixed)


def truncate_pdf(raw: bytes) -> bytes:
    """Return the first part of a PDF, as a broken transfer leaves it: no fonts, no table."""
    return raw[: max(len(raw) // 5, 64)]


def lock_pdf(raw: bytes) -> bytes:
    """Return the PDF behind a password that nobody told the office (RC4, 128 bits).

    RC4 because its result does not change from run to run; a reader is stopped all the same.
    """
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(raw)))
    identifier = ByteStringObject(b"saraban-sample-0")
    writer._ID = ArrayObject([identifier, identifier])
    writer.encrypt(PASSWORD, algorithm="RC4-128")
    # encrypt() draws a new second identifier; only the first is part of the key.
    writer._ID = ArrayObject([identifier, identifier])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def blank_pdf() -> bytes:
    """Return one empty A4 page: what is damaged or locked where there is no LibreOffice."""
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
