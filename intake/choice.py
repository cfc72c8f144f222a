"""Which attachment of a mail is *the letter*; the others are enclosures.

Scored by type, name, size, order and, where the text is known, the marks every Thai letter
carries. Nothing good enough: the mail's own text is the letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from intake.mail_parts import MailAttachment, PartCondition

_ENOUGH = 2.0
_BETTER_THAN_NOTHING = 0.5
_SMALL_PICTURE = 40_000
_SCANNED_PAGE = 150_000

_TYPE_SCORES = {
    "pdf": 5.0,
    "docx": 4.5,
    "doc": 4.5,
    "odt": 4.0,
    "rtf": 4.0,
    "tif": 3.5,
    "tiff": 3.5,
    "eml": 2.0,
    "msg": 2.0,
    "jpg": 2.5,
    "jpeg": 2.5,
    "png": 2.0,
    "heic": 2.0,
    "html": 1.0,
    "htm": 1.0,
    "txt": 1.0,
    "zip": 0.5,
    "rar": 0.5,
    "7z": 0.5,
    "xlsx": 0.5,
    "xls": 0.5,
    "pptx": 0.5,
    "ppt": 0.5,
}
_TYPE_OF_DECLARED = {
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/rtf": "rtf",
    "image/tiff": "tif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "message/rfc822": "eml",
}
_TYPE_OF_BYTES = ((b"%PDF", "pdf"), (b"{\\rtf", "rtf"), (b"II*\x00", "tif"), (b"MM\x00*", "tif"))
_READABLE = frozenset({PartCondition.WHOLE, PartCondition.OPENED})
_NEVER = frozenset({"p7s", "p7m", "asc", "sig", "ics", "vcf", "gif", "css", "dat"})

_LETTER_NAME = re.compile(
    r"หนังสือ(?!เชิญประกอบ)|บันทึกข้อความ|จดหมาย|ประทับตรา|เรียนรัฐมนตรี|เรียนรมว|ร้องเรียน|กระทู้"
    r"|letter|note.?verbale|memo\b|\bscan|(?:^|[^0-9])[0-9]{4}(?:[._/-][0-9]+)+",
    re.IGNORECASE,
)
ENCLOSURE_NAME = re.compile(
    r"สิ่งที่ส่งมาด้วย|เอกสารแนบ|เอกสารประกอบ|แนบท้าย|ภาคผนวก|กำหนดการ|แบบตอบรับ|แบบฟอร์ม|รายชื่อ"
    r"|แผนที่|ภาพถ่าย|สำเนา|qr.?code|annex|enclos|appendix|attach|agenda|programme|logo|banner"
    r"|signature|image0\d\d|brochure|โปสเตอร์|ไฟล์แนบ",
    re.IGNORECASE,
)
_MARKS = (
    re.compile(r"^\s*เรื่อง\s", re.MULTILINE),
    re.compile(r"^\s*(?:กราบ)?เรียน\s", re.MULTILINE),
    re.compile(r"^\s*ที่\s+\S", re.MULTILINE),
    re.compile(r"ขอแสดงความนับถือ"),
    re.compile(r"จึงเรียนมาเพื่อ"),
    re.compile(r"บันทึกข้อความ|ส่วนราชการ"),
    re.compile(
        r"note verbale|dear (?:sir|minister|excellency)|yours (?:faithfully|sincerely)", re.I
    ),
)
_MARK_SCORE = 1.5


def choose_letter(
    attachments: Sequence[MailAttachment],
    texts: Mapping[int, str] | None = None,
    *,
    bare: bool = False,
) -> int | None:
    """Return the index of the letter among the attachments, or None: the mail's text is it.

    Args:
        attachments: in the order of the mail.
        texts: what is already read of some of them, by index; marks in it count most.
        bare: the mail has no text of its own, so that a poor attachment is better than none.
    """
    known = texts or {}
    scores = [
        _score(attachment, order, known.get(order, attachment.text))
        for order, attachment in enumerate(attachments)
    ]
    if not scores:
        return None
    best = max(scores)
    return scores.index(best) if best >= (_BETTER_THAN_NOTHING if bare else _ENOUGH) else None


def _score(attachment: MailAttachment, order: int, text: str) -> float:
    kind = _kind(attachment)
    if not attachment.data or kind in _NEVER or attachment.condition not in _READABLE:
        return 0.0
    score = _TYPE_SCORES.get(kind, 0.0)
    if kind in ("jpg", "jpeg", "png", "heic"):
        if attachment.inline or len(attachment.data) < _SMALL_PICTURE:
            # Logos and signatures; a photographed page is bigger and attached.
            score -= 3.0 if len(attachment.data) < _SCANNED_PAGE else 1.0
    elif len(attachment.data) < 200 and not text:
        score -= 2.0
    if _LETTER_NAME.search(attachment.file_name):
        score += 1.5
    if ENCLOSURE_NAME.search(attachment.file_name):
        score -= 2.0
    if attachment.nested_in is not None:
        score -= 0.5
    score += min(4, sum(1 for mark in _MARKS if mark.search(text))) * _MARK_SCORE
    # The first of equals is the letter: clerks attach it first.
    return score - min(order, 10) * 0.05


def _kind(attachment: MailAttachment) -> str:
    for signature, kind in _TYPE_OF_BYTES:
        if attachment.data.startswith(signature):
            return kind
    ending = attachment.file_name.rpartition(".")[2].lower()
    if ending in _TYPE_SCORES or ending in _NEVER:
        return ending
    return _TYPE_OF_DECLARED.get(attachment.declared_type, ending)
