"""What stands under the closing of a letter: the writer's block, hidden line by line.

A date, an enclosure and a long postscript are no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from drafting.redaction.listed_names import is_words
from drafting.redaction.name_cues import KIN, THAI, TITLE

_CLOSING: Final = re.compile(
    r"(?:ขอ\s?แสดง\s?ความ\s?(?:นับถือ|เคารพ)|ด้วย\s?ความ\s?(?:เคารพ|นับถือ)|(?:กราบ|เคารพ)มาด้วย"
    r"|ขอเจริญพร(?=\s*$)|จึงเรียนมาเพื่อ|ขอบ(?:พระ)?คุณ"
    r"|(?:sincerely|faithfully|truly|regards|respectfully|best|thanks)\s*,?\s*$)[^\n]{0,60}$",
    re.MULTILINE | re.IGNORECASE,
)
_MOST_BLOCK = 500
_LONGEST = 70
_KEPT: Final = re.compile(
    r"สิ่งที่(?:ส่ง|แนบ)|เอกสารแนบ|หมายเหตุ|สำเนา|อ้างถึง|ป\.?ล\.|โรงเรียน|รร\.|บาท"
    r"|Sent from|P\.?S\.|https?:"
    r"|^\W*[0-9๐-๙]{1,2}\s+[ก-๎.]{3,12}\s+(?:พ\.ศ\.\s*)?[0-9๐-๙]{2,4}\W*$",
    re.IGNORECASE,
)
_SIGN_OFF: Final = re.compile(
    rf"^\W*(?:จาก|ลงชื่อ|โดย)?[ .:]*(?:(?:{TITLE}|{KIN}|พ่อหลวง|เมีย|พระครู|พระ|แม่ชี|บัง)\s*)*"
    rf"(?P<name>{THAI}{{2,24}}(?:[ ]{{1,3}}{THAI}{{2,30}}){{0,2}}"
    rf"(?:\s?[-/,]\s?{THAI}{{2,20}}){{0,2}})\W*(?:ครับ|ค่ะ)?\W*$"
)
_LATIN: Final = re.compile(
    r"^\W*(?:Kru |Mrs?\.? |Ms\.? )?\W?(?P<name>[A-Z][\w'-]*\.?(?:\s[A-Z][\w'.-]*){0,2})\W*$"
)
_ROLE: Final = re.compile(
    r"ผู้(?:ร้อง|ปกครอง|แจ้ง|เขียน)|ประชาชน|ราษฎร|นักเรียน|นักศึกษา|ทนาย|ข้าราชการ|อาชีพ|ตำแหน่ง|ประธาน|กรรมการ|สมาชิก|ขอบ|ขอแสดง|ด้วยความ|คนขับ|ครับ$"
)


def block_names(text: str) -> Iterator[str]:
    """Yield the names that stand alone on a line under the closing."""
    for line in _lines(text):
        match = _SIGN_OFF.match(line) or _LATIN.match(line)
        if match is None or _ROLE.search(match["name"]):
            continue
        for name in re.split(r"\s?[-/,]\s?", match["name"]):
            words = name.split()
            if len(words) == 1 and len(name) > 10 and is_words(name):
                continue
            yield name


def block_lines(text: str) -> Iterator[str]:
    """Yield lines of the block that hold a place: under a closing none but the writer's stands."""
    for line in _lines(text):
        if len(line.split()) > 1 and not _ROLE.search(line) and re.search(r"[ก-๎]", line):
            yield line


def _lines(text: str) -> Iterator[str]:
    closings = list(_CLOSING.finditer(text))
    if not closings:
        return
    begin = closings[-1].end()
    if len(text) - begin > _MOST_BLOCK:
        return
    for line in text[begin:].split("\n"):
        bare = line.strip()
        if 1 < len(bare) <= _LONGEST and not _KEPT.search(bare):
            yield bare
