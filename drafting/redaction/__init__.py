"""Redaction: the complainant's personal data out of what is forwarded to an agency."""

from drafting.redaction.number_forms import Hidden
from drafting.redaction.people import complainant_names
from drafting.redaction.personal import BlackedText, black_out
from drafting.redaction.word_lists import load_word_lists

__all__ = ["BlackedText", "Hidden", "black_out", "complainant_names", "load_word_lists"]
