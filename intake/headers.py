"""Header values as text: encoded words, raw 8-bit bytes, parameters, addresses, Message-IDs.

The standard library's structured headers (`policy.default`) raise on real mails (bad addresses,
unknown charsets), so values are read from the raw header and nothing here ever raises.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import email.utils
import re
import unicodedata
from email.message import Message
from urllib.parse import unquote_to_bytes

from correspondence.charsets import decode_thai

MAX_VALUE = 16_000

_C1 = re.compile("[\x80-\x9f]")
_WORD = re.compile(r"=\?([^?\s=]{1,40})\?([bBqQ])\?(.*?)\?=", re.DOTALL)
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s=]{1,40}\?[bBqQ]\?)")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,998}>")
_ADDRESS = re.compile(r"[^\s<>\"',;:()\[\]]{1,64}@[^\s<>\"',;:()\[\]]{1,255}")
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_SECTION = re.compile(r"^([^*\s]+?)(?:\*(\d{1,3}))?(\*)?$")


def raw_values(message: Message, name: str) -> list[str]:
    """Return the undecoded values of a header, 8-bit bytes as surrogate escapes."""
    wanted = name.lower()
    return [str(value)[:MAX_VALUE] for key, value in message.raw_items() if key.lower() == wanted]


def header_text(message: Message, name: str) -> str:
    """Return the first value of a header as one decoded line, or an empty string."""
    values = raw_values(message, name)
    return decode_value(values[0]) if values else ""


def decode_value(raw: str) -> str:
    """Return a header value as one line: encoded words and raw 8-bit bytes decoded.

    Neighbouring words of one charset are joined before decoding, because mailers cut Thai
    characters in the middle.
    """
    text = _eight_bit(raw)
    text = _BETWEEN_WORDS.sub(r"\1", text)
    out: list[str] = []
    position = 0
    pending: list[bytes] = []
    charset = ""
    for match in _WORD.finditer(text):
        gap = text[position : match.start()]
        name = match[1].partition("*")[0]
        if pending and (gap or name.lower() != charset.lower()):
            out.append(decode_thai(b"".join(pending), charset)[0])
            pending = []
        out.append(gap)
        charset = name
        pending.append(_word_bytes(match[2], match[3]))
        position = match.end()
    if pending:
        out.append(decode_thai(b"".join(pending), charset)[0])
    out.append(text[position:])
    return clean_line("".join(out))


def clean_line(text: str) -> str:
    """Return text on one line, NFC, without control and direction characters."""
    if _C1.search(text):
        # UTF-8 taken for Latin-1 and encoded again; no text has these controls of its own.
        with contextlib.suppress(UnicodeError):
            text = text.encode("latin-1").decode("utf-8")
    kept = (
        " " if character in "\r\n\t\v\f" else character
        for character in unicodedata.normalize("NFC", text)
        if character in "\r\n\t\v\f" or unicodedata.category(character) not in ("Cc", "Cs")
    )
    without_direction = re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", "".join(kept))
    return re.sub(r" {2,}", " ", without_direction).strip()


def message_ids(raw: str) -> tuple[str, ...]:
    """Return the Message-IDs in a header value, in order, each once."""
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(_eight_bit(raw))))


def addresses(raw: str) -> list[tuple[str, str]]:
    """Return (display name, address in lower case) of an address header.

    Where the standard parser finds nothing, whatever looks like an address is taken.
    """
    text = _eight_bit(_BETWEEN_WORDS.sub(r"\1", raw)).replace("\r", " ").replace("\n", " ")
    try:
        found = email.utils.getaddresses([text])
    except (ValueError, IndexError, TypeError, AttributeError, RecursionError):
        found = []
    result = [
        (decode_value(name), clean_line(address).lower())
        for name, address in found
        if _ADDRESS.fullmatch(address)
    ]
    if result:
        return result
    names = decode_value(text.partition("<")[0]).strip(" \"'")
    loose = _ADDRESS.findall(text)
    return [("" if "@" in names else names, address.lower()) for address in loose]


def parameters(raw: str) -> dict[str, str]:
    """Return the parameters of a Content-Type or Content-Disposition value, decoded.

    Understands RFC 2231 (`name*0*=utf-8''…`), encoded words inside quotes and raw 8-bit bytes,
    each also in the broken forms that mailers write.
    """
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[bool, str]]] = {}
    for piece in _split_parameters(raw)[1:]:
        key, separator, value = piece.partition("=")
        match = _SECTION.match(key.strip().lower())
        if not separator or match is None:
            continue
        value = _unquote(value.strip())
        name, number, extended = match[1], match[2], bool(match[3])
        if number is None and not extended:
            plain.setdefault(name, decode_value(value))
        else:
            sections.setdefault(name, {})[int(number or 0)] = (extended, value)
    for name, numbered in sections.items():
        plain[name] = _join_sections(numbered)
    return plain


def _join_sections(numbered: dict[int, tuple[bool, str]]) -> str:
    charset = ""
    data = b""
    for position, number in enumerate(sorted(numbered)):
        extended, value = numbered[number]
        if extended and position == 0 and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        octets = value.encode("utf-8", "surrogateescape")
        data += unquote_to_bytes(octets) if extended else octets
    if not charset and data.startswith(b"=?"):
        return decode_value(data.decode("utf-8", "surrogateescape"))
    return clean_line(decode_thai(data, charset)[0])


def _split_parameters(raw: str) -> list[str]:
    pieces: list[str] = []
    current: list[str] = []
    quoted = escaped = False
    for character in raw:
        if escaped:
            escaped = False
        elif character == "\\" and quoted:
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character == ";" and not quoted:
            pieces.append("".join(current))
            current = []
            continue
        current.append(character)
    pieces.append("".join(current))
    return pieces


def _unquote(value: str) -> str:
    if value.startswith('"'):
        inside = value[1:].rpartition('"')[0] if value.count('"') > 1 else value[1:]
        # A backslash before a letter is a Windows path, not an escape.
        return _QUOTED_PAIR.sub(lambda m: m[1] if m[1] in '"\\' else m[0], inside)
    return value.strip("'") if value[:1] == "'" == value[-1:] else value


def _word_bytes(encoding: str, text: str) -> bytes:
    octets = text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return binascii.a2b_qp(octets.replace(b"\n", b""), header=True)
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", octets)
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    return base64.b64decode(kept + b"=" * (-len(kept) % 4))


def _eight_bit(raw: str) -> str:
    try:
        octets = raw.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return raw
    return raw if octets.isascii() else decode_thai(octets)[0]
