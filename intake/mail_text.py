"""The text of a mail: quoted chain and signature set apart (never deleted)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_REPLY_LINE = re.compile(
    r"^\s*(?:"
    r"-{2,}\s*(?:original message|ข้อความเดิม|ข้อความต้นฉบับ|ต้นฉบับ)\s*-{2,}"
    r"|on\b.{6,200}\bwrote:"
    r"|(?:เมื่อ|ในวันที่|วันที่|วัน).{6,200}(?:เขียนว่า|ได้เขียน|เขียน)\s*:"
    r")\s*$",
    re.IGNORECASE,
)
_FORWARD_LINE = re.compile(
    r"^\s*(?:-{2,}\s*(?:forwarded message|ข้อความที่ส่งต่อ|ข้อความส่งต่อ)\s*-{2,}"
    r"|begin forwarded message:)\s*$",
    re.IGNORECASE,
)
_FROM_LINE = re.compile(r"^\s*\*?(?:from|จาก)\s*:\*?\s*\S", re.IGNORECASE)
_SENT_LINE = re.compile(r"^\s*\*?(?:sent|date|ส่ง|ส่งเมื่อ|วันที่)\s*:\*?\s*\S", re.IGNORECASE)
_QUOTED_LINE = re.compile(r"^\s{0,3}>")
_SIGNATURE_LINE = re.compile(r"^(?:--|—|–)\s*$")
_PHONE_LINE = re.compile(
    r"^\s*(?:sent from my\b.{1,60}|get outlook for\b.{1,40}|ส่งจาก\s?.{1,60})$", re.IGNORECASE
)
_MAX_SIGNATURE_LINES = 20
_BLANK_LINES = re.compile(r"\n{3,}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")


@dataclass(frozen=True, slots=True)
class SeparatedText:
    """A text in three: what the sender wrote, the quoted chain, the signature."""

    body: str = field(repr=False)
    quoted: str = field(repr=False)
    signature: str = field(repr=False)


def clean_text(text: str) -> str:
    """Return text with LF line ends, without control characters and long empty stretches."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _BLANK_LINES.sub("\n\n", _CONTROL.sub("", lines)).strip()


def join_flowed(text: str, *, delete_space: str = "no") -> str:
    """Return `format=flowed` text (RFC 3676) with its soft line breaks removed.

    Args:
        text: the decoded text.
        delete_space: the DelSp parameter; `yes` drops the space that marks the break, as
            mailers set it for scripts without spaces, Thai among them.
    """
    out: list[str] = []
    soft = False
    for line in text.replace("\r\n", "\n").split("\n"):
        quoted = line.startswith(">")
        content = line[1:] if line.startswith(" ") else line
        if soft and out and not quoted:
            out[-1] = (out[-1][:-1] if delete_space.lower() == "yes" else out[-1]) + content
        else:
            out.append(content)
        soft = content.endswith(" ") and content != "-- " and not quoted
    return "\n".join(out)


def separate_text(text: str) -> SeparatedText:
    """Return body, quoted chain and signature of a cleaned text.

    A forwarded mail is the matter itself, so nothing below a forward mark is taken as quoted.
    Where nothing would remain, everything stays in the body.
    """
    lines = text.split("\n")
    limit = next(
        (number for number, line in enumerate(lines) if _FORWARD_LINE.match(line)), len(lines)
    )
    cut = _find_reply(lines, limit)
    kept: list[str] = []
    quoted: list[str] = []
    for number, line in enumerate(lines[:cut]):
        (quoted if number < limit and _QUOTED_LINE.match(line) else kept).append(line)
    quoted += lines[cut:]
    signature: list[str] = []
    if limit == len(lines):
        start = _find_signature(kept)
        kept, signature = kept[:start], kept[start:]
    body = clean_text("\n".join(kept))
    if not body:
        return SeparatedText(clean_text(text), "", "")
    return SeparatedText(body, clean_text("\n".join(quoted)), clean_text("\n".join(signature)))


def _find_reply(lines: list[str], limit: int) -> int:
    for number, line in enumerate(lines[:limit]):
        # Long "On … wrote:" lines are wrapped once by many mailers.
        joined = line + " " + lines[number + 1] if number + 1 < limit else line
        if _REPLY_LINE.match(line) or (
            not _REPLY_LINE.match(joined[len(line) :]) and _REPLY_LINE.match(joined)
        ):
            return number
        if _FROM_LINE.match(line) and any(
            _SENT_LINE.match(below) for below in lines[number + 1 : number + 4]
        ):
            return number
    return len(lines)


def _find_signature(lines: list[str]) -> int:
    first = max(0, len(lines) - _MAX_SIGNATURE_LINES)
    for number in range(first, len(lines)):
        if _SIGNATURE_LINE.match(lines[number]) or (
            _PHONE_LINE.match(lines[number]) and not any(map(str.strip, lines[number + 1 :]))
        ):
            return number
    return len(lines)
