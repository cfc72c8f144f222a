"""What stands under the closing of a letter: the writer's block, hidden line by line.

A date, an enclosure and a long postscript are no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from drafting.redaction.institutions import is_institution
from drafting.redaction.listed_names import is_words
from drafting.redaction.name_cues import KIN, THAI, TITLE
from drafting.redaction.name_words import OWN_WORDS, ROLES
from drafting.redaction.pieces import Kind, pieces_of
from drafting.redaction.word_knowledge import is_plain
from drafting.redaction.word_sets import words_of

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

# Of a closing these tell nobody; everything else there does.
_FORMULAS: Final = (
    ROLES
    | OWN_WORDS
    | words_of(
        """
    ขอบคุณ ขอบพระคุณ ขอแสดงความนับถือ แสดง ความ นับถือ เคารพ อย่างสูง สูง ยิ่ง กราบ ขออภัย
    ผู้ร้องเรียน ผู้ร้องทุกข์ ผู้แจ้ง ผู้เขียน ผู้เสียหาย ราษฎร ประชาชน พลเมือง เสียภาษี ผู้มี
    ส่วนได้เสีย หวังดี ผู้หวังดี ลงชื่อ ลายมือชื่อ จาก เดือดร้อน ความเป็นธรรม ล่วงหน้า โอกาส
    เบอร์ โทร. โทร มือถือ ไลน์ อีเมล ติดต่อ กลับ เวลา บำนาญ อดีต เกษียณ ข้าราชการบำนาญ
    เจริญพร ขอเจริญพร จึงเรียนมาเพื่อ โปรด พิจารณา ทราบ เพื่อ มา ด้วย ฯ ๆ รายชื่อ วันที่
    ผู้รับมอบอำนาจ ทีมงาน ศิษย์เก่า รูปถ่าย ภาพถ่าย แนบ ไฟล์ หลักฐาน คลิป ท่าน
    """
    )
)
_INLINE: Final = re.compile(
    r"(?:ขอบ(?:พระ)?คุณ[^\s]{0,24}|นับถือ[^\s]{0,10}|(?<=\s)จาก)[ ]+(?P<tail>[^\n]{2,60})\s*$"
)


def block_stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield offsets of what is no formula under the closing, or behind thanks at the very end."""
    tail = _INLINE.search(text)
    spans = [*_line_spans(text), *([tail.span("tail")] if tail else [])]
    for begin, end in spans:
        for chunk in re.finditer(r"\S+", text[begin:end]):
            pieces = pieces_of(chunk[0])
            told = [
                piece
                for piece in pieces
                if piece.kind is Kind.THAI
                and piece.text not in _FORMULAS
                and not is_plain(piece.text)
            ]
            if not told or is_institution(pieces[0].text):
                continue
            first, last = begin + chunk.start() + told[0].begin, begin + chunk.end()
            yield first, last


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
    for begin, end in _line_spans(text):
        yield text[begin:end]


def _line_spans(text: str) -> Iterator[tuple[int, int]]:
    closings = list(_CLOSING.finditer(text))
    if not closings:
        return
    begin = closings[-1].end()
    if len(text) - begin > _MOST_BLOCK:
        return
    for line in re.finditer(r"[^\n]+", text[begin:]):
        bare = line[0].strip()
        if 1 < len(bare) <= _LONGEST and not _KEPT.search(bare):
            first = begin + line.start() + line[0].index(bare)
            yield first, first + len(bare)
