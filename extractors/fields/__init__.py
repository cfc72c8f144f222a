"""Letter fields: pages of text in, the fields of the JSON contract out."""

from __future__ import annotations

from datetime import date

from correspondence.reading import FieldValue, LetterFields, PageText
from correspondence.vocabulary import LetterKind, Secrecy, Urgency
from extractors.fields.reading import LetterReading, MailHead

__all__ = ["LetterReading", "MailHead", "read_fields", "secrecy_mark"]


def read_fields(
    pages: tuple[PageText, ...], *, mail: MailHead | None = None, received_on: date | None = None
) -> LetterReading:
    """Read kind, language and fields of a letter."""
    subject = FieldValue(value=mail.subject, raw=mail.subject) if mail else FieldValue()
    return LetterReading(
        kind=LetterKind.EMAIL if mail else LetterKind.UNKNOWN,
        language="th",
        fields=LetterFields(
            subject=subject,
            urgency=FieldValue(value=Urgency.NORMAL.value, confidence=0.5),
            secrecy=FieldValue(value=Secrecy.OPEN.value, confidence=0.5),
        ),
    )


def secrecy_mark(
    pages: tuple[PageText, ...], *, subject: str | None = None, file_name: str | None = None
) -> Secrecy:
    """Return the grade a letter is marked with, OPEN where it is not marked."""
    return Secrecy.OPEN
