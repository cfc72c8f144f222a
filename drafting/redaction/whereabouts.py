"""Where the writer lives and works, told without a house number: hidden up to the end of the chunk.

A place here is what follows อยู่หลัง…, บ้านติด…, ชาว…, ทำงานที่…; schools stay, for letters are
about them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from drafting.redaction.doubtful_places import UNITS
from drafting.redaction.institutions import TALK, is_institution
from drafting.redaction.name_words import OFFICES, OWN_WORDS, ROLES
from drafting.redaction.pieces import Kind, Piece
from drafting.redaction.word_knowledge import is_plain
from drafting.redaction.word_sets import words_of

_LIVES: Final = words_of(
    """
    อยู่ พัก อาศัย อาศัยอยู่ พักอยู่ พักอาศัย เช่า เช่าอยู่ ภูมิลำเนา ปลูก ย้ายมา
    เขียนที่ ทำที่ ติดต่อที่
    """
)
_WORKS: Final = words_of(
    """
    ทำงาน รับราชการ สังกัด ประจำการ ประจำ ขายของ ขาย เปิดร้าน รับจ้าง จำพรรษา บวช พยาบาล
    ทหาร ตำรวจ พนักงาน ลูกจ้าง คนงาน เจ้าของ เปิด ค้าขาย แม่ค้า พ่อค้า หัวหน้าคนงาน รปภ.
    """
)
_OF: Final = words_of("ชาว ลูกบ้าน ชาวบ้าน ราษฎร คนบ้าน ชาวชุมชน ชาวไร่ ชาวสวน ผู้ใหญ่บ้าน กำนัน อสม. อสม")
_LINKS: Final = words_of("ที่ อยู่ ใน ของ แถว แถวๆ ณ ตาม ให้ กับ")
_BESIDE: Final = words_of(
    """
    หน้า หลัง ข้าง ข้างๆ ตรงข้าม ใกล้ ใกล้ๆ แถว แถวๆ ท้าย ปาก ปากทาง ต้น ริม ติด ติดกับ ตรง
    เยื้อง หัวมุม กลาง หน้าปาก ปากซอย ท้ายซอย ทางเข้า เลย ถัด หน้าวัด หลังวัด ทางไป ใต้ เชิง
    """
)
_PLACES: Final = words_of(
    """
    บ้าน บ. หมู่บ้าน ซ. ซอย ถ. ถนน ชุมชน ตึก แฟลต หอ หอพัก ห้อง ชั้น ตลาด สี่แยก สามแยก
    คลอง สะพาน วัด มัสยิด ค่าย กรม กอง กองพัน กองร้อย โรงงาน บริษัท ร้าน แคมป์ ไซต์ ฟาร์ม
    รีสอร์ท โรงแรม โรงพยาบาล รพ. รพ.สต. อนามัย สวน ไร่ นา ดอย เกาะ ท่า ท่าเรือ แพ ทุ่ง หนอง
    คอนโด อพาร์ตเมนต์ บ้านพัก บ้านเช่า ห้องเช่า ห้องแถว คุ้ม โรงสี ปั๊ม สำนัก กุฏิ ตรอก เคหะ
    นิคม สหกรณ์ หย่อมบ้าน โครงการ อู่ แผง คลินิก สภ. สน. ป้อม ฐาน สถานี ปากทาง ตำบล ต.
    อำเภอ อ. ธนาคาร อบต. เทศบาล เถียงนา กระท่อม ศาลา ศาลาประชาคม เพิง ขนำ สวนยาง โรงน้ำแข็ง
    แคมป์คนงาน โกดัง ห้าง ห้องแล็บ สปา ตลาดนัด โรงเลื่อย อู่ซ่อมรถ ซุ้ม
    """
)
_NO_PLACE: Final = words_of(
    """
    ไทย ต่างชาติ ต่างจังหวัด ชนบท พุทธ มุสลิม คริสต์ ต่างด้าว นอก เดียว จน เดียวกัน คน ๆ ฯ
    หน้า หลัง ข้าง ชั้น ห้อง ห้องเรียน เรียน สอน นักเรียน บาท เดือน ปี วัน ครั้ง ชั่วโมง แล้ว
    """
)
_STOPS: Final = words_of(
    """
    ขอ แจ้ง ร้อง ร้องเรียน โทร โทร. เบอร์ มือถือ ติดต่อ อยาก ต้องการ ส่ง รบกวน เดือดร้อน ถูก
    โดน มี ได้ จะ ไม่ และ แต่ เพราะ ซึ่ง ว่า ครับ ค่ะ คะ คับ นะ นะคะ นะครับ จึง เมื่อ ตั้งแต่
    มา ไป เห็น พบ เป็น ทำ ให้ ก็ แล้ว กับ เด็ก ลูก หลาน ครู ยัง ต้อง เคย โดย ทุก เสียง อายุ
    """
)
_SCHOOL: Final = re.compile(r"(?:โรงเรียน|รร|วิทยาลัย|มหาวิทยาลัย|วท|สพ[ปม]|กศน|กระทรวง)")
_INDOORS: Final = words_of("ชั้น ห้อง กลาง หน้า หลัง ข้าง")
# Who or what lives there, if it is neither the writer nor theirs.
_OTHERS: Final = re.compile(
    r"(?:โรงเรียน|วิทยาลัย|ครู|ผอ\.?|ผู้อำนวยการ|เอกสาร|เงิน|อาคาร|นักเรียน|ศาล|กฎหมาย|ห้องเรียน)\S{0,14}$"
)
_OWN: Final = re.compile(
    r"ผม|ดิฉัน|ดิชั้น|ฉัน|กระผม|ข้าพเจ้า|เรา|หนู|อาตมา|สามี|ภรรยา|พ่อ|แม่|ตา|ยาย|ลุง|ป้า|พี่|น้อง|ลูก|หลาน"
)
_NEAR: Final = 60
_OPENING: Final = 30
_MOST_BEYOND: Final = 4
_LONGEST: Final = 44


def whereabouts(text: str, pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Yield offsets of places that tell where the writer lives, comes from or works.

    Args:
        text: of the letter.
        pieces: of it.
    """
    walk = _Walk(text, pieces)
    for index in range(len(pieces)):
        first = walk.place_behind(index)
        if first is None:
            continue
        end = walk.end_of(first)
        if end > first:
            yield pieces[first].begin, pieces[end - 1].end


