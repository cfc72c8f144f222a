"""Names hidden by default: what is name-like and not known to be harmless, in a private letter.

Who is named behind the word of an office or the name of a school stays: it says whom and what the
letter is about. A name that a cue gives to the writer goes all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from correspondence.reading import Frozen
from drafting.redaction.institutions import TALK, institution_end, is_institution
from drafting.redaction.name_bounds import LONGEST_LONE, RARE, SHORT, SHORT_PART, NameBounds
from drafting.redaction.name_cues import OFFICE_BEFORE, OFFICE_BEHIND
from drafting.redaction.name_words import (
    KIN,
    NAME_CUES,
    NICKNAMED,
    OFFICE_MORE,
    OFFICES,
    OWN_WORDS,
    PAGES,
    ROLES,
)
from drafting.redaction.pieces import Kind, Piece
from drafting.redaction.word_knowledge import (
    how_often,
    is_family,
    is_name,
    is_plain,
    is_weak,
    is_word,
    may_be_name,
)
from drafting.redaction.word_sets import words_of

_LAST_LINES: Final = 3
_THANKS: Final = words_of("ขอบคุณ ขอบพระคุณ ขอแสดงความนับถือ เคารพ นับถือ")
_COMMON_NICKNAME: Final = 12_000
_LONE_RARE: Final = 700
_CHILDISH: Final = words_of("น้อง ไอ้ ชื่อเล่น")
_TITLES: Final = words_of("นาย นาง นางสาว น.ส. คุณ")
_SURE_TITLES: Final = words_of("นาย นาง นางสาว น.ส. ด.ช. ด.ญ. เด็กชาย เด็กหญิง")
_NEVER_CALLED: Final = words_of(
    """
    สาว ชาย นักเรียน เด็ก คน เล็ก ครู ที่ บ้าน โรงเรียน ชื่อ เรื่อง ห้อง ชั้น เขย สะใภ้
    """
)
_NEVER_SCHOOL: Final = OWN_WORDS | OFFICES | words_of("ชื่อ เบอร์ โทร โทร. นาย นาง นางสาว คุณ")
_WHOSE: Final = words_of("ของ กับ พา คือ และ หา แทน")
_HARDLY: Final = 30
# Cues that stand one behind the other: ลูกสาวผมชื่อเล่นว่า….
_MOST_CUES: Final = 14
_ROOMS: Final = ("พัก", "ห้อง", "โต๊ะ", "ประชุม", "สภา")
_CHUNK: Final = re.compile(r"[ ]{1,3}[ก-๎]{2,30}")
_COMPANION: Final = re.compile(
    r"(?:พี่|น้อง|แม่|พ่อ|ภรรยา|สามี|เมีย|ลูก|แฟน|หลาน)\S{0,8}?(?:ผม|ดิฉัน|ฉัน|หนู|ข้าพเจ้า)\S{0,3}เป็น"
    r"(?:ครู\S{0,12}ชื่อ)?\s?$|"
    r"(?:ผม|ดิฉัน|ฉัน|กระผม|ข้าพเจ้า|เรา|หนู)\s?(?:กับ|และ)\s?$|(?:เหมือน|เพื่อน|เช่นเดียวกับ)\s?$|"
    r"(?:ผม|ดิฉัน|ฉัน|กระผม|ข้าพเจ้า)\s?(?:เป็น)?อดีต(?:ท่าน)?$"
)


class NameLike(Frozen):
    """What is name-like in a text.

    Attributes:
        names: offsets, and "cue" where a cue gives the name to a private person.
        spared: the names of whoever holds an office, wherever they stand.
        officials: offsets of those names behind the word of an office.
    """

    names: tuple[tuple[int, int, str], ...]
    spared: frozenset[str]
    officials: tuple[tuple[int, int], ...]


def name_like(text: str, pieces: Sequence[Piece]) -> NameLike:
    """Return what is name-like in a text.

    Args:
        text: the letter.
        pieces: its pieces.
    """
    walk = _Walk(text, pieces)
    names = tuple(walk.names())
    return NameLike(names=names, spared=frozenset(walk.spared), officials=tuple(walk.officials))


def doubtful_names(
    text: str, found: NameLike, hidden: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Yield offsets of the names that are hidden: those of officials are not.

    Args:
        text: the letter.
        found: what is name-like in it.
        hidden: stretches that are hidden as places already.
    """
    for begin, end, strong in found.names:
        words = " ".join(text[begin:end].split())
        inside = any(first <= begin and end <= last for first, last in hidden)
        if strong or not (inside or words in found.spared):
            yield begin, end


