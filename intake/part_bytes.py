"""The bytes and the claims of one part: transfer encoding, nested message, name, parameters.

Nothing here raises on what a mail says; what is wrong is added to the caller's defects.
"""

from __future__ import annotations

import base64
import email
import email.policy
import quopri
import re
from collections.abc import Callable
from email.message import Message

from intake.headers import decode_value, parameters, raw_values
from intake.part_names import mend_name

_DECODED = frozenset({"base64", "quotedprintable", "xuuencode", "uuencode", "uue", "xuue"})
_IDENTITY = frozenset({"", "7bit", "8bit", "7bits", "8bits", "binary", "plain", "none"})


def part_payload(part: Message, note: Callable[[str], None]) -> bytes:
    """Return the decoded bytes of a part; `note` is told what was wrong with its encoding."""
    encoding = _transfer_encoding(part)
    if encoding not in _DECODED and encoding not in _IDENTITY:
        note("transfer_encoding_unknown")
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError):
        note("transfer_encoding_damaged")
        data = str(part.get_payload()).encode("utf-8", "surrogateescape")
    if not isinstance(data, bytes):
        return b""
    if encoding == "quotedprintable" and written_encoding(part) != "quoted-printable":
        return quopri.decodestring(data)
    return data


def part_name(part: Message) -> str:
    """Return the decoded file name of a part, or an empty string."""
    for header, key in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        for value in raw_values(part, header):
            if name := parameters(value).get(key):
                return mend_name(decode_value(name) if "=?" in name else name)
    return ""


def nested_message(part: Message) -> Message:
    """Return the mail inside a `message/rfc822` part, decoded where the whole of it is encoded."""
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    if not isinstance(inner, Message):
        inner = email.message_from_string(str(payload or ""), policy=email.policy.compat32)
    encoding = _transfer_encoding(part)
    content = inner.get_payload()
    if encoding in ("base64", "quotedprintable") and isinstance(content, str):
        # Forbidden by RFC 2046 and common: the whole nested mail is encoded.
        octets = message_bytes(inner)
        decoded = _decode(octets, encoding)
        if decoded:
            return email.message_from_bytes(decoded, policy=email.policy.compat32)
    return inner


def _decode(octets: bytes, encoding: str) -> bytes:
    if encoding == "quotedprintable":
        return quopri.decodestring(octets)
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", octets)
    return base64.b64decode(kept[: len(kept) // 4 * 4])


def message_bytes(message: Message) -> bytes:
    """Return a parsed message as bytes again."""
    try:
        return message.as_bytes(policy=email.policy.compat32.clone(max_line_length=0))
    except (ValueError, LookupError, TypeError, AttributeError, KeyError):
        head = "".join(f"{key}: {value}\n" for key, value in message.raw_items())
        body = message.get_payload()
        text = head + "\n" + (body if isinstance(body, str) else "")
        return text.encode("utf-8", "surrogateescape")


def type_parameters(part: Message) -> dict[str, str]:
    """Return the parameters of the declared type."""
    values = raw_values(part, "Content-Type")
    return parameters(values[0]) if values else {}


def disposition_of(part: Message) -> str:
    """Return `attachment`, `inline` or an empty string, as the part says."""
    values = raw_values(part, "Content-Disposition")
    return values[0].partition(";")[0].strip().lower() if values else ""


def _transfer_encoding(part: Message) -> str:
    # "quoted printable", "7-bit", "Quoted-Printable;" all stand in real mails.
    return re.sub(r"[^a-z0-9]", "", written_encoding(part).partition(";")[0])


def written_encoding(part: Message) -> str:
    """Return the transfer encoding as written, in lower case."""
    values = raw_values(part, "Content-Transfer-Encoding")
    return values[0].strip().lower() if values else ""


def snake(name: str) -> str:
    """Return a defect's class name as a stable name."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower().removesuffix("_defect")
