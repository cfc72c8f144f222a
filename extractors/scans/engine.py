"""Tesseract's library: the models it needs, one line of text read, how a page must be turned."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import tesserocr
from tesserocr import OEM, PSM, RIL, PyTessBaseAPI

from correspondence.errors import MissingDependency
from extractors.scans.cleaner import Pixels
from extractors.scans.symbols import Symbol

# Thai script models read letters better than `tha` (thai.md); the first one installed is used.
_THAI_MODELS = ("script/Thai", "Thai", "tha")
_LATIN_MODEL = "eng"
_TURN_MODEL = "osd"
_INSTALL = "apt-get install tesseract-ocr-script-thai tesseract-ocr-tha tesseract-ocr-eng"
_FOLDERS = (
    "/usr/share/tesseract-ocr/*/tessdata",
    "/usr/share/tesseract/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
_DOTS_PER_INCH = 300
_SURE_OF_TURN = 2.0
_LEAST_SIDE = 50


@dataclass(frozen=True, slots=True)
class Installation:
    """Models of Tesseract as found: their folder, which ones, and the library's version."""

    folder: Path
    thai: str
    latin: str | None
    turn: str | None
    version: str


@cache
def find_installation() -> Installation:
    """Return what of Tesseract is installed; looked for once per process.

    Raises:
        MissingDependency: no folder has a Thai model.
    """
    for folder in _folders():
        thai = next((name for name in _THAI_MODELS if _has(folder, name)), None)
        if thai is not None:
            return Installation(
                folder=folder,
                thai=thai,
                latin=_LATIN_MODEL if _has(folder, _LATIN_MODEL) else None,
                turn=_TURN_MODEL if _has(folder, _TURN_MODEL) else None,
                version=tesserocr.tesseract_version().split()[1],
            )
    raise MissingDependency(
        "Tesseract has no Thai model.", thai="ไม่พบแบบจำลองภาษาไทยของ Tesseract", remedy=_INSTALL
    )


def _folders() -> Iterator[Path]:
    told = os.environ.get("TESSDATA_PREFIX")
    if told:
        yield from (Path(told), Path(told) / "tessdata")
        return
    for pattern in _FOLDERS:
        yield from sorted(Path("/").glob(pattern.removeprefix("/")), reverse=True)


def _has(folder: Path, model: str) -> bool:
    return (folder / f"{model}.traineddata").is_file()


def is_installed() -> bool:
    """Tell whether there is a model for Thai letters."""
    try:
        find_installation()
    except MissingDependency:
        return False
    return True


def read_thai_line(image: Pixels) -> tuple[Symbol, ...]:
    """Return the symbols of the image of one line, read by the Thai model.

    Raises:
        MissingDependency: no Thai model.
    """
    return _read_line(_reader(find_installation().thai), image)


def read_latin_line(image: Pixels) -> tuple[Symbol, ...]:
    """Return the symbols of the image of a line in Latin letters; none without its model.

    Raises:
        MissingDependency: no Thai model.
    """
    model = find_installation().latin
    return _read_line(_reader(model), image) if model else ()


def find_turn(page: Pixels) -> int:
    """Return by how many degrees clockwise a grey page must be turned to stand upright.

    0, 90, 180 or 270; 0 also where Tesseract cannot tell or its `osd` model is missing.

    Raises:
        MissingDependency: no Thai model.
    """
    found = find_installation()
    if found.turn is None or min(page.shape) < 4 * _LEAST_SIDE:
        return 0
    with PyTessBaseAPI(path=str(found.folder), lang=found.turn, psm=PSM.OSD_ONLY) as reader:
        # Half the resolution tells as much in a quarter of the time.
        half = cv2.resize(page, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        _show(reader, np.asarray(half, dtype=np.uint8))
        told = reader.DetectOrientationScript()
    if not told or told["orient_conf"] < _SURE_OF_TURN:
        return 0
    return (360 - int(told["orient_deg"])) % 360


@cache
def _reader(model: str) -> PyTessBaseAPI:
    """Return a reader with its model loaded, kept for the life of the process."""
    folder = str(find_installation().folder)
    reader = PyTessBaseAPI(path=folder, lang=model, psm=PSM.RAW_LINE, oem=OEM.LSTM_ONLY)
    # Without it blanks between Thai phrases are dropped.
    reader.SetVariable("preserve_interword_spaces", "1")
    return reader


def _show(reader: PyTessBaseAPI, image: Pixels) -> None:
    height, width = image.shape
    reader.SetImageBytes(image.tobytes(), width, height, 1, width)
    reader.SetSourceResolution(_DOTS_PER_INCH)


def _read_line(reader: PyTessBaseAPI, image: Pixels) -> tuple[Symbol, ...]:
    _show(reader, image)
    try:
        if not reader.Recognize():
            return ()
        written = reader.GetUTF8Text()
        return _symbols(written, _letters(reader))
    except RuntimeError:
        # What the library says of a line without anything to read.
        return ()
    finally:
        reader.Clear()


def _letters(reader: PyTessBaseAPI) -> list[tuple[str, int, int, float]]:
    found: list[tuple[str, int, int, float]] = []
    for letter in tesserocr.iterate_level(reader.GetIterator(), RIL.SYMBOL):
        box = letter.BoundingBox(RIL.SYMBOL)
        if box is not None:
            text = letter.GetUTF8Text(RIL.SYMBOL)
            found.append((text, box[0], box[2], letter.Confidence(RIL.SYMBOL) / 100))
    return found


def _symbols(written: str, letters: Sequence[tuple[str, int, int, float]]) -> tuple[Symbol, ...]:
    """Join letters to symbols, with the blanks that only the written line has."""
    found: list[Symbol] = []
    place = 0
    for text, left, right, confidence in letters:
        at = written.find(text, place)
        spaced = at > place and written[place:at].isspace()
        place = at + len(text) if at >= 0 else place
        if found and not spaced and _leans(text):
            last = found[-1]
            found[-1] = Symbol(
                last.text + text,
                last.left,
                last.right,
                min(last.confidence, confidence),
                last.spaced,
            )
            continue
        found.append(Symbol(text, left, right, confidence, spaced and bool(found)))
    return tuple(found)


def _leans(text: str) -> bool:
    """Tell whether a letter is a mark over or under the one before."""
    return all(letter in "ัิีึืฺุู็่้๊๋์ํ๎" for letter in text)