class _Walk:
    def __init__(self, text: str, pieces: Sequence[Piece]) -> None:
        self._text, self._pieces = text, pieces

    def place_behind(self, index: int) -> int | None:
        """Return where a place begins that the word here leads to; None where it leads to none."""
        word = self._word(index)
        if word in _LIVES:
            return self._lived_in(index)
        if word == "บ้าน" and not is_institution(self._word(index - 1)):
            return self._house_beside(index)
        if word in _OF or (word == "คน" and self._word(index - 1) in OWN_WORDS | {"เป็น"}):
            return self._home_of(index)
        if word in _WORKS and self._is_own(index):
            return self._worked_at(index)
        return None

    def _lived_in(self, index: int) -> int | None:
        begin = self._pieces[index].begin
        if _OTHERS.search(self._text[max(0, begin - 30) : begin]):
            return None
        step = self._over_links(index + 1)
        if self._word(step) in _INDOORS and not any(
            self._is_place(further) for further in range(step + 1, step + 4)
        ):
            return None
        return step if self._is_place(step) else None

    def _house_beside(self, index: int) -> int | None:
        """Return where ติด…, หลัง… begins of a house that is told by what stands beside it."""
        for step in range(index + 1, index + 5):
            if self._kind(step) is not Kind.THAI:
                return None
            word = self._word(step)
            if word in _BESIDE and self._word(step + 1) not in _STOPS:
                counted = self._word(step + 1) == "ที่"
                return step if counted or self._is_named(step + 1) else None
        return None

    def _home_of(self, index: int) -> int | None:
        step = self._over_links(index + 1)
        named = self._is_named(step) and self._word(step) not in ROLES
        return step if named or self._is_place(step) else None

    def _worked_at(self, index: int) -> int | None:
        step = self._over_links(index + 1)
        if step == index + 1 and self._word(step + 1) == "ที่":
            step = self._over_links(step + 1)
        linked = step > index + 1
        if self._is_place(step):
            return step
        return step if linked and self._is_named(step) else None

    def end_of(self, index: int) -> int:
        """Return where a place ends: with its chunk, or the chunks of places behind it."""
        begin = self._pieces[index].begin
        first = index
        for _ in range(_MOST_BEYOND):
            while self._goes_on(index, first) and self._pieces[index].end - begin <= _LONGEST:
                index += 1
            behind = index + 1 if self._kind(index) is Kind.BLANK else index
            if behind == index or not (
                self._word(behind) in _PLACES | _BESIDE or self._kind(behind) is Kind.NUMBER
            ):
                break
            if self._is_unit(behind + 1) or self._pieces[behind].text.startswith("0"):
                break
            first, index, begin = behind, behind + 1, self._pieces[behind].begin
        return index

    def _is_unit(self, index: int) -> bool:
        index += self._kind(index) is Kind.BLANK
        return self._word(index) in UNITS

    def _goes_on(self, index: int, first: int) -> bool:
        kind, word = self._kind(index), self._word(index)
        if kind is Kind.NUMBER:
            return True
        if kind is Kind.BLANK:
            return self._kind(index + 1) is Kind.NUMBER and not self._is_unit(index + 2)
        if kind not in (Kind.THAI, Kind.SHORT, Kind.LATIN):
            return False
        return index == first or not (word in _STOPS or _SCHOOL.match(word) or word in OWN_WORDS)

    def _over_links(self, index: int) -> int:
        for _ in range(3):
            if self._kind(index) is Kind.BLANK or self._word(index) in _LINKS - _BESIDE:
                index += 1
        return index

    def _is_place(self, index: int) -> bool:
        """Tell whether a word of places stands here and goes on with more than talk."""
        if self._word(index) not in _PLACES | _BESIDE:
            return False
        behind = index + 1 + (self._kind(index + 1) is Kind.BLANK)
        number = self._kind(behind) is Kind.NUMBER and not self._is_unit(behind + 1)
        return number or self._is_named(behind) or self._word(behind) in _PLACES | _BESIDE

    def _is_named(self, index: int) -> bool:
        word = self._word(index)
        if self._kind(index) not in (Kind.THAI, Kind.SHORT, Kind.LATIN) or _SCHOOL.match(word):
            return False
        office = is_institution(word) and word not in _PLACES
        return not (
            word in _STOPS or word in _NO_PLACE or word in TALK or word in OWN_WORDS
            or word in OFFICES or office
            or (is_plain(word) and not self._is_long(index))
        )  # fmt: skip

    def _is_long(self, index: int) -> bool:
        """Tell whether a plain word begins a name: another word touches it that is none."""
        behind = self._word(index + 1)
        return self._kind(index + 1) is Kind.THAI and not is_plain(behind) and behind not in _STOPS

    def _is_own(self, index: int) -> bool:
        begin = self._pieces[index].begin
        near = self._text[max(0, begin - _NEAR) : begin]
        return begin < _OPENING or _OWN.search(near) is not None

    def _word(self, index: int) -> str:
        return self._pieces[index].text if 0 <= index < len(self._pieces) else ""

    def _kind(self, index: int) -> Kind | None:
        return self._pieces[index].kind if 0 <= index < len(self._pieces) else None
