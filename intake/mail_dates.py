"""The Date header of a mail as an aware moment; Thai mailers also write Buddhist years."""

from __future__ import annotations

import email.utils
import re
from datetime import UTC, datetime

from correspondence.clock import BANGKOK
from correspondence.thai_dates import BE_OFFSET
from correspondence.thai_digits import fold_digits

_YEAR = re.compile(r"(?<!\d)(2[4-6]\d\d|2700)(?!\d)")
_ZONE = re.compile(r"(?:[+-]\d{4}|\b(?:UTC?|GMT|Z|[ECMP][SD]T))\b", re.IGNORECASE)


def parse_mail_date(value: str) -> datetime | None:
    """Return the moment of a Date header, aware, or None where it cannot be read.

    A year from 2400 to 2700 is BE (thai.md); 543 is taken off before the date is built, or
    29 February would be refused. A date without a zone is Bangkok time.
    """
    text = fold_digits(value).strip()
    text = _YEAR.sub(lambda match: str(int(match[1]) - BE_OFFSET), text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        # "-0000" comes back naive although it says UTC (RFC 5322, 3.3).
        moment = moment.replace(tzinfo=UTC if _ZONE.search(text) else BANGKOK)
    return moment if 1970 <= moment.year <= 2200 else None
