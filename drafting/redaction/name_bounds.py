"""Where a name in doubt begins and ends among the pieces of a letter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from drafting.redaction.institutions import INSTITUTIONS, TALK
from drafting.redaction.name_words import NAME_CUES, OFFICES, ROLES
from drafting.redaction.pieces import Kind, Piece
from drafting.redaction.word_knowledge import (
    how_often,
    is_family,
    is_name,
    is_plain,
    is_weak,
    may_be_name,
)
from drafting.redaction.word_sets import words_of

RARE: Final = 3_000
LONGEST_LONE: Final = 9
_LONGEST_NAME: Final = 18
_LONGEST_SURNAME: Final = 22
SHORT_PART: Final = 5
SHORT: Final = 3
# What many nicknames and modern names begin with.
_FIRST_PARTS: Final = words_of(
    """
    น้ำ ข้าว ต้น ใบ ฟ้า เจ้า ขวัญ ดอก ลูก สาย แก้ว นา บุญ ทอง หมู มุก
    """
)


class NameBounds:
    """The pieces of a letter, and how far a name goes that holds one of them."""

    def __init__(self, text: str, pieces: Sequence[Piece]) -> None:
        """Keep them.

        Args:
            text: the letter.
            pieces: its pieces.
        """
        self._text, self._pieces = text, pieces

    def at(self, index: int) -> Piece | None:
        """Return a piece, None outside the letter."""
        return self._pieces[index] if 0 <= index < len(self._pieces) else None

    def is_thai(self, index: int) -> bool:
        """Tell whether a run of Thai letters stands here."""
        piece = self.at(index)
        return piece is not None and piece.kind is Kind.THAI

    def chunk_end(self, first: int) -> int:
        """Return where the letters up to the next blank end: the name of a page on the net."""
        begin = self._pieces[first].begin
        while self.is_thai(first) and self._pieces[first].end - begin <= _LONGEST_SURNAME:
            first += 1
        return first

    def short_pair(self, first: int) -> int | None:
        """Return where a name of two short words ends: สม|ใจ."""
        second, third = self._pieces[first + 1], self.at(first + 2)
        if len(second.text) > SHORT + 1 or second.text in INSTITUTIONS or second.text == "ครู":
            return None
        ends = third is None or third.kind is not Kind.THAI or is_plain(third.text)
        return first + 2 if ends else None

    def stops(self, index: int) -> bool:
        """Tell whether a word ends here: at a blank, a sign or what talk goes on with."""
        piece = self.at(index)
        return piece is None or piece.kind is not Kind.THAI or piece.text in TALK

    def run(self, index: int) -> int:
        """Return where a name that begins here ends: with its run of letters or at a plain word."""
        begin, first = self._pieces[index].begin, self._pieces[index].text
        whole = is_name(first) and len(first) > SHORT_PART
        index += 1
        while self.is_thai(index):
            piece = self._pieces[index]
            word = piece.text
            if len(word) > 1 and (
                is_plain(word) or word in ROLES or word in NAME_CUES or word in OFFICES
            ):
                if self._ends_before_name(index) or self._is_second_part(index, begin):
                    index += 1
                break
            if piece.end - begin > _LONGEST_NAME:
                break
            part = is_weak(word) or is_name(word) or is_family(word)
            if whole and not part and not (len(word) <= SHORT_PART and self.stops(index + 1)):
                break
            index += 1
        return index

    def _ends_before_name(self, index: int) -> bool:
        """Tell whether this word ends the run and a listed surname follows: ซอและ ดือราแม."""
        blank = self.at(index + 1)
        if blank is None or blank.kind is not Kind.BLANK or not self.is_thai(index + 2):
            return False
        return is_family(self._pieces[index + 2].text)

    def _is_second_part(self, index: int, begin: int) -> bool:
        """Tell whether a plain word is the second half of a nickname: น้ำเหนือ."""
        piece = self._pieces[index]
        return (
            self._pieces[index - 1].begin == begin
            and self._pieces[index - 1].text in _FIRST_PARTS
            and piece.text not in TALK
            and len(piece.text) <= SHORT_PART
        )

    def around(self, index: int) -> tuple[int, int]:
        """Return where a name around a seed begins and ends."""
        first = index
        whole = is_name(self._pieces[index].text) and len(self._pieces[index].text) > SHORT_PART
        while not whole and self.is_thai(first - 1):
            word = self._pieces[first - 1].text
            if len(word) > SHORT_PART + 1 or (
                len(word) > 1 and (is_plain(word) or word in ROLES or word in NAME_CUES)
            ):
                break
            first -= 1
        if not self.is_thai(first - 1):
            first = self._first_name(first)
        return first, self.run(index)

    def _first_name(self, index: int) -> int:
        """Return where the chunk before a surname begins, if it may be a first name on its line."""
        blank = self.at(index - 1)
        if blank is None or blank.kind is not Kind.BLANK:
            return index
        step = index - 1
        while self.is_thai(step - 1):
            step -= 1
        words = [piece.text for piece in self._pieces[step : index - 1]]
        before = self.at(step - 1)
        starts = (
            before is None
            or before.kind is not Kind.BLANK
            or (len(words) == 1 and may_be_name(words[0]))
        )
        if not words or not starts or sum(map(len, words)) > LONGEST_LONE + 2:
            return index
        if any(word in TALK or word in ROLES or word in INSTITUTIONS for word in words):
            return index
        if all(is_plain(word) for word in words):
            return index
        return step

    def surname(self, index: int) -> int:
        """Return where a surname behind the name that ends here ends; the same where none is."""
        blank = self.at(index)
        if blank is None or blank.kind is not Kind.BLANK or not self.is_thai(index + 1):
            return index
        first = self._pieces[index + 1]
        if (
            is_plain(first.text) or first.text in TALK or first.text in ROLES
            or first.text in NAME_CUES or first.text in INSTITUTIONS or first.text in OFFICES
        ):  # fmt: skip
            return index
        end, weak, count = index + 1, False, 0
        while self.is_thai(end):
            piece = self._pieces[end]
            if piece.end - first.begin > _LONGEST_SURNAME or piece.text in TALK:
                break
            if piece.text in ROLES or (is_plain(piece.text) and not self.stops(end + 1)):
                break
            weak = weak or is_weak(piece.text) or may_be_name(piece.text) or is_family(piece.text)
            count += 1
            end += 1
        if weak or count > 1 or how_often(first.text) < RARE:
            return end
        return index
