"""The labels of Thai letters and how recognisers misspell them."""

from __future__ import annotations

import re
from enum import StrEnum

from extractors.fields.letter_lines import Letter


class Label(StrEnum):
    """A label that begins a line of a letter's head."""

    NUMBER = "ที่"
    DATE = "วันที่"
    OFFICE = "ส่วนราชการ"
    SUBJECT = "เรื่อง"
    ADDRESSEE = "เรียน"
    TO = "ถึง"
    REFERENCE = "อ้างถึง"
    ENCLOSURE = "สิ่งที่ส่งมาด้วย"


# Lost or doubled marks are what recognisers do to these words; the letters themselves hold.
_PATTERNS: dict[Label, re.Pattern[str]] = {
    Label.OFFICE: re.compile(
        r"^ส่?วน\s?ราช\s?การ(?:\s*[:：]\s*|\s+|(?=สำนัก|กรม|กอง|กลุ่ม|สป|กระทรวง))"
    ),
    Label.SUBJECT: re.compile(
        r"^(?:เ\s?ร[ืึีิ]?[่้]?\s?[อย][งง]|Subject|Re|RE|SUBJECT)(?:\s*[:：]\s*|\s+)(?=\S)"
    ),
    Label.ADDRESSEE: re.compile(
        r"^(?:กราบ\s?)?เ\s?ร[ีิึื]\s?ย\s?[นบ](?:\s*[:：]\s*|\s+|(?=ท่าน|ฯพณฯ|คุณ|พี่|รัฐมนตรี|ทีม))(?=\S)"
    ),
    Label.TO: re.compile(
        r"^(?:ถึง|ถีง|ถืง|ถง|หมายถึง|หมายมายัง)"
        r"(?:\s*[:：]\s*|\s+|(?=ท่าน|คุณ))(?=\S)"
    ),
    Label.REFERENCE: re.compile(r"^อ\s?้?าง\s?ถ[ึีื]?ง(?:\s*[:：]\s*|\s+)(?=\S)"),
    Label.ENCLOSURE: re.compile(
        r"^(?:สิ่?ง\s?ที่?\s?ส่?ง\s?มา\s?ด้?วย|เอกสารแนบ|สิ่งที่แนบมาด้วย|Encl(?:osures?"
        r"|s)?\.?|Enclosures?|Attachments?)"
        r"\s*[:：]?\s*(?=\S)"
    ),
    Label.NUMBER: re.compile(r"^(?:เลข)?ที[่้]?(?:\s*[:：]\s*|\s+)(?=\S)"),
    Label.DATE: re.compile(r"^ว[ัิ]?นที[่้]?\s*[:：]?\s*(?=\d)"),
}
# A line this long was wrapped at the margin; one longer still is a paragraph kept on one line.
WRAP_MARGIN = 62
# The share of a letter's usual line length at which a line counts as filled.
FILLED = 0.78
PARAGRAPH = 120
# A ruled line drawn with characters.
RULE = re.compile(r"^[-–—_=*.\s]{3,}$")
BODY_STARTER = re.compile(
    r"^(?:ด้วย|ตามที่|ตามหนังสือ|ตามคำสั่ง|ตามประกาศ|เนื่องด้วย|เนื่องจาก|สืบเนื่อง|อนุสนธิ"
    r"|ข้าพเจ้า|กระผม|"
    r"ดิฉัน|ผม|หนู|พร้อมนี้|ตามมติ|ตาม|ใน(?:การ|โอกาส|วัน)|ขอ|สวัสดี|\d+\s?[.)]\s|Dear\b"
    r"|(?:Your )?Excellency\b|Sirs?,|Madam)"
)
_HEAD_LABELS = (Label.SUBJECT, Label.ADDRESSEE, Label.TO, Label.REFERENCE, Label.ENCLOSURE)
SALUTATION = re.compile(r"^(?:Dear\b|(?:Your )?Excellenc(?:y|ies)\b|Sirs?,|Madam|To whom it may)")
CLOSING = re.compile(
    r"^(?:ขอแสดงความ(?:นับ|เคารพ)|ด้วยความ(?:เคารพ|นับถือ|ขอบคุณ|ปรารถนาดี)|แสดงความนับถือ"
    r"|ขอกราบขอบ|กราบขอบพระคุณ|"
    r"ขอ?ให้ท่านเจริญ|ขอแสดงความนบ|ขอแสดงควาามนับถือ|ขอแสดงความ|"
    r"(?:Please accept|I avail myself|Accept,)\b.*|"
    r"(?:Yours|Very truly|Sincerely|Respectfully|Faithfully|Best|Kind|Warm|Sincere|Thanks"
    r"|Thank you|With (?:kind|best|warm|sincere|deep|my))"
    r"[\w ,']{0,40},?$|ขอบ(?:คุณ|พระคุณ)(?:มาก|ล่วงหน้า|ยิ่ง|ครับ|ค่ะ|คะ|ค่า|มา ณ"
    r"| )?[ก-๙ ]{0,24}$)",
    re.IGNORECASE,
)


