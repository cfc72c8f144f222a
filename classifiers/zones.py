"""The parts of a letter: letterhead, subject, body, what is asked, signature, quoted chain.

The subject and the paragraph that asks weigh more than letterhead, signature and quoted chains
(issue of the same letter: the matter decides, not the sender).
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple


class Zone(StrEnum):
    """A part of a letter."""

    HEAD = "head"
    SUBJECT = "subject"
    BODY = "body"
    REQUEST = "request"
    TAIL = "tail"
    QUOTED = "quoted"


WEIGHT = {
    Zone.HEAD: 0.35,
    Zone.SUBJECT: 2.0,
    Zone.BODY: 1.0,
    Zone.REQUEST: 1.6,
    Zone.TAIL: 0.25,
    Zone.QUOTED: 0.7,
}
"""How much a word counts by where it stands."""


class Span(NamedTuple):
    """Part of the text from `start` to `end` (characters) and its zone."""

    start: int
    end: int
    zone: Zone


_SUBJECT = re.compile(r"^\s*(?:เรื่อง|เรือง|หัวข้อ|หัวเรื่อง|subject|re)\s*[:：]?\s+(.{3,})", re.IGNORECASE)
_OPENING = re.compile(r"^\s*(?:กราบ)?(?:เรียน|ถึง|dear|excellency|your excellency)", re.IGNORECASE)
_MAIL_HEAD = re.compile(
    r"^\s*(?:จาก|ถึง|วันที่|ส่งเมื่อ|สำเนา|from|to|cc|bcc|date|sent|received|attachments?|สิ่งที่แนบ|ไฟล์แนบ)\s*[:：]",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"^\s*(?:อ้างถึง|สิ่งที่ส่งมาด้วย|encl)")
_REQUEST = re.compile(
    r"จึงเรียนมา|จึงเรียน|จึงขอ|จึงใคร่|จึงกราบเรียน|จึงส่งมา|จึงแจ้ง|จึงเสนอ|ขอความอนุเคราะห์|ขอความกรุณา|ขอให้ท่าน|ขอเรียนเชิญ|ใคร่ขอ"
    r"|รบกวน|อยากให้|อยากขอ|ขอได้โปรด|โปรดพิจารณา|would be grateful|would appreciate|we request"
    r"|i request|would like to|we would be|kindly|honou?red? to (?:invite|request)|please",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\s*(?:ขอแสดงความนับถือ|ด้วยความเคารพ|ขอแสดงความ|นับถือ|ด้วยความนับถือ"
    r"|yours (?:sincerely|faithfully|truly)|(?:kind|best|warm) regards|regards,"
    r"|sincerely|please accept, excellency)",
    re.IGNORECASE,
)
_CHAIN = re.compile(
    r"^\s*(?:-{3,}.*(?:forward|original|ส่งต่อ|ต้นฉบับ)|begin forwarded"
    r"|on .{5,80} wrote:|เมื่อ .{5,80} เขียน|_{10,})",
    re.IGNORECASE,
)


def divide(text: str) -> list[Span]:
    """Return the zones of a letter, line by line, in order and without gaps but line ends."""
    spans: list[Span] = []
    opened = closed = chained = False
    start = 0
    lines = text.split("\n")
    has_opening = any(_OPENING.match(line) for line in lines[:40])
    for number, line in enumerate(lines):
        end = start + len(line)
        if _CHAIN.match(line):
            chained, closed = True, False
        if line.lstrip().startswith(">"):
            zone = Zone.QUOTED
        elif chained:
            zone = Zone.HEAD if _MAIL_HEAD.match(line) else Zone.QUOTED
        elif _MAIL_HEAD.match(line) and not opened and number < 12:
            zone = Zone.HEAD
        elif _SUBJECT.match(line) and not opened:
            zone = Zone.SUBJECT
        elif _OPENING.match(line) and not opened:
            opened, zone = True, Zone.HEAD
        elif (not opened and has_opening and number < 40) or _REFERENCE.match(line):
            zone = Zone.HEAD
        elif _CLOSING.match(line):
            closed, zone = True, Zone.TAIL
        elif closed:
            zone = Zone.TAIL
        else:
            zone = Zone.REQUEST if _REQUEST.search(line) else Zone.BODY
        if line.strip():
            spans.append(Span(start, end, zone))
        start = end + 1
    return spans


def written_subject(text: str) -> str | None:
    """Return what stands after เรื่อง / หัวข้อ / Subject in the first 40 lines, or None."""
    for line in text.split("\n")[:40]:
        match = _SUBJECT.match(line)
        if match:
            return match.group(1).strip()[:400]
    return None


def written_addressee(text: str) -> str | None:
    """Return what stands after เรียน / Dear in the first 40 lines, or None."""
    for line in text.split("\n")[:40]:
        match = _OPENING.match(line)
        if match and not _MAIL_HEAD.match(line):
            return line[match.end() :].strip()[:300] or None
    return None
