"""Text made safe for a .docx and for the office: nothing hostile, Thai digits in Thai text."""

from __future__ import annotations

import re
import unicodedata

from correspondence.thai_digits import thai_digits

# XML 1.0 allows no other control characters; the private-use and zero-width ones are invisible.
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_BLANKS = re.compile(r"\s+")
_THAI = re.compile("[\u0e00-\u0e7f]")
_LATIN = re.compile("[A-Za-z]")
# Addresses of the net, and codes in which Latin letters and digits are one word (PA0009172, A4).
_KEPT = re.compile(
    r"(?:https?://|www\.)\S{1,200}"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
    # An English date or figure inside Thai text: by Thursday 19 November 2026, 38 items.
    r"|(?<![A-Za-z@.])[A-Za-z]{3,30}[,.]?(?:\s\d[\d,.:-]{0,20}(?:\s[A-Za-z]{3,30}[,.]?(?![\w.-]*@))?){1,6}"
    r"|(?<![\d.])\d[\d,.]{0,20}\s[A-Za-z]{3,30}\b(?![\w.-]*@)(?:\s\d{1,4}\b)?"
    r"|(?<![A-Za-z0-9])(?=[A-Za-z0-9._/-]{0,40}[A-Za-z])[A-Za-z0-9][A-Za-z0-9._/-]{0,40}"
)
THAI_SHARE = 0.2


def drop_hostile(text: str) -> str:
    """Return the text without characters that XML forbids or nobody sees; blanks become spaces."""
    return _ILLEGAL.sub("", text)


def one_line(text: str, limit: int) -> str:
    """Return the text in one line of at most `limit` characters, cut with … where it is longer."""
    flat = _BLANKS.sub(" ", drop_hostile(text[: limit * 4])).strip()
    flat = unicodedata.normalize("NFC", flat)
    if len(flat) <= limit and len(text) <= limit * 4:
        return flat
    return flat[: limit - 1].rstrip() + "…"


def is_thai(text: str) -> bool:
    """Tell whether a text is Thai rather than English, by its letters."""
    thai, latin = len(_THAI.findall(text)), len(_LATIN.findall(text))
    return thai > 0 and thai >= THAI_SHARE * (thai + latin)


def office_digits(text: str) -> str:
    """Return the text with Thai digits, as the office writes.

    E-mail addresses, URLs, codes with Latin letters and English text keep Arabic digits.
    """
    if not is_thai(text) and _LATIN.search(text):
        return text
    parts: list[str] = []
    position = 0
    for kept in _KEPT.finditer(text):
        parts.append(thai_digits(text[position : kept.start()]))
        parts.append(kept.group())
        position = kept.end()
    parts.append(thai_digits(text[position:]))
    return "".join(parts)
