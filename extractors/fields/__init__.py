"""Letter fields: pages of text in, the fields of the JSON contract out."""

from extractors.fields.marks import secrecy_mark
from extractors.fields.national_ids import masked_national_ids
from extractors.fields.reader import read_fields
from extractors.fields.reading import LetterReading, MailHead

__all__ = ["LetterReading", "MailHead", "masked_national_ids", "read_fields", "secrecy_mark"]
