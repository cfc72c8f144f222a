"""OCR of one page: image in, lines of text with their places and their certainty out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from correspondence.errors import SarabanError
from extractors import scan_cleaner
from extractors.digits.placement import ReadLine, place_numbers
from extractors.scan_cleaner import Pixels
from extractors.scans import engine
from extractors.scans.ink import find_ink
from extractors.scans.latin import read_on_page, reread_latin
from extractors.scans.lines import find_lines
from extractors.scans.page_text import (
    RecognisedLine,
    RecognisedPage,
    join_lines,
    put_right,
)
from extractors.scans.rules import without_rules
from extractors.scans.symbols import Models

DOTS_PER_INCH = 300
_A4_INCHES = 8.27
_SURE_ENOUGH = 0.6
# Height of a plain letter in the image of a line, in pixels, that the models read best.
_LETTER = 30.0
_MARKS = ("ลับ", "ลับมาก", "ลับที่สุด", "ด่วน", "ด่วนมาก", "ด่วนที่สุด")
_TONES = str.maketrans("", "", "่้๊๋ั ี")


class RecognitionFailed(SarabanError):
    """A page could not be recognised within its time."""

    code = "recognition_failed"

    def __init__(self) -> None:
        """Name it."""
        super().__init__("Recognition of a page timed out.", thai="อ่านข้อความจากภาพไม่ทันเวลา")


@dataclass(frozen=True, slots=True, eq=False)
class TracedPage:
    """A page recognised, and how: the cleaned page it was read from and its placed lines."""

    found: RecognisedPage
    cleaned: Pixels
    lines: tuple[ReadLine, ...] = ()


def recognise_page(
    image: Image.Image, seconds: float, models: Models | None = None
) -> RecognisedPage:
    """Return the text of one page image; see `trace_page`."""
    return trace_page(image, seconds, models).found


def trace_page(image: Image.Image, seconds: float, models: Models | None = None) -> TracedPage:
    """Return the text of one page image at about 300 dots per inch, and how it was read.

    A page the engine is not sure of is tried once more as Tesseract thinks it stands upright.

    Args:
        image: the page.
        seconds: real time allowed.
        models: what reads a line; Tesseract where None.

    Raises:
        MissingDependency: the engine has no Thai model.
        RecognitionFailed: out of time.
    """
    until = time.monotonic() + seconds
    models = models or Models(engine.read_thai_line, engine.read_latin_line)
    traced = _recognise(image, until, models)
    if traced.found.confidence >= _SURE_ENOUGH:
        return traced
    grey = scan_cleaner.grey_page(image)
    if scan_cleaner.is_blank(grey):
        return traced
    turn = engine.find_turn(grey)
    if not turn:
        return traced
    turned = _recognise(image.rotate(-turn, expand=True), until, models)
    return max(traced, turned, key=lambda page: page.found.confidence)


def _recognise(image: Image.Image, until: float, models: Models) -> TracedPage:
    page = scan_cleaner.grey_page(image)
    lines: list[RecognisedLine] = []
    placed: list[ReadLine] = []
    if not scan_cleaner.is_blank(page):
        page = scan_cleaner.clean(page)
        placed = place_lines(page, until, models)
        lines = put_right(placed, page)
    red = scan_cleaner.red_ink(image)
    if red is not None:
        lines = _with_marks(lines, read_page(red, until, models))
    return TracedPage(join_lines(lines), page, tuple(placed))


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


def read_page(page: Pixels, until: float, models: Models) -> list[RecognisedLine]:
    """Return the lines of a cleaned page, rows from the top, their parts from the left.

    Args:
        page: the page in grey, straight.
        until: `time.monotonic` at which the time is up.
        models: what reads a line.

    Raises:
        RecognitionFailed: out of time.
    """
    return put_right(place_lines(page, until, models), page)


def place_lines(page: Pixels, until: float, models: Models) -> list[ReadLine]:
    """Return what the engine and the digit recogniser read on a page; takes as `read_page`."""
    ink = without_rules(find_ink(page))
    read: list[ReadLine] = []
    for line in find_lines(ink):
        if time.monotonic() > until:
            raise RecognitionFailed
        symbols = read_on_page(ink, line, models.thai, _LETTER)
        if symbols and models.latin:
            symbols = reread_latin(ink, line, symbols, models.latin, _LETTER)
        if symbols:
            read.append(ReadLine(line, symbols))
    return place_numbers(ink, read)


def _with_marks(
    lines: Sequence[RecognisedLine], red: Sequence[RecognisedLine]
) -> list[RecognisedLine]:
    """Add the lines in red that are a mark of urgency or secrecy; the rest is the stamp.

    Compared without the small marks, which recognition loses first.
    """
    skeletons = {mark.translate(_TONES): mark for mark in _MARKS}
    found = list(lines)
    for line in red:
        mark = skeletons.get(line.text.translate(_TONES))
        if mark:
            row = -1 - len(red) + line.row
            found.append(line.model_copy(update={"text": mark, "row": row, "doubtful": ()}))
    return sorted(found, key=lambda line: line.box.top) if len(found) > len(lines) else found
