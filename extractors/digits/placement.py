"""Numbers put where they stand among the symbols of a line, instead of what was read there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.digits.decoding import Number, find_numbers
from extractors.digits.features import glyph_features
from extractors.digits.glyphs import Glyph, find_glyphs
from extractors.digits.model import DigitModel, Scores, shipped_model
from extractors.digits.splitting import split_touching
from extractors.scans.ink import Ink
from extractors.scans.lines import TextLine
from extractors.scans.symbols import Symbol

# Where the engine saw no digit, a number must be surer to be believed.
_SURE_ALONE = 0.97
# A number less certain than this is put in its place, but a person must look at it.
BEYOND_DOUBT = 0.95
_LONG = 3
_MOSTLY = 0.6
_TOUCHED = 0.2
_OUTSIDE = 0.15
# A glyph that is a letter beyond doubt, and no two digits that touch.
_LETTER = 0.98
_TOUCHING = 1.1
# In heights of a letter: the least blank beside a number, next to a letter and next to a mark.
_BLANK, _MARK_BLANK = 0.4, 0.55
_DIGIT = re.compile(r"[0-9๐-๙]")
_ONLY_NUMBER = re.compile(r"[.,/:\-]*[0-9๐-๙][0-9๐-๙.,/:\-]*")
_OPENING = re.compile('^[(\\["“]+')
_CLOSING = re.compile('[)\\].,:;"”]+$')
_THAI_LETTER = re.compile("[ก-ฮะ-ูเ-ๅ]")


@dataclass(frozen=True, slots=True, eq=False)
class ReadLine:
    """A line and what it says; columns of the symbols are those of the page."""

    line: TextLine
    symbols: tuple[Symbol, ...]
    numbers: tuple[Number, ...] = ()

    @property
    def text(self) -> str:
        """The line's text."""
        return "".join(" " * symbol.spaced + symbol.text for symbol in self.symbols)


def place_numbers(
    ink: Ink, lines: Sequence[ReadLine], model: DigitModel | None = None
) -> list[ReadLine]:
    """Return the lines of a page with every sure number in place of what was read there.

    Digits that could not be confirmed, and numbers that are not beyond doubt, are `doubtful`.

    Args:
        ink: ink of the cleaned page which the lines were read from.
        lines: the lines with their symbols from the left.
        model: the digit model; the one of the package where None.

    Raises:
        UnusableWeights: the weights of the package are damaged.
    """
    model = model or shipped_model()
    glyphs = find_glyphs(ink, [read.line.pieces for read in lines])
    flat = [glyph for line in glyphs for glyph in line]
    chances = model.probabilities(glyph_features(flat))
    placed: list[ReadLine] = []
    begin = 0
    for read, found in zip(lines, glyphs, strict=True):
        end = begin + len(found)
        placed.append(_place(read, found, chances[begin:end], model))
        begin = end
    return placed


def _place(read: ReadLine, found: list[Glyph], chances: Scores, model: DigitModel) -> ReadLine:
    symbols = list(read.symbols)
    seen = [(symbol.left, symbol.right) for symbol in symbols if _DIGIT.search(symbol.text)]
    glyphs, scores = split_touching(found, chances, seen, model)
    numbers = find_numbers(glyphs, scores)
    symbols = [s for s in symbols if not _is_phantom(s, glyphs, scores, numbers)]
    believed: list[Number] = []
    for number in numbers:
        if _is_believed(number, symbols):
            symbols = _put(number, symbols)
            believed.append(number)
        else:
            over = _over(number, symbols)
            symbols = [_doubted(symbol) if symbol in over else symbol for symbol in symbols]
    sure = {number.left for number in believed}
    symbols = [
        replace(symbol, doubtful=True)
        if _DIGIT.search(symbol.text) and symbol.left not in sure
        else symbol
        for symbol in symbols
    ]
    return ReadLine(read.line, tuple(symbols), tuple(believed))


