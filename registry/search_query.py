"""What somebody types into the search field, as the two databases take it.

Every sign that is not a letter or a digit only parts words, so no operator of a query language
can come in. What is typed with a blank between is looked for each for itself, and what is typed
together side by side. A title before a name (นาย, ดร.) need not be there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from correspondence.thai_dates import BE_OFFSET
from registry.search_words import cut_words, fold_text

MAX_QUERY: Final = 200
_MOST_CHUNKS = 8
_MOST_WORDS = 24
_LEAST_PREFIX = 3

_TITLE = re.compile(
    r"^(?:นางสาว|น\.\s?ส\.|นาย|นาง|ด\.\s?[ชญ]\.|เด็ก(?:ชาย|หญิง)|คุณ|ดร\.?|ผศ\.?|รศ\.?|ศ\.|ศาสตราจารย์|ม\.[รลจ]\.|"
    r"หม่อม(?:ราชวงศ์|หลวง|เจ้า)|พระ(?:ครู|มหา)?|ว่าที่(?:ร้อย|พัน)?(?:ตรี|โท|เอก)?|"
    r"(?:พล|พัน|ร้อย|สิบ|จ่า)(?:ตำรวจ|สิบ)?(?:ตรี|โท|เอก)|(?:พล|พ|ร|ส|จ)\.[ตทอส]\.(?:[ตทอ]\.)?|mrs?\.?|ms\.?|miss|dr\.?)\s*"
)
_REGISTER_NUMBER = re.compile(r"^(?:เลขรับ(?:ที่)?|รับ)?\s*(\d{1,7})(?:\s*/\s*(\d{2}|\d{4}))?$")
_THAI_OR_LATIN = re.compile(r"[^\W\d_]", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Chunk:
    """What was typed without a blank: its words, and the same without a title before a name."""

    text: str
    words: tuple[str, ...]
    untitled: tuple[str, ...] = ()

    @property
    def wholes(self) -> tuple[str, ...]:
        """The signs as typed, with and without a title."""
        return tuple(dict.fromkeys((self.text, without_title(self.text))))


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A query, cut: nothing is asked where there are no chunks.

    Attributes:
        chunks: all of them must be in a letter.
        number: a register number (year CE, None for any; running number), where it is one.
    """

    chunks: tuple[Chunk, ...]
    number: tuple[int | None, int] | None = None

    def __bool__(self) -> bool:
        """Tell whether anything is asked."""
        return bool(self.chunks)

    def match(self, *, side_by_side: bool) -> str:
        """Return the query for FTS5."""
        parts = []
        for chunk in self.chunks:
            ways = [_fts(words, side_by_side) for words in (chunk.words, chunk.untitled) if words]
            parts.append(f"({' OR '.join(ways)})")
        return " AND ".join(parts)

    def tsquery(self, *, side_by_side: bool) -> str:
        """Return the query for PostgreSQL, to be cast to `tsquery`."""
        parts = []
        for chunk in self.chunks:
            ways = [_ts(words, side_by_side) for words in (chunk.words, chunk.untitled) if words]
            parts.append(f"({' | '.join(ways)})")
        return " & ".join(parts)


def read_query(text: str) -> SearchQuery:
    """Return a query as typed, cut into chunks and words; at most MAX_QUERY characters count."""
    folded = " ".join(fold_text(text[: 4 * MAX_QUERY]).split())[:MAX_QUERY]
    number = _register_number(folded)
    chunks: list[Chunk] = []
    left = _MOST_WORDS
    for piece in _pieces(folded):
        words = tuple(cut_words(piece)[:left])
        if not words or len(chunks) == _MOST_CHUNKS:
            continue
        left -= len(words)
        bare = without_title(piece)
        untitled = tuple(cut_words(bare)[:_MOST_WORDS]) if bare != piece else ()
        chunks.append(Chunk(piece, words, untitled))
        if left <= 0:
            break
    return SearchQuery(tuple(chunks), number)


def without_title(text: str) -> str:
    """Return a folded name without the title before it; the text itself where none stands."""
    bare = _TITLE.sub("", text, count=1).strip()
    return bare if len(_THAI_OR_LATIN.findall(bare)) > 1 else text


def _pieces(folded: str) -> list[str]:
    """Return what stands between blanks; a title or a number's letters stay with what follows."""
    pieces: list[str] = []
    for piece in folded.split(" "):
        if pieces and (_TITLE.fullmatch(pieces[-1]) or _is_number_part(pieces[-1], piece)):
            pieces[-1] = f"{pieces[-1]} {piece}"
        else:
            pieces.append(piece)
    return pieces


def _is_number_part(before: str, piece: str) -> bool:
    """Tell whether two pieces are one document number: `กค 0402.5/ว 138`."""
    letters = re.fullmatch(r"[ก-ฮ]{1,4}\.?|[a-z]{1,6}", before)
    if letters and re.match(r"\d{2,}[./\d]*(?:/|$)", piece) and ("/" in piece or "." in piece):
        return True
    return bool(re.search(r"/ว?$", before) and re.match(r"ว?\d", piece))


def _register_number(folded: str) -> tuple[int | None, int] | None:
    found = _REGISTER_NUMBER.match(folded)
    if found is None:
        return None
    running, year = int(found[1]), found[2]
    if year is None:
        return None, running
    if len(year) == 2:
        return 2500 + int(year) - BE_OFFSET, running
    return (int(year) - BE_OFFSET if int(year) > 2400 else int(year)), running


def _fts(words: tuple[str, ...], side_by_side: bool) -> str:  # noqa: FBT001
    prefix = " *" if _takes_prefix(words[-1]) else ""
    if side_by_side:
        return f'"{" ".join(words)}"{prefix}'
    return "(" + " AND ".join(f'"{word}"' for word in words) + prefix + ")"


def _ts(words: tuple[str, ...], side_by_side: bool) -> str:  # noqa: FBT001
    prefix = ":*" if _takes_prefix(words[-1]) else ""
    return "(" + (" <-> " if side_by_side else " & ").join(f"'{w}'" for w in words) + prefix + ")"


def _takes_prefix(word: str) -> bool:
    return len(word) >= _LEAST_PREFIX and not word[-1].isdigit()
