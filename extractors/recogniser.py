"""OCR of one page: image in, text with its quality out. The engine is behind `Engine`."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from itertools import groupby, pairwise

from PIL import Image

from correspondence.reading import Frozen
from extractors import scan_cleaner, tesseract
from extractors.normaliser import normalise
from extractors.orthography import measure_quality
from extractors.tesseract import Word

Engine = Callable[[bytes, float], tuple[Word, ...]]

DOTS_PER_INCH = 300
_A4_INCHES = 8.27
_MARKS = ("ลับ", "ลับมาก", "ลับที่สุด", "ด่วน", "ด่วนมาก", "ด่วนที่สุด")
_TONES = str.maketrans("", "", "่้๊๋ั ี")


class RecognisedPage(Frozen):
    """Text of a page image and how far it can be trusted, 0 to 1. Digits never can (thai.md)."""

    text: str
    quality: float


def recognise_page(
    image: Image.Image, seconds: float, engine: Engine = tesseract.recognise_words
) -> RecognisedPage:
    """Return the text of one page image at about 300 dots per inch.

    Raises:
        MissingDependency: the engine is not installed.
        RecognitionFailed: out of time, or the engine failed.
    """
    grey = scan_cleaner.grey_page(image)
    if scan_cleaner.is_blank(grey):
        lines: list[tuple[int, str]] = []
        confidence = 0.0
    else:
        words = engine(scan_cleaner.encode(scan_cleaner.clean(grey)), seconds)
        lines, confidence = read_lines(words)
    red = scan_cleaner.red_ink(image)
    if red is not None:
        lines = sorted(lines + _red_marks(engine(scan_cleaner.encode(red), seconds)))
    text = normalise("\n".join(line for _, line in lines))
    return RecognisedPage(text=text, quality=round(confidence * measure_quality(text), 3))


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
    kept: list[tuple[int, str]] = []
    confidences: list[tuple[float, int]] = []
    for line, height in zip(lines, heights, strict=True):
        text = _join(line)
        letters = sum(character.isalnum() for character in text)
        weight = sum(len(word.text) for word in line)
        sure = sum(word.confidence * len(word.text) for word in line) / weight
        if height < 0.4 * usual or (sure < 40 and letters <= 4) or (sure < 15) or not letters:
            continue
        kept.append((min(word.top for word in line), text))
        confidences.append((sure, weight))
    if not kept:
        return [], 0.0
    total = sum(weight for _, weight in confidences)
    return kept, sum(sure * weight for sure, weight in confidences) / total / 100


def _join(line: Sequence[Word]) -> str:
    """Join words as far apart as they stand: Thai has no spaces but between phrases."""
    height = statistics.median(word.height for word in line)
    pieces = [line[0].text]
    for before, word in pairwise(line):
        gap = word.left - before.left - before.width
        if gap > 2.0 * height:
            pieces.append("   ")
        elif gap > 0.12 * height or not _both_thai(before.text, word.text):
            pieces.append(" ")
        pieces.append(word.text)
    return "".join(pieces)


def _both_thai(left: str, right: str) -> bool:
    return "ก" <= left[-1] <= "๎" and "ก" <= right[0] <= "๎"


def _red_marks(words: Sequence[Word]) -> list[tuple[int, str]]:
    """Return the lines in red that are a mark of urgency or secrecy; the rest is the stamp.

    Compared without the small marks, which recognition loses first.
    """
    skeletons = {mark.translate(_TONES): mark for mark in _MARKS}
    lines, _ = read_lines(words)
    found = ((top, skeletons.get(normalise(text).translate(_TONES))) for top, text in lines)
    return [(top, mark) for top, mark in found if mark]