def label_of(text: str) -> Label | None:
    """Return the label that begins a line (stripped, digits folded), None where none does."""
    return next((label for label, pattern in _PATTERNS.items() if pattern.match(text)), None)


def after_label(text: str, label: Label) -> str:
    """Return what stands behind a line's label."""
    return _PATTERNS[label].sub("", text, count=1)


def find_label(letter: Letter, label: Label, *, limit: int = 60, start: int = 0) -> int | None:
    """Return the index of the first line that begins with a label, None where none does."""
    pattern = _PATTERNS[label]
    for index, line in enumerate(letter.lines[start:limit], start):
        if pattern.match(line.text):
            return index
    return None


def labelled_block(letter: Letter, index: int, label: Label, *, most: int = 4) -> tuple[str, int]:
    """Return a labelled value over its wrapped lines, and the index of the line behind it.

    Everything up to the next label belongs to it, as a PDF breaks lines where it likes and loses
    blank ones. Where no label follows soon, a line goes on only if it hangs under the label, its
    bracket is open, or the line before was filled, and never with the body's usual first word.
    """
    first = letter.lines[index]
    bound = _next_label(letter, index, most)
    parts = [after_label(first.text, label)]
    position = index + 1
    while position < len(letter.lines) and position - index < most:
        line, before = letter.lines[position], letter.lines[position - 1]
        if line.gap or label_of(line.text) or line.page != first.page or RULE.match(line.text):
            break
        if len(line.text) > PARAGRAPH or SALUTATION.match(line.text):
            break
        open_bracket = " ".join(parts).count("(") > " ".join(parts).count(")")
        hangs = line.indent >= first.indent + 4
        filled = FILLED * letter.width <= len(before.text) + before.indent <= PARAGRAPH
        goes_on = (hangs or filled) and not BODY_STARTER.match(line.text)
        if bound is None and not (open_bracket or goes_on):
            break
        parts.append(line.text)
        position += 1
    return " ".join(parts).strip(), position


def _next_label(letter: Letter, index: int, most: int) -> int | None:
    """Return the index of a label or salutation that soon follows a label, None where none does."""
    for position in range(index + 1, min(index + most, len(letter.lines))):
        line = letter.lines[position]
        if label_of(line.text) in _HEAD_LABELS or SALUTATION.match(line.text):
            return position
        if line.gap or (BODY_STARTER.match(line.text) and position > index + 2):
            return None
    return None


def body_start(letter: Letter) -> int:
    """Return the index of the first line behind the head (label lines and what hangs on them)."""
    last = 0
    closing = closing_index(letter)
    for index, line in enumerate(letter.lines[: min(45, closing if closing else 45)]):
        label = label_of(line.text)
        if label is None or (label in (Label.NUMBER, Label.DATE) and index > 12):
            continue
        if index > last + 14 and last:
            break
        last = labelled_block(letter, index, label, most=8)[1]
    return last


def closing_index(letter: Letter) -> int | None:
    """Return the index of the closing line (ขอแสดงความนับถือ, Yours sincerely), the last one."""
    for index in range(len(letter.lines) - 1, max(-1, len(letter.lines) - 200), -1):
        if index and CLOSING.match(letter.lines[index].text):
            return index
    return None
