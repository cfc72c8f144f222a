"""Mark in a text what a query has found, and cut a short piece of it around the first mark."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from correspondence.reading import Frozen
from correspondence.thai_digits import fold_digits
from registry.search_query import SearchQuery
from registry.search_words import tidy_text

SNIPPET: Final = 160
_BEFORE = 45
_MOST_MARKS = 60
_ELLIPSIS = "…"


class MarkedPiece(Frozen):
    """A stretch of a text; `hit` where it is what was looked for."""

    text: str
    hit: bool = False


def mark_text(text: str, query: SearchQuery, limit: int = SNIPPET) -> tuple[MarkedPiece, ...]:
    """Return at most `limit` characters of a text on one line, the marks of a query in it.

    The piece begins shortly before the first mark; () where the text has none.
    """
    shown = " ".join(tidy_text(text).split())
    spans = _spans(shown, query)
    return _pieces(shown, spans, *_window(shown, spans[0][0], limit)) if spans else ()


def mark_head(text: str, query: SearchQuery, limit: int) -> tuple[MarkedPiece, ...]:
    """Return the beginning of a text, at most `limit` characters, with its marks if there are."""
    shown = " ".join(tidy_text(text).split())
    return _pieces(shown, _spans(shown, query), 0, _safe_end(shown, min(limit - 1, len(shown))))


def _spans(shown: str, query: SearchQuery) -> list[tuple[int, int]]:
    """Return where a text is marked, in order and apart; whole chunks before single words."""
    folded = fold_digits(shown)
    lowered = folded.lower()
    folded = lowered if len(lowered) == len(folded) else folded
    found: list[tuple[int, int]] = []
    for chunk in query.chunks:
        whole = list(_places(folded, chunk.wholes))
        found += whole or list(_places(folded, [w for w in chunk.words if len(w) > 1]))
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _places(folded: str, needles: Sequence[str]) -> Iterator[tuple[int, int]]:
    for needle in needles:
        pattern = _pattern(needle)
        for count, match in enumerate(pattern.finditer(folded)):
            if count == _MOST_MARKS:
                break
            yield match.span()


@lru_cache(maxsize=500)
def _pattern(needle: str) -> re.Pattern[str]:
    signs = [re.escape(sign) for sign in needle if not sign.isspace()]
    joined = r"\s?".join(signs)
    first = r"(?<!\d)" if needle[0].isdigit() else ""
    last = r"(?!\d)" if needle[-1].isdigit() else ""
    return re.compile(f"{first}{joined}{last}")


def _window(shown: str, first: int, limit: int) -> tuple[int, int]:
    """Return begin and end of the piece around a mark; two places are kept for the ellipses."""
    room = limit - 2
    begin = max(0, min(first - _BEFORE, len(shown) - room))
    if begin:
        blank = shown.find(" ", begin, first)
        begin = blank + 1 if blank >= 0 else begin
        while begin < first and _hangs(shown[begin]):
            begin += 1
    return begin, _safe_end(shown, min(begin + room, len(shown)))


def _safe_end(shown: str, end: int) -> int:
    """Return an end that does not part a letter from its marks."""
    while 0 < end < len(shown) and _hangs(shown[end]):
        end -= 1
    return end


def _hangs(sign: str) -> bool:
    return unicodedata.category(sign) == "Mn" or sign in "ะาำ"


def _pieces(
    shown: str, spans: Sequence[tuple[int, int]], begin: int, end: int
) -> tuple[MarkedPiece, ...]:
    pieces: list[MarkedPiece] = []
    place = begin
    if begin:
        pieces.append(MarkedPiece(text=_ELLIPSIS))
    for start, stop in spans:
        start, stop = max(start, begin), min(stop, end)
        if start >= stop:
            continue
        pieces.append(MarkedPiece(text=shown[place:start]))
        pieces.append(MarkedPiece(text=shown[start:stop], hit=True))
        place = stop
    pieces.append(MarkedPiece(text=shown[place:end]))
    if end < len(shown):
        pieces.append(MarkedPiece(text=_ELLIPSIS))
    return tuple(piece for piece in pieces if piece.text)
