"""Numbers and accounts that lead to a person: patterns over a text whose digits are folded.

What is hidden is the first named group that matched, else the whole match.
"""

from __future__ import annotations

import re
from typing import Final

from correspondence.vocabulary import ThaiTerm
from drafting.redaction.provinces import PROVINCE


class Hidden(ThaiTerm):
    """What was hidden."""

    NAME = "name", "ชื่อ"
    ADDRESS = "address", "ที่อยู่"
    TELEPHONE = "telephone", "หมายเลขโทรศัพท์"
    NATIONAL_ID = "national_id", "เลขประจำตัว"
    EMAIL = "email", "อีเมลและบัญชีสื่อสังคม"
    BIRTH = "birth", "วันเกิด"
    ACCOUNT = "account", "เลขบัญชีธนาคาร"
    PLATE = "plate", "ทะเบียนรถ"
    NUMBER = "number", "ตัวเลขที่ไม่รู้ว่าเป็นอะไร"


# What whoever confirms a copy answers for, one by one: what tells who complains.
TO_CHECK: Final = (
    Hidden.NAME, Hidden.ADDRESS, Hidden.TELEPHONE, Hidden.NATIONAL_ID, Hidden.EMAIL,
)  # fmt: skip

_PART = r"[\s().\-–‑]{0,3}"
# Recognition takes 0 for O and 1 for l; a number of letters alone is none.
_BLURRED = "0-9OoIl|"
_MOSTLY_DIGITS = r"(?=(?:[^0-9\n]{0,6}[0-9]){5})"
_WORD_DIGIT = r"(?:ศูนย์|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|เอ็ด)"
_EN_DIGIT = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_EXTENSION = r"(?:\s*(?:ต่อ|ext\.?)\s*[0-9]{1,6})?"
# …0193-9, …0193/4 and …0193, 0194: the next numbers of the same house.
_FURTHER = r"(?:\s?[-/–]\s?[0-9]{1,4}(?![0-9/.])|(?:,\s?[0-9]{4}(?![0-9,./])){1,3})?"
_HANDLE = r"[A-Za-z0-9_.\-]{3,40}(?:\s[0-9]{1,4}(?![0-9]))?"
_PLATE_PLACE = rf"(?:\s(?:{PROVINCE}|กทม\.?|[ก-ฮ]{{2}}(?![ก-๎.])))?"
_MONTH = r"(?:[0-9]{1,2}|[ก-ฮะ-ฺเ-๎.]{3,12}|[A-Za-z]{3,9})"

