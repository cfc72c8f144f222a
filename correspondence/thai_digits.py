"""Thai digits (เลขไทย): folding for parsing, the office's digits for output."""

from __future__ import annotations

_TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def fold_digits(text: str) -> str:
    """Return the text with ๐–๙ as 0–9; same length, so offsets stay valid.

    Mixed digits inside one number are normal in PDFs (TH SarabunIT๙), so fold before any
    regular expression or date parse (measured, thai.md).
    """
    return text.translate(_TO_ARABIC)


def thai_digits(text: str | int) -> str:
    """Return the text with 0–9 as ๐–๙, as the office writes."""
    return str(text).translate(_TO_THAI)
