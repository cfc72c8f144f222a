"""The names of schools and offices: they say whom a letter is about, and stay.

What a letter says of where a school stands belongs to its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from drafting.redaction.pieces import Kind, Piece
from drafting.redaction.word_knowledge import is_name, is_plain
from drafting.redaction.word_sets import words_of

INSTITUTIONS: Final = words_of(
    """
    โรงเรียน รร. รร โรงเรียนอนุบาล โรงเรียนสาธิต วิทยาลัย มหาวิทยาลัย สถาบัน สำนักงาน
    กระทรวง กรม สพป สพป. สพม สพม. กศน กศน. สกร. ศูนย์ คณะ บริษัท ธนาคาร เทศบาล อบต อบต.
    อบจ. มูลนิธิ สหกรณ์ วิทยาเขต เขตพื้นที่การศึกษา สำนัก กอง สช. สช สอศ. สพฐ. สพฐ
    โรงพยาบาล รพ. รพ.สต. ศาล สภ. สน. วท. วท สมาคม ปอเนาะ จังหวัด จ. โรงเรียนประถม
    โรงเรียนมัธยม อนุบาล
    """
)
# Words a sentence goes on with: no name of a school holds them.
TALK: Final = words_of(
    """
    ครับ ค่ะ คะ คับ นะ จ้า จ้ะ ที่ ได้ ไม่ มี เป็น จะ ก็ ไป มา ให้ ว่า แล้ว และ กับ หรือ
    แต่ ของ ถูก โดน เพราะ จึง ซึ่ง ต้อง ยัง เคย ดัง ขอ คือ เรียน เมื่อ โดย สอบ สอน
    ตั้งแต่ ทำ ใช้ เก็บ ตั้ง อยู่
    """
)
# Behind a blank these begin a sentence about somebody.
_PERSONS: Final = words_of(
    """
    แม่ พ่อ ตา ยาย ปู่ ย่า ลุง ป้า น้า อา พี่ น้อง ลูก หลาน ลูกชาย ลูกสาว สามี ภรรยา
    เพื่อน คุณ นาย นาง นางสาว เด็ก นักเรียน หมอ พระ เจ๊ เฮีย บุตร เมีย ชื่อ เบอร์ คน
    ตำรวจ
    """
)
_BEGINNINGS: Final = ("โรงเรียน", "วิทยาลัย", "มหาวิทยาลัย", "สำนักงาน", "กระทรวง")
_WHERE: Final = words_of(
    """
    ตำบล ต. แขวง อำเภอ อ. เขต ถนน ถ. หมู่ หมู่ที่ ม. ตั้งอยู่ ตั้ง เลขที่ จังหวัด จ. ใน
    """
)


def is_institution(word: str) -> bool:
    """Tell whether a word begins the name of a school or an office."""
    return word in INSTITUTIONS or word.startswith(_BEGINNINGS)


def institution_end(pieces: Sequence[Piece], index: int, stops: frozenset[str]) -> int:
    """Return where the name of a school or office ends that the word before `index` begins.

    Args:
        pieces: of the text.
        index: behind the word โรงเรียน, สำนักงาน and the like.
        stops: more words that no such name holds: pronouns, titles of officials.
    """
    if _is(pieces, index, Kind.BLANK) and _is(pieces, index + 1, Kind.THAI):
        first = pieces[index + 1].text
        if is_plain(first) or first in stops or first in _PERSONS or is_name(first):
            return index
        index += 1
    while _is(pieces, index, Kind.THAI):
        if pieces[index].text in TALK or pieces[index].text in stops:
            break
        index += 1
    return index


def location_end(pieces: Sequence[Piece], index: int) -> int:
    """Return where the village, district and province behind a school's name end."""
    while True:
        step = index
        while _is(pieces, step, Kind.BLANK):
            step += 1
        if step >= len(pieces) or pieces[step].text not in _WHERE:
            return index
        step += 1
        while step < len(pieces) and (
            pieces[step].kind is Kind.NUMBER
            or (pieces[step].kind is Kind.BLANK and pieces[step - 1].text in _WHERE)
            or (
                pieces[step].kind in (Kind.THAI, Kind.SHORT)
                and pieces[step].text not in TALK
                and pieces[step].text not in _WHERE
            )
        ):
            step += 1
        index = step


def _is(pieces: Sequence[Piece], index: int, kind: Kind) -> bool:
    return index < len(pieces) and pieces[index].kind is kind