class _Walk(NameBounds):
    """One pass over the pieces; `spared` are the names that belong to an office."""

    def __init__(self, text: str, pieces: Sequence[Piece]) -> None:
        super().__init__(text, pieces)
        self.spared: set[str] = set()
        self.officials: list[tuple[int, int]] = []

    def names(self) -> Iterator[tuple[int, int, str]]:
        """Yield offsets, and "cue" where a cue gives the name to a private person."""
        index = 0
        while index < len(self._pieces):
            piece = self._pieces[index]
            if piece.kind not in (Kind.THAI, Kind.SHORT):
                index += 1
            elif is_institution(piece.text):
                index = institution_end(self._pieces, index + 1, _NEVER_SCHOOL)
            elif piece.text in OFFICES and self._is_room(index):
                index += 1
            elif self._is_office(index):
                index = self._behind_office(index + 1)
            elif self._leads_to_office(index):
                index += 1
            elif piece.text in NAME_CUES or piece.text in OFFICES:
                end = self._behind_cue(index)
                if end is None:
                    index += 1
                    continue
                first = self._first_behind(index)
                last = self.surname(end)
                if self._is_official(index, end) or self._is_official(index, last):
                    self._spare(first, {end, last})
                    index = last
                    continue
                yield self._pieces[first].begin, self._pieces[last - 1].end, "cue"
                if last > end:
                    yield self._pieces[first].begin, self._pieces[end - 1].end, "cue"
                index = last
            elif self._is_seed(index):
                first, end = self.around(index)
                last = self.surname(end)
                yield self._pieces[first].begin, self._pieces[last - 1].end, ""
                if last > end:
                    yield self._pieces[first].begin, self._pieces[end - 1].end, ""
                index = last
            elif self._is_lone(index) or self._is_rare_whose(index):
                yield piece.begin, piece.end, ""
                index += 1
            else:
                index += 1

    def _is_office(self, index: int) -> bool:
        """Tell whether the word of an office stands here, of nobody on the writer's side."""
        piece = self._pieces[index]
        if piece.text == "อ.":
            return self._is_lecturer(index + 1)
        return piece.text in OFFICES and not self._is_companion(piece)

    def _is_room(self, index: int) -> bool:
        """Tell whether a room or a house is what the word of an office tells of: ห้องพักครู."""
        before = self.at(index - 1)
        return before is not None and before.text.endswith(_ROOMS) and not self.is_thai(index + 1)

    def _is_lecturer(self, index: int) -> bool:
        """Tell whether อ. is อาจารย์: a listed name touches it, and no province follows."""
        behind = self.at(index + 2)
        return (
            self.is_thai(index)
            and is_name(self._pieces[index].text)
            and not (behind is not None and behind.text in ("จ.", "จังหวัด"))
        )

    def _is_companion(self, piece: Piece) -> bool:
        return _COMPANION.search(self._text[max(0, piece.begin - 20) : piece.begin]) is not None

    def _behind_office(self, index: int) -> int:
        """Return where the name of whoever holds an office ends, and spare it everywhere."""
        steps = 0
        while (piece := self.at(index)) is not None and steps < 6:
            if piece.kind is Kind.BLANK or piece.text in OFFICE_MORE or piece.kind is Kind.SHORT:
                index += 1
                steps += 1
            else:
                break
        if not self.is_thai(index):
            return index
        end = self.run(index)
        if end == index:
            return index
        last = self.surname(end)
        self._spare(index, {end, last})
        return last

    def _spare(self, first: int, stops: set[int]) -> None:
        begin = self._pieces[first].begin
        self.officials.append((begin, self._pieces[max(stops) - 1].end))
        for stop in stops:
            self.spared.add(" ".join(self._text[begin : self._pieces[stop - 1].end].split()))

    def _is_official(self, cue: int, end: int) -> bool:
        """Tell whether a titled name belongs to whoever is accused or holds an office."""
        if self._pieces[cue].text not in _TITLES:
            return False
        at, stop = self._pieces[cue].begin, self._pieces[end - 1].end
        before = self._text[max(0, at - 40) : at]
        surname = _CHUNK.match(self._text, stop)
        return (
            OFFICE_BEFORE.search(before) is not None
            or OFFICE_BEHIND.match(self._text, stop) is not None
            or (surname is not None and OFFICE_BEHIND.match(self._text, surname.end()) is not None)
        )

    def _leads_to_office(self, index: int) -> bool:
        """Tell whether ชื่อ and the like stand before the word of an office: ชื่อครูรัตนา."""
        step = index + 1
        while (piece := self.at(step)) is not None and piece.kind is Kind.BLANK:
            step += 1
        return (
            (self._pieces[index].text not in OWN_WORDS or step > index + 1)
            and piece is not None
            and piece.text in OFFICES
        )

    def _first_behind(self, index: int) -> int:
        last = index + _MOST_CUES
        index += 1
        while index < last and (piece := self.at(index)) is not None and (
            piece.kind is Kind.BLANK or piece.text in NAME_CUES or piece.text in OFFICES
            or piece.text in ("ว่า", "คือ", "ของ", ":")
        ):  # fmt: skip
            index += 1
        return index

    def _behind_cue(self, index: int) -> int | None:
        """Return where the name behind a cue ends, None where none follows."""
        cue = self._pieces[index].text
        first = self._first_behind(index)
        if first >= len(self._pieces) or not self.is_thai(first):
            return None
        cue = self._pieces[first - 1].text if self._pieces[first - 1].text in NAME_CUES else cue
        word = self._pieces[first].text
        touching = self._pieces[first - 1].kind is not Kind.BLANK
        if (word in ROLES and cue not in _CHILDISH) or is_institution(word):
            return None
        if word in _NEVER_CALLED:
            return None
        if is_name(word) or is_family(word) or is_weak(word):
            return self.run(first)
        if touching and self._is_between(first):
            return first + 1
        if is_plain(word):
            called = cue in NICKNAMED or (cue in KIN and may_be_name(word) and len(word) > SHORT)
            ends = self.stops(first + 1) or is_plain(self._pieces[first + 1].text)
            common = how_often(word) > _COMMON_NICKNAME or word in TALK
            if called and touching and not ends and not common and len(word) <= SHORT:
                return self.short_pair(first)
            return first + 1 if called and touching and ends and not common else None
        if cue in PAGES:
            return self.chunk_end(first) if how_often(word) < _COMMON_NICKNAME else None
        if not touching and cue not in ("ชื่อ", "ชื่อเล่น") and not may_be_name(word):
            return None
        if cue in OWN_WORDS and not may_be_name(word):
            called = touching and (how_often(word) < _LONE_RARE or self.stops(first + 1))
            return first + 1 if called and len(word) > 1 else None
        if cue in NICKNAMED or may_be_name(word) or how_often(word) < RARE:
            return max(first + 1, self.run(first))
        return None

    def _is_between(self, first: int) -> bool:
        """Tell whether a word stands between title and surname, be it a verb: นายสมัคร ถาวรวงศ์."""
        titled = self._pieces[first - 1].text in _SURE_TITLES
        word = self._pieces[first].text
        blank = self.at(first + 1)
        return (
            titled
            and word not in TALK
            and blank is not None
            and blank.kind is Kind.BLANK
            and self.is_thai(first + 2)
        )

    def _is_seed(self, index: int) -> bool:
        word = self._pieces[index].text
        if self._pieces[index].kind is not Kind.THAI or len(word) < 2 or is_plain(word):
            return False
        return is_name(word) or is_family(word) or (not is_word(word)) or is_weak(word)

    def _is_lone(self, index: int) -> bool:
        """Tell whether a rare short word stands alone between blanks, as names do."""
        piece = self._pieces[index]
        before, behind = self.at(index - 1), self.at(index + 1)
        alone = (before is None or before.kind is not Kind.THAI) and (
            behind is None or behind.kind is not Kind.THAI
        )
        word = piece.text
        if self._is_named_kin(index) or (alone and self._is_signature(index)):
            return True
        if not alone or piece.kind is not Kind.THAI or is_plain(word) or word in ROLES:
            return False
        if before is not None and before.kind in (Kind.NUMBER, Kind.LATIN):
            return False
        two = self.at(index - 2)
        if before is not None and before.kind is Kind.BLANK and two and two.kind is Kind.NUMBER:
            return False
        return may_be_name(word) or (len(word) <= LONGEST_LONE and how_often(word) < _LONE_RARE)

    def _is_rare_whose(self, index: int) -> bool:
        """Tell whether a word hardly ever written stands behind ของ, กับ and the like."""
        before, piece = self.at(index - 1), self._pieces[index]
        return (
            piece.kind is Kind.THAI
            and before is not None
            and before.text in _WHOSE
            and len(piece.text) > SHORT_PART
            and how_often(piece.text) < _HARDLY
            and not is_plain(piece.text)
            and self._goes_on_plainly(index + 1)
        )

    def _goes_on_plainly(self, index: int) -> bool:
        return not self.is_thai(index) or is_plain(self._pieces[index].text)

    def _is_signature(self, index: int) -> bool:
        """Tell whether a word is all there is on one of the last lines."""
        piece, before, behind = self._pieces[index], self.at(index - 1), self.at(index + 1)
        return (
            (before is None or before.kind is Kind.LINE)
            and (behind is None or behind.kind is Kind.LINE)
            and self._text.count("\n", piece.end) < _LAST_LINES
            and piece.kind is Kind.THAI
            and piece.text not in _THANKS
        )

    def _is_named_kin(self, index: int) -> bool:
        """Tell whether a rare word begins a run that goes on with a kin word: จ่อยลูกชายผม."""
        before, piece = self.at(index - 1), self._pieces[index]
        if not self.is_thai(index + 1):
            return False
        if before is not None and before.kind is Kind.THAI and not is_plain(before.text):
            return False
        return (
            self._pieces[index + 1].text in KIN
            and how_often(piece.text) < _LONE_RARE
            and piece.text not in ROLES
            and not is_plain(piece.text)
        )
