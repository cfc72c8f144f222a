"""OCR of one page: image in, text with its quality out. The engine is behind `Engine`."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import groupby, pairwise

from PIL import Image

from correspondence.reading import Frozen
from extractors import scan_cleaner, tesseract
from extractors.digits.placement import place_numbers
from extractors.normaliser import normalise
from extractors.orthography import measure_quality
from extractors.tesseract import Word

Engine = Callable[[bytes, float], tuple[Word, ...]]

DOTS_PER_INCH = 300
_A4_INCHES = 8.27
_SURE_ENOUGH = 0.6
_PHRASE_GAP = 0.55
_CHANGE_GAP = 0.4
_COLUMN_GAP = 2.5
_GAP_IN_WORD = re.compile("(?<=[ก-๎]) +(?=[ัาำะิีึืุู็่้๊๋์ํ])")
_MARKS = ("ลับ", "ลับมาก", "ลับที่สุด", "ด่วน", "ด่วนมาก", "ด่วนที่สุด")
_TONES = str.maketrans("", "", "่้๊๋ั ี")


class RecognisedPage(Frozen):
    """Text of a page image and how far it can be trusted, 0 to 1.

    Numbers are those of our own recogniser where it is sure, the engine's elsewhere; the engine's
    cannot be trusted (thai.md).

    `confidence` is the engine's own, 0 to 1; `quality` also asks whether the text is Thai.
    """

    text: str
    quality: float
    confidence: float


def recognise_page(
    image: Image.Image, seconds: float, engine: Engine = tesseract.recognise_words
) -> RecognisedPage:
    """Return the text of one page image at about 300 dots per inch.

    A page the engine is not sure of is tried once more as Tesseract thinks it stands upright.

    Raises:
        MissingDependency: the engine is not installed.
        RecognitionFailed: out of time, or the engine failed.
    """
    begun = time.monotonic()
    found = _recognise(image, seconds, engine)
    if found.confidence >= _SURE_ENOUGH:
        return found
    left = seconds - (time.monotonic() - begun)
    grey = scan_cleaner.grey_page(image)
    if left <= 0 or scan_cleaner.is_blank(grey):
        return found
    turn = tesseract.find_turn(scan_cleaner.encode(grey), left)
    left = seconds - (time.monotonic() - begun)
    if not turn or left <= 0:
        return found
    turned = _recognise(image.rotate(-turn, expand=True), left, engine)
    return max(found, turned, key=lambda page: page.confidence)


def _recognise(image: Image.Image, seconds: float, engine: Engine) -> RecognisedPage:
    grey = scan_cleaner.grey_page(image)
    lines: list[tuple[int, str]] = []
    confidence = 0.0
    if not scan_cleaner.is_blank(grey):
        page = scan_cleaner.clean(grey)
        words = engine(scan_cleaner.encode(page), seconds)
        lines, confidence = read_lines(place_numbers(page, words).words)
    red = scan_cleaner.red_ink(image)
    if red is not None:
        marks = _red_marks(engine(scan_cleaner.encode(red), seconds))
        lines = sorted(lines + marks) if marks else lines
        confidence = confidence or (0.5 if marks else 0.0)
    text = normalise("\n".join(line for _, line in lines))
    quality = round(confidence * measure_quality(text), 3)
    return RecognisedPage(text=text, quality=quality, confidence=confidence)


def enlarge(image: Image.Image) -> Image.Image:
    """Return the image at about 300 dots per inch of an A4 page, when it is clearly coarser."""
    wanted = int(_A4_INCHES * DOTS_PER_INCH)
    short = min(image.size)
    if not 200 <= short < 0.7 * wanted:
        return image
    factor = wanted / short
    mode = image if image.mode in ("L", "RGB") else image.convert("RGB")
    size = (int(image.width * factor), int(image.height * factor))
    return mode.resize(size, Image.Resampling.BICUBIC)


def read_lines(words: Sequence[Word]) -> tuple[list[tuple[int, str]], float]:
    """Return (top, text) of each line, ghosts dropped, and the mean confidence 0 to 1.

    A ghost is a row of tone marks that was taken for a line of its own: much lower than the other
    lines, or short and not believed by the engine itself (thai.md).
    """
    lines = [list(line) for _, line in groupby(words, key=lambda word: word.line)]
    if not lines:
        return [], 0.0
    heights = [max(word.height for word in line) for line in lines]
    usual = statistics.median(heights)
    # Most pieces are letters without marks, and these are the low ones.
    letter = sorted(word.height for word in words)[len(words) // 3]
    kept: list[tuple[int, str]] = []
    confidences: list[tuple[float, int]] = []
    for line, height in zip(lines, heights, strict=True):
        text = _join(line, letter)
        letters = sum(character.isalnum() for character in text)
        weight = sum(len(word.text) for word in line)
        sure = sum(word.confidence * len(word.text) for word in line) / weight
        if height < 0.4 * usual or (sure < 40 and letters <= 4) or (sure < 15) or not letters:
            continue
        if sure < 75 and _is_scattered(line):
            continue
        kept.append((min(word.top for word in line), text))
        confidences.append((sure, weight))
    if not kept:
        return [], 0.0
    total = sum(weight for _, weight in confidences)
    return kept, sum(sure * weight for sure, weight in confidences) / total / 100


def _is_scattered(line: Sequence[Word]) -> bool:
    """Tell whether a line is single Latin letters: a row of tone marks misread."""
    pieces = [word.text for word in line]
    no_thai = not any("ก" <= character <= "๏" for piece in pieces for character in piece)
    return no_thai and sum(map(len, pieces)) < 2.2 * len(pieces)


def _join(line: Sequence[Word], letter: float) -> str:
    """Join pieces as far apart as they stand.

    For Thai, Tesseract's words are single letters and marks, so only the distance tells a
    phrase's space (half a letter's height and more) from the next letter. Latin words are words.

    Args:
        line: pieces of one line, from the left.
        letter: height of a letter without marks, in pixels.
    """
    pieces = [line[0].text]
    end = line[0].left + line[0].width
    for before, word in pairwise(line):
        gap = word.left - end
        if gap > _COLUMN_GAP * letter:
            pieces.append("   ")
        elif gap > _least_space(before.text, word.text) * letter:
            pieces.append(" ")
        pieces.append(word.text)
        end = max(end, word.left + word.width)
    # No word begins with a vowel that follows its letter: a gap there is the scan's.
    return _GAP_IN_WORD.sub("", "".join(pieces))


def _least_space(left: str, right: str) -> float:
    """Return how wide a space is at least between two pieces, in heights of a letter."""
    if (left + right).isascii():
        return -1.0 if left.isalpha() and right.isalpha() else _PHRASE_GAP
    thai_left, thai_right = "ก" <= left[-1] <= "๎", "ก" <= right[0] <= "๎"
    # Thai beside a number or a Latin word is almost always apart from it.
    words = left[-1].isalnum() or thai_left, right[0].isalnum() or thai_right
    return _CHANGE_GAP if thai_left != thai_right and all(words) else _PHRASE_GAP


def _red_marks(words: Sequence[Word]) -> list[tuple[int, str]]:
    """Return the lines in red that are a mark of urgency or secrecy; the rest is the stamp.

    Compared without the small marks, which recognition loses first.
    """
    skeletons = {mark.translate(_TONES): mark for mark in _MARKS}
    lines, _ = read_lines(words)
    found = ((top, skeletons.get(normalise(text).translate(_TONES))) for top, text in lines)
    return [(top, mark) for top, mark in found if mark]
