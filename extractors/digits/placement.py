"""Numbers put where they stand among the recognised words, instead of what was read there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from extractors.digits.decoding import Number, find_numbers
from extractors.digits.features import glyph_features
from extractors.digits.glyphs import Band, Glyph, find_glyphs
from extractors.digits.model import DigitModel, Scores, shipped_model
from extractors.digits.splitting import split_touching
from extractors.scan_cleaner import Pixels
from extractors.tesseract import Word

_CONFIDENCE = 95.0
# Where the engine saw no digit, a number must be surer to be believed.
_SURE_ALONE = 0.97
_MOSTLY = 0.6
_TOUCHED = 0.2
_OUTSIDE = 0.15
# A glyph that is a letter beyond doubt, and no two digits that touch.
_LETTER = 0.98
_TOUCHING = 1.1
_DIGIT = re.compile(r"[0-9๐-๙]")
_NUMBER_BEFORE = re.compile(r"^[0-9๐-๙][0-9๐-๙.,/:\-]*")
_NUMBER_AFTER = re.compile(r"[0-9๐-๙.,/:\-]*[0-9๐-๙]$")
_ONLY_NUMBER = re.compile(r"[.,/:\-]*[0-9๐-๙][0-9๐-๙.,/:\-]*")
_OPENING = re.compile('^[(\\["“]+')
_CLOSING = re.compile('[)\\].,:;"”]+$')


@dataclass(frozen=True, slots=True)
class PlacedNumbers:
    """Words with the numbers in place.

    `doubtful` counts places where a number stands that could not be confirmed.
    """

    words: tuple[Word, ...]
    numbers: tuple[Number, ...]
    doubtful: int


def place_numbers(
    page: Pixels, words: Sequence[Word], model: DigitModel | None = None
) -> PlacedNumbers:
    """Return the words of a page with every sure number in place of what was read there.

    Args:
        page: the cleaned page in grey which the words were read from.
        words: recognised words in reading order.
        model: the digit model; the one of the package where None.

    Raises:
        UnusableWeights: the weights of the package are damaged.
    """
    lines = [list(line) for _, line in groupby(words, key=lambda word: word.line)]
    model = model or shipped_model()
    glyphs = find_glyphs(page, [_band(line) for line in lines])
    flat = [glyph for line in glyphs for glyph in line]
    chances = model.probabilities(glyph_features(flat))
    placed: list[Word] = []
    sure: list[Number] = []
    doubtful = begin = 0
    for line, found in zip(lines, glyphs, strict=True):
        end = begin + len(found)
        seen = [(word.left, word.left + word.width) for word in line if _DIGIT.search(word.text)]
        parts, scores = split_touching(found, chances[begin:end], seen, model)
        numbers = find_numbers(parts, scores)
        line = [word for word in line if not _is_phantom(word, parts, scores, numbers)]
        for number in numbers:
            if _is_believed(number, line):
                line = _put(number, line)
                sure.append(number)
            else:
                doubtful += any(_DIGIT.search(word.text) for word in _over(number, line))
        placed += line
        begin = end
    return PlacedNumbers(tuple(placed), tuple(sure), doubtful)


def _band(line: Sequence[Word]) -> Band:
    """Return where a line runs, wide enough for what the engine overlooked at its end."""
    top = min(word.top for word in line)
    bottom = max(word.top + word.height for word in line)
    slack = min(word.height for word in line)
    return Band(
        min(word.left for word in line) - slack,
        top,
        max(word.left + word.width for word in line) + slack,
        bottom,
    )


def _overlap(number: Number, word: Word) -> int:
    return min(number.right, word.left + word.width) - max(number.left, word.left)


def _over(number: Number, line: Sequence[Word]) -> list[Word]:
    """Return the words of a line that lie on a number, at least in part."""
    return [
        word
        for word in line
        if _overlap(number, word) >= _TOUCHED * min(word.width, number.right - number.left)
    ]


def _is_believed(number: Number, line: Sequence[Word]) -> bool:
    if not number.sure:
        return False
    seen = any(_DIGIT.search(word.text) for word in _over(number, line))
    if seen:
        return True
    if number.in_word:
        return False
    return number.certainty >= _SURE_ALONE


def _is_phantom(
    word: Word, glyphs: Sequence[Glyph], chances: Scores, numbers: Sequence[Number]
) -> bool:
    """Tell whether digits were read where none are: all ink there is letters beyond doubt.

    Digits without ink of their own are phantoms where they stand at a number: the engine gave it
    twice.
    """
    if not _ONLY_NUMBER.fullmatch(word.text) or any(_overlap(n, word) > 0 for n in numbers):
        return False
    right = word.left + word.width
    under = [i for i, g in enumerate(glyphs) if word.left <= (g.left + g.right) / 2 <= right]
    if not under:
        return any(n.left - n.letter <= right and word.left <= n.right + n.letter for n in numbers)
    return all(
        chances[i, -1] >= _LETTER and glyphs[i].width < _TOUCHING * glyphs[i].letter for i in under
    )


def _put(number: Number, line: Sequence[Word]) -> list[Word]:
    """Return the line with a number instead of the words that lie on it."""
    before, after = "", ""
    kept: list[Word] = []
    place: int | None = None
    touched = _over(number, line)
    slack = _OUTSIDE * number.letter
    for word in line:
        if word not in touched:
            kept.append(word)
            continue
        right = word.left + word.width
        if _overlap(number, word) >= _MOSTLY * word.width:
            place = len(kept) if place is None else place
            if word.left < number.left - slack:
                before = _found(_OPENING, word.text)
            if right > number.right + slack:
                after = _found(_CLOSING, word.text)
            continue
        rest = _cut(number, word)
        if rest is None:
            place = len(kept) if place is None else place
            continue
        kept.append(rest)
        if word.left >= number.left and place is None:
            place = len(kept) - 1
    if place is None:
        place = sum(word.left < number.left for word in kept)
    model = line[0]
    tops = [word.top for word in touched] or [word.top for word in line]
    heights = [word.height for word in touched] or [word.height for word in line]
    text = before + number.text + after
    width = number.right - number.left
    put = Word(text, number.left, min(tops), width, min(heights), _CONFIDENCE, model.line)
    return [*_ending_before(kept[:place], number), put, *_beginning_after(kept[place:], number)]


def _ending_before(words: Sequence[Word], number: Number) -> list[Word]:
    """Return words whose last ends where its ink ends; the engine's boxes often reach farther."""
    gap = number.gaps[0]
    if not words or gap is None:
        return list(words)
    last = words[-1]
    end = min(last.left + last.width, number.left - gap)
    return [*words[:-1], replace(last, width=max(1, end - last.left))]


def _beginning_after(words: Sequence[Word], number: Number) -> list[Word]:
    gap = number.gaps[1]
    if not words or gap is None:
        return list(words)
    first = words[0]
    end = first.left + first.width
    left = min(max(first.left, number.right + gap), end - 1)
    return [replace(first, left=left, width=end - left), *words[1:]]


def _cut(number: Number, word: Word) -> Word | None:
    """Return a word without the digits of the number beside it, None if it has no more."""
    if word.left < number.left:
        text = _NUMBER_AFTER.sub("", word.text)
        cut = replace(word, text=text, width=max(1, number.left - word.left))
    else:
        text = _NUMBER_BEFORE.sub("", word.text)
        left = max(word.left, number.right)
        cut = replace(word, text=text, left=left, width=max(1, word.left + word.width - left))
    return cut if text else None


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[0] if match else ""
