"""Thai and English sentences of a letter, with their offsets and pages.

Thai has no full stop. A sentence ends at a blank before a clause opener (ทั้งนี้, จึงขอ, เมื่อวันที่ …),
after a closer (นั้น, ครับ …), or, where it grows too long, at the blank that harms least: never inside
a number, a date, a name or before a unit.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from correspondence.reading import PAGE_BREAK, Extraction
from drafting.body import Paragraph, Part, find_paragraphs
from drafting.clean_text import is_thai
from drafting.line_wraps import unwrap

MAX_SENTENCE = 260
MIN_SENTENCE = 18
MAX_SENTENCES = 300
# newmm is quadratic on unspaced text (thai.md): it sees windows of this length only.
_WORD_WINDOW = 300

_HARD_OPENER = re.compile(
    r"(?:ตามที่|ทั้งนี้|จึง(?=[ก-ฮเ-ไ])|อนึ่ง|นอกจากนี้|นอกจากนั้น|อย่างไรก็|ดังนั้น|ต่อมา|ในการนี้|พร้อมนี้"
    r"|พร้อมกันนี้|ขณะนี้|ปัจจุบัน|ในกรณี|หาก|โดยหาก|สำหรับ|เมื่อวัน|เพราะฉะนั้น|ดังกล่าวข้างต้น|ขอให้|ขอความ"
    r"|ข้าพเจ้า|ดิฉัน|กระผม|ตอนนี้|ถ้า|อยาก|รบกวน"
    r"|(?:ข้อ|ประการ|เรื่อง|ประเด็น)(?:ที่(?:หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ)|แรก|สุดท้าย))"
)
_SOFT_OPENER = re.compile(r"(?:โดย|ซึ่ง|และ|แต่|เพื่อ|รวมทั้ง|พร้อม|เนื่องจาก|ทำให้|ได้แก่|ให้|เห็นว่า|ว่า|ณ\s)")
_CLOSER = re.compile(r"(?:นั้น|ครับ|ค่ะ|นะคะ|คะ|ต่อไป)$")
# What follows or precedes a blank that must stay whole: numbers, dates, titles, places, units.
_BOUND_AFTER = re.compile(
    r"[\d๐-๙(]|(?:บาท|คน|ราย|น\.|นาฬิกา|เดือน|ปี|พ\.ศ\.|จังหวัด|อำเภอ|ตำบล|จำนวน|เวลา|ลงวันที่|มกรา|กุมภา|มีนา|เมษา|พฤษภา"
    r"|มิถุนา|กรกฎา|สิงหา|กันยา|ตุลา|พฤศจิกา|ธันวา|[ก-ฮ]{1,2}\.[ก-ฮ]\.|ร้อยละ|ชั้น|ถึง|เรื่อง|เป็น|[-–])"
)
_BOUND_BEFORE = re.compile(
    r"(?:[\d๐-๙)][.]?|[-–]|(?<![ก-ฮ])ที่|วันที่|เวลา|จำนวน|เดือน|พ\.ศ\.|มาตรา|ข้อ|ร้อยละ|นับแต่|ภายใน|ระหว่าง|คือ|ได้แก่"
    r"|(?:นาย|นาง|นางสาว|น\.ส\.|ดร\.|ด\.[ชญ]\.|ครู|เด็ก)\S{0,25})$"
)
_ENGLISH_END = re.compile(r"(?<=[.!?])[\"”’')]*\s+(?=[\"“‘(]?[A-Z])")
# The marks a mail program sets before the lines it quotes.
_QUOTE_MARK = re.compile(r"(?:^|(?<=\n))[ \t]*>[> \t]*")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|Prof|No|Nos|Ref|St|H\.E|Por|vs|etc|e\.g|i\.e|tel|ext|Rd|Art"
    r"|[A-Z]|[A-Z]\.[A-Z])\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence by offsets into `Extraction.text`, with where it stands in the letter.

    `paragraph` counts paragraphs, `rank` sentences; `listed` is True within a list item, `item`
    for its first sentence, `soft` where only a line's end parts its paragraph from the one before.
    """

    text: str
    start: int
    end: int
    page: int
    paragraph: int
    rank: int
    part: Part
    item: bool
    listed: bool
    soft: bool


