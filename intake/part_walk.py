"""The walk through the parts of one mail: which text is read, which parts are files."""

from __future__ import annotations

import re
from email.message import Message

from correspondence.charsets import decode_thai
from intake.by_hand import parts_by_hand
from intake.enclosed import EnclosedFiles
from intake.headers import raw_values
from intake.html_text import decode_html, render_html
from intake.mail_parts import Obstacle, PartCondition
from intake.mail_text import clean_text, join_flowed
from intake.part_bytes import (
    disposition_of,
    message_bytes,
    nested_message,
    part_name,
    part_payload,
    snake,
    type_parameters,
)
from intake.part_names import safe_name
from intake.part_shelf import NOTHING, MailText
from intake.uuencode import split_uuencoded

_BODY_TYPES = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext"})
_PGP_BODY = re.compile(r"^-----BEGIN PGP MESSAGE-----\s*$", re.MULTILINE)
_STUB = 120


class PartWalk(EnclosedFiles):
    """Walks the structure of a message."""

    def take(self, message: Message, depth: int = 0, nested_in: int | None = None) -> MailText:
        """Return the text of a message and collect its files.

        Raises:
            MimeTooLarge: parts, depth, or what archives hold.
        """
        self.count(depth)
        for defect in message.defects:
            self.note(snake(type(defect).__name__))
        kind = message.get_content_type()
        payload = message.get_payload()
        if kind in ("message/rfc822", "message/global"):
            self._take_nested(message, depth, nested_in)
            return NOTHING
        if kind.startswith("message/") and isinstance(payload, list):
            return self._take_report(message, kind, depth, nested_in)
        if kind == "multipart/encrypted":
            self.hinder(Obstacle.MAIL_ENCRYPTED)
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
        return self._take_leaf(message, kind, depth, nested_in)

    def _take_nested(self, part: Message, depth: int, nested_in: int | None) -> None:
        inner = nested_message(part)
        self.take_mail(part_name(part), inner, message_bytes(inner), depth, nested_in)

    def _take_report(self, part: Message, kind: str, depth: int, nested_in: int | None) -> MailText:
        """Keep a message part that is no mail: a report, a fragment, a pointer."""
        given = type_parameters(part)
        if kind == "message/partial" and given.get("total", "") != "1":
            self.hinder(Obstacle.MAIL_FRAGMENT)
        elif kind == "message/partial":
            return self._join([self.take(one, depth + 1, nested_in) for one in _messages(part)])
        condition = PartCondition.ACCESSORY
        if kind == "message/external-body":
            self.note("attachment_elsewhere")
            condition = PartCondition.ELSEWHERE
        data = b"\n".join(message_bytes(one) for one in _messages(part))
        name = part_name(part) or safe_name(given.get("name", "")) or kind.replace("/", "-")
        self.add_file(name, kind, data, nested_in=nested_in, condition=condition)
        return NOTHING

    def _take_leaf(self, part: Message, kind: str, depth: int, nested_in: int | None) -> MailText:
        name = part_name(part)
        disposition = disposition_of(part)
        data = part_payload(part, self.note)
        is_text = kind in _BODY_TYPES
        if kind.startswith("multipart/"):
            # Declared as several parts, but its boundary was not found: another may be there.
            self.note("multipart_without_parts")
            if children := parts_by_hand(part):
                self.note("boundary_guessed")
                taken = [self.take(child, depth + 1, nested_in) for child in children]
                return _best(taken) if kind == "multipart/alternative" else self._join(taken)
            is_text = not name
        # A named text without a disposition is kept as a file, because a person named it.
        if not is_text or disposition == "attachment" or name:
            inline = disposition == "inline" or bool(raw_values(part, "Content-ID"))
            return self.take_file(name, kind, data, depth, inline=inline, nested_in=nested_in)
        return self._read_text(part, kind, data, depth, nested_in)

    def _read_text(
        self, part: Message, kind: str, data: bytes, depth: int, nested_in: int | None
    ) -> MailText:
        given = type_parameters(part)
        declared = given.get("charset")
        is_html = kind == "text/html"
        text = decode_html(data, declared) if is_html else decode_thai(data, declared)[0]
        if "\ufffd" in text:
            self.note("charset_damaged")
        text = self.cut(text)
        if is_html:
            if nested_in is None and not self.html:
                self.html = text
            return MailText(render_html(text), from_html=True)
        if _PGP_BODY.search(text):
            self.hinder(Obstacle.MAIL_ENCRYPTED)
        split = split_uuencoded(text)
        for found in split.files:
            self.count(depth)
            self.take_file(
                found.file_name, "application/octet-stream", found.data, depth, nested_in=nested_in
            )
        text = split.text
        if given.get("format", "").lower() == "flowed":
            text = join_flowed(text, delete_space=given.get("delsp", "no"))
        return MailText(clean_text(text), from_html=False)

    def _join(self, children: list[MailText]) -> MailText:
        shown = [child for child in children if child.plain and not child.spare]
        spare = [child for child in children if child.plain and child.spare]
        if spare and _squeezed(shown) * 2 < _squeezed(spare):
            # The sender's server left the text in winmail.dat only, or a line about it outside.
            shown += spare
        text = self.cut("\n\n".join(child.plain for child in shown))
        return MailText(text, from_html=any(child.from_html for child in shown))


def _messages(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _squeezed(texts: list[MailText]) -> int:
    return sum(len("".join(one.plain.split())) for one in texts)


def _best(children: list[MailText]) -> MailText:
    plain = next((c for c in children if c.plain and not c.from_html), None)
    html = next((c for c in children if c.plain and c.from_html), None)
    if plain is None or html is None:
        return plain or html or NOTHING
    # "Your mailer cannot show this message" stands where the plain text should be.
    stub = len(plain.plain) < _STUB and len(html.plain) > 4 * len(plain.plain)
    return html if stub else plain
