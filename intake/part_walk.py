"""The walk through the parts of one mail: text chosen, files collected, defects noted."""

from __future__ import annotations

import base64
import email
import email.policy
import quopri
import re
from dataclasses import dataclass, field
from email.message import Message

from correspondence.charsets import decode_thai
from intake.errors import MimeTooLarge
from intake.headers import header_text, parameters, raw_values
from intake.mail_parts import MailAttachment, MimeLimits
from intake.mail_text import clean_text, join_flowed, render_html
from intake.part_names import made_up_name, safe_name
from intake.uuencode import split_uuencoded

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
_TNEF_NAMES = ("winmail.dat", "win.dat")
_STUB = 120


@dataclass(frozen=True, slots=True)
class MailText:
    """The text of a mail and whether it was rendered from HTML."""

    plain: str = field(repr=False)
    from_html: bool


_NOTHING = MailText("", from_html=False)


class PartWalk:
    """Collects what one mail holds, within its limits.

    Attributes:
        attachments: found so far, in the order of the mail.
        defects: stable names, each once.
    """

    def __init__(self, limits: MimeLimits) -> None:
        """Start with nothing found."""
        self.attachments: list[MailAttachment] = []
        self.defects: list[str] = []
        self._limits = limits
        self._parts = 0

    def note(self, defect: str) -> None:
        """Note a defect, once."""
        if defect not in self.defects:
            self.defects.append(defect)

    def add_file(
        self,
        name: str,
        declared_type: str,
        data: bytes,
        *,
        inline: bool = False,
        nested_in: int | None = None,
        text: str = "",
    ) -> int:
        """Keep a file and return its index."""
        if not data:
            self.note("empty_part")
        shown = safe_name(name) or made_up_name(len(self.attachments) + 1, declared_type, data)
        if declared_type.endswith("ms-tnef") or shown.lower() in _TNEF_NAMES:
            self.note("winmail_dat")
        elif declared_type == "application/vnd.ms-outlook":
            self.note("outlook_msg")
        self.attachments.append(MailAttachment(shown, declared_type, data, inline, nested_in, text))
        return len(self.attachments) - 1

    def take(self, message: Message, depth: int = 0, nested_in: int | None = None) -> MailText:
        """Return the text of a message and collect its files.

        Raises:
            MimeTooLarge: parts or depth.
        """
        self._parts += 1
        if self._parts > self._limits.max_parts:
            raise MimeTooLarge("parts", self._limits.max_parts)
        if depth > self._limits.max_depth:
            raise MimeTooLarge("depth", self._limits.max_depth)
        for defect in message.defects:
            self.note(_snake(type(defect).__name__))
        kind = message.get_content_type()
        payload = message.get_payload()
        if kind == "message/rfc822" or kind == "message/global":
            self._take_nested(message, depth, nested_in)
            return _NOTHING
        if isinstance(payload, list):
            children = [
                self.take(child, depth + 1, nested_in)
                for child in payload
                if isinstance(child, Message)
            ]
            if not children:
                self.note("multipart_without_parts")
            if kind == "multipart/alternative":
                return _best(children)
            return self._join(children)
        return self._take_leaf(message, kind, nested_in)

    def _take_nested(self, part: Message, depth: int, nested_in: int | None) -> None:
        inner = _nested_message(part)
        index = self.add_file(
            part_name(part) or (header_text(inner, "Subject") or "message") + ".eml",
            "message/rfc822",
            _as_bytes(inner),
            nested_in=nested_in,
        )
        text = self.take(inner, depth + 1, index)
        found = self.attachments[index]
        self.attachments[index] = MailAttachment(
            found.file_name, found.declared_type, found.data, found.inline, nested_in, text.plain
        )

    def _take_leaf(self, part: Message, kind: str, nested_in: int | None) -> MailText:
        name = part_name(part)
        disposition = _disposition(part)
        data = self._payload(part)
        is_text = kind in ("text/plain", "text/html", "text/enriched", "text/richtext")
        if kind.startswith("multipart/"):
            # Declared as several parts, but no boundary was found: what is there is the text.
            self.note("multipart_without_parts")
            is_text = not name
        if not is_text or disposition == "attachment" or (name and disposition == "inline"):
            inline = disposition == "inline" or bool(raw_values(part, "Content-ID"))
            self.add_file(name, kind, data, inline=inline, nested_in=nested_in)
            return _NOTHING
        if name:
            # A named text without a disposition: kept as a file, because a person named it.
            self.add_file(name, kind, data, nested_in=nested_in)
            return _NOTHING
        return self._read_text(part, kind, data, nested_in)

    def _read_text(self, part: Message, kind: str, data: bytes, nested_in: int | None) -> MailText:
        given = _type_parameters(part)
        declared = given.get("charset")
        if kind == "text/html" and not declared and (meta := _META_CHARSET.search(data[:4096])):
            declared = meta[1].decode("ascii")
        text, _ = decode_thai(data, declared)
        if "\ufffd" in text:
            self.note("charset_damaged")
        text = self._cut(text)
        if kind == "text/html":
            return MailText(render_html(text), from_html=True)
        split = split_uuencoded(text)
        for found in split.files:
            self.add_file(
                found.file_name, "application/octet-stream", found.data, nested_in=nested_in
            )
        text = split.text
        if given.get("format", "").lower() == "flowed":
            text = join_flowed(text, delete_space=given.get("delsp", "no"))
        return MailText(clean_text(text), from_html=False)

    def _join(self, children: list[MailText]) -> MailText:
        shown = [child for child in children if child.plain]
        text = self._cut("\n\n".join(child.plain for child in shown))
        return MailText(text, from_html=any(child.from_html for child in shown))

    def _cut(self, text: str) -> str:
        if len(text) <= self._limits.max_text:
            return text
        self.note("text_cut")
        return text[: self._limits.max_text]

    def _payload(self, part: Message) -> bytes:
        encoding = _transfer_encoding(part)
        if encoding not in _DECODED and encoding not in _IDENTITY:
            self.note("transfer_encoding_unknown")
        try:
            data = part.get_payload(decode=True)
        except (ValueError, LookupError, TypeError, AttributeError):
            self.note("transfer_encoding_damaged")
            data = str(part.get_payload()).encode("utf-8", "surrogateescape")
        if not isinstance(data, bytes):
            return b""
        if encoding == "quotedprintable" and _written_encoding(part) != "quoted-printable":
            return quopri.decodestring(data)
        return data


