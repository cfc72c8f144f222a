"""What the field readers take and give: the mail's head, and the letter as read."""

from __future__ import annotations

from datetime import datetime

from correspondence.reading import Frozen, LetterFields
from correspondence.vocabulary import LetterKind


class MailHead(Frozen):
    """The parts of a mail's header that say something about the letter in its body.

    `sent_at` is the mail's own Date, aware where the header gave an offset; everything else is
    decoded text. None where the header has none.
    """

    subject: str | None = None
    sender_name: str | None = None
    sender_address: str | None = None
    sent_at: datetime | None = None


class LetterReading(Frozen):
    """A letter as read from its pages. `language` is "th", "en" or "mixed"."""

    kind: LetterKind
    language: str
    fields: LetterFields
