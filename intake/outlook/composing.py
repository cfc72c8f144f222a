"""A MAPI message as the Internet mail it would have been: so that one reader reads both.

Everything after this (gate, text, attachments, nesting, limits) is the way of any other mail.
"""

from __future__ import annotations

import base64
import email
import email.policy
import email.utils
import re
from collections.abc import Iterator
from datetime import UTC
from email.header import Header
from email.message import Message

from intake.html_text import decode_html
from intake.outlook.properties import (
    PT_BINARY,
    MapiAttachment,
    MapiMessage,
    MapiProperties,
    Property,
    codec_of,
)
from intake.outlook.rich_text import RichText, read_rich_text, unpack_rich_text

_OWN_HEADERS = re.compile(r"^(?:content-|mime-version$)", re.IGNORECASE)
_HEADER_LIKE = re.compile(r"^[!-9;-~]{1,70}:", re.MULTILINE)
_MOSTLY_LOST = re.compile(r"\?{3,}")
_SMIME = "ipm.note.smime"


def compose_mail(source: MapiMessage, depth: int = 0) -> Message:
    """Return the message as a parsed mail, its embedded messages as `message/rfc822` parts.

    The same source gives the same bytes: boundaries are counted, and all content is base64, in
    which none of them can stand.
    """
    properties = source.properties
    mail = Message(policy=email.policy.compat32)
    for name, value in _headers(source):
        mail[name] = value
    kind = properties.text(Property.MESSAGE_CLASS).lower()
    signed = _inner_entity(source) if kind.startswith(_SMIME) else None
    if signed is not None:
        parts: list[Message] = [signed]
    else:
        parts = [*_bodies(properties, depth), *_calendar(properties, kind)]
        parts += [
            _file(one, number, depth) for number, one in enumerate(source.attachments, start=1)
        ]
    if not parts:
        parts.append(_text_part("plain", b""))
    mail["Content-Type"] = f'{_report(kind) or "multipart/mixed"}; boundary="=_saraban_{depth}"'
    mail.set_payload(parts)  # type: ignore[arg-type]
    return mail


def _headers(source: MapiMessage) -> Iterator[tuple[str, str]]:
    properties = source.properties
    # The block as it came over the wire, where the mail came over one.
    written = properties.text(Property.TRANSPORT_HEADERS)
    written = written[found.start() :] if (found := _HEADER_LIKE.search(written)) else ""
    transport = email.message_from_string(
        re.split(r"\r?\n\r?\n", written, maxsplit=1)[0] + "\n\n", policy=email.policy.compat32
    )
    carried = [
        (key, str(value)) for key, value in transport.raw_items() if not _OWN_HEADERS.match(key)
    ]
    have = {key.lower() for key, _ in carried}
    subject = _subject(properties)
    for key, value in carried:
        if not (key.lower() == "subject" and subject):
            yield key, _as_header(value)
    if subject:
        yield "Subject", _as_header(subject)
    if "from" not in have and (sender := _sender(properties)):
        yield "From", sender
    if "to" not in have and "cc" not in have:
        yield from _recipients(source)
    moment = next(
        filter(
            None,
            (
                properties.moment(one)
                for one in (
                    Property.CLIENT_SUBMIT_TIME,
                    Property.DELIVERY_TIME,
                    Property.CREATION_TIME,
                )
            ),
        ),
        None,
    )
    if "date" not in have and moment:
        yield "Date", email.utils.format_datetime(moment)
    for name, wanted in (
        ("Message-ID", Property.MESSAGE_ID),
        ("In-Reply-To", Property.IN_REPLY_TO),
        ("References", Property.REFERENCES),
    ):
        if name.lower() not in have and (value := properties.text(wanted)):
            yield name, _as_header(value)
    if properties.text(Property.MESSAGE_CLASS).lower().startswith("ipm.note.rules.oof"):
        yield "Auto-Submitted", "auto-replied"


def _subject(properties: MapiProperties) -> str:
    subject = properties.text(Property.SUBJECT)
    if subject[:1] == "\1":
        # A mark and the length of the prefix stand before some subjects ([MS-OXCMSG]).
        subject = subject[2:]
    if subject:
        return subject
    normalised = properties.text(Property.NORMALIZED_SUBJECT)
    return properties.text(Property.SUBJECT_PREFIX) + normalised if normalised else ""


def _sender(properties: MapiProperties) -> str:
    name = properties.text(Property.SENT_REPRESENTING_NAME) or properties.text(Property.SENDER_NAME)
    for smtp, kind, plain in (
        (
            Property.SENT_REPRESENTING_SMTP,
            Property.SENT_REPRESENTING_TYPE,
            Property.SENT_REPRESENTING_ADDRESS,
        ),
        (Property.SENDER_SMTP, Property.SENDER_TYPE, Property.SENDER_ADDRESS),
    ):
        address = properties.text(smtp)
        if not address and properties.text(kind).upper() == "SMTP":
            address = properties.text(plain)
        if "@" in address:
            return f"{_quoted(name)} <{_as_header(address)}>".strip()
    # A directory name of the sender's own server is no address; the name alone is true.
    return _quoted(name)


def _recipients(source: MapiMessage) -> Iterator[tuple[str, str]]:
    found: dict[str, list[str]] = {"To": [], "Cc": []}
    for one in source.recipients:
        address = one.text(Property.SMTP_ADDRESS)
        if not address and one.text(Property.ADDRESS_TYPE).upper() in ("SMTP", ""):
            address = one.text(Property.EMAIL_ADDRESS)
        kind = (one.number(Property.RECIPIENT_TYPE) or 1) & 0xF
        if "@" in address and kind in (1, 2):
            name = _quoted(one.text(Property.DISPLAY_NAME))
            found["Cc" if kind == 2 else "To"].append(f"{name} <{_as_header(address)}>".strip())
    for header, shown in (("To", Property.DISPLAY_TO), ("Cc", Property.DISPLAY_CC)):
        value = ", ".join(found[header]) or _as_header(source.properties.text(shown))
        if value:
            yield header, value


