"""A cheap look at how urgent an item is, before anything of it is read.

The class printed on the letter is read later and alone decides deadlines; this only orders the
queue. A mail's headers and a file's name are the sender's word, so that the worst a wrong one
can do is to be read earlier than its turn.
"""

from __future__ import annotations

import re
from typing import Final

from correspondence.vocabulary import Urgency
from intake.headers import header_text
from intake.mail_rules import fold, read_head

# Higher is read first; rules of a mailbox give -9 to 9.
PRIORITY: Final = {
    Urgency.MOST_URGENT: 8,
    Urgency.VERY_URGENT: 6,
    Urgency.URGENT: 4,
    Urgency.NORMAL: 0,
}
# A complaint may be due the same day, which only reading tells.
COMPLAINT: Final = 2

# An expressway and a hot line (ทางด่วน, สายด่วน) are no classes of urgency.
_CLASSES: Final = (
    (re.compile(r"ด่วน\s*ที่สุด|most\s+urgent"), Urgency.MOST_URGENT),
    (re.compile(r"ด่วน\s*มาก|very\s+urgent"), Urgency.VERY_URGENT),
    (re.compile(r"(?<!ทาง)(?<!สาย)ด่วน|\burgent\b"), Urgency.URGENT),
)
_COMPLAINS: Final = re.compile(r"ร้องเรียน|ร้องทุกข์|\bcomplaint\b")
_HIGH: Final = re.compile(r"^(?:high|urgent|1\b)")


def look_at_name(file_name: str) -> int:
    """Return the priority that a file's name asks for, 0 for none."""
    return _of_words(file_name)


def look_at_mail(raw: bytes) -> int:
    """Return the priority that a mail's subject and priority headers ask for, 0 for none."""
    head = read_head(raw)
    asked = [_of_words(header_text(head, "Subject"))]
    for name in ("Importance", "X-Priority", "Priority", "X-MSMail-Priority"):
        if _HIGH.match(header_text(head, name).strip().casefold()):
            asked.append(PRIORITY[Urgency.URGENT])
    return max(asked)


def _of_words(text: str) -> int:
    folded = fold(text[:1000])
    for words, urgency in _CLASSES:
        if words.search(folded):
            return PRIORITY[urgency]
    return COMPLAINT if _COMPLAINS.search(folded) else 0
