"""Letter fields: pages of text in, the fields of the JSON contract out."""

from extractors.fields.marks import secrecy_mark
from extractors.fields.national_ids import (
    distinct,
    restrict_head,
    restrict_pages,
    restrict_words,
)
from extractors.fields.reader import read_fields
from extractors.fields.reading import LetterReading, MailHead

__all__ = [
    "LetterReading",
    "MailHead",
    "distinct",
    "read_fields",
    "restrict_head",
    "restrict_pages",
    "restrict_words",
    "secrecy_mark",
]
