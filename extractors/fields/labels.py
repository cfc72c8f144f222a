"""The labels of Thai letters and how recognisers misspell them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from extractors.fields.letter_lines import PARAGRAPH, Letter
from extractors.fields.line_breaks import append_line, is_broken


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


# What recognisers take for what: they lose, double and swap the marks above and below, part
# letters by a blank, and confuse these consonants.
_LOOKALIKES = ("กภถ", "ขซช", "คดตศ", "ทห", "นมบ", "ผฝพฟ", "รธ", "ลส", "อย", "เแ")
_MARK = "[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"


def misread(word: str, *, letters_too: bool = False) -> str:
    """Return a pattern for a Thai word as recognisers give it: marks lost, added or swapped.

    Args:
        word: the word as it is written.
        letters_too: whether its consonants may be misread as well; for long words only.
    """
    pieces: list[str] = []
    for letter in word:
        if re.match(_MARK, letter):
            continue
        alike = next((group for group in _LOOKALIKES if letter in group), letter)
        if letter == "\u0e33":
            alike = "\u0e33\u0e32"
        pieces.append(f"[{alike}]" if letters_too or letter == "\u0e33" else letter)
    return rf"{_MARK}{{0,2}}\s?".join(pieces) + rf"{_MARK}{{0,2}}"


_SET_OFF = r"(?:\s*[:：]\s*|\s+)"
# A recogniser may lose the blank behind a label: what begins subjects and addressees tells it.
_SUBJECT_BEGINS = r"(?=ขอ(?:ความ|ให้|เชิญ|รับ|ส่ง|หารือ|อนุ|เรียน|เสนอ)|การ|แจ้ง|รายงาน|กำหนด|เชิญ|แต่งตั้ง)"
_OFFICES = r"(?=สำนัก|กรม|กอง|กลุ่ม|สป|กระทรวง)"
_PERSONS = r"(?=ท่าน|ฯพณฯ|คุณ|พี่|รัฐมนตรี|ทีม|นายก|ปลัด|หัวหน้า|ประธาน|อธิบดี|เลขาธิการ|ผู้อำนวยการ|ผู้ว่า|อธิการ)"
_PATTERNS: dict[Label, re.Pattern[str]] = {
    Label.OFFICE: re.compile(
        rf"^{misread('ส่วนราชการ', letters_too=True)}(?:{_SET_OFF}|{_OFFICES})"
    ),
    Label.SUBJECT: re.compile(
        r"^(?:[เแ]\s?[รธ][ืึีิ]{0,2}[่้]?\s?[อยล]\s?[งฆ]|Subject|Re|RE|SUBJECT)"
        rf"(?:{_SET_OFF}|{_SUBJECT_BEGINS})(?=\S)"
    ),
    Label.ADDRESSEE: re.compile(
        r"^(?:กร[าำ]\s?บ\s?)?[เแ]\s?[รธ][ีิึื]{0,2}[่้]?\s?[ยอ]\s?[นบม]"
        rf"(?:{_SET_OFF}|{_PERSONS})(?=\S)"
    ),
    Label.TO: re.compile(
        rf"^(?:ถ[ึีืิ]?[่้]?ง|หมายถึง|หมายมายัง)(?:{_SET_OFF}|(?=ท่าน|คุณ|รัฐมนตรี|กระทรวง|สำนักงาน))(?=\S)"
    ),
    Label.REFERENCE: re.compile(
        rf"^{misread('อ้างถึง')}(?:{_SET_OFF}|(?=หนังสือ|บันทึก|ประกาศ|คำสั่ง|\d))(?=\S)"
    ),
    Label.ENCLOSURE: re.compile(
        rf"^(?:{misread('สิ่งที่ส่งมาด้วย', letters_too=True)}|เอกสารแนบ|{misread('สิ่งที่แนบมาด้วย')}"
        r"|Encl(?:osures?|s)?\.?|Enclosures?|Attachments?)\s*[:：]?\s*(?=\S)"
    ),
    Label.NUMBER: re.compile(rf"^(?:เลข)?(?:ท[ีิึื]{{0,2}}[่้]?)(?:{_SET_OFF})(?=\S)"),
    Label.DATE: re.compile(r"^ว[ัิี]?[่้]?\s?น\s?ท[ีิึื]?[่้]?\s*[:：]?\s*(?=\d)"),
}
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


@dataclass(frozen=True, slots=True)
class Block:
    """A labelled value: with digits folded, as written, and the index of the line behind it."""

    text: str
    raw: str
    end: int


def labelled_block(letter: Letter, index: int, label: Label, *, most: int = 4) -> Block:
    """Return a labelled value over its wrapped lines.

    Everything up to the next label belongs to it, as a PDF breaks lines where it likes and loses
    blank ones. Where no label follows soon, a line goes on only if it hangs under the label, its
    bracket is open, or the line before was broken for want of room, and never with the body's
    usual first word.
    """
    first = letter.lines[index]
    # Whom a letter addresses is one line or a broken one; only a subject is broken by hand.
    bound = _next_label(letter, index, most) if label is Label.SUBJECT else None
    start = len(first.text) - len(after_label(first.text, label))
    text, raw = first.text[start:], first.raw[start:]
    position = index + 1
    while position < len(letter.lines) and position - index < most:
        line = letter.lines[position]
        if line.gap or label_of(line.text) or line.page != first.page or RULE.match(line.text):
            break
        if len(line.text) > PARAGRAPH or SALUTATION.match(line.text):
            break
        open_bracket = text.count("(") > text.count(")")
        hangs = line.indent >= first.indent + 4
        broken = is_broken(letter, position - 1)
        goes_on = (hangs or broken) and not BODY_STARTER.match(line.text)
        if bound is None and not (open_bracket or goes_on):
            break
        text = append_line(text, line.text, broken=broken)
        raw = append_line(raw, line.raw, broken=broken)
        position += 1
    return Block(" ".join(text.split()), " ".join(raw.split()), position)


def _next_label(letter: Letter, index: int, most: int) -> int | None:
    """Return the index of a label or salutation that soon follows a label, None where none does."""
    for position in range(index + 1, min(index + most, len(letter.lines))):
        line = letter.lines[position]
        if label_of(line.text) in _HEAD_LABELS or SALUTATION.match(line.text):
            return position
        if line.gap or CLOSING.match(line.text) or line.text.endswith((".", ":")):
            return None
        if BODY_STARTER.match(line.text) and position > index + 2:
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
        last = labelled_block(letter, index, label, most=8).end
    return last


def closing_index(letter: Letter) -> int | None:
    """Return the index of the closing line (ขอแสดงความนับถือ, Yours sincerely), the last one."""
    for index in range(len(letter.lines) - 1, max(-1, len(letter.lines) - 200), -1):
        if index and CLOSING.match(letter.lines[index].text):
            return index
    return None
