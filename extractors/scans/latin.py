"""Words in Latin letters that the Thai model mixed with Thai ones, read again by a Latin model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.scans.ink import HEIGHT, LEFT, TOP, WIDTH, Ink
from extractors.scans.lines import TextLine, cut_out
from extractors.scans.symbols import LineReader, Symbol

_LATIN = re.compile("[A-Za-z]")
_LETTER = re.compile("[A-Za-zก-ฮะาำเ-ไ]")
_PLAIN = re.compile(r"[A-Za-z0-9@._:/,;()<>“”\"'’&+?!\-]+")
# Shares of Latin letters: in a line in English, and in what the Latin model makes of a word.
_ENGLISH_LINE = 0.9
_FEW_LETTERS = 12
_LATIN_WORD = 0.6
_SURE, _LEAST_SURE = 0.95, 0.85
# What the Latin model may be less sure of for a whole line, for it is right more often.
_SLACK = 0.02
_AROUND = 0.2


def reread_latin(
    ink: Ink, line: TextLine, symbols: Sequence[Symbol], reader: LineReader, letter: float
) -> tuple[Symbol, ...]:
    """Return the symbols of a line with its Latin words as the Latin model reads them.

    A line in English is read whole; in a Thai line only words that mix Latin letters with others
    (Spotify+Yอนโบbe), and only where the Latin model is sure.

    Args:
        ink: ink of the page.
        line: the line.
        symbols: what the Thai model read; columns of the page.
        reader: the Latin model.
        letter: height of a plain letter in the image that the model gets, in pixels.
    """
    text = "".join(symbol.text for symbol in symbols)
    letters = len(_LETTER.findall(text))
    latin = len(_LATIN.findall(text))
    if not latin:
        return tuple(symbols)
    if letters >= _FEW_LETTERS and latin >= _ENGLISH_LINE * letters:
        again = read_on_page(ink, line, reader, letter)
        return again if again and _sure(again) >= _sure(symbols) - _SLACK else tuple(symbols)
    found: list[Symbol] = []
    for word in _words(symbols):
        found += _reread_word(ink, line, word, reader, letter)
    return tuple(found)


def read_on_page(ink: Ink, line: TextLine, reader: LineReader, letter: float) -> tuple[Symbol, ...]:
    """Return what a model reads in a line, in columns of the page.

    Args:
        ink: ink of the page.
        line: the line.
        reader: the model.
        letter: height of a plain letter in the image that the model gets, in pixels.
    """
    image, left = cut_out(ink, line, letter)
    scale = line.letter / letter
    return tuple(
        replace(
            symbol,
            left=round(left + symbol.left * scale),
            right=round(left + symbol.right * scale),
        )
        for symbol in reader(image)
    )


def _words(symbols: Sequence[Symbol]) -> list[list[Symbol]]:
    words: list[list[Symbol]] = []
    for symbol in symbols:
        if symbol.spaced or not words:
            words.append([])
        words[-1].append(symbol)
    return words


def _reread_word(
    ink: Ink, line: TextLine, word: Sequence[Symbol], reader: LineReader, letter: float
) -> Sequence[Symbol]:
    text = "".join(symbol.text for symbol in word)
    if not _is_mixed(text):
        return word
    part = _part(ink, line, word[0].left, word[-1].right)
    again = read_on_page(ink, part, reader, letter) if part else ()
    read = "".join(symbol.text for symbol in again)
    if not again or any(symbol.spaced for symbol in again[1:]):
        return word
    if _sure(again) < _SURE or min(symbol.confidence for symbol in again) < _LEAST_SURE:
        return word
    if len(_LATIN.findall(read)) < _LATIN_WORD * len(read) or not _PLAIN.fullmatch(read):
        return word
    return [replace(again[0], spaced=word[0].spaced), *again[1:]]


def _is_mixed(text: str) -> bool:
    """Tell whether a word has Latin letters and something that does not go with them."""
    latin = len(_LATIN.findall(text))
    return latin > 0 and len(text) > 2 and latin < len(text) and not _is_address(text)


def _is_address(text: str) -> bool:
    return bool(_PLAIN.fullmatch(text)) and not re.search(r"[A-Za-z][0-9]|[0-9][A-Za-z]", text)


def _part(ink: Ink, line: TextLine, left: int, right: int) -> TextLine | None:
    """Return the part of a line between two columns, None where it has no ink."""
    boxes = ink.boxes[line.pieces]
    middle = boxes[:, LEFT] + boxes[:, WIDTH] / 2
    slack = _AROUND * line.letter
    pieces = line.pieces[(middle >= left - slack) & (middle <= right + slack)]
    if not len(pieces):
        return None
    own = ink.boxes[pieces]
    return replace(
        line,
        pieces=pieces,
        left=int(own[:, LEFT].min()),
        top=int(own[:, TOP].min()),
        right=int((own[:, LEFT] + own[:, WIDTH]).max()),
        bottom=int((own[:, TOP] + own[:, HEIGHT]).max()),
    )


def _sure(symbols: Sequence[Symbol]) -> float:
    return sum(symbol.confidence for symbol in symbols) / len(symbols)
