"""What a mail yields when it is taken apart, and the limits it is taken apart under."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from intake.gate import AutomaticVerdict


@dataclass(frozen=True, slots=True)
class MimeLimits:
    """Limits on one mail.

    Attributes:
        max_bytes: of the whole.
        max_parts: of all levels, files in archives among them.
        max_depth: of nesting.
        max_text: characters of its text.
        max_unpacked: bytes of all that lies in archives, nested mails and Outlook's files.
        max_archives: archives inside one another.
    """

    max_bytes: int = 60_000_000
    max_parts: int = 500
    max_depth: int = 12
    max_text: int = 1_000_000
    max_unpacked: int = 200_000_000
    max_archives: int = 2


class PartCondition(StrEnum):
    """What there is to read in an attachment.

    `opened`: what it holds stands beside it. `accessory`: a signature, a resource fork, a report
    of a machine. `locked`: encrypted. `elsewhere`: not in this mail. `unopened`: an archive of a
    kind that is not opened. `damaged`: an archive or Outlook file beyond reading.
    """

    WHOLE = "whole"
    OPENED = "opened"
    ACCESSORY = "accessory"
    LOCKED = "locked"
    ELSEWHERE = "elsewhere"
    UNOPENED = "unopened"
    DAMAGED = "damaged"


class Obstacle(StrEnum):
    """Why a mail cannot be taken as a letter although it came apart: a person must look."""

    MAIL_ENCRYPTED = "mail_encrypted"
    ARCHIVE_ENCRYPTED = "archive_encrypted"
    MAIL_FRAGMENT = "mail_fragment"

    @property
    def thai(self) -> str:
        """The reason for a clerk."""
        return _OBSTACLES[self][0]

    @property
    def english(self) -> str:
        """The reason for an operator."""
        return _OBSTACLES[self][1]


_OBSTACLES = {
    Obstacle.MAIL_ENCRYPTED: (
        "อีเมลเข้ารหัสไว้ (S/MIME หรือ PGP) เปิดอ่านไม่ได้",
        "The mail is encrypted (S/MIME or PGP).",
    ),
    Obstacle.ARCHIVE_ENCRYPTED: (
        "แฟ้ม ZIP ที่แนบมามีรหัสผ่าน",
        "A ZIP file in it needs a password.",
    ),
    Obstacle.MAIL_FRAGMENT: (
        "เป็นเพียงส่วนหนึ่งของอีเมลที่ถูกแบ่งส่ง",
        "It is one piece of a mail that was sent in several.",
    ),
}


@dataclass(frozen=True, slots=True)
class MailAttachment:
    """One part of a mail that is not its text.

    Attributes:
        file_name: decoded and safe to show; never a path; made up where the mail gives none.
        declared_type: the type the mail claims, in lower case; the truth is in the bytes.
        data: decoded bytes, possibly none.
        inline: whether the mail shows it in its text (pictures, also PDFs from some phones).
        nested_in: index of the attachment (a mail) that carries this one, or None.
        text: for a nested mail, its own text; for an invitation, what it says; else empty.
        condition: what there is to read in it.
        subject: of a nested mail, on one line; else empty.
    """

    file_name: str = field(repr=False)
    declared_type: str
    data: bytes = field(repr=False)
    inline: bool
    nested_in: int | None
    text: str = field(default="", repr=False)
    condition: PartCondition = PartCondition.WHOLE
    subject: str = field(default="", repr=False)


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
        obstacles: why a person must look before it is taken as a letter; mostly none.
        body_html: the HTML body as it was sent, decoded; hostile; "" where there is none.
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
    obstacles: tuple[Obstacle, ...] = ()
    body_html: str = field(default="", repr=False)
