"""The body of a letter: head, closing and signature left out, wrapped lines joined.

Offsets count into the text as given. Labels of the head are those of the Regulation on
Correspondence's letter forms (thai.md), of e-mails and of web forms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from drafting.clean_text import is_thai

# A letter of twenty dense pages; what lies beyond is enclosure and not summarised.
MAX_BODY_CHARACTERS = 60_000
MAX_LINES = 2_000
_HEAD_LINES = 60
_CENTRED = 15
_PROSE_LENGTH = 55

_SALUTATION = re.compile(
    r"\s*(?:เรียน\b|กราบเรียน|เรียน\s|ถึง\s|ถึงคุณ|Dear\b|Your Excellency|Excellency|Sir\b|Madam\b"
    r"|(?:Message|Details|ข้อความ|รายละเอียด|เนื้อหา|เนื้อความ)\s*:)",
    re.IGNORECASE,
)
# In English the line that greets is the last of the head, whatever stands above it.
_ENGLISH_SALUTATION = re.compile(
    r"\s*(?:Dear\b.{0,60}|(?:Your )?Excellency|Sirs?|Madam|Sir/Madam|Sir or Madam)\s*[,:]\s*$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\s*(?:(?:ที่|วันที่|เรื่อง|ระหว่าง|หัวข้อ|จาก|ที่มา)\s|อ้างถึง|สิ่งที่ส่งมาด้วย|สิ่งที่แนบ|ส่วนราชการ"
    r"|บันทึกข้อความ|ด่วน|คดีหมายเลข|ฉบับที่|(?:Note\s+)?No\.?\s|Ref(?:\b|\.)|Our Ref|Your Ref"
    r"|[A-Za-zก-๙][A-Za-zก-๙ ./()-]{1,28}:\s?(?=\S{0,80}))",
)
_OPENER = re.compile(
    r"\s*(?:[๑1]\s?[.)]\s*)?(?:ด้วย|ตาม(?=[ก-ฮเ-ไ])|เนื่องด้วย|เนื่องจาก|เนื่องใน|สืบเนื่อง"
    r"|อนุสนธิ|ตามความ|ข้าพเจ้า|ดิฉัน|กระผม|ผม|หนู|สวัสดี|ขอ(?:ให้|เชิญ|ความ|เรียน|แจ้ง|ส่ง)"
    r"|The\s|I\s|We\s|My\s|Our\s|On behalf|It is|At the|In\s|With reference|Further to|Pursuant)"
)
_CLOSING = re.compile(
    r"\s*(?:ขอแสดงความ|ด้วยความ(?:เคารพ|นับถือ)|ขอได้รับความ|ขอให้ท่านเจริญ|ลงชื่อ|\(ลงชื่อ\)|\(ลงนาม\)|ประทับตรา"
    r"|\(ประทับตรา\)|(?:Yours|Very truly|Sincerely|Respectfully|Faithfully)\b[\w\s]{0,20},?\s*$"
    r"|(?:Please\s)?accept,?\s.{0,60}\b(?:assurances?|expression|renewed)\b"
    r"|.{0,60}\bavails? (?:itself|myself) of (?:this|the) (?:opportunity|occasion)\b"
    r"|(?:\w+\s+){0,2}(?:regards|wishes)\b,?\s*$|(?:ขอบคุณ|ขอบพระคุณ)(?:มาก|ครับ|ค่ะ|คะ|ล่วงหน้า|\s){0,6}$"
    r"|\((?:นาย|นาง|น\.ส\.|ว่าที่|ดร\.|พล|ดาบ|พ\.|ร\.|ศ\.|ผศ|รศ|Mr|Ms|Dr)[^()]{2,60}\)\s*$)"
)
_NOISE = re.compile(
    r"\s*(?:Sent from|ส่งจาก|Get Outlook|-{3,}|_{3,}|\*{2,}"
    r"|>*\s*On\s.{5,160}\bwrote:\s*$|>*\s*เมื่อ\s.{5,160}เขียนว่า\s?:?\s*$|T:\s|M:\s|เบอร์|มือถือ"
    r"|(?:From|Sent|To|Cc|Bcc|Date|Subject):"
    r"|(?:โทร|โทรสาร|โทรศัพท์|Tel|Fax|cc|Encl|Enclosure|E-?mail|อีเมล|ไปรษณีย์อิเล็กทรอนิกส์|สำเนาส่ง|สำเนาเรียน)"
    r"[\s.:])",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\s*(?:>|-{5}|On\s.{5,160}\bwrote:\s*$|เมื่อ\s.{5,160}เขียนว่า\s?:?\s*$|From:\s)")
_ASKS = re.compile(r"\s*(?:จึง|ขอ|โปรด|กรุณา|รบกวน|Please)")
_BARE_LENGTH = 45
_ENDED = re.compile(
    r"(?:[.?!]|ครับ|ค่ะ|คะ|ด้วย|ต่อไป|นี้|นั้น|แล้ว|ได้|กัน)\s*$|[๐-๙0-9]\s?(?:คน|ราย|บาท|วัน|น\.)"
)
ITEM_MARK = re.compile(
    r"\s*(?:>\s*)?(?:[-–•*●]\s+|\(?[๐-๙0-9]{1,2}(?:[.][๐-๙0-9]{1,2})?[.)]\s*(?=[^\d๐-๙\s])"
    r"|\([๐-๙0-9a-z]{1,4}\)\s*|\((?:i{1,3}|iv|v|vi)\)\s+|[a-h][.)]\s+|\(\s{1,3}\)\s*|☐\s*)"
)
# A line that ends within a date, a number or a phrase goes on in the next, however short it is.
_UNFINISHED = re.compile(
    r"(?:\s[๐-๙\d]{1,2}\s?[-–]\s?[๐-๙\d]{1,2}|[-–]|วันที่|(?<![ก-๎])ที่|จำนวน|เวลา|ระหว่าง|(?<![ก-๎])(?:และ|ของ|โดย|ซึ่ง))\s*$"
)
_CONTINUES = re.compile(
    r"\s*(?:(?:มกรา|มีนา|พฤษภา|กรกฎา|สิงหา|ตุลา|ธันวา)คม|(?:เมษา|มิถุนา|กันยา|พฤศจิกา)ยน|กุมภาพันธ์"
    r"|พ\.ศ\.|บาท|คน|ราย|แห่ง|น\.)(?![ก-๎])"
)
# An enclosure that is told whole: what follows it on a line of its own is not its continuation.
_COUNTED = re.compile(
    r"(?:จำนวน\s?)?[๐-๙0-9]+\s?(?:ชุด|ฉบับ|แผ่น|หน้า|เล่ม|รายการ|แฟ้ม|copies|copy|pages?)\s*$"
)
# A label behind the salutation (อ้างถึง, สิ่งที่ส่งมาด้วย) runs on for so many lines at most.
_CONTINUED = 2
_ADDRESS = re.compile(
    r"(?:ถนน|แขวง|เขต|ตำบล|อำเภอ|หมู่ที่|ต\.|อ\.|จ\.|กทม\.?|Road|Rd\.|Bangkok)\s?.*\d{5}"
)


class Part(StrEnum):
    """Where in the letter a paragraph stands."""

    BODY = "body"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body by its offsets.

    `item` tells that it begins with a list mark; `soft` that only a line's end, no blank line or
    indent, parts it from the paragraph before.
    """

    start: int
    end: int
    part: Part
    item: bool
    soft: bool


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    @property
    def indent(self) -> int:
        flat = self.text.expandtabs(8)
        return len(flat) - len(flat.lstrip())

    @property
    def length(self) -> int:
        return len(self.text.strip())


