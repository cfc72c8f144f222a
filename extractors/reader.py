"""The way of one file through the reading room: type, pages, secrecy mark, fields."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from correspondence.errors import MissingDependency, UnreadableInput
from correspondence.reading import Extraction, join_pages
from correspondence.vocabulary import ReadOutcome, Secrecy
from extractors import media
from extractors.charsets import register_thai_codecs
from extractors.fields import (
    distinct,
    read_fields,
    restrict_head,
    restrict_pages,
    restrict_words,
    secrecy_mark,
)
from extractors.formats import docx, html, image, office, pdf, plain, spreadsheet
from extractors.formats.pages import NothingRead
from extractors.formats.protocol import FormatReader, FormatReading
from extractors.request import ReadingRequest

register_thai_codecs()

READERS: Mapping[str, FormatReader] = MappingProxyType(
    {
        media.PDF: pdf.read,
        media.DOCX: docx.read,
        media.DOC: office.read_doc,
        media.ODT: office.read_odt,
        media.RTF: office.read_rtf,
        media.XLSX: spreadsheet.read,
        media.ODS: spreadsheet.read,
        media.XLS: spreadsheet.read_xls,
        media.HTML: html.read,
        media.TEXT: plain.read,
        **dict.fromkeys(media.IMAGES, image.read),
    }
)


def read_document(data: bytes, name: str, request: ReadingRequest) -> Extraction:
    """Read one file: text by page, then the fields of the letter.

    Bad input never raises: every file ends in a named outcome. A letter with a secrecy mark
    gives its grade and nothing else; of any other, national numbers leave masked. Mails
    (`message/rfc822`) are `unsupported` here: the intake takes them apart and hands over body
    and attachments. Hostile bytes belong into the sandbox: see `pipeline.reading_job`.

    Args:
        data: the file.
        name: its name as sent; decides nothing but may carry a secrecy mark.
        request: what else is known, and the limits.
    """
    kind = media.media_type(data[: request.limits.bytes])
    shown, in_name = restrict_words(name)
    blank = Extraction(
        file=shown,
        outcome=ReadOutcome.DAMAGED,
        media_type=kind,
        language="",
        restricted=in_name,
    )
    grade = _mark_outside(name, request)
    if grade is not Secrecy.OPEN:
        return blank.withheld(grade)
    try:
        reading = _read_pages(data, kind, request)
    except NothingRead as fault:
        return blank.model_copy(update={"outcome": fault.outcome, "warnings": fault.warnings})
    except UnreadableInput as fault:
        return blank.model_copy(update={"outcome": fault.outcome})
    except MissingDependency:
        return blank.model_copy(
            update={"outcome": ReadOutcome.UNSUPPORTED, "warnings": ("no_libreoffice",)}
        )
    return _read_letter(reading, blank, request)


def _mark_outside(name: str, request: ReadingRequest) -> Secrecy:
    """Return the mark in the file name or the mail's subject, before any page is opened."""
    subject = request.mail.subject if request.mail else None
    return secrecy_mark((), subject=subject, file_name=name)


def _read_pages(data: bytes, kind: str, request: ReadingRequest) -> FormatReading:
    if kind == media.EMPTY:
        raise UnreadableInput(ReadOutcome.EMPTY, "The file is empty.")
    if len(data) > request.limits.bytes:
        raise UnreadableInput(ReadOutcome.TOO_LARGE, "The file has more bytes than allowed.")
    if kind == media.ENCRYPTED_OFFICE:
        raise UnreadableInput(ReadOutcome.ENCRYPTED, "The document needs a password.")
    read = READERS.get(kind)
    if read is None:
        raise UnreadableInput(ReadOutcome.UNSUPPORTED, "Files of this type are not read.")
    return read(data, request)


def _read_letter(reading: FormatReading, blank: Extraction, request: ReadingRequest) -> Extraction:
    pages = reading.pages
    subject = request.mail.subject if request.mail else None
    grade = secrecy_mark(pages, subject=subject, file_name=blank.file)
    if grade is not Secrecy.OPEN:
        return blank.withheld(grade)
    # Masked before the fields are read: no part of a national number can get into one.
    pages, in_pages = restrict_pages(pages)
    mail, in_head = restrict_head(request.mail) if request.mail else (None, ())
    letter = read_fields(pages, mail=mail, received_on=request.received_on)
    return Extraction(
        file=blank.file,
        outcome=ReadOutcome.OK if reading.complete else ReadOutcome.PARTIAL,
        media_type=blank.media_type,
        kind=letter.kind,
        language=letter.language,
        pages=pages,
        text=join_pages(pages),
        fields=letter.fields,
        warnings=reading.warnings,
        restricted=distinct((*in_pages, *in_head, *blank.restricted)),
    )
