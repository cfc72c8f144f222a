"""What is hidden by default in a private letter: whatever nobody can say is harmless.

Cues alone know the letters they were made from. Here the question is turned round: a name-like
run, a place below a province, a number or a Latin word goes unless something says that it is
harmless. A person opens again what an agency needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from correspondence.thai_digits import fold_digits
from drafting.redaction.called_names import called_names
from drafting.redaction.closing_block import block_stretches
from drafting.redaction.doubtful_latin import doubtful_latin, foreign_words, schools_in_english
from drafting.redaction.doubtful_names import NameLike, doubtful_names, name_like
from drafting.redaction.doubtful_numbers import doubtful_numbers
from drafting.redaction.doubtful_places import Places
from drafting.redaction.labelled_values import labelled_values
from drafting.redaction.personal import as_behind, as_kept, as_left, as_number, as_one, as_place
from drafting.redaction.pieces import Piece, pieces_of
from drafting.redaction.whereabouts import whereabouts
from drafting.redaction.word_knowledge import is_plain

_SHORT: Final = 4
_LEAST: Final = 2
_REACH: Final = 8
_MOST: Final = 2_000


def doubtful_words(text: str) -> tuple[str, ...]:
    """Return what to hide of a private letter, marked as `black_out` takes it, each once.

    Args:
        text: of the whole letter.
    """
    pieces = pieces_of(text)
    names = name_like(text, pieces)
    places = Places(text, pieces, names.officials)
    found = dict.fromkeys(_words(text, pieces, names, places))
    return tuple(found)[:_MOST]


def _words(text: str, pieces: list[Piece], names: NameLike, places: Places) -> Iterator[str]:
    ends = frozenset(end for _, end, _ in names.names)
    labelled = list(labelled_values(text))
    own = [
        *whereabouts(text, pieces),
        *((begin, end) for begin, end, is_place in labelled if is_place),
    ]
    for begin, end in places.kept:
        # Where the writer works is no office the letter is about.
        if not any(first < end and begin < last for first, last in own):
            yield as_kept(text[begin:end])
    for begin, end in own:
        yield as_place(text[begin:end]) if end - begin >= _SHORT else _behind(text, begin, end)
    for begin, end, is_place in labelled:
        if not is_place:
            yield as_one(text[begin:end]) if end - begin >= _SHORT else _behind(text, begin, end)
    for begin, end in (*called_names(pieces, names.spared, ends), *block_stretches(text)):
        yield _behind(text, begin, end)
    for begin, end in names.officials:
        # A word of talk behind the word of an office (ครูแจ้งว่า) names nobody.
        if not is_plain(text[begin:end]):
            yield as_left(text[begin:end])
    for begin, end in places.found:
        yield as_place(text[begin:end]) if end - begin >= _SHORT else _behind(text, begin, end)
    for begin, end in doubtful_names(text, names, places.found):
        words = " ".join(text[begin:end].split())
        kept = any(first <= begin and end <= last for first, last in places.kept)
        if len(words) < _LEAST:
            continue
        if len(words) < _SHORT:
            yield _behind(text, begin, end)
        yield as_one(words) if kept else words
    folded = fold_digits(text)
    for begin, end in doubtful_numbers(folded, pieces):
        yield as_number(text[max(0, begin - _REACH) : begin], text[begin:end])
    for begin, end in doubtful_latin(text, pieces):
        yield as_one(text[begin:end]) if end - begin >= _SHORT else _behind(text, begin, end)
    for begin, end in foreign_words(text):
        yield as_one(text[begin:end]) if end - begin >= _SHORT else _behind(text, begin, end)
    for begin, end in schools_in_english(text):
        yield as_kept(text[begin:end])


def _behind(text: str, begin: int, end: int) -> str:
    return as_behind(text[max(0, begin - _REACH) : begin], text[begin:end])
