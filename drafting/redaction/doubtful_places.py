"""Places below a province, hidden by default wherever they stand but in the address of a school.

A place begins at a house number, at a word such as ซอย or ตำบล, at ใกล้วัด… or behind อยู่, and goes
on over numbers, names and further such words up to what talk goes on with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from drafting.redaction.institutions import TALK, institution_end, is_institution, location_end
from drafting.redaction.pieces import Kind, Piece
from drafting.redaction.provinces import PROVINCE
from drafting.redaction.word_knowledge import how_often, is_plain, is_weak
from drafting.redaction.word_sets import words_of

_KEYS: Final = words_of(
    """
    ตำบล ต. แขวง ถนน ถ. ซอย ซ. ตรอก อำเภอ อ. หมู่บ้าน คอนโด คอนโดมิเนียม แฟลต หอพัก
    อพาร์ตเมนต์ อพาร์ทเม้นท์ อพาร์ตเมนท์ ห้องเช่า ห้องแถว ชุมชน หย่อม ตู้ ปณ. ปณจ. ค่าย
    เรือนจำ หมู่ หมู่ที่ เลขที่ บ้านเลขที่ แมนชั่น เคหะ นิคม สามแยก สี่แยก คุ้ม แพ
    """
)
# What stands behind these is a place only if it is no plain word.
_SOFT: Final = words_of(
    """
    บ้าน วัด ตลาด เขต อาคาร ตึก โครงการ คลอง ปั๊ม แยก สะพาน ร้าน วิน ท่าเรือ มัสยิด เกาะ
    ดอย สวน แดน
    """
)
_ROOMED: Final = words_of(
    """
    แฟลต ซอย ซ. คอนโด หอพัก ห้องเช่า ห้องแถว ตรอก แมนชั่น เคหะ ถนน ถ.
    """
)
_NUMBER_WORDS: Final = words_of("หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า สิบ")
_WORKPLACES: Final = words_of(
    """
    รพ. รพ โรงพยาบาล สภ. สน. บริษัท ธนาคาร อบต. เทศบาล
    """
)
_WORKS: Final = re.compile(r"(?:รับราชการ|ทำงาน|อยู่|ประจำ|พยาบาล|ตำรวจ|แพทย์)(?:อยู่)?(?:ที่|ใน|ณ)?\s?$")
_BESIDE: Final = words_of(
    """
    หน้า หลัง ข้าง ข้างๆ ตรงข้าม ใกล้ ใกล้ๆ แถว แถวๆ ท้าย ปาก ต้น ริม ติด ติดกับ ตรง
    เยื้อง หัวมุม กลาง หน้าปาก ปากซอย ท้ายซอย
    """
)
_LANDMARKS: Final = words_of(
    """
    วัด ตลาด ปั๊ม ซอย โรงสี ห้าง สะพาน สี่แยก สามแยก แยก คลอง ร้าน เซเว่น หมู่บ้าน ค่าย
    อนามัย ศาลากลาง สถานี ปากซอย โลตัส บิ๊กซี ท่าเรือ โรงพยาบาล มัสยิด โรงงาน สนามบิน
    ถนน ปาก สวน ป้อม ศาลา แม่น้ำ หาด ทางรถไฟ บขส
    """
)
_LIVES: Final = words_of(
    """
    อยู่ พัก อาศัย อาศัยอยู่ พักอยู่ พักอาศัย ภูมิลำเนา เช่า ทำที่ เขียนที่ อยู่บ้าน
    """
)
_INDOORS: Final = words_of(
    """
    บ้าน ห้อง โต๊ะ ตัว ห้องเรียน ห้องน้ำ เสาธง อาคาร แถว รั้ว ประตู อาคารเรียน
    """
)
_COMMON: Final = 6_000
_KIN_PLACES: Final = words_of("ตา ยาย แม่ พ่อ นาง นาย ป้า ลุง")
_HEADS: Final = words_of(
    """
    หนอง ห้วย โคก โนน ดอน คลอง บาง ท่า นา เขา ดง ทุ่ง วัง กุด สระ บึง หาด เกาะ สบ ป่า
    บ่อ โพน คำ เหล่า
    """
)
_PEOPLE: Final = words_of(
    """
    ผม ดิฉัน ฉัน เรา หนู กระผม ข้าพเจ้า เขา เธอ แก มัน ท่าน ใคร ครู ผอ ผอ. ลูก หลาน แม่
    พ่อ ยาย ตา พี่ น้อง ป้า ลุง สามี ภรรยา นาย นาง นางสาว เด็ก คน เพื่อน นักเรียน
    ผู้ปกครอง เบอร์ โทร โทร. มือถือ อายุ อาชีพ เลข ชื่อ ชั้น ป. เรื่อง วันที่
    """
)
UNITS: Final = words_of(
    """
    บาท คน วัน ปี เดือน ชั่วโมง ชม. นาที ครั้ง ข้อ เมตร กิโลเมตร กม. ไร่ งาน ตารางวา
    สัปดาห์ ขวบ ล้าน แสน หมื่น พัน ร้อย ชุด ฉบับ แผ่น หน้า เล่ม ห้องเรียน หน่วยกิต
    เปอร์เซ็นต์ % ราย หลัง คัน เครื่อง ตัว ชิ้น น. บ. มกราคม กุมภาพันธ์ มีนาคม เมษายน
    พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม เข็ม เดซิเบล
    เรื่อง อย่าง คะแนน ตัน ลิตร กิโล กิโลกรัม โรง แห่ง คู่ ใบ รอบ เทอม ภาค วิชา คาบ
    """
)
_HOUSE: Final = re.compile(r"[0-9]{1,4}/[0-9]{1,4}(?:[-–/][0-9]{1,4})?$")
_YEAR: Final = re.compile(r"/(?:25|20)?[0-9]{2}$")
_DATED: Final = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{2}|[0-9]{4})$")
_NOT_BEFORE: Final = re.compile(
    r"(?:ป\.|ม\.|ชั้น|ชั้นปีที่|ประถม\S{0,12}|มัธยม\S{0,12}|อนุบาล"
    r"|ห้อง|ที่ [^\s]{1,6}|(?<![ก-๎])ว|ครั้งที่|ประชุม"
    r"|ภาคเรียน\S{0,6}|เทอม|คดี\S{0,20}|ปีการศึกษา|อ\.|เลขรับ"
    r"|เล่ม\S{0,6}|วันที่|ระหว่าง|เมื่อ|คำสั่ง\S{0,10}|ทะเบียนรับ|หนังสือ\S{0,6}|อัตราส่วน|คะแนน)\s?$"
)
_PROVINCE: Final = re.compile(f"(?:{PROVINCE}|กรุงเทพฯ?|กทม\\.?)$")
_MOST_CHUNKS: Final = 12
_BARE_CHUNKS: Final = 2
_LONGEST_CHUNK: Final = 26
_LONGEST_BARE: Final = 14


class Places:
    """One pass over the pieces of a letter.

    `found` are offsets of places; `kept` offsets of schools and offices with where they stand.
    """

    def __init__(
        self, text: str, pieces: Sequence[Piece], officials: Sequence[tuple[int, int]]
    ) -> None:
        """Look through the pieces at once; names of officials are no places."""
        taken = iter(sorted(officials))
        official = next(taken, None)
        self._text, self._pieces = text, pieces
        self.found: list[tuple[int, int]] = []
        self.kept: list[tuple[int, int]] = []
        index = 0
        while index < len(pieces):
            piece = pieces[index]
            while official is not None and official[1] <= piece.begin:
                official = next(taken, None)
            if official is not None and official[0] <= piece.begin:
                index += 1
                continue
            if is_institution(piece.text) and not _PROVINCE.match(piece.text):
                end = institution_end(pieces, index + 1, _PEOPLE)
                end = location_end(pieces, end)
                works = _WORKS.search(text[max(0, piece.begin - 20) : piece.begin])
                where = self.found if works and piece.text in _WORKPLACES else self.kept
                where.append((piece.begin, pieces[end - 1].end))
                index = max(end, index + 1)
                continue
            begin = self._begins(index)
            if begin is None:
                index += 1
                continue
            end = self._goes_to(begin)
            if end > index:
                begin = self._before(index)
                self.found.append((pieces[begin].begin, pieces[end - 1].end))
            index = max(end, index + 1)

    def _before(self, index: int) -> int:
        """Return where a place begins whose village stands bare before ต., ถนน and the like."""
        if self._pieces[index].text not in _KEYS or index < 2:
            return index
        step = index - 1
        if self._pieces[step].kind is not Kind.BLANK:
            return index
        while self._is_open(step - 1) and self._pieces[step - 1].text not in _LIVES:
            step -= 1
        chunk = self._text[self._pieces[step].begin : self._pieces[index - 1].begin]
        first = self._at(step)
        if not chunk or len(chunk) > _LONGEST_BARE or first is None:
            return index
        if not self._begins_run(step) or (first.text in ("ที่", "ใน")):
            return index
        strange = any(not is_plain(piece.text) for piece in self._pieces[step : index - 1])
        return step if strange else index

    def _at(self, index: int) -> Piece | None:
        return self._pieces[index] if 0 <= index < len(self._pieces) else None

    def _next(self, index: int) -> int:
        """Return the index behind blanks."""
        piece = self._at(index)
        return index + 1 if piece is not None and piece.kind is Kind.BLANK else index

    def _is_open(self, index: int) -> bool:
        """Tell whether a word may be part of a place's name."""
        piece = self._at(index)
        if piece is None or piece.kind is not Kind.THAI:
            return False
        word = piece.text
        return not (word in TALK or word in _PEOPLE or is_institution(word) or word in UNITS)

    def _is_strange(self, index: int) -> bool:
        """Tell whether a word is open and none that sentences are made of."""
        return self._is_open(index) and not is_plain(self._pieces[index].text)

    def _begins(self, index: int) -> int | None:
        """Return from where a place that begins here goes on; None where none begins."""
        piece = self._pieces[index]
        word = piece.text
        behind = self._next(index + 1)
        if piece.kind is Kind.NUMBER:
            return index + 1 if self._is_house(index) else None
        if word == "ม.":
            return self._grade_or_village(index)
        if word in ("หมู่", "หมู่ที่", "เลขที่", "บ้านเลขที่", "ตู้", "แดน", "ตึก", "ห้อง", "ห้องที่"):
            step = behind
            if word == "ตู้" and ((post := self._at(step)) is None or post.text != "ปณ."):
                return None
            if (at := self._at(step)) is not None and at.text in ("ที่", "เลขที่", "ปณ."):
                step = self._next(step + 1)
            number = self._at(step)
            if word in ("ตึก", "อาคาร") and number is not None and number.kind is Kind.LATIN:
                return step + 1
            if number is not None and number.kind is Kind.NUMBER:
                return step + 1 if self._is_room(word, number.text) else None
            if word in ("ห้อง", "ตู้", "เลขที่"):
                return None
        if word in _KEYS:
            room = self._at(behind)
            if room is not None and room.kind is Kind.NUMBER and word in _ROOMED:
                return behind + 1
            return behind if self._is_open(behind) or self._is_strange_latin(behind) else None
        if word in _SOFT:
            touching = behind == index + 1
            kin = self._at(behind)
            if word == "คลอง" and kin is not None and kin.text.startswith(tuple(_NUMBER_WORDS)):
                return behind + 1
            if word == "เขต" and kin is not None and kin.text.startswith("พื้นที่"):
                return None
            if word == "บ้าน" and touching and kin is not None and kin.text in _KIN_PLACES:
                return behind + 1 if self._is_strange(behind + 1) else None
            if word == "วิน" and touching and kin is not None and kin.text in _BESIDE:
                return behind + 1
            if touching and self._is_strange(behind):
                return behind
            if not touching and self._is_strange(behind) and is_weak(self._pieces[behind].text):
                return behind
            return None
        if word in _BESIDE:
            next_word = self._at(index + 1)
            if next_word is not None and next_word.text in _LANDMARKS:
                return index + 2
            if next_word is not None and next_word.text in _HEADS:
                return index + 1
            near = self._is_strange(index + 1) and next_word and next_word.text not in _INDOORS
            return index + 1 if near and how_often(self._pieces[index + 1].text) < _COMMON else None
        if word in _LIVES:
            return self._lives(behind)
        if word in _HEADS and self._begins_run(index) and self._is_strange(index + 1):
            return index + 1
        return None

    def _lives(self, index: int) -> int | None:
        """Return from where the place behind อยู่ goes on."""
        while (piece := self._at(index)) is not None and piece.text in (
            "ที่",
            "แถว",
            "ใน",
            "แถวๆ",
            "บ้าน",
        ):
            index = self._next(index + 1)
        if self._is_rare(index) or (
            (piece := self._at(index)) is not None and (piece.text in _HEADS or piece.text in _KEYS)
        ):
            return index
        return None

    def _is_rare(self, index: int) -> bool:
        return self._is_strange(index) and how_often(self._pieces[index].text) < 700

    def _is_strange_latin(self, index: int) -> bool:
        piece = self._at(index)
        return piece is not None and piece.kind is Kind.LATIN and piece.text[0].isupper()

    def _begins_run(self, index: int) -> bool:
        before = self._at(index - 1)
        return before is None or before.kind is not Kind.THAI

    def _is_house(self, index: int) -> bool:
        """Tell whether a number is a house's: by its stroke or by what follows it."""
        piece = self._pieces[index]
        before = self._text[max(0, piece.begin - 24) : piece.begin]
        if _DATED.match(piece.text) or _NOT_BEFORE.search(before):
            return False
        behind = self._next(index + 1)
        unit = self._at(behind)
        if unit is not None and unit.text in UNITS:
            return False
        if _HOUSE.match(piece.text):
            return not re.search(r"/25[0-9]{2}$", piece.text)
        starts = index == 0 or self._pieces[index - 1].kind is Kind.LINE
        place = self._at(behind)
        return (
            len(piece.text) <= 4 and piece.text.isdigit() and place is not None
            and (place.text in _KEYS or place.text in _HEADS or place.text == "ม."
                 or (starts and self._is_rare(behind)))
        )  # fmt: skip

    def _is_room(self, word: str, number: str) -> bool:
        if word not in ("ห้อง", "ห้องที่"):
            return True
        grade = re.match(r"[1-6]/([0-9]{1,2})$", number)
        return (grade is None or int(grade[1]) > 20) and (len(number) > 1 or word == "ห้องที่")

    def _grade_or_village(self, index: int) -> int | None:
        """Return what follows ม. ๗; of ม. ๑ to ๖ only where a place stands before or behind it."""
        step = self._next(index + 1)
        number = self._at(step)
        if number is None or number.kind is not Kind.NUMBER or not number.text.isdigit():
            return None
        if len(number.text) > 2:
            return None
        behind = self._next(step + 1)
        place = self._at(behind)
        near = place is not None and (
            place.text in _KEYS
            or place.text in _HEADS
            or place.text == "บ้าน"
            or self._is_rare(behind)
        )
        return step + 1 if int(number.text) > 6 or near else None

    def _goes_to(self, index: int) -> int:
        """Return where a place ends that is known to go on up to `index`."""
        end, bare = index, 0
        for _ in range(_MOST_CHUNKS):
            step, keyed = self._chunk(end)
            if step == end:
                break
            bare = 0 if keyed else bare + 1
            if bare > _BARE_CHUNKS:
                break
            end = step
        return end

    def _chunk(self, index: int) -> tuple[int, bool]:
        """Return where the next part of a place ends, and whether its form proves it one."""
        begin = index
        while (piece := self._at(index)) is not None and (
            piece.kind is Kind.BLANK or piece.text in (",", "-", "(", "/", ".", "–")
        ):
            index += 1
        piece = self._at(index)
        if piece is not None and piece.kind is Kind.LINE:
            return self._next_line(begin, index)
        if piece is None:
            return begin, False
        if piece.kind is Kind.NUMBER:
            behind = self._at(self._next(index + 1))
            if (behind is not None and behind.text in UNITS) or _DATED.match(piece.text):
                return begin, False
            is_short = len(re.sub(r"[^0-9]", "", piece.text)) <= 8 and not piece.text.startswith(
                "0"
            )
            return (index + 1, True) if is_short else (begin, False)
        if piece.kind is Kind.LATIN and self._is_strange_latin(index):
            return index + 1, True
        if piece.kind is Kind.SHORT and (piece.text in _KEYS or piece.text in ("ม.", "จ.")):
            end = self._next(index + 1)
            return (self._run_end(end), True)
        if piece.text in _KEYS or piece.text in _SOFT or piece.text in ("จังหวัด", "ชั้น"):
            end = self._next(index + 1)
            if (at := self._at(end)) is not None and at.kind is Kind.NUMBER:
                return end + 1, True
            return (self._run_end(end), True) if self._is_open(end) else (index + 1, True)
        if _PROVINCE.match(piece.text):
            return index + 1, True
        touching = index == begin
        if self._is_open(index) and (touching or self._is_strange(index)):
            return self._run_end(index), False
        return begin, False

    def _next_line(self, begin: int, index: int) -> tuple[int, bool]:
        """Return where a part on the next line ends, if a place's word or a postcode begins it."""
        first = self._at(self._next(index + 1))
        if first is None or not (
            first.text in _KEYS or _PROVINCE.match(first.text)
            or re.match(r"[1-9][0-9]{4}$", first.text)
            or first.text in ("จังหวัด", "จ.", "เขต")
        ):  # fmt: skip
            return begin, False
        return self._chunk(index + 1)

    def _run_end(self, index: int) -> int:
        begin = self._pieces[index].begin if index < len(self._pieces) else 0
        while self._is_open(index):
            word = self._pieces[index]
            if word.end - begin > _LONGEST_CHUNK:
                break
            if is_plain(word.text) and len(word.text) > 5:
                break
            index += 1
        return index
