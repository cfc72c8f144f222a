"""Postal addresses of people: a house number with what follows it, labelled and lined ones.

A school's village, district and province without a house number stay: they say where it happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafting.redaction.provinces import PROVINCE

_WORD = r"[^\s,;:()]{1,40}"
_KEY = (
    r"(?:หมู่(?:ที่|บ้าน)?|ม\.(?!ค)|ซอย|ซ\.|ตรอก|ถนน|ถ\.|ตำบล|ต\.(?!ค)|แขวง|อำเภอ|อ\.|เขต|จังหวัด|จ\."
    r"|อาคาร|ตึก|แฟลต|คอนโด(?:มิเนียม)?|ชั้น(?:ที่)?(?=\s?[0-9])|ห้อง(?:เลขที่)?(?=\s?[0-9])"
    r"|แยก(?=\s?[0-9])|บ้าน(?!\s?เลขที่|ของ)(?=[ก-ฮเ-ไ])|กรุงเทพมหานคร|กรุงเทพฯ?|กทม\.?|รหัสไปรษณีย์|Moo|Soi|Tambon|Amphoe|Amphur|Khwaeng|Khet|Changwat|Sub-?district|District|Province|Bangkok)"
)
# A number may follow the word of a soi or road; a postcode ends the address.
_STEP = (
    rf"(?:[\s,]{{1,4}}(?:จ\.\s?|จังหวัด\s?)?{PROVINCE}(?:\s[1-9][0-9]{{4}}(?![0-9]))?"
    rf"|[\s,]{{0,4}}{_KEY}\s?(?:{_WORD}(?:\s{_WORD}(?=\s{_KEY}))?(?:\s[0-9]{{1,3}}(?:/[0-9]{{1,3}})?(?![0-9]))?)?"
    r"|[\s,]{1,4}[1-9][0-9]{4}(?![0-9])"
    rf"|(?:[\s,]{{1,4}}{_WORD}){{1,2}}[\s,]{{1,4}}{PROVINCE}"
    # A district without its word, between others.
    rf"|[\s,]{{1,4}}{_WORD}(?=[\s,]{{1,3}}(?:กทม|กรุงเทพ|จ\.|จังหวัด|[1-9][0-9]{{4}}(?![0-9]))))"
)
# What stands right behind a house number; ม. also counts school years, so more must follow it.
_FIRST = (
    r"(?:(?:หมู่(?:ที่|บ้าน)?|ซอย|ซ\.|ตรอก|ถนน|ถ\.|ตำบล|ต\.(?!ค)|แขวง|อาคาร|คอนโด|Moo|Soi)"
    r"|ม\.\s?[0-9]{1,2}\s*(?=ต\.|ตำบล|แขวง|ซอย|ซ\.|ถนน|ถ\.|บ้าน|หมู่บ้าน|อ\.))"
)
_HOUSE = r"[0-9]{1,5}(?:[ ]?[/\-][ ]?[0-9]{1,5}){0,2}"
_ADDRESSES = (
    re.compile(rf"บ้าน[^\s0-9]{{0,12}}\s?เลขที่\s*{_HOUSE}{_STEP}{{0,10}}"),
    re.compile(
        # หมู่ที่ ๕ ตำบล… without a house number is where a school stands.
        rf"(?:เลขที่\s*)?(?<![0-9./])(?<!หมู่)(?<!หมู่\s)(?<!หมู่ที่)(?<!หมู่ที่\s)(?<!ม\.)(?<!ม\.\s)"
        rf"{_HOUSE}\s{{0,3}}(?:{_WORD}\s)?(?={_FIRST}){_STEP}{{1,10}}"
    ),
    re.compile(
        r"(?:อาศัย\s?อยู่|พัก\s?อาศัย|พัก\s?อยู่|ภูมิลำเนา(?:อยู่)?|อยู่บ้าน)\s?(?:ที่|ใน|เลขที่)?\s*"
        rf"(?:{_HOUSE})?{_STEP}{{1,10}}"
    ),
    re.compile(
        r"^[ \t]*(?:ที่อยู่(?:\S{0,20})|ที่ติดต่อ|บ้านเลขที่|Address|Home address)"
        r"[ \t]*[:：]?[ \t]*(?P<line>[^\n]{4,200})",
        re.MULTILINE | re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![0-9./]){_HOUSE}[ ,]+(?:[A-Z][\w'.-]*[ ,]+){{1,5}}"
        r"(?:Road|Rd\.?|Street|St\.|Soi|Lane|Avenue)\b[^\n.;]{0,80}"
    ),
    re.compile(
        r"บ้าน(?:ของ)?(?:ผม|ดิฉัน|ฉัน|ข้าพเจ้า|หนู|เรา|กระผม|ผู้ร้อง)[^\n]{0,60}?"
        rf"(?P<line>เลขที่\s*{_HOUSE}{_STEP}{{0,10}})"
    ),
    # Where the letter was written stands over it.
    re.compile(
        r"^[ \t]*(?:ทำที่|เขียนที่)[ \t]*(?P<line>(?!โรงเรียน|กระทรวง|สำนักงานเขต)"
        r"[^\n█]{4,120})",
        re.MULTILINE,
    ),
    re.compile(rf"อาตม(?:า|ภาพ|าภาพ)[^\n]{{0,60}}?\s(?P<line>วัด\S{{2,30}}{_STEP}{{1,6}})"),
    re.compile(rf"อยู่(?:กับ\S{{0,20}})?ที่(?P<line>บ้าน[^\s,;:()]{{2,30}}{_STEP}{{1,6}})"),
    re.compile(
        r"อยู่(?:ที่)?(?P<line>(?:คอนโด|หอพัก|แฟลต|ห้องเช่า|อพาร์ตเมนต์|หมู่บ้าน)[^\n█]{4,60}?)(?=\s(?:มา|โทร|ขอ|ครับ|ค่ะ|นะ|และ|เบอร์|ซึ่ง|ติดต่อ)|\n|$)"
    ),
    # Whose people the writer is one of; where they say that they live.
    re.compile(rf"(?:ราษฎร|ผมคน|ฉันคน|เป็นคน)\s?(?:ใน|ที่)?(?P<line>{_STEP}{{1,8}})"),
    re.compile(
        r"(?:บ้าน(?:ของ)?(?:ผม|ฉัน|หนู|ดิฉัน|เรา)?อยู่(?:ที่)?|(?<![ก-๎])อยู่(?=หลัง|ข้าง|ซอย|ตรอก|ตรงข้าม|หน้าวัด|บ้านเลข)|(?:ส่ง|ตอบ)(?:จดหมาย|เอกสาร|หนังสือ|กลับ)\S{0,6}(?:ที่บ้าน|ที่|ถึง))"
        r"\s?(?P<line>(?:(?!โรงเรียน|รร\.|ครู|ผอ)[^\n█]){4,90}?)(?=\s(?:มา|โทร|ขอ|ว่า|หรือ|ครับ|ค่ะ|นะ|และ|เบอร์|มือถือ|ซึ่ง|ติดต่อ)|\n|$)"
    ),
    re.compile(
        rf"(?:เจ้าอาวาส|จำพรรษา(?:อยู่)?(?:ที่)?|สำนัก(?:ปฏิบัติธรรม|สงฆ์|ชี))\s?(?P<line>[^\s,;:()]{{2,40}}{_STEP}{{0,6}})"
    ),
    re.compile(
        r"\b(?:live|living|reside|residing|stay(?:ing)?|address(?:\sis)?|house\sis)\s*(?:at|in|:)?\s+"
        r"(?P<line>(?=[^.\n]{0,40}[0-9])[^.;\n]{5,120})",
        re.IGNORECASE,
    ),
    # A place on a map, and the link that shows it.
    re.compile(r"-?[0-9]{1,3}\.[0-9]{4,}\s?°?\s?[NS]?\s?[,/ ]\s?-?[0-9]{1,3}\.[0-9]{4,}"),
    re.compile(r"https?://(?:maps\.|goo\.gl/maps|(?:www\.)?google\.[a-z.]{2,6}/maps)\S{1,300}"),
)  # fmt: skip
# A line of its own in the head or foot: the writer's address as letters carry it.
_LINE = re.compile(
    rf"^[ \t]*(?:(?:บ้าน)?เลขที่\s?{_HOUSE}|{_HOUSE}\s|(?:หมู่|ม\.|ซอย|ซ\.|ถนน|ถ\.|ตำบล|ต\."
    r"|แขวง|อำเภอ|อ\.|เขต(?!พื้นที่)|จังหวัด|จ\.|วัด(?!ผล|ระดับ)|หอพัก|คอนโด|แฟลต))[^\n]{0,90}$"
    r"|^[^\n]{0,90}(?<![0-9/.,])[1-9][0-9]{4}[ \t]*$",
    re.MULTILINE,
)
# In the foot a place goes to the end of its line, whatever stands before it.
_PLACE = re.compile(
    rf"(?:(?<![ก-๎])บ้าน(?=[ก-ฮเ-ไ])|(?<![ก-๎])(?:หมู่|ม\.|ซอย|ซ\.|ถนน|ตำบล|ต\.|อำเภอ|อ\.|เลขที่)|(?:{_WORD}[\s,]{{1,3}})?{PROVINCE})"
    r"[^\n]{2,90}$",
    re.MULTILINE,
)
_NO_ADDRESS = re.compile(r"บาท|ปี|พ\.ศ\.|ข้อ|วันที่|[าิี]คม\s|ายน\s|พันธ์\s|(?:[ก-ฮ]\.){2}\s")
_SALUTATION = re.compile(
    r"^[ \t]*(?:เรียน|กราบเรียน|(?:ขอ)?เจริญพร|ถึง(?!แม้|อย่างไร)|Dear|เรื่อง)", re.MULTILINE
)
_CLOSING = re.compile(r"ขอแสดงความ|ด้วยความ(?:เคารพ|นับถือ)|ลงชื่อ|Yours|regards", re.IGNORECASE)


def find_addresses(folded: str) -> Iterator[tuple[int, int]]:
    """Yield offsets of addresses in a text whose digits are folded."""
    for pattern in _ADDRESSES:
        for match in pattern.finditer(folded):
            yield match.span("line") if "line" in pattern.groupindex else match.span()
    opening = _SALUTATION.search(folded)
    closings = [match.start() for match in _CLOSING.finditer(folded)]
    head = opening.start() if opening else 0
    foot = closings[-1] if closings else len(folded)
    # Without a closing the last lines are the foot.
    tail = foot if closings else _foot(folded)
    for match in _PLACE.finditer(folded, tail):
        if not _NO_ADDRESS.search(match[0]):
            yield match.span()
    for match in _LINE.finditer(folded):
        outside = match.end() <= head or match.start() >= foot
        if outside and not _NO_ADDRESS.search(match[0]):
            yield match.span()


def _foot(folded: str) -> int:
    """Return where the last two lines begin."""
    lines = folded.rstrip().split("\n")
    return len("\n".join(lines[:-2])) if len(lines) > 3 else len(folded)
