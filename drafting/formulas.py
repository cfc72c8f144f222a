"""Greetings, thanks and closing formulas: sentences that say nothing, and phrases to leave out.

Only whole phrases of this fixed list are left out of a sentence, never a word of what it tells;
English is quoted, so an omission there is shown as ….
"""

from __future__ import annotations

import re

from correspondence.thai_dates import find_dates
from correspondence.thai_digits import fold_digits

_FORMULA = re.compile(
    r"^(?:จึง(?:ขอ|ใคร่ขอ)?)?(?:เรียน|กราบเรียน|นำเรียน)?มา(?:เพื่อ)?(?:โปรด)?"
    r"(?:ทราบ|พิจารณา|อนุเคราะห์|ดำเนินการ|และ|ต่อไป|ให้ความ|เห็นชอบ|อนุมัติ|ด้วย|โดยด่วน|ตามอำนาจหน้าที่|สั่งการ|\s){1,8}"
    r"(?:(?:จะ|จัก)(?:ขอบ\S{2,8}|เป็นพระคุณ)(?:ยิ่ง|อย่างยิ่ง|มาก)?)?$"
    r"|^.{0,60}(?:ขอขอบคุณ|ขอบพระคุณ|จะขอบคุณ|ขอบคุณ|หวังเป็นอย่างยิ่ง|ขออภัย|สวัสดี).{0,50}$"
    r"|^ตาม(?:หนังสือ|บันทึก|เรื่อง)?ที่อ้างถึง\s?[๐-๙\d]{0,2}(?:\s?นั้น)?$"
    r"|^ขอให้ท่าน.{0,30}(?:สุขภาพ|เจริญ|ความสุข).{0,60}$"
    r"|^(?:หวังเป็นอย่างยิ่งว่า|หวังว่าจะได้รับ).{0,120}(?:ขอบคุณ|ขอบพระคุณ).{0,30}$"
    r"|^.{0,40}\b(?:thank you|thanks|please accept|look forward to|avails itself|assurances of"
    r"|best wishes|highest consideration)\b.{0,200}$",
    re.IGNORECASE,
)
_THANKING = re.compile(r"จึงเรียนมาเพื่อ.{0,160}(?:ขอบคุณ|ขอบพระคุณ)")
_NUMBER = re.compile(r"\d")
_LONGEST_DATE_LINE = 50

_OPENING = re.compile(
    r"^(?:ด้วย(?!เหตุ|ความ|การ|วิธี|กัน|ตนเอง|ว่า)\s*|ในการนี้\s+|ทั้งนี้\s+|อนึ่ง\s+|พร้อมนี้\s+|"
    r"(?:จึง(?:ขอ)?(?:กราบ)?เรียนมา)เพื่อ(?=โปรด|ขอ)"
    r"|(?:ดิฉัน|กระผม|ผม|หนู)(?:ขอ)?(?:กราบ)?เรียน(?:ให้)?(?:ท่าน)?(?:ทราบ)?ว่า\s*)"
)
_INSIDE = re.compile(
    r"\s*(?:ดัง(?:มี)?|โดยมี|ซึ่งมี)?(?:รายละเอียด)?(?:ดัง)?(?:ปรากฏ)?ตาม(?:เอกสาร|สำเนา|รายละเอียด)?(?:ที่)?(?:แนบมา|ส่งมา)(?:พร้อม|ด้วย)\s?"
    r"(?:นี้|หนังสือนี้|แล้ว)?(?=\s|$)"
    r"|\s*(?:โดยมี|ดัง(?:มี)?)?รายละเอียด(?:ดัง)?(?:ปรากฏ)?ตาม(?:เอกสาร|สิ่ง)ที่(?:แนบ|ส่งมาด้วย)(?:มาพร้อม(?:หนังสือ)?นี้)?(?:\s?[๐-๙\d])?"
    r"|\s*ตาม(?:วัน|กำหนด)(?:\s?เวลา)?(?:\s?และ)?\s?สถานที่ดังกล่าว(?:ข้างต้น)?"
)
_ENDING = re.compile(
    r"\s*(?:\bนั้น|(?:จะ|จัก)(?:ขอบ(?:พระ)?คุณ|เป็นพระคุณ)(?:ยิ่ง|อย่างยิ่ง|มาก)?|ขอบ(?:พระ)?คุณ(?:มาก|ยิ่ง)?(?:ค่ะ|ครับ)?"
    r"|นะคะ|นะครับ|ค่ะ|ครับ|คะ)\s*$"
)
_COMPLIMENTS = re.compile(
    r"\bpresents? (?:its|their|his|her) compliments to .{3,120}?"
    r" and (?:has|have) the hono[u]?r to\b"
    r"|\b(?:has|have) the hono[u]?r to(?= (?:in|req|prop|ref|con|tran|for))",
    re.IGNORECASE | re.DOTALL,
)


def is_formula(text: str, own_date: str = "") -> bool:
    """Tell whether a sentence is a greeting, thanks or closing formula that says nothing.

    Args:
        text: a sentence.
        own_date: the letter's own date (ISO, CE); a line that only tells it is no fact. Without
            one every bare date is taken for it.
    """
    if _FORMULA.match(text) or _is_bare_date(text, own_date):
        return True
    return bool(_THANKING.match(text)) and not _NUMBER.search(fold_digits(text))


def without_formulas(text: str) -> str:
    """Return a sentence without its opening, closing and enclosure formulas.

    What is left keeps the writer's words and order; a sentence that would vanish stays whole.
    """
    shorter = _OPENING.sub("", text, count=1)
    shorter = _INSIDE.sub("", shorter)
    shorter = _ENDING.sub("", shorter)
    shorter = _COMPLIMENTS.sub("…", shorter).strip()
    return shorter if len(shorter) >= len(text) // 3 and shorter else text


def _is_bare_date(text: str, own_date: str) -> bool:
    """Tell a place and date alone (Bangkok, 5 May 2026), which is the letter's, not a fact."""
    if len(text) > _LONGEST_DATE_LINE:
        return False
    found = find_dates(text)
    written = sum(item.end - item.start for item in found)
    if not found or len(text) - written > 12:
        return False
    days = [item.value.isoformat() for item in found if item.value]
    return not own_date or days in ([], [own_date[:10]])
