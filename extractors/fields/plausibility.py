"""Values that cannot be right as they stand: a person must look at them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from correspondence.reading import LetterFields

# The oldest letter an office still answers to, and how far ahead meetings are called.
_EARLIEST = date(1957, 1, 1)
_AHEAD = timedelta(days=2 * 366)
_A_DAY = timedelta(days=1)
_ADDRESS = re.compile(
    r"[A-Za-z0-9_](?:[\w.+-]*[\w+-])?@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}",
    re.ASCII,
)
_EXTENSION = re.compile(r"(?:ต่อ|ext\.?|x|,).*$", re.IGNORECASE | re.DOTALL)
# ๐ ๒๖๒๘ ๕๖๒๐-๙: the last numbers of a run of lines.
_RUN_OF_LINES = re.compile(r"\s?[-–]\s?\d{1,2}\s*$")
_NOT_DIGIT = re.compile(r"\D")


def implausible_fields(fields: LetterFields, today: date) -> frozenset[str]:
    """Return the names of scalar fields whose value is no such thing.

    A date is before 1957 or more than two years ahead; a letter's own date is in the future; a
    deadline or meeting was over before the letter was written; a telephone has not the digits of
    one; an e-mail address has no domain.

    Args:
        fields: as read; dates are ISO.
        today: day of receipt, or the day of reading (Asia/Bangkok).
    """
    found: set[str] = set()
    written = _day(fields.document_date.value)
    if fields.document_date and not (written and _EARLIEST <= written <= today + _A_DAY):
        found.add("document_date")
    for name, field in (
        ("stated_deadline", fields.stated_deadline),
        ("meeting_at", fields.meeting_at),
    ):
        day = _day(field.value)
        if field and not (day and (written or _EARLIEST) <= day <= today + _AHEAD):
            found.add(name)
    if fields.contact_phone.value and not is_telephone(fields.contact_phone.value):
        found.add("contact_phone")
    if fields.contact_email.value and not _ADDRESS.fullmatch(fields.contact_email.value):
        found.add("contact_email")
    return frozenset(found)


def is_telephone(value: str) -> bool:
    """Tell whether a value has the digits of a telephone: 9 or 10 from 0, four of a hotline.

    International numbers begin with + and have 8 to 15; numbers inside a house have 3 to 6.
    """
    number = _RUN_OF_LINES.sub("", _EXTENSION.sub("", value))
    digits = _NOT_DIGIT.sub("", number)
    if number.lstrip("( ").startswith("+"):
        return 8 <= len(digits) <= 15
    if digits.startswith("0"):
        mobile = digits[1:2] in ("6", "8", "9")
        return len(digits) == 10 if mobile else len(digits) == 9
    return 3 <= len(digits) <= 6


def _day(value: str | None) -> date | None:
    try:
        return datetime.fromisoformat(value).date() if value else None
    except ValueError:
        return None
