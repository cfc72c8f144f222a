"""What a mail answers: Message-IDs of its headers, register numbers named in its text."""

from __future__ import annotations

import re

from correspondence.mail_thread import MailThread
from correspondence.thai_digits import fold_digits
from intake.mail_parts import MailParts

MAX_THREAD = 50
MAX_NUMBERS = 10
MAX_TEXT = 200_000

_NUMBER = re.compile(
    r"(?:เลข\s?(?:ทะเบียน\s?)?(?:หนังสือ\s?)?(?:ที่\s?)?รับ(?:หนังสือ)?(?:\s?(?:ที่|เลขที่))?"
    r"|(?:register(?:ed)?|registration|case)\s{1,3}(?:no\.?|number))"
    r"\s{0,3}[:：#]?\s{0,3}(?<!\d)(\d{1,7})\s?/\s?(\d{4})(?!\d)",
    re.IGNORECASE,
)


def read_thread(parts: MailParts) -> MailThread:
    """Return what a mail claims to answer; its quoted chain is looked at, too."""
    text = "\n".join((parts.subject, parts.body_text, parts.quoted))[:MAX_TEXT]
    numbers = (f"{int(n)}/{year}" for n, year in _NUMBER.findall(fold_digits(text)))
    return MailThread(
        answers=parts.in_reply_to,
        thread=parts.references[-MAX_THREAD:],
        numbers=tuple(dict.fromkeys(numbers))[:MAX_NUMBERS],
    )