def _doubted(symbol: Symbol) -> Symbol:
    """Return a symbol that may be part of a number; a Thai letter is read well enough."""
    return symbol if _THAI_LETTER.search(symbol.text) else replace(symbol, doubtful=True)


def _overlap(number: Number, symbol: Symbol) -> int:
    return min(number.right, symbol.right) - max(number.left, symbol.left)


def _width(symbol: Symbol) -> int:
    return max(1, symbol.right - symbol.left)


def _over(number: Number, symbols: Sequence[Symbol]) -> list[Symbol]:
    """Return the symbols that lie on a number, at least in part."""
    wide = number.right - number.left
    return [s for s in symbols if _overlap(number, s) >= _TOUCHED * min(_width(s), wide)]


def _is_believed(number: Number, symbols: Sequence[Symbol]) -> bool:
    if not number.sure:
        return False
    if any(_DIGIT.search(symbol.text) for symbol in _over(number, symbols)):
        return True
    if number.in_word:
        return False
    over = _over(number, symbols)
    written = sum(character.isdigit() for character in number.text)
    if written >= _LONG and len(over) == len(symbols):
        # All there is, as in the cell of a table; what the engine made of it does not matter.
        return True
    return number.certainty >= _SURE_ALONE


def _is_phantom(
    symbol: Symbol, glyphs: Sequence[Glyph], chances: Scores, numbers: Sequence[Number]
) -> bool:
    """Tell whether digits were read where none are: all ink there is letters beyond doubt.

    Digits without ink of their own are phantoms where they stand at a number: the engine gave it
    twice.
    """
    if not _ONLY_NUMBER.fullmatch(symbol.text) or any(_overlap(n, symbol) > 0 for n in numbers):
        return False
    under = [
        i for i, g in enumerate(glyphs) if symbol.left <= (g.left + g.right) / 2 <= symbol.right
    ]
    if not under:
        return any(
            n.left - n.letter <= symbol.right and symbol.left <= n.right + n.letter for n in numbers
        )
    return all(
        chances[i, -1] >= _LETTER and glyphs[i].width < _TOUCHING * glyphs[i].letter for i in under
    )


def _put(number: Number, symbols: Sequence[Symbol]) -> list[Symbol]:
    """Return the line with a number instead of the symbols that lie on it."""
    before, after = "", ""
    kept: list[Symbol] = []
    place: int | None = None
    touched = _over(number, symbols)
    slack = _OUTSIDE * number.letter
    for symbol in symbols:
        if symbol not in touched:
            kept.append(symbol)
            continue
        if _overlap(number, symbol) >= _MOSTLY * _width(symbol):
            place = len(kept) if place is None else place
            if symbol.left < number.left - slack:
                before = _found(_OPENING, symbol.text)
            if symbol.right > number.right + slack:
                after = _found(_CLOSING, symbol.text)
            continue
        text = _DIGIT.sub("", symbol.text)
        if not text:
            place = len(kept) if place is None else place
            continue
        kept.append(replace(symbol, text=text))
        if symbol.left >= number.left and place is None:
            place = len(kept) - 1
    if place is None:
        place = sum(symbol.left < number.left for symbol in kept)
    put = Symbol(
        text=before + number.text + after,
        left=number.left,
        right=number.right,
        confidence=number.certainty,
        spaced=place > 0 and _is_blank(number.gaps[0], number, kept[place - 1].text[-1:]),
        doubtful=number.certainty < BEYOND_DOUBT,
    )
    following = kept[place:]
    if following:
        spaced = _is_blank(number.gaps[1], number, following[0].text[:1])
        following[0] = replace(following[0], spaced=spaced)
    return [*kept[:place], put, *following]


def _is_blank(gap: int | None, number: Number, neighbour: str) -> bool:
    """Tell whether the gap beside a number is a blank; a letter keeps farther off than a mark."""
    least = _BLANK if neighbour.isalnum() or _THAI_LETTER.match(neighbour) else _MARK_BLANK
    return gap is not None and gap > least * number.letter


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[0] if match else ""
