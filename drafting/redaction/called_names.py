"""Nicknames that are plain words, known by where they stand: behind kin, before what people do.

What is once seen as somebody's nickname goes wherever the letter has it as a word of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from drafting.redaction.institutions import TALK
from drafting.redaction.name_words import KIN, OFFICES, OWN_WORDS, ROLES
from drafting.redaction.nickname_list import EATEN, NICKNAMES, THINGS
from drafting.redaction.pieces import Kind, Piece
from drafting.redaction.word_knowledge import how_often, is_plain, is_word, may_be_name
from drafting.redaction.word_sets import words_of

_MOST_PARTS: Final = 3
_LONGEST_ROW: Final = 5
_KINDRED: Final = (
    KIN
    | OWN_WORDS
    | words_of(
        """
        น้อง พี่ ลุง ป้า น้า ไอ้ อี บัก บัง เจ๊ เฮีย เจ้ อา โกว ซ้อ ชื่อเล่น ชื่อ เจ้า อ้าย
        นังหนู เจ้าหนู ไอ้หนู น้องชื่อ หลานสาว หลานชาย รุ่นพี่ รุ่นน้อง เด็กชื่อ เพื่อนชื่อ
        """
    )
) - words_of("เบอร์ แชร์ ตระกูล ผู้ใหญ่")
_CALLED: Final = words_of("เรียก เรียกว่า ชื่อว่า เล่นว่า")
_BESIDE: Final = words_of("ของ กับ และ พา คือ หา ฝาก โดย แทน ให้ หรือ ทั้ง รวมทั้ง ว่า สงสาร")
_TOLD: Final = words_of("บอก ติดต่อ ถาม เจอ ฝาก ตี ด่า ตบ ว่า รับ โทรหา คุย แจ้ง")
# A plain word behind these is a word of its own.
_APART: Final = _BESIDE | _TOLD | words_of("แล้ว ที่ ก็ จน เพราะ ตอน เวลา เมื่อ แต่ ถ้า ตาม ทำ")
_LEADS: Final = words_of("ซึ่ง คือ เช่น แล้ว ให้ และ กับ พา")
_JOINS: Final = words_of("กับ และ หรือ")
# What only people do, or have done to them.
_DOES: Final = words_of(
    """
    บอก บอกว่า เล่า เล่าว่า ร้องไห้ โดน ถูก กลัว ปวด อายุ เอง พูด ถาม อยาก เขียน พิมพ์ เรียน
    เพิ่ง กลับ เจ็บ เสียใจ สอบ ทำงาน นอน ตกใจ เครียด ซึม โกรธ ฟ้อง วิ่ง เดิน นั่ง ยืน เจอ
    รู้สึก จำ คิด ไปโรงเรียน เป็นลม อ่าน ขาด ลา ลาออก ย้าย โทร ส่ง เห็น ครับ ค่ะ คะ คับ นะ
    นะคะ นะครับ จ้า จ้ะ ร้อง ไม่ยอม ไม่อยาก ไม่กล้า อาเจียน ป่วย ไข้ ช่วย
    """
)
_MAY_DO: Final = words_of("ไม่ ก็ จะ ได้ มี เป็น ยัง ต้อง ไป มา เคย ชอบ เลย เขา แก ซึ่ง ที่ อยู่ กิน มัน เก่ง")
_TALKS: Final = TALK | _DOES | _MAY_DO | _BESIDE | words_of("เบอร์ โทร ไลน์ ขอ เรื่อง ห้อง ชั้น ปี คน")
_SAYS: Final = words_of("บอก บอกว่า เล่า เล่าว่า ร้องไห้ อายุ เอง")
_NOBODY: Final = words_of(
    """
    ข่าว ป้าย ข้อมูล หนังสือ ประกาศ กฎหมาย ระเบียบ แพทย์ ศาล คำสั่ง ทาง ฝ่าย ทีม กลุ่ม ตัว
    ผล ใบ ผู้ปกครอง ลูกค้า ผู้คน ใคร ต่าง หลาย ทุกคน บางคน ฯ ตำรวจ เวลา ราคา ปกครอง วัย รุ่น
    """
)
_LONGEST_STRANGE: Final = 7
_FREQUENT: Final = 5_000


def called_names(
    pieces: Sequence[Piece], spared: frozenset[str], ends: frozenset[int] = frozenset()
) -> Iterator[tuple[int, int]]:
    """Yield offsets of nicknames that stand where people do, and of all their mentions.

    Args:
        pieces: of the letter.
        spared: the names of whoever holds an office.
        ends: where names end that are known otherwise.
    """
    walk = _Walk(pieces)
    called = {
        (first, end)
        for first in range(len(pieces))
        for end in walk.ends(first)
        if walk.is_meant(first, end)
    }
    row = called | {(0, index) for index, piece in enumerate(pieces) if piece.begin in ends}
    for _ in range(_LONGEST_ROW):
        row = {pair for one in row for pair in walk.partner(one[1])} - called
        called |= row
    known = {walk.words(first, end) for first, end in called} - spared
    partners = {first: end for first, end in called if walk.words(first, end) not in NICKNAMES}
    for first in range(len(pieces)):
        for end in walk.ends(first):
            if walk.words(first, end) in known and (
                (first, end) in called or walk.stands_free(first, end)
            ):
                yield pieces[first].begin, pieces[end - 1].end
                break
        else:
            if first in partners:
                yield pieces[first].begin, pieces[partners[first] - 1].end
            elif walk.is_strange(first) and pieces[first].text not in spared:
                yield pieces[first].begin, pieces[first].end


class _Walk:
    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces

    def words(self, first: int, end: int) -> str:
        """Return the letters of some pieces."""
        return "".join(piece.text for piece in self._pieces[first:end])

    def ends(self, first: int) -> Iterator[int]:
        """Yield where a listed nickname ends that begins here, the longest first."""
        if not self._is_thai(first):
            return
        for end in range(min(first + _MOST_PARTS, len(self._pieces)), first, -1):
            if self._is_thai(end - 1) and self.words(first, end) in NICKNAMES:
                yield end

    def is_meant(self, first: int, end: int) -> bool:
        """Tell whether somebody is called so here, by what stands before and behind."""
        before, behind = self._before(first), self._word(end)
        thing = self.words(first, end) in THINGS
        if self._word(first - 1) in _KINDRED:
            return not (self._is_thai(end) and is_word(self.words(first, end + 1)))
        if not self._parts_behind(end):
            return False
        if before in _KINDRED or before in _CALLED or self._is_called(first):
            return not (thing and self._is_blank(first - 1)) or behind in _DOES
        does = behind in _DOES or (behind in _KINDRED and behind not in ("ชื่อ", "คุณ"))
        does = does or (not thing and behind in _MAY_DO)
        if before in _BESIDE:
            if before == "ว่า" and thing:
                return does
            eaten = self.words(first, end) in EATEN
            return (
                does
                or self._leads_to_person(first)
                or not (thing and (eaten or self._is_thai(end)))
            )
        if self._is_thai(first - 1) and before not in _TOLD:
            return does and not thing and is_plain(before) and behind in _DOES
        if before in _TOLD:
            return does or not thing
        return does or self._is_in_row(first, end) or self._begins_all(first, end)

    def stands_free(self, first: int, end: int) -> bool:
        """Tell whether pieces are a word of their own, no part of a longer one."""
        before = self._before(first)
        apart = before in _APART if is_plain(self.words(first, end)) else is_plain(before)
        free = not self._is_thai(first - 1) or apart or before in _KINDRED
        longer = (is_word(self.words(first, end + 1)) and self._is_thai(end)) or (
            is_word(self.words(max(0, first - 1), end)) and self._is_thai(first - 1)
        )
        return free and before not in OFFICES and not longer

    def is_strange(self, first: int) -> bool:
        """Tell whether some short word of nobody's office speaks, weeps or has an age here."""
        before = self._word(first - 1)
        bound = self._is_thai(first - 1) and before not in _TOLD and before not in _LEADS
        if not self._is_thai(first) or bound:
            return False
        word = self._pieces[first].text
        kin = first + 1 + self._is_blank(first + 1)
        behind = self._word(first + 1)
        is_told = before in ("คือ", "เช่น") and (not self._is_thai(first + 1) or behind in _JOINS)
        is_kin = self._word(kin) in KIN - OFFICES and self._word(kin + 1) in OWN_WORDS | {"ของ"}
        return (
            (self._word(first + 1) in _SAYS or is_kin or is_told)
            and 1 < len(word) <= _LONGEST_STRANGE
            and (how_often(word) < _FREQUENT or may_be_name(word))
            and not is_plain(word)
            and word not in ROLES
            and word not in OFFICES
            and word not in _KINDRED
            and word not in _NOBODY
            and is_word(word)
        )

    def partner(self, end: int) -> Iterator[tuple[int, int]]:
        """Yield who is named together with somebody: behind กับ or alone behind a blank."""
        if self._is_blank(end) and self._is_alone(end + 1):
            yield end + 1, end + 2
        end += self._is_blank(end)
        if self._word(end) not in _JOINS or not self._is_thai(end + 1):
            return
        word = self._word(end + 1)
        somebody = word in ROLES or word in OFFICES or word in _KINDRED or word in _NOBODY
        short = not is_plain(word) and len(word) <= _LONGEST_STRANGE
        if short and not somebody and self._parts_behind(end + 2):
            yield end + 1, end + 2

    def _is_alone(self, index: int) -> bool:
        """Tell whether one short word stands between blanks, of nobody's office and no talk."""
        word = self._word(index)
        return (
            self._is_thai(index)
            and not self._is_thai(index + 1)
            and 1 < len(word) <= _LONGEST_STRANGE
            and word not in _TALKS
            and word not in ROLES
            and word not in OFFICES
            and word not in _KINDRED
        )

    def _is_in_row(self, first: int, end: int) -> bool:
        """Tell whether another nickname stands beside it in a row, and one is no thing."""
        for step in (end, end + 1, end + 2):
            if self._is_blank(step) or self._word(step) in (*_JOINS, ","):
                continue
            if not all(
                self._is_blank(at) or self._word(at) in (*_JOINS, ",") for at in range(end, step)
            ):
                break
            for last in self.ends(step):
                joined = self._word(end) in (*_JOINS, ",") or self._is_blank(end)
                both = {self.words(first, end), self.words(step, last)}
                if joined and not both <= EATEN and self._parts_behind(last):
                    return True
        return False

    def _begins_all(self, first: int, end: int) -> bool:
        """Tell whether it begins the letter, or a line that goes on with what people do."""
        if first == 0:
            return self._is_blank(end)
        starts = self._pieces[first - 1].kind is Kind.LINE
        return starts and self._is_blank(end) and self._word(end + 1) in _DOES | _MAY_DO

    def _leads_to_person(self, first: int) -> bool:
        """Tell whether พ่อของ, โทรหา, สงสาร and the like stand before."""
        before, second = self._word(first - 1), self._word(first - 2)
        return (
            (before == "ของ" and second in _KINDRED)
            or (before == "หา" and second in ("โทร", "ติดต่อ", "ไป", "มา", "ทัก"))
            or before in ("สงสาร", "คือ")
        )

    def _is_called(self, first: int) -> bool:
        """Tell whether เรียกว่า and the like stand before, in two pieces."""
        return self._before(first) == "ว่า" and self._word(first - 2) in ("เรียก", "ชื่อ", "เล่น")

    def _parts_behind(self, end: int) -> bool:
        behind = self._word(end)
        return (
            not self._is_thai(end)
            or is_plain(behind)
            or behind in _KINDRED
            or behind in _DOES
            or behind in _JOINS
        )

    def _before(self, index: int) -> str:
        """Return the word before, over one blank behind kin."""
        index -= 1
        if self._is_blank(index) and self._word(index - 1) in _KINDRED | _CALLED:
            index -= 1
        return self._word(index)

    def _word(self, index: int) -> str:
        return self._pieces[index].text if 0 <= index < len(self._pieces) else ""

    def _is_thai(self, index: int) -> bool:
        return 0 <= index < len(self._pieces) and self._pieces[index].kind is Kind.THAI

    def _is_blank(self, index: int) -> bool:
        return 0 <= index < len(self._pieces) and self._pieces[index].kind is Kind.BLANK