_DECODED = frozenset({"base64", "quotedprintable", "xuuencode", "uuencode", "uue", "xuue"})
_IDENTITY = frozenset({"", "7bit", "8bit", "7bits", "8bits", "binary", "plain", "none"})


def part_name(part: Message) -> str:
    """Return the decoded file name of a part, or an empty string."""
    for header, key in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        for value in raw_values(part, header):
            if name := parameters(value).get(key):
                return name
    return ""


def _best(children: list[MailText]) -> MailText:
    plain = next((c for c in children if c.plain and not c.from_html), None)
    html = next((c for c in children if c.plain and c.from_html), None)
    if plain is None or html is None:
        return plain or html or _NOTHING
    # "Your mailer cannot show this message" stands where the plain text should be.
    stub = len(plain.plain) < _STUB and len(html.plain) > 4 * len(plain.plain)
    return html if stub else plain


def _nested_message(part: Message) -> Message:
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    if not isinstance(inner, Message):
        inner = email.message_from_string(str(payload or ""), policy=email.policy.compat32)
    encoding = _transfer_encoding(part)
    content = inner.get_payload()
    if encoding in ("base64", "quotedprintable") and isinstance(content, str):
        # Forbidden by RFC 2046 and common: the whole nested mail is encoded.
        octets = _as_bytes(inner)
        decoded = _decode(octets, encoding)
        if decoded:
            return email.message_from_bytes(decoded, policy=email.policy.compat32)
    return inner


def _decode(octets: bytes, encoding: str) -> bytes:
    if encoding == "quotedprintable":
        return quopri.decodestring(octets)
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", octets)
    return base64.b64decode(kept[: len(kept) // 4 * 4])


def _as_bytes(message: Message) -> bytes:
    try:
        return message.as_bytes(policy=email.policy.compat32.clone(max_line_length=0))
    except (ValueError, LookupError, TypeError, AttributeError, KeyError):
        head = "".join(f"{key}: {value}\n" for key, value in message.raw_items())
        body = message.get_payload()
        text = head + "\n" + (body if isinstance(body, str) else "")
        return text.encode("utf-8", "surrogateescape")


def _type_parameters(part: Message) -> dict[str, str]:
    values = raw_values(part, "Content-Type")
    return parameters(values[0]) if values else {}


def _disposition(part: Message) -> str:
    values = raw_values(part, "Content-Disposition")
    return values[0].partition(";")[0].strip().lower() if values else ""


def _transfer_encoding(part: Message) -> str:
    # "quoted printable", "7-bit", "Quoted-Printable;" all stand in real mails.
    return re.sub(r"[^a-z0-9]", "", _written_encoding(part).partition(";")[0])


def _written_encoding(part: Message) -> str:
    values = raw_values(part, "Content-Transfer-Encoding")
    return values[0].strip().lower() if values else ""


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower().removesuffix("_defect")
