"""Automatic mail: judged from its headers alone, before anything it says is read.

Auto-replies, bounces, lists and our own notices go to quarantine, visible and releasable; an
auto-reply never reopens a case (mail.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

from intake.headers import addresses, decode_value, parameters, raw_values

LOOP_HEADER = "X-Saraban"


class AutomaticKind(StrEnum):
    """What sort of automatic mail."""

    LOOP = "loop"
    BOUNCE = "bounce"
    RECEIPT = "receipt"
    AUTO_REPLY = "auto_reply"
    BULK = "bulk"
    MAILING_LIST = "mailing_list"


@dataclass(frozen=True, slots=True)
class AutomaticVerdict:
    """Why a mail is automatic: its kind, and the reason for a clerk and for an operator."""

    kind: AutomaticKind
    thai: str
    english: str


_BOUNCE_SENDERS = re.compile(r"^(mailer-daemon|postmaster|mail-daemon|double-bounce)(@|$)")
_BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_LIST_HEADERS = ("List-Id", "List-Unsubscribe", "List-Post", "List-Help", "List-Subscribe")
_REPLY_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply")


def judge_automatic(message: Message) -> AutomaticVerdict | None:
    """Return why a mail is automatic, or None for a mail that may be a letter.

    The surest signs come first: our own loop header, bounces and receipts, then what the
    sender's system says of itself.
    """
    kind, sign = _find_sign(message)
    if kind is None:
        return None
    thai, english = _REASONS[kind]
    return AutomaticVerdict(kind, f"{thai} ({sign})", f"{english} ({sign}).")


def _find_sign(message: Message) -> tuple[AutomaticKind | None, str]:
    if raw_values(message, LOOP_HEADER):
        return AutomaticKind.LOOP, LOOP_HEADER
    if message.get_content_type() == "multipart/report":
        kinds = [
            parameters(value).get("report-type", "")
            for value in raw_values(message, "Content-Type")
        ]
        if any("disposition" in kind.lower() for kind in kinds):
            return AutomaticKind.RECEIPT, "multipart/report"
        return AutomaticKind.BOUNCE, "multipart/report"
    if raw_values(message, "X-Failed-Recipients"):
        return AutomaticKind.BOUNCE, "X-Failed-Recipients"
    for value in raw_values(message, "From"):
        if any(_BOUNCE_SENDERS.match(address) for _, address in addresses(value)):
            return AutomaticKind.BOUNCE, "mailer-daemon"
        if _BOUNCE_SENDERS.match(decode_value(value).strip("<> ").lower()):
            return AutomaticKind.BOUNCE, "mailer-daemon"
    submitted = _first_word(message, "Auto-Submitted")
    if submitted and submitted != "no":
        return AutomaticKind.AUTO_REPLY, "Auto-Submitted"
    if any(value.strip() == "<>" for value in raw_values(message, "Return-Path")):
        return AutomaticKind.BOUNCE, "Return-Path: <>"
    for name in _REPLY_HEADERS:
        if raw_values(message, name):
            return AutomaticKind.AUTO_REPLY, name
    suppress = _first_word(message, "X-Auto-Response-Suppress")
    if suppress and suppress != "none":
        return AutomaticKind.AUTO_REPLY, "X-Auto-Response-Suppress"
    for name in _LIST_HEADERS:
        if raw_values(message, name):
            return AutomaticKind.MAILING_LIST, name
    precedence = _first_word(message, "Precedence")
    if precedence in _BULK:
        kind = AutomaticKind.AUTO_REPLY if "reply" in precedence else AutomaticKind.BULK
        return kind, "Precedence"
    return None, ""


def _first_word(message: Message, name: str) -> str:
    values = raw_values(message, name)
    return re.split(r"[;,\s(]", decode_value(values[0]).lower(), maxsplit=1)[0] if values else ""


_REASONS = {
    AutomaticKind.LOOP: (
        "ข้อความที่ระบบของเราส่งออกเองแล้วย้อนกลับมา",
        "A message of our own came back",
    ),
    AutomaticKind.BOUNCE: ("รายงานการส่งไม่สำเร็จจากระบบอีเมล", "A report of failed delivery"),
    AutomaticKind.RECEIPT: ("ใบตอบรับการเปิดอ่านอัตโนมัติ", "An automatic read receipt"),
    AutomaticKind.AUTO_REPLY: ("ข้อความตอบกลับอัตโนมัติ", "An automatic reply"),
    AutomaticKind.BULK: ("อีเมลที่ส่งจำนวนมาก", "Bulk mail"),
    AutomaticKind.MAILING_LIST: ("อีเมลจากบัญชีรายชื่อผู้รับ", "Mail from a mailing list"),
}
