"""Numbers hidden by default: whatever is no date, amount, count, class or office's reference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from drafting.redaction.pieces import Kind, Piece

_DATE: Final = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:[0-9]{2}|[0-9]{4})$")
_AMOUNT: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?$|[0-9]+\.[0-9]{1,2}$")
_YEAR: Final = re.compile(r"(?:2[45][0-9]{2}|19[0-9]{2}|20[0-9]{2})$")
_REFERENCE: Final = re.compile(
    r"[0-9.]+/(?:2[45][0-9]{2}|20[0-9]{2}|[0-9]{2})$|[0-9.]{3,10}/(?:ว)?[0-9]{1,5}$"
)
_CLASS: Final = re.compile(r"[1-6]/[0-9]{1,2}$")
_TIME: Final = re.compile(r"[0-2]?[0-9][.:][0-5][0-9](?:[-–][0-2]?[0-9][.:][0-5][0-9])?$")
_BUS: Final = re.compile(r"[0-9]{2}\s?-\s?[0-9]{4}$")
_RANGE: Final = re.compile(r"[0-9]{1,2}[-–][0-9]{1,2}$")
# What is counted or paid, and what a number of an office stands behind.
_UNIT: Final = re.compile(
    r"\s*(?:บาท|คน|วัน|ปี|เดือน|ชั่วโมง|ชม\.|นาที|ครั้ง|เมตร|กิโล|กม|ไร่|งาน|ตาราง|สัปดาห์|ล้าน|แสน|หมื่น|พัน|ชุด|ฉบับ|แผ่น|หน้า|เล่ม|หน่วยกิต|%"
    r"|เปอร์เซ็นต์|ราย|หลัง|คัน|เครื่อง|ตัว|ชิ้น|น\.|บ\.|เดซิเบล|คะแนน|ตัน|ลิตร|โรง|แห่ง|คู่|ใบ|เทอม|คาบ|ต่อ(?:เดือน|คน|ปี|หัว|เทอม)|baht|THB|students?|people|days|years|months|%|กล่อง|ขวด|ถุง|ต้น|เม็ด)",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(
    r"(?:ละ|ค่า\S{0,18}|เงิน\S{0,14}|ราคา\S{0,10}|จำนวน|ประมาณ|เกือบ|กว่า|รวม\S{0,8}|อีก|แค่|เพียง|ยอด\S{0,6}|ทุน\S{0,8}|จ่าย\S{0,8}|โอน\S{0,4}|ปรับ|หนี้\S{0,4}|บริจาค|แล้ว|ถึง|ตั้งแต่|เป็น|ได้"
    r"|ข้อ|มาตรา|ครั้งที่|ฉบับที่|เขต|ปี|พ\.ศ\.|ค\.ศ\.|รุ่น(?:ที่)?|ลำดับ(?:ที่)?|(?<![ก-๎])ว"
    r"|baht|THB|fee of|paid|about|over|only)\s?$",
    re.IGNORECASE,
)
_OFFICIAL: Final = re.compile(
    r"(?:ที่\s?[ก-ฮ]{1,4}(?:\s[0-9.]*)?|(?<![ก-๎])[ก-ฮ]{2,4}|เลขรับ\S{0,8}|คำสั่ง\S{0,20}|ประกาศ\S{0,20}|คดี\S{0,24}|หนังสือ\S{0,10}|/ว|(?<![ก-๎])ว|มาตรา|ข้อ|ระเบียบ\S{0,20}|เลขที่คำร้อง)\s?(?:ที่|เลขที่)?\s?$"
)
_LEAST_DIGITS: Final = 3
_SURELY: Final = 6
_MOST_OF_OFFICE: Final = 14
_REACH: Final = 28
_JOINTS: Final = frozenset("-–/. ")


def doubtful_numbers(text: str, pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Yield offsets of numbers nobody can say are harmless.

    Args:
        text: the letter, its digits folded.
        pieces: its pieces.
    """
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        if piece.kind is Kind.LATIN and sum(sign.isdigit() for sign in piece.text) >= _LEAST_DIGITS:
            yield piece.begin, piece.end
            index += 1
            continue
        if piece.kind is not Kind.NUMBER:
            index += 1
            continue
        code = pieces[index + 1] if index + 1 < len(pieces) else piece
        if code.kind is Kind.LATIN and any(sign.isdigit() for sign in code.text):
            yield piece.begin, code.end
            index += 2
            continue
        last = _group(pieces, index)
        begin, end = piece.begin, pieces[last].end
        if not _is_harmless(text, pieces, index, last):
            yield begin, end
        index = last + 1


def _group(pieces: Sequence[Piece], index: int) -> int:
    """Return the last piece of a number that blanks and strokes part into groups."""
    last = index
    step = index + 1
    while step < len(pieces) and step - last <= 3:
        piece = pieces[step]
        if piece.kind is Kind.NUMBER:
            last = step
        elif piece.text not in _JOINTS and not (piece.kind is Kind.BLANK and len(piece.text) < 3):
            break
        step += 1
    return last


def _is_harmless(text: str, pieces: Sequence[Piece], first: int, last: int) -> bool:
    begin, end = pieces[first].begin, pieces[last].end
    whole = text[begin:end]
    digits = sum(sign.isdigit() for sign in whole)
    before = text[max(0, begin - _REACH) : begin].rpartition("\n")[2]
    if _BUS.match(whole) and before.rstrip().endswith("ทะเบียน"):
        return True
    if first != last:
        groups = [pieces[i].text for i in range(first, last + 1) if pieces[i].kind is Kind.NUMBER]
        if all(_is_plain(group) for group in groups) and digits < _SURELY:
            # Digits that a scan parts: ๒ ๑, and no list.
            return not (len(groups) > 1 and all(len(group) == 1 for group in groups))
        return all(_is_dated(group) for group in groups)
    number = pieces[first].text
    if _is_dated(number) or _is_plain(number):
        return True
    if _UNIT.match(text, end):
        return digits < 8
    if _OFFICIAL.search(before) and "/" in number:
        return digits < _MOST_OF_OFFICE
    if _OFFICIAL.search(before) or _COUNTED.search(before):
        return digits < _SURELY
    return bool(_REFERENCE.match(number)) and digits <= 9 and not number.startswith("0")


def _is_dated(number: str) -> bool:
    return any(form.match(number) for form in (_DATE, _AMOUNT, _YEAR, _TIME, _RANGE, _CLASS))


def _is_plain(number: str) -> bool:
    return number.isdigit() and len(number) < _LEAST_DIGITS