def _bodies(properties: MapiProperties, depth: int) -> Iterator[Message]:
    plain = properties.text(Property.BODY).replace("\r\n", "\n").strip()
    html = _html(properties)
    if html is None and (packed := properties.octets(Property.RTF_COMPRESSED)):
        rich = read_rich_text(unpack_rich_text(packed), properties.code_page)
        html = rich if rich.is_html and rich.text.strip() else None
        if html is None and rich.text.strip() and (not plain or _is_lost(plain)):
            plain = rich.text
    if html is not None and _is_lost(plain):
        # The sender's code page had no Thai: every letter of the plain text became "?".
        plain = ""
    choices = []
    if plain:
        choices.append(_text_part("plain", plain.encode("utf-8", "replace")))
    if html is not None:
        choices.append(_text_part("html", html.text.encode("utf-8", "replace")))
    if len(choices) == 2:
        both = Message()
        both["Content-Type"] = f'multipart/alternative; boundary="=_saraban_{depth}_text"'
        both.set_payload(choices)  # type: ignore[arg-type]
        yield both
    else:
        yield from choices


def _html(properties: MapiProperties) -> RichText | None:
    kind, data = properties.values.get(Property.HTML, (0, b""))
    if not data:
        return None
    if kind != PT_BINARY:
        return RichText(properties.text(Property.HTML), is_html=True)
    declared = properties.number(Property.INTERNET_CODEPAGE) or properties.code_page
    return RichText(decode_html(data, codec_of(declared)), is_html=True)


def _is_lost(plain: str) -> bool:
    return len("".join(_MOSTLY_LOST.findall(plain))) * 3 > len(plain)


def _calendar(properties: MapiProperties, kind: str) -> Iterator[Message]:
    if not kind.startswith(("ipm.schedule.meeting", "ipm.appointment")):
        return
    lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", f"SUMMARY:{_subject(properties)}"]
    for name, wanted in (("DTSTART", Property.START_DATE), ("DTEND", Property.END_DATE)):
        if moment := properties.moment(wanted):
            lines.append(f"{name}:{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    lines += ["END:VEVENT", "END:VCALENDAR", ""]
    yield _leaf("text/calendar", "\r\n".join(lines).encode(), "invitation.ics")


def _file(attachment: MapiAttachment, number: int, depth: int) -> Message:
    properties = attachment.properties
    name = (
        properties.text(Property.ATTACH_LONG_NAME)
        or properties.text(Property.ATTACH_FILE_NAME)
        or properties.text(Property.DISPLAY_NAME)
    )
    if attachment.message is not None:
        part = Message()
        part["Content-Type"] = "message/rfc822"
        inner = compose_mail(attachment.message, depth + 1)
        name = properties.text(Property.DISPLAY_NAME) or name
        if name and not name.lower().endswith((".eml", ".msg")):
            name += ".eml"
        _set_name(part, "attachment", name)
        part.set_payload([inner])
        return part
    declared = properties.text(Property.ATTACH_MIME_TAG).strip().lower()
    if declared.startswith(("multipart/", "message/", "text/")) or "/" not in declared:
        # Bytes are bytes here: what they are is seen from them.
        declared = "application/octet-stream"
    hidden = bool(properties.number(Property.ATTACHMENT_HIDDEN))
    shown = bool(properties.text(Property.ATTACH_CONTENT_ID)) and declared.startswith("image/")
    part = _leaf(
        _as_header(declared),
        attachment.data or b"",
        name or (f"attachment-{number}.bin" if attachment.data is None else ""),
        "inline" if hidden or shown else "attachment",
    )
    return part


def _inner_entity(source: MapiMessage) -> Message | None:
    """Return the MIME entity that a signed or encrypted Outlook mail keeps as its one file."""
    files = [one.data for one in source.attachments if one.data]
    if len(files) != 1:
        return None
    if files[0][:200].lstrip().lower().startswith((b"content-type:", b"mime-version:")):
        return email.message_from_bytes(files[0], policy=email.policy.compat32)
    return _leaf("application/pkcs7-mime", files[0], "smime.p7m")


def _report(kind: str) -> str:
    if not kind.startswith("report."):
        return ""
    read = kind.endswith((".ipnrn", ".ipnnrn"))
    what = "disposition-notification" if read else "delivery-status"
    return f"multipart/report; report-type={what}"


def _text_part(subtype: str, data: bytes) -> Message:
    part = Message()
    part["Content-Type"] = f"text/{subtype}; charset=utf-8"
    _set_data(part, data)
    return part


def _leaf(kind: str, data: bytes, name: str, disposition: str = "attachment") -> Message:
    part = Message()
    part["Content-Type"] = kind
    _set_name(part, disposition, name)
    _set_data(part, data)
    return part


def _set_name(part: Message, disposition: str, name: str) -> None:
    if name:
        part.add_header("Content-Disposition", disposition, filename=("utf-8", "", _clean(name)))
    else:
        part["Content-Disposition"] = disposition


def _set_data(part: Message, data: bytes) -> None:
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(data).decode("ascii"))


def _clean(text: str) -> str:
    return re.sub(r"[\ud800-\udfff]", "\ufffd", re.sub(r"\s+", " ", text)).strip()


def _as_header(text: str) -> str:
    text = _clean(text)
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=10_000).encode()


def _quoted(name: str) -> str:
    name = _clean(name)
    if not name:
        return ""
    return '"' + re.sub(r'["\\]', "", name) + '"' if name.isascii() else _as_header(name)