NUMBER_FORMS: Final[tuple[tuple[Hidden, re.Pattern[str]], ...]] = (
    (
        Hidden.NATIONAL_ID,
        re.compile(
            r"(?<![0-9A-Za-z])[x0-9](?:[\s.\-–]{0,3}[x0-9]){12}(?![0-9])"
            r"|(?:ประจำ\s?ตัว\s?ประชาชน|บัตร\s?ประชาชน|บัตรประจำตัว|บัตร\s?ปชช\.?|เลข\s?ปชช\.?|ประจำตัวนักเรียน|ประจำตัวนักศึกษา|รหัสนักเรียน|รหัสนักศึกษา"
            r"|ประจำตัวผู้เข้าสอบ|ประจำตัวสอบ|หนังสือเดินทาง|ใบขับขี่|ใบอนุญาต(?:ขับ\S{0,4}|ประกอบวิชาชีพ\S{0,6}|(?:ว่าความ|ทนาย\S{0,6})?\s?(?:เลข)?ที่)|passport(?:\s+no\.?)?|ID\s(?:card|no\.?|number))"
            rf"[^0-9\n]{{0,24}}?(?<![A-Za-z])(?P<number>[A-Z]{{0,3}}[0-9xOoIl|](?:[\s\-–./]{{0,3}}[{_BLURRED}x]){{4,16}})",
            re.IGNORECASE,
        ),
    ),
    (
        Hidden.EMAIL,
        re.compile(
            r"(?:[A-Za-z0-9][A-Za-z0-9_.+\-]{1,40}[.\-_]\n)?[A-Za-z0-9_.+\-]{1,64}"
            r"[ \n]?[@＠][ \n]?[A-Za-z0-9_\-]{1,63}"
            r"(?:[ ]?\.[ ]?[A-Za-z0-9_\-]{1,63}){0,4}"
            r"(?:[\-.]?\n[A-Za-z0-9_\-]{0,40}\.(?:com|net|org|th|co|me)\b(?:\.th)?)?"
            # An address in Thai letters.
            r"|[ก-๎0-9_.\-]{1,40}[@＠][ก-๎0-9\-]{2,40}\.ไทย"
            # Written so that no machine may read it.
            r"|[A-Za-z0-9_.+\-]{1,64}\s?[\[({]\s?(?:at|แอท|แอด|@)\s?[\])}]\s?[A-Za-z0-9_.\-]{1,63}"
            r"(?:\s?[\[({]\s?(?:dot|จุด|\.)\s?[\])}]\s?[A-Za-z0-9_\-]{1,63}){0,4}"
            r"|(?<![A-Za-z0-9@._])@(?:[A-Za-z0-9_][A-Za-z0-9_.]{2,40})"
            r"|(?:แอด)?(?:ไลน์|\bLINE|\bID\s*LINE)\s*(?:ID|ไอดี)?\s*(?:คือ|ชื่อ)?\s*[:：.]?\s*"
            rf"(?:(?:มา|ได้)(?:ได้)?(?:ที่)?\s*)?@?(?P<line>{_HANDLE})"
            rf"|(?:ไอดี|\bUser\s?(?:name|ID)|\bID)\s*(?:ไลน์|Line)?\s*(?:คือ)?\s*[:：]?\s*@?(?P<id>(?!line\b)(?=\S*[A-Za-z]){_HANDLE})"
            r"|(?:\bIG|Instagram|ไอจี|อินสตาแกรม|Tik\s?Tok|ติ๊?ก\s?ต็?[อ๊]*ก|Twitter|ทวิตเตอร์|Telegram|เทเลแกรม|WhatsApp|วอตส์?แอปป?|WeChat|วีแชท|Discord|Skype)"
            rf"\s*(?:ID|ไอดี|คือ|ชื่อ)?\s*[:：]?\s*@?(?P<handle>{_HANDLE}(?:#[0-9]{{2,6}})?)"
            r"|(?:https?://)?(?:www\.|m\.|web\.)?(?:facebook|fb|line|instagram|tiktok|twitter|x|t|messenger)\.(?:com|me)/\S{1,200}"
            # What somebody keeps on a store of their own carries their name.
            r"|https?://(?:drive\.google|docs\.google|photos\.app\.goo|1drv|onedrive|(?:www\.)?dropbox|(?:www\.)?icloud)\S{1,300}"
            r"|(?:เฟซบุ๊?[กค]|เฟส(?:บุ๊?[กค])?|เฟซ|Facebook|\bFB)\s*[:：]\s*(?P<page>[^\n]{2,80})"
            r"|(?:ชื่อ(?:ใน)?\s?)(?:เฟซบุ๊?[กค]|เฟส(?:บุ๊?[กค])?|เฟซ|Facebook|\bFB|ไลน์|ไอจี|ติ๊?กต็?อก)\s*(?:ว่า|คือ)?\s?(?P<called>[^\n,]{2,40}?)(?=\s(?:หรือ|และ|โทร|ค่ะ|ครับ)|[,\n]|$)"
            r"|(?:เฟซบุ๊?[กค]|เฟส(?:บุ๊?[กค])?|เฟซ|facebook|\bfb)\s+(?:ชื่อ\s?|คือ\s?)?(?-i:(?P<profile>[A-Z][\w.]+(?:\s[A-Z][\w.]+){0,2}))"
            # A word with a low line is nobody's but an account's.
            r"|(?<![A-Za-z0-9_./])[A-Za-z0-9.]{1,30}_[A-Za-z0-9_.]{1,30}",
            re.IGNORECASE,
        ),
    ),
    (
        Hidden.TELEPHONE,
        re.compile(
            rf"(?<![0-9./])\(?0(?:{_PART}[0-9]){{8,9}}(?![0-9]){_FURTHER}{_EXTENSION}"
            rf"|(?<![0-9A-Za-z./])[0Oo]{_MOSTLY_DIGITS}(?:{_PART}[{_BLURRED}]){{8,9}}(?![0-9A-Za-z])"
            rf"|(?<![0-9])\+?66(?:{_PART}[0-9]){{8,9}}(?![0-9]){_EXTENSION}"
            rf"|\+[0-9]{{1,3}}(?:{_PART}[0-9]){{6,12}}(?![0-9])"
            rf"|{_WORD_DIGIT}(?:[\s\-–,]{{0,3}}{_WORD_DIGIT}){{6,}}"
            rf"|\b{_EN_DIGIT}(?:[\s\-–,]{{1,3}}{_EN_DIGIT}){{6,}}\b"
            r"|(?:โทร(?:ศัพท์|สาร|\.)?|มือถือ|เบอร์(?:โทร(?:ศัพท์)?|ติดต่อ)?|แฟกซ์|พร้อมเพย์|(?<![A-Za-z])(?:Tel|Phone|Mobile|Fax|Call|Cell))"
            r"[\s.:：]{0,4}(?P<phone>[0-9+(O][0-9O ().\-–]{3,24}[0-9]"
            rf"{_FURTHER}{_EXTENSION})",
            re.IGNORECASE,
        ),
    ),
    (
        Hidden.BIRTH,
        re.compile(
            r"(?:เกิด(?:เมื่อ)?\s?(?:วันที่)?|วัน(?:\s?เดือน\s?ปี\s?)?\s?เกิด|date of birth"
            r"|born(?:\son)?|D\.?O\.?B\.?)\s*[:：]?\s*(?:วันที่\s*)?"
            rf"(?P<day>[0-9]{{1,2}}\s*[/.\-]?\s*{_MONTH}\s*[/.,\-]?\s*(?:(?:พ|ค)\.ศ\.\s*)?[0-9]{{2,4}}"
            r"|[A-Z][a-z]{2,9}\s[0-9]{1,2},?\s[0-9]{4})",
            re.IGNORECASE,
        ),
    ),
    (
        Hidden.ACCOUNT,
        re.compile(
            r"(?<![0-9/.\-])[0-9]{3}\s?[-–]\s?[0-9]\s?[-–]\s?[0-9]{5}\s?[-–]\s?[0-9](?![0-9])"
            r"|(?:บัญชี|บ/ช|เลข\s?บ/ช|พร้อมเพย์|\bacc(?:ount|t)\b|\ba/c\b|prompt\s?pay)[^0-9\n]{0,60}"
            r"(?P<account>[0-9](?:[\s\-–]{0,3}[0-9]){8,17})(?![0-9])",
            re.IGNORECASE,
        ),
    ),
    (
        Hidden.PLATE,
        re.compile(
            # 80-1234 is a bus and no private car; a register has no letters before its number.
            r"(?:ทะเบียน(?:รถ\S{0,12})?|ป้าย(?:ทะเบียน)?|หมวด|plate)\s*(?:เลขที่|หมายเลข|คือ)?\s*[:：]?\s*"
            r"(?P<plate>[0-9]?\s?[ก-ฮ]{1,3}\s?[-–]?\s?[0-9]{1,4}(?![0-9./])"
            rf"{_PLATE_PLACE})"
            # Two letters between a digit and a number stand on plates only.
            rf"|(?<![0-9ก-๎.])[0-9][ก-ฮ]{{2}}\s?[-–]?\s?[0-9]{{1,4}}(?![0-9./]){_PLATE_PLACE}"
            r"|(?:รถ|คัน|กระบะ|เก๋ง|มอเตอร์ไซค์|จักรยานยนต์)[^\n]{0,24}?(?<![0-9ก-๎.])"
            r"(?P<bare>[0-9]?\s?[ก-ฮ]{2}\s?[-–]?\s?[0-9]{1,4}(?![0-9./])"
            rf"{_PLATE_PLACE})",
            re.IGNORECASE,
        ),
    ),
)  # fmt: skip
