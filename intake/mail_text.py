"""The text of a mail: quoted chain and signature set apart (never deleted)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_WROTE = r"(?:ได้)?เขียน(?:ว่า|ไว้|ไว้ว่า|ข้อความ)?"
_REPLY_LINE = re.compile(
    r"^\s*\*?(?:"
    # Outlook, English and Thai.
    r"-{2,}\s*(?:original message|ข้อความเดิม|ข้อความ(?:ต้นฉบับ|ดั้งเดิม)|ต้นฉบับ)\s*-{2,}"
    # Gmail, Apple Mail, Thunderbird, Yahoo.
    r"|on\b.{6,200}\b(?:wrote|writes):"
    rf"|(?:เมื่อ|ใน)?\s?(?:วันที่|วัน|เมื่อ).{{6,200}}{_WROTE}\s*:?"
    rf"|เมื่อ.{{6,200}}{_WROTE}\s*:?"
    # Older Gmail names the day and the sender only.
    r"|\d{4}-\d\d-\d\d,? \d{1,2}:\d\d (?:gmt|utc)?\s?[+-]\d\d:?\d\d .{1,120}<\S{1,100}@\S{1,100}>:?"
    r")\*?\s*$",
    re.IGNORECASE,
)
_FORWARD_LINE = re.compile(
    r"^\s*(?:-{2,}\s*(?:forwarded message|ข้อความ(?:ที่)?(?:ถูก)?ส่งต่อ|จดหมายที่ส่งต่อ)\s*-{2,}"
    r"|begin forwarded message:|(?:เริ่ม)?ข้อความที่ส่งต่อ\s*:)\s*$",
    re.IGNORECASE,
)
_FORWARD_SUBJECT = re.compile(r"^\s*(?:\[[^\]]{1,40}\]\s*)?(?:fw|fwd|ส่งต่อ)\s*:", re.IGNORECASE)
_RULE_LINE = re.compile(r"^\s*(?:_{10,}|-{10,})\s*$")
_FROM_LINE = re.compile(r"^\s*\*?(?:from|จาก|ผู้ส่ง)\s*[:：]\*?\s*\S", re.IGNORECASE)
_SENT_LINE = re.compile(r"^\s*\*?(?:sent|date|ส่ง|ส่งเมื่อ|วันที่|วันที่ส่ง)\s*[:：]\*?\s*\S", re.IGNORECASE)
_QUOTED_LINE = re.compile(r"^\s{0,3}>")
_SIGNATURE_LINE = re.compile(r"^(?:--|—|–)\s*$")
_DEVICE = (
    r"iphone|ipad|android|samsung|huawei|xiaomi|oppo|vivo|mobile|outlook|yahoo|mail|line|gmail"
)
_PHONE_LINE = re.compile(
    rf"^\s*(?:sent from (?:my|the)\b.{{1,60}}|sent (?:from|via) .{{0,20}}(?:{_DEVICE})\b.{{0,40}}"
    r"|(?:get|download) outlook for\b.{1,60}|(?:รับ|ดาวน์โหลด) outlook สำหรับ.{1,60}"
    rf"|ส่ง(?:จาก|โดย|ผ่าน)\s?.{{0,30}}(?:{_DEVICE}|โทรศัพท์|มือถือ|ไอโฟน|ไอแพด).{{0,40}})$",
    re.IGNORECASE,
)
_DISCLAIMER_LINE = re.compile(
    r"^\s*\*{0,2}\s*(?:(?:confidentiality )?disclaimer\b|confidentiality (?:notice|note)\b"
    r"|(?:this|the information (?:contained )?in this) (?:e-?mail|message|communication)\b"
    r".{0,120}(?:confidential|privileged|intended)"
    r"|(?:ข้อความ|ข้อมูล|อีเมล|อีเมล์|จดหมายอิเล็กทรอนิกส์)(?:ใน)?(?:ฉบับ)?(?:นี้|ในอีเมลนี้).{0,120}"
    r"(?:เป็นความลับ|ข้อมูลลับ|เฉพาะผู้รับ|เฉพาะบุคคล)"
    r"|ข้อจำกัดความรับผิด|ข้อสงวนสิทธิ์?\s*:|คำเตือน\s*:.{0,80}(?:อีเมล|e-?mail)"
    r"|please consider the environment|โปรด(?:คำนึงถึง|รักษา)สิ่งแวดล้อมก่อน)",
    re.IGNORECASE,
)
_PGP_LINE = re.compile(r"^-----(BEGIN|END) PGP (SIGNED MESSAGE|SIGNATURE)-----\s*$")
_LONGEST_MARK = 500
_MAX_SIGNATURE_LINES = 20
_MAX_DISCLAIMER_LINES = 40
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


def separate_text(text: str, subject: str = "") -> SeparatedText:
    """Return body, quoted chain and signature of a cleaned text.

    A forwarded mail is the matter itself, so nothing below a forward mark is taken as quoted; nor
    is a block of headers where the subject says that it was forwarded. Device lines, disclaimers
    and PGP's own lines stand with the signature. Where nothing would remain, everything stays in
    the body.
    """
    lines = text.split("\n")
    limit = next(
        (number for number, line in enumerate(lines) if _FORWARD_LINE.match(line)), len(lines)
    )
    forwarded = bool(_FORWARD_SUBJECT.match(subject))
    cut = _find_reply(lines, limit, blocks=not forwarded)
    kept: list[str] = []
    quoted: list[str] = []
    signature: list[str] = []
    in_signature = False
    for number, line in enumerate(lines[:cut]):
        mark = _PGP_LINE.match(line)
        if mark:
            in_signature = mark[1] == "BEGIN" and mark[2] == "SIGNATURE"
        if mark or in_signature:
            signature.append(line)
        else:
            (quoted if number < limit and _QUOTED_LINE.match(line) else kept).append(line)
    quoted += lines[cut:]
    if limit == len(lines):
        notice = _find_disclaimer(kept)
        kept, notices = kept[:notice], kept[notice:]
        start = _find_signature(kept)
        kept, signature = kept[:start], [*kept[start:], *notices, *signature]
    body = clean_text("\n".join(kept))
    if not body:
        return SeparatedText(clean_text(text), "", "")
    return SeparatedText(body, clean_text("\n".join(quoted)), clean_text("\n".join(signature)))


def _find_reply(lines: list[str], limit: int, *, blocks: bool) -> int:
    for number in range(limit):
        # Long "On … wrote:" lines are wrapped once or twice by many mailers.
        for more in range(3):
            joined = " ".join(lines[number : min(number + 1 + more, limit)])
            if len(joined) > _LONGEST_MARK:
                break
            below = lines[number + 1 : number + 1 + more]
            if _REPLY_LINE.match(joined) and not any(map(_REPLY_LINE.match, below)):
                return number
        if blocks and _is_block(lines, number):
            # Outlook draws a line above the block.
            above = number - 1
            while above > 0 and not lines[above].strip():
                above -= 1
            return above if above >= 0 and _RULE_LINE.match(lines[above]) else number
    return len(lines)


def _is_block(lines: list[str], number: int) -> bool:
    if not _FROM_LINE.match(lines[number]):
        return False
    return any(_SENT_LINE.match(below) for below in lines[number + 1 : number + 4])


def _find_disclaimer(lines: list[str]) -> int:
    first = max(1, len(lines) - _MAX_DISCLAIMER_LINES)
    for number in range(first, len(lines)):
        if _DISCLAIMER_LINE.match(lines[number]):
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
