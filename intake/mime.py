"""A mail taken apart: headers, text, attachments, defects, content hash.

The structure comes from the standard parser in its tolerant mode (`policy.compat32`), the
headers from `intake.headers`: `policy.default` parses headers eagerly and raises on real mails
(bad addresses, X-UNKNOWN charsets, empty multipart/related), which would lose them.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from email.message import Message

from correspondence.charsets import register_thai_codecs
from intake.errors import OVERSIZE_HEADER, MimeTooLarge, MimeUnreadable
from intake.gate import judge_automatic
from intake.headers import addresses, header_text, message_ids, raw_values
from intake.mail_dates import parse_mail_date
from intake.mail_parts import MailAttachment, MailParts, MimeLimits
from intake.mail_text import separate_text
from intake.part_walk import PartWalk

_DEFAULT_LIMITS = MimeLimits()
_TYPE_LINE = re.compile(rb"^content-type\s*:", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
_TNEF = b"\x78\x9f\x3e\x22"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def take_apart(raw: bytes, limits: MimeLimits = _DEFAULT_LIMITS) -> MailParts:
    """Return the parts of a mail.

    Args:
        raw: the mail as it came, any line ends; also a bare Outlook or TNEF file, which becomes
            one attachment.
        limits: bytes, parts, depth, characters.

    Raises:
        MimeTooLarge: a limit is passed; names which.
        MimeUnreadable: the bytes defeat every reader.
    """
    if len(raw) > limits.max_bytes or raw.startswith(OVERSIZE_HEADER + b":"):
        raise MimeTooLarge("bytes", limits.max_bytes)
    register_thai_codecs()
    _guard_structure(raw, limits)
    try:
        return _take_apart(raw, limits)
    except RecursionError:
        raise MimeTooLarge("depth", limits.max_depth) from None
    except MimeTooLarge:
        raise
    except Exception as fault:
        # The border of one hostile mail: whatever failed, it ends in the holding pen with its
        # bytes. The message of the fault may hold letter text, so only its class is kept.
        raise MimeUnreadable(type(fault).__name__) from None


def _guard_structure(raw: bytes, limits: MimeLimits) -> None:
    # The standard parser is quadratic in open boundaries and recursive in nesting, so obvious
    # bombs are refused before it runs. Mails quoted in text bodies justify the head room.
    if sum(1 for _ in _TYPE_LINE.finditer(raw)) > 4 * limits.max_parts:
        raise MimeTooLarge("parts", limits.max_parts)
    if sum(1 for _ in _BOUNDARY.finditer(raw)) > 2 * limits.max_parts:
        raise MimeTooLarge("depth", limits.max_depth)


def _take_apart(raw: bytes, limits: MimeLimits) -> MailParts:
    if raw.startswith(_TNEF) or raw.startswith(_OLE):
        return _bare_file(raw, limits)
    message = email.message_from_bytes(
        raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"), policy=email.policy.compat32
    )
    walk = PartWalk(limits)
    text = walk.take(message)
    separated = separate_text(text.plain)
    name, address = _sender(message)
    dates = [parse_mail_date(value) for value in raw_values(message, "Date")]
    if dates and dates[0] is None:
        walk.note("date_unreadable")
    if not message.keys():
        walk.note("no_headers")
    if not separated.body and not walk.attachments:
        walk.note("no_content")
    subject = header_text(message, "Subject")
    own_id = message_ids(" ".join(raw_values(message, "Message-ID")[:1]))
    answered = message_ids(" ".join(raw_values(message, "In-Reply-To")))
    return MailParts(
        subject=subject,
        sender_name=name,
        sender_address=address,
        to=_recipients(message),
        sent_at=next((date for date in dates if date is not None), None),
        message_id=own_id[0] if own_id else None,
        in_reply_to=answered[0] if answered else None,
        references=message_ids(" ".join(raw_values(message, "References"))),
        body_text=separated.body,
        body_html_used=text.from_html,
        quoted=separated.quoted,
        signature=separated.signature,
        attachments=tuple(walk.attachments),
        automatic=judge_automatic(message),
        defects=tuple(walk.defects),
        content_sha256=_content_hash(subject, address, text.plain, walk.attachments),
    )


def _bare_file(raw: bytes, limits: MimeLimits) -> MailParts:
    walk = PartWalk(limits)
    name = "winmail.dat" if raw.startswith(_TNEF) else "message.msg"
    kind = "application/ms-tnef" if raw.startswith(_TNEF) else "application/vnd.ms-outlook"
    walk.add_file(name, kind, raw)
    walk.note("no_headers")
    return MailParts(
        subject="",
        sender_name=None,
        sender_address=None,
        to=(),
        sent_at=None,
        message_id=None,
        in_reply_to=None,
        references=(),
        body_text="",
        body_html_used=False,
        quoted="",
        signature="",
        attachments=tuple(walk.attachments),
        automatic=None,
        defects=tuple(walk.defects),
        content_sha256=_content_hash("", None, "", walk.attachments),
    )


def _sender(message: Message) -> tuple[str | None, str | None]:
    for header in ("From", "Sender", "Reply-To", "Return-Path"):
        for value in raw_values(message, header):
            for name, address in addresses(value):
                return name or None, address
    return header_text(message, "From").strip("<> ") or None, None


def _recipients(message: Message) -> tuple[str, ...]:
    found = (
        address
        for header in ("To", "Cc")
        for value in raw_values(message, header)
        for _, address in addresses(value)
    )
    return tuple(dict.fromkeys(found))


def _content_hash(
    subject: str, sender: str | None, text: str, attachments: list[MailAttachment]
) -> str:
    # Trace headers, boundaries, encodings and white space differ between two routes of one mail.
    digest = hashlib.sha256()
    for piece in (subject, sender or "", text):
        digest.update(" ".join(piece.split()).encode("utf-8", "replace") + b"\0")
    own = (part.data for part in attachments if part.nested_in is None)
    for fingerprint in sorted(hashlib.sha256(data).digest() for data in own):
        digest.update(fingerprint)
    return digest.hexdigest()
