"""A text cut into words, numbers, Latin words and blanks, with where each stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from correspondence.thai_digits import fold_digits
from drafting.redaction.word_knowledge import cut

_MOST_PIECES: Final = 30_000
# Also where no blank stands before them: แจ้งผอ.
_SHORTENED: Final = (
    r"(?:ส\.ส|ส\.ว|รพ\.สต|น\.ส|น\.ช|ด\.ช|ด\.ญ|พ\.ศ|จ\.ส\.อ|ผอ|รร|ดร|ผศ|รศ|สน|สภ|วท|สพป|สพม|กศน|สกร|อบต|อบจ|รพ"
    r"|สช|[ตอจมถซป])\."
)
_FORMS: Final = re.compile(
    r"(?P<line>\n)|(?P<blank>[^\S\n]+)"
    r"|(?P<number>[0-9](?:[0-9/.,:–-]*[0-9])?)"
    r"|(?P<latin>[A-Za-zÀ-ɏ](?:[A-Za-z0-9À-ɏ_.@'’&-]*[A-Za-z0-9À-ɏ])?)"
    rf"|(?P<short>{_SHORTENED}|(?<![ก-๎])(?:[ก-ฮ]{{1,4}}\.)+)"
    rf"|(?P<thai>(?:(?!{_SHORTENED})[ก-ฺเ-๎])+)|(?P<other>.)"
)


class Kind(Enum):
    """What a piece is."""

    LINE = auto()
    BLANK = auto()
    NUMBER = auto()
    LATIN = auto()
    SHORT = auto()
    THAI = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or sign: offsets into the text, its letters with digits folded, what it is."""

    begin: int
    end: int
    text: str
    kind: Kind


def pieces_of(text: str) -> list[Piece]:
    """Return the pieces of a text in order; together they are the whole text."""
    found: list[Piece] = []
    for piece in _cut_all(fold_digits(text)):
        found.append(piece)
        if len(found) >= _MOST_PIECES:
            break
    return found


def _cut_all(folded: str) -> Iterator[Piece]:
    for match in _FORMS.finditer(folded):
        kind = Kind[(match.lastgroup or "other").upper()]
        if kind is not Kind.THAI:
            yield Piece(match.start(), match.end(), match[0], kind)
            continue
        begin = match.start()
        for word in cut(match[0]):
            yield Piece(begin, begin + len(word), word, kind)
            begin += len(word)