def split_letter(extraction: Extraction) -> tuple[Sentence, ...]:
    """Return the sentences of the letter's body in order, at most MAX_SENTENCES."""
    text = extraction.text
    starts = _page_starts(extraction)
    numbers = [page.number for page in extraction.pages]
    found: list[Sentence] = []
    for index, paragraph in enumerate(find_paragraphs(text)):
        for start, end in _spans(text, paragraph):
            page = numbers[max(0, bisect_right(starts, start) - 1)] if numbers else 1
            found.append(
                Sentence(
                    text=unwrap(_QUOTE_MARK.sub(" ", text[start:end])),
                    start=start, end=end, page=page,
                    paragraph=index, rank=len(found), part=paragraph.part,
                    item=paragraph.item and start == paragraph.start,
                    listed=paragraph.item, soft=paragraph.soft,
                )
            )  # fmt: skip
            if len(found) >= MAX_SENTENCES:
                return tuple(found)
    return tuple(found)


def split_paragraph(text: str) -> tuple[str, ...]:
    """Return the sentences of one paragraph of Thai or English text."""
    whole = Paragraph(0, len(text), Part.BODY, item=False, soft=False)
    return tuple(text[start:end] for start, end in _spans(text, whole))


def _page_starts(extraction: Extraction) -> list[int]:
    starts, position = [], 0
    for page in extraction.pages:
        starts.append(position)
        position += len(page.text) + len(PAGE_BREAK)
    return starts


def _spans(text: str, paragraph: Paragraph) -> list[tuple[int, int]]:
    raw = text[paragraph.start : paragraph.end]
    cuts = _thai_cuts(raw) if is_thai(raw) else _english_cuts(raw)
    edges = [0, *cuts, len(raw)]
    pieces: list[tuple[int, int]] = []
    for start, end in pairwise(edges):
        pieces.extend(_shorten(raw, start, end))
    joined: list[tuple[int, int]] = []
    for start, end in pieces:
        start += len(raw[start:end]) - len(raw[start:end].lstrip())
        end = start + len(raw[start:end].rstrip())
        if start >= end:
            continue
        if joined and (end - start < MIN_SENTENCE or joined[-1][1] - joined[-1][0] < MIN_SENTENCE):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [(paragraph.start + start, paragraph.start + end) for start, end in joined]


def _thai_cuts(raw: str) -> list[int]:
    cuts: list[int] = []
    last = 0
    for blank in re.finditer(r"\s+", raw):
        before, after = raw[last : blank.start()], blank.end()
        if len(before) < MIN_SENTENCE:
            continue
        opens = _HARD_OPENER.match(raw, after) is not None
        closes = _CLOSER.search(before) is not None and not _BOUND_AFTER.match(raw, after)
        stops = before.endswith((".", "!", "?")) and raw[after : after + 1].isupper()
        if (opens and not _BOUND_BEFORE.search(before)) or closes or stops:
            cuts.append(after)
            last = after
    return cuts


def _english_cuts(raw: str) -> list[int]:
    return [
        match.end()
        for match in _ENGLISH_END.finditer(raw)
        if not _ABBREVIATION.search(raw[max(0, match.start() - 8) : match.start()])
    ]


def _shorten(raw: str, start: int, end: int) -> list[tuple[int, int]]:
    """Part a piece that is too long at its best blank, or at a word where it has none."""
    pieces: list[tuple[int, int]] = []
    while end - start > MAX_SENTENCE:
        cut = _best_blank(raw, start, min(start + MAX_SENTENCE, end)) or _word_end(raw, start, end)
        pieces.append((start, cut))
        start = cut
    pieces.append((start, end))
    return pieces


def _best_blank(raw: str, start: int, limit: int) -> int | None:
    best: tuple[float, int] | None = None
    for blank in re.finditer(r"\s+", raw[start:limit]):
        position, after = start + blank.start(), start + blank.end()
        if position - start < 60 or after >= limit:
            continue
        worth = 1.0 - abs(position - start - 170) / 260
        if _SOFT_OPENER.match(raw, after):
            worth += 1.0
        if raw[position - 1] in ",;:":
            worth += 0.8
        if _BOUND_AFTER.match(raw, after) or _BOUND_BEFORE.search(
            raw[max(0, position - 40) : position]
        ):
            worth -= 2.0
        if best is None or worth > best[0]:
            best = (worth, after)
    return best[1] if best else None


def _word_end(raw: str, start: int, end: int) -> int:
    """Return the end of the last whole word before the limit, for text without blanks."""
    from pythainlp.tokenize import word_tokenize

    window = raw[start : min(start + _WORD_WINDOW, end)]
    words: list[str] = word_tokenize(window, engine="newmm-safe", keep_whitespace=True)
    position = start
    for word in words:
        if position + len(word) - start > MAX_SENTENCE:
            break
        position += len(word)
    return position if position > start else min(start + MAX_SENTENCE, end)