def find_paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs of the body, then prose after the closing (postscripts, quotes)."""
    lines = _lines(text[:MAX_BODY_CHARACTERS])
    first = _body_start(lines)
    last = _body_end(lines, first)
    body = _joined(lines[first:last], Part.BODY)
    after = _joined(_prose_after(lines[last:]), Part.AFTER)
    return (*body, *after)


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    position = 0
    for raw in text.split("\n")[:MAX_LINES]:
        lines.append(_Line(position, raw.rstrip("\r")))
        position += len(raw) + 1
    return lines


def _body_start(lines: list[_Line]) -> int:
    """Return the index of the first line that is neither label, continuation nor address."""
    for index, line in enumerate(lines[:_HEAD_LINES]):
        if _QUOTED.match(line.text) or (line.length > _BARE_LENGTH and is_thai(line.text)):
            break
        if _ENGLISH_SALUTATION.match(line.text):
            return index + 1
    after_label = 0
    saluted = False
    continued = 0
    previous: str = "blank"
    for index, line in enumerate(lines[:_HEAD_LINES]):
        if line.blank:
            previous = "blank"
            continue
        if _SALUTATION.match(line.text) and line.length < 160:
            previous, saluted, after_label = "salutation", True, index + 1
            continue
        if _OPENER.match(line.text) and line.indent < _CENTRED and line.length > 20:
            return index
        if _is_label(line):
            previous, after_label, continued = "label", index + 1, 0
            continue
        if line.indent >= _CENTRED or _ADDRESS.search(line.text):
            if previous in ("label", "salutation"):
                after_label = index + 1
            continue
        if previous == "label":
            marked = ITEM_MARK.match(line.text) is not None
            whole = _COUNTED.search(lines[index - 1].text) is not None
            if saluted and not marked and line.length > 30 and (whole or continued >= _CONTINUED):
                return index
            after_label, continued = index + 1, 0 if marked else continued + 1
            continue
        if saluted and (previous == "blank" or line.length > 30):
            return index
        if line.length >= _PROSE_LENGTH and previous == "blank":
            return index
    return after_label if any(not line.blank for line in lines[after_label:]) else 0


def _is_label(line: _Line) -> bool:
    return bool(_LABEL.match(line.text)) and line.length < 220


def _body_end(lines: list[_Line], first: int) -> int:
    for index in range(first + 1, len(lines)):
        if _CLOSING.match(lines[index].text):
            return index
        if _QUOTED.match(lines[index].text):
            break
    else:
        index = len(lines)
    # Without a closing formula the name and telephone stand bare under the last sentence.
    while index > first + 1 and _is_bare(lines[index - 1]):
        index -= 1
    return index


def _is_bare(line: _Line) -> bool:
    if line.blank or _NOISE.match(line.text):
        return True
    return line.length < _BARE_LENGTH and not (
        ITEM_MARK.match(line.text) or _ASKS.match(line.text) or _ENDED.search(line.text)
    )


def _prose_after(lines: list[_Line]) -> list[_Line]:
    """Return what is prose behind the closing: names, positions and telephones are blanked."""
    return [
        line
        if line.length >= _PROSE_LENGTH
        and line.indent < _CENTRED
        and not _NOISE.match(line.text)
        and not re.search(r"ปฏิบัติราชการแทน|รักษา(?:การ|ราชการ)", line.text)
        else _Line(line.start, "")
        for line in lines
    ]


def _joined(lines: list[_Line], part: Part) -> list[Paragraph]:
    lengths = sorted(line.length + line.indent for line in lines if not line.blank)
    width = min(lengths[int(len(lengths) * 0.9)], 130) if lengths else 0
    paragraphs: list[Paragraph] = []
    previous: _Line | None = None
    latest: _Line | None = None
    parted = True
    for line in lines:
        if line.blank or _NOISE.match(line.text) or not re.search(r"[^\W_]", line.text):
            previous, parted = None, True
            continue
        item = bool(ITEM_MARK.match(line.text))
        soft = False
        if previous is None and latest is not None and not item and _is_broken(latest, line):
            # The end of a page stands in the middle of a phrase.
            parted = False
        if previous is not None and not item:
            indented = line.indent > previous.indent + 3 and not paragraphs[-1].item
            short = previous.length + previous.indent < 0.72 * width
            unwrapped = previous.length > 130
            soft = not indented and (short or unwrapped) and not _is_broken(previous, line)
            parted = indented or soft
        start = line.start + len(line.text) - len(line.text.lstrip())
        end = line.start + len(line.text.rstrip())
        if parted or item or not paragraphs:
            paragraphs.append(Paragraph(start, end, part, item, soft))
        else:
            last = paragraphs[-1]
            paragraphs[-1] = Paragraph(last.start, end, part, last.item, last.soft)
        previous, latest, parted = line, line, False
    return paragraphs


def _is_broken(before: _Line, after: _Line) -> bool:
    """Tell whether a phrase begun on one line goes on in the next."""
    return bool(_UNFINISHED.search(before.text) or _CONTINUES.match(after.text))
