"""A mail taken apart: headers, text, attachments, defects, content hash.

The structure comes from the standard parser in its tolerant mode (`policy.compat32`), the
headers from `intake.headers`: `policy.default` parses headers eagerly and raises on real mails
(bad addresses, X-UNKNOWN charsets, empty multipart/related), which would lose them. Where even
that fails, `intake.by_hand` reads the same bytes.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from collections.abc import Sequence
from email.message import Message

from correspondence.charsets import register_thai_codecs
from intake.by_hand import counts_as_head, read_by_hand
from intake.enclosed import OUTLOOK_DAMAGE
from intake.errors import OVERSIZE_HEADER, MimeTooLarge, MimeUnreadable
from intake.gate import judge_automatic
from intake.headers import addresses, header_text, message_ids, raw_values
from intake.mail_dates import parse_mail_date
from intake.mail_parts import MailAttachment, MailParts, MimeLimits
from intake.mail_text import separate_text
from intake.outlook.composing import compose_mail
from intake.outlook.message_file import read_message_file
from intake.outlook.tnef import read_tnef
from intake.part_kinds import PartKind, part_kind
from intake.part_shelf import MailText
from intake.part_walk import PartWalk

_DEFAULT_LIMITS = MimeLimits()
_TYPE_LINE = re.compile(rb"^content-type\s*:", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
_FILE_NAMES = {
    PartKind.OUTLOOK: ("message.msg", "application/vnd.ms-outlook"),
    PartKind.TNEF: ("winmail.dat", "application/ms-tnef"),
    PartKind.ZIP: ("archive.zip", "application/zip"),
    PartKind.GZIP: ("archive.gz", "application/gzip"),
}


def take_apart(
    raw: bytes, limits: MimeLimits = _DEFAULT_LIMITS, passwords: Sequence[str] = ()
) -> MailParts:
    """Return the parts of a mail.

    Args:
        raw: the mail as it came, any line ends; also an Outlook file (`.msg`, `winmail.dat`),
            which reads like the mail it is, or a ZIP, whose files become attachments.
        limits: bytes, parts, depth, characters, what archives hold.
        passwords: tried on encrypted ZIP files.

    Raises:
        MimeTooLarge: a limit is passed; names which.
        MimeUnreadable: the bytes defeat every reader.
    """
    if len(raw) > limits.max_bytes or raw.startswith(OVERSIZE_HEADER + b":"):
        raise MimeTooLarge("bytes", limits.max_bytes)
    register_thai_codecs()
    try:
        kind = part_kind(raw, "", "")
        if kind in (PartKind.OUTLOOK, PartKind.TNEF):
            if (parts := _outlook_mail(raw, kind, limits, passwords)) is not None:
                return parts
        elif kind not in _FILE_NAMES:
            _guard_structure(raw, limits)
            return _internet_mail(raw, limits, passwords)
        return _bare_file(raw, kind, limits, passwords)
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


def _internet_mail(raw: bytes, limits: MimeLimits, passwords: Sequence[str]) -> MailParts:
    """Read with the standard parser, then by hand where that fails or finds nothing."""
    try:
        message = email.message_from_bytes(
            raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"), policy=email.policy.compat32
        )
        walk = PartWalk(limits, passwords)
        parts = _collect(message, walk.take(message), walk)
    except (MimeTooLarge, RecursionError):
        raise
    except Exception:
        # Every other fault of the parser on this mail: the reader below does without it.
        return _mail_by_hand(raw, limits, passwords)
    if "no_content" in parts.defects:
        other = _mail_by_hand(raw, limits, passwords)
        return parts if "no_content" in other.defects else other
    if not counts_as_head(message):
        other = _mail_by_hand(raw, limits, passwords)
        return other if other.subject or other.sender_address else parts
    return parts


def _mail_by_hand(raw: bytes, limits: MimeLimits, passwords: Sequence[str]) -> MailParts:
    walk = PartWalk(limits, passwords)
    walk.note("read_by_hand")
    message = read_by_hand(raw)
    return _collect(message, walk.take(message), walk)


def _outlook_mail(
    raw: bytes, kind: PartKind, limits: MimeLimits, passwords: Sequence[str]
) -> MailParts | None:
    """Return an Outlook file as the mail it is, or None where it is damaged."""
    walk = PartWalk(limits, passwords)
    try:
        if kind is PartKind.OUTLOOK:
            walk.note("outlook_msg")
            source = read_message_file(raw, limits)
        else:
            walk.note("winmail_dat")
            source = read_tnef(raw, limits)
        message = compose_mail(source)
    except OUTLOOK_DAMAGE:
        return None
    for defect in source.defects:
        walk.note(defect)
    if not source.properties.values and not source.attachments:
        return None
    return _collect(message, walk.take(message), walk)


def _bare_file(
    raw: bytes, kind: PartKind, limits: MimeLimits, passwords: Sequence[str]
) -> MailParts:
    walk = PartWalk(limits, passwords)
    name, declared = _FILE_NAMES[kind]
    text = walk.take_file(name, declared, raw)
    return _collect(Message(policy=email.policy.compat32), text, walk)


def _collect(message: Message, text: MailText, walk: PartWalk) -> MailParts:
    subject = header_text(message, "Subject")
    separated = separate_text(text.plain, subject)
    name, address = _sender(message)
    dates = [parse_mail_date(value) for value in raw_values(message, "Date")]
    if dates and dates[0] is None:
        walk.note("date_unreadable")
    if not message.keys():
        walk.note("no_headers")
    if not separated.body and not walk.attachments:
        walk.note("no_content")
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
        obstacles=tuple(walk.obstacles),
        body_html=walk.html,
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
