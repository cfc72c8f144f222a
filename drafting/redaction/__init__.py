"""Redaction: the complainant's personal data out of what is forwarded to an agency."""

from drafting.redaction.number_forms import Hidden
from drafting.redaction.people import complainant_names
from drafting.redaction.personal import BlackedText, black_out

__all__ = ["BlackedText", "Hidden", "black_out", "complainant_names"]
