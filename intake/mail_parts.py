"""What a mail yields when it is taken apart, and the limits it is taken apart under."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from intake.gate import AutomaticVerdict


@dataclass(frozen=True, slots=True)
class MimeLimits:
    """Limits on one mail: bytes of the whole, parts of all levels, nesting, characters of text."""

    max_bytes: int = 60_000_000
    max_parts: int = 500
    max_depth: int = 12
    max_text: int = 1_000_000


@dataclass(frozen=True, slots=True)
class MailAttachment:
    """One part of a mail that is not its text.

    Attributes:
        file_name: decoded and safe to show; never a path; made up where the mail gives none.
        declared_type: the type the mail claims, in lower case; the truth is in the bytes.
        data: decoded bytes, possibly none.
        inline: whether the mail shows it in its text (pictures, also PDFs from some phones).
        nested_in: index of the attachment (a mail) that carries this one, or None.
        text: for a nested mail, its own text; else empty.
    """

    file_name: str = field(repr=False)
    declared_type: str
    data: bytes = field(repr=False)
    inline: bool
    nested_in: int | None
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MailParts:
    """A mail taken apart.

    Attributes:
        subject: decoded, on one line.
        sender_name: display name of the sender, or None.
        sender_address: address of the sender in lower case, or None.
        to: addresses of To and Cc in lower case.
        sent_at: aware; a year 2400–2700 in the Date header was read as BE; None if unreadable.
        message_id: with its angle brackets, or None.
        in_reply_to: Message-ID of the mail this one answers, or None.
        references: Message-IDs of the thread, oldest first.
        body_text: what the sender wrote, without quoted chain and signature.
        body_html_used: whether the text was rendered from HTML.
        quoted: the quoted chain, kept apart.
        signature: the signature, kept apart.
        attachments: in the order of the mail; a nested mail stands before what it carries.
        automatic: why this is not a letter from a person, or None.
        defects: stable snake_case names of what was wrong with the mail.
        content_sha256: hex; equal for the same matter sent twice or by two routes.
    """

    subject: str = field(repr=False)
    sender_name: str | None = field(repr=False)
    sender_address: str | None = field(repr=False)
    to: tuple[str, ...] = field(repr=False)
    sent_at: datetime | None
    message_id: str | None = field(repr=False)
    in_reply_to: str | None = field(repr=False)
    references: tuple[str, ...] = field(repr=False)
    body_text: str = field(repr=False)
    body_html_used: bool
    quoted: str = field(repr=False)
    signature: str = field(repr=False)
    attachments: tuple[MailAttachment, ...]
    automatic: AutomaticVerdict | None
    defects: tuple[str, ...]
    content_sha256: str
