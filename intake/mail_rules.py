"""The rules of a mailbox against the headers of a mail; the first that matches stops (rule 7).

Servers refuse a search for Thai words, so everything is compared here, after decoding.
"""

from __future__ import annotations

import email.policy
import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from email.message import Message
from email.parser import BytesHeaderParser
from fnmatch import fnmatchcase
from typing import Final

from correspondence.charsets import register_thai_codecs
from correspondence.thai_digits import fold_digits
from intake.headers import addresses, decode_value, header_text, raw_values
from office.mailbox_rules import MailboxRule

MAX_HEAD_BYTES: Final = 262_144
_MAX_ADDRESSES: Final = 500
_HEAD_ENDS = re.compile(rb"\r?\n\r?\n")
_LIST_HEADER = re.compile(r"list-(id|unsubscribe|post|help|subscribe|owner|archive)")


def first_match(rules: Sequence[MailboxRule], raw: bytes, age: timedelta) -> MailboxRule | None:
    """Return the first rule that a mail matches, or None.

    Args:
        rules: in their order.
        raw: the mail's bytes; only its headers are looked at.
        age: how long the mail lay in the mailbox before it was taken in.
    """
    head = read_head(raw)
    return next((rule for rule in rules if _matches(rule, head, age)), None)


def read_head(raw: bytes) -> Message:
    """Return the headers of a mail, at most 256 KB of them; empty where there are none."""
    register_thai_codecs()
    start = raw[: MAX_HEAD_BYTES + 4].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    end = _HEAD_ENDS.search(start)
    head = start[: end.start() if end else MAX_HEAD_BYTES]
    try:
        return BytesHeaderParser(policy=email.policy.compat32).parsebytes(head)
    except Exception:
        # The parser of the standard library gave up on hostile bytes: it matches as a mail
        # without headers, and is judged by what reads it in the child process.
        return Message()


def fold(text: str) -> str:
    """Return text as it is compared: NFKC, no case, Thai digits as 0-9, single blanks."""
    return " ".join(fold_digits(unicodedata.normalize("NFKC", text)).casefold().split())


def _matches(rule: MailboxRule, head: Message, age: timedelta) -> bool:
    days = age / timedelta(days=1)
    if rule.older_than_days is not None and days < rule.older_than_days:
        return False
    if rule.newer_than_days is not None and days > rule.newer_than_days:
        return False
    if rule.mailing_list is not None and rule.mailing_list != _is_list(head):
        return False
    if rule.sender and not _any_like(rule.sender, _addresses(head, "From")):
        return False
    if rule.to and not _any_like(rule.to, _addresses(head, "To", "Cc")):
        return False
    if rule.subject:
        subject = fold(header_text(head, "Subject"))
        if not any(fold(word) in subject for word in rule.subject):
            return False
    return all(
        _any_like([pattern], [decode_value(value) for value in raw_values(head, name)])
        for name, pattern in rule.header.items()
    )


def _is_list(head: Message) -> bool:
    return any(_LIST_HEADER.fullmatch(name.lower()) for name in head.keys())  # noqa: SIM118


def _addresses(head: Message, *names: str) -> list[str]:
    found = [
        address
        for name in names
        for value in raw_values(head, name)
        for _, address in addresses(value)
    ]
    return found[:_MAX_ADDRESSES]


def _any_like(patterns: Sequence[str], values: Sequence[str]) -> bool:
    folded = [fold(value) for value in values]
    return any(fnmatchcase(value, fold(pattern)) for pattern in patterns for value in folded)
