"""A tolerant reader of mail bytes, for those that defeat the standard parser or give it nothing.

Headers are the lines that look like headers, wherever they begin; parts are what stands between
lines that look like boundaries. It finds less than the parser and refuses nothing.
"""

from __future__ import annotations

import codecs
import email.policy
import re
from email.message import Message

from intake.headers import parameters

_HEADER = re.compile(r"^([!-9;-~]{1,70})[ \t]*:(.*)$", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\r|\n")
_KNOWN = frozenset(
    {"from", "to", "cc", "subject", "date", "message-id", "received", "mime-version",
     "content-type", "sender", "reply-to", "return-path"}
)  # fmt: skip
# A boundary line is followed by a part's own header.
_GUESSED = re.compile(r"^--(\S[^\n]{0,200})\n(?=content-[a-z-]{2,30}[ \t]*:)", re.I | re.M)
_MAX_JUNK_LINES = 40
_MAX_HEADERS = 2_000
_MAX_DEPTH = 8
_MAX_PARTS = 400


def read_by_hand(raw: bytes) -> Message:
    """Return the mail in the bytes; at worst its whole text as one body without headers."""
    lines = _LINE_END.split(_as_text(raw))
    start = _find_headers(lines)
    if start is None:
        return _leaf([], "\n".join(lines))
    return _message(lines[start:], 0)


def parts_by_hand(message: Message) -> list[Message]:
    """Return the parts of a message that says it has some, where no boundary of its own is found.

    Empty where nothing in the text looks like a boundary.
    """
    # An encoding declared for the whole is not allowed, and never true.
    del message["Content-Transfer-Encoding"]
    payload = message.get_payload(decode=True)
    text = payload.decode("ascii", "surrogateescape") if isinstance(payload, bytes) else ""
    return _parts("\n".join(_LINE_END.split(text)), "", 0)


def counts_as_head(message: Message) -> bool:
    """Tell whether a message has at least one header that mail is known by."""
    return any(key.lower() in _KNOWN for key in message.keys())  # noqa: SIM118


def _as_text(raw: bytes) -> str:
    sample = raw[:400]
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raw = raw.decode("utf-16", "replace").encode("utf-8")
    # Every second byte of a header in UTF-16 is zero, on one side only.
    elif sample[1::2].count(0) * 8 > len(sample) > 8 * sample[::2].count(0):
        raw = raw.decode("utf-16-le", "replace").encode("utf-8")
    elif sample[::2].count(0) * 8 > len(sample) > 8 * sample[1::2].count(0):
        raw = raw.decode("utf-16-be", "replace").encode("utf-8")
    raw = raw.removeprefix(codecs.BOM_UTF8).replace(b"\0", b"")
    return raw.decode("ascii", "surrogateescape")


def _find_headers(lines: list[str]) -> int | None:
    """Return the line where two known headers or more begin within a few lines, or None."""
    for number, line in enumerate(lines[:_MAX_JUNK_LINES]):
        match = _HEADER.match(line)
        if match and match[1].lower() in _KNOWN:
            below = (_HEADER.match(one) for one in lines[number : number + 30])
            if len({one[1].lower() for one in below if one} & _KNOWN) >= 2:
                return number
    return None


def _message(lines: list[str], depth: int) -> Message:
    headers: list[tuple[str, str]] = []
    number = 0
    for number, line in enumerate(lines):  # noqa: B007
        match = _HEADER.match(line)
        if match and len(headers) < _MAX_HEADERS:
            headers.append((match[1], match[2].strip()))
        elif line[:1] in (" ", "\t") and line.strip() and headers:
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {line.strip()}")
        else:
            break
    else:
        number = len(lines)
    # The empty line is missing in some: then the first that is no header is the body's.
    body = "\n".join(
        lines[number + 1 if number < len(lines) and not lines[number].strip() else number :]
    )
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    if kind.strip().lower().startswith("multipart/") and depth < _MAX_DEPTH:
        parts = _parts(body, parameters(kind).get("boundary", ""), depth)
        if parts:
            message = _leaf(headers, "")
            message.set_payload(parts)  # type: ignore[arg-type]
            return message
    return _leaf(headers, body)


def _parts(text: str, boundary: str, depth: int) -> list[Message]:
    if not boundary or f"--{boundary}" not in text:
        guessed = _GUESSED.search(text)
        if guessed is None:
            return []
        boundary = guessed[1].rstrip()
    pieces: list[list[str]] = []
    for line in text.split("\n"):
        mark = line.rstrip()
        if mark == f"--{boundary}--":
            break
        if mark == f"--{boundary}":
            if len(pieces) >= _MAX_PARTS:
                break
            pieces.append([])
        elif pieces:
            pieces[-1].append(line)
    return [_message(piece, depth + 1) for piece in pieces]


def _leaf(headers: list[tuple[str, str]], body: str) -> Message:
    message = Message(policy=email.policy.compat32)
    for name, value in headers:
        message[name] = value
    message.set_payload(body)
    return message
