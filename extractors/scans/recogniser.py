"""OCR of one page: image in, lines of text with their places and their certainty out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from correspondence.errors import SarabanError
from extractors.digits.placement import ReadLine, place_numbers
from extractors.scans import cleaner, engine
from extractors.scans.cleaner import Pixels
from extractors.scans.ink import Ink, find_ink
from extractors.scans.latin import read_on_page, reread_latin
from extractors.scans.lines import find_lines
from extractors.scans.page_text import (
    RecognisedLine,
    RecognisedPage,
    join_lines,
    page_certainty,
    put_right,
)
from extractors.scans.rules import without_rules
from extractors.scans.symbols import LineReader, Models

DOTS_PER_INCH = 300
_A4_INCHES = 8.27
_SURE_ENOUGH = 0.6
# So many lines tell whether a page lies on its side.
_SAMPLE = 12
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
    """A page recognised, and how: the cleaned page it was read from and its placed lines.

    `turn` is how far the image was turned for it, in degrees counter-clockwise.
    """

    found: RecognisedPage
    cleaned: Pixels
    lines: tuple[ReadLine, ...] = ()
    turn: float = 0.0


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
    cleaned, tilt = _cleaned(image)
    upright = PageLines(cleaned, until, models)
    if upright.certainty(_SAMPLE) >= _SURE_ENOUGH:
        return _trace(image, upright, tilt)
    turn = engine.find_turn(cleaner.grey_page(image)) if upright.lines else 0
    if not turn:
        return _trace(image, upright, tilt)
    image_turned = image.rotate(-turn, expand=True)
    cleaned, tilt_turned = _cleaned(image_turned)
    turned = PageLines(cleaned, until, models)
    if turned.certainty() > upright.certainty(_SAMPLE):
        return _trace(image_turned, turned, tilt_turned - turn)
    return _trace(image, upright, tilt)


def _cleaned(image: Image.Image) -> tuple[Pixels, float]:
    """Return the page as it is read, and by how many degrees it was straightened."""
    page = cleaner.grey_page(image)
    if cleaner.is_blank(page):
        return page, 0.0
    tilt = cleaner.find_tilt(page)
    return cleaner.straighten(page, tilt), tilt


def _trace(image: Image.Image, page: PageLines, turn: float) -> TracedPage:
    placed = page.placed()
    lines = put_right(placed, page.cleaned)
    red = cleaner.red_ink(image)
    if red is not None:
        lines = _with_marks(lines, read_page(red, page.until, page.models))
    return TracedPage(join_lines(lines), page.cleaned, tuple(placed), turn)


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
    return put_right(PageLines(page, until, models).placed(), page)


class PageLines:
    """The lines of a cleaned page, each read once, when it is asked for."""

    def __init__(self, cleaned: Pixels, until: float, models: Models) -> None:
        """Find the lines; nothing is read yet."""
        self.cleaned, self.until, self.models = cleaned, until, models
        self._ink = None if cleaner.is_blank(cleaned) else without_rules(find_ink(cleaned))
        self.lines = find_lines(self._ink) if self._ink else []
        self._read: dict[int, ReadLine] = {}

    def certainty(self, most: int | None = None) -> float:
        """Return how sure the engine is of the page, 0 to 1, by some of its lines or by all.

        Raises:
            RecognitionFailed: out of time.
        """
        step = max(1, len(self.lines) // most) if most else 1
        return page_certainty([self._line(at) for at in range(0, len(self.lines), step)])

    def placed(self) -> list[ReadLine]:
        """Return what the engine and the digit recogniser read.

        Raises:
            RecognitionFailed: out of time.
        """
        read = [line for at in range(len(self.lines)) if (line := self._line(at)).symbols]
        if self._ink is None or not read:
            return []
        if self.models.latin and page_certainty(read) >= _SURE_ENOUGH:
            # A page on its head is full of words of both scripts: they are not worth the time.
            read = [self._with_latin(line, self.models.latin) for line in read]
        return place_numbers(self._ink, read)

    def _line(self, at: int) -> ReadLine:
        if at not in self._read:
            self._check_time()
            line = self.lines[at]
            symbols = read_on_page(self._inked, line, self.models.thai, _LETTER)
            self._read[at] = ReadLine(line, symbols)
        return self._read[at]

    def _with_latin(self, read: ReadLine, model: LineReader) -> ReadLine:
        self._check_time()
        symbols = reread_latin(self._inked, read.line, read.symbols, model, _LETTER)
        return ReadLine(read.line, symbols)

    @property
    def _inked(self) -> Ink:
        if self._ink is None:
            raise ValueError("a blank page has no lines")
        return self._ink

    def _check_time(self) -> None:
        if time.monotonic() > self.until:
            raise RecognitionFailed


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
