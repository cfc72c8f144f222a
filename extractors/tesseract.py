"""Tesseract, the external program that recognises text: probed, limited, its table parsed."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache

from correspondence.errors import MissingDependency, SarabanError

PROGRAM = "tesseract"
# Thai script models read letters better than `tha` (thai.md); the first one installed is used.
_THAI_MODELS = ("script/Thai", "Thai", "tha")
_INSTALL = "apt-get install tesseract-ocr tesseract-ocr-script-thai tesseract-ocr-tha"
_WORD_LEVEL = "5"
_TURN = re.compile(r"^Rotate: (90|180|270)$", re.MULTILINE)


class RecognitionFailed(SarabanError):
    """Tesseract gave up on one page; `reason` is `timed_out` or `failed`."""

    code = "recognition_failed"

    def __init__(self, reason: str) -> None:
        """Keep why."""
        super().__init__(f"Recognition of a page {reason}.", thai="อ่านข้อความจากภาพไม่สำเร็จ")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Word:
    """A recognised word: its box in pixels, confidence 0 to 100, and the line it stands in."""

    text: str
    left: int
    top: int
    width: int
    height: int
    confidence: float
    line: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Installation:
    """Tesseract as found: path, version, and the models for Thai letters."""

    program: str
    version: str
    models: str


@cache
def find_installation() -> Installation:
    """Return the installed Tesseract; probed once per process.

    Raises:
        MissingDependency: the program or every Thai model is missing.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise MissingDependency(
            "Tesseract is not installed.", thai="ยังไม่ได้ติดตั้ง Tesseract", remedy=_INSTALL
        )
    version = _ask(program, "--version").partition("\n")[0].removeprefix("tesseract").strip()
    listed = set(_ask(program, "--list-langs").split())
    thai = next((model for model in _THAI_MODELS if model in listed), None)
    if thai is None:
        raise MissingDependency(
            "Tesseract has no Thai model.", thai="Tesseract ไม่มีแบบจำลองภาษาไทย", remedy=_INSTALL
        )
    return Installation(program, version, f"{thai}+eng" if "eng" in listed else thai)


def is_installed() -> bool:
    """Tell whether Tesseract with a Thai model can be used."""
    try:
        find_installation()
    except MissingDependency:
        return False
    return True


def recognise_words(
    image: bytes, seconds: float, *, layout: int = 4, dots_per_inch: int = 300
) -> tuple[Word, ...]:
    """Return the words of a page image, in reading order.

    Args:
        image: an encoded image (PNG, PGM).
        seconds: real time allowed.
        layout: Tesseract's page segmentation mode; 4 is one column of lines.
        dots_per_inch: resolution of the image.

    Raises:
        MissingDependency: no Tesseract or no Thai model.
        RecognitionFailed: out of time, or the program ended with an error.
    """
    found = find_installation()
    table = _run(
        image,
        seconds,
        *(found.program, "stdin", "stdout", "-l", found.models, "--oem", "1"),
        *("--psm", str(layout), "--dpi", str(dots_per_inch), "tsv"),
    )
    return parse_table(table)


def find_turn(image: bytes, seconds: float) -> int:
    """Return by how many degrees clockwise a page image must be turned to stand upright.

    0, 90, 180 or 270; 0 also where Tesseract cannot tell or lacks its `osd` model.

    Raises:
        MissingDependency: no Tesseract.
    """
    found = find_installation()
    try:
        told = _run(image, seconds, found.program, "stdin", "stdout", "--psm", "0", "-l", "osd")
    except RecognitionFailed:
        return 0
    turn = _TURN.search(told)
    return int(turn[1]) % 360 if turn else 0


def _run(image: bytes, seconds: float, *command: str) -> str:
    try:
        done = subprocess.run(
            command,
            input=image,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(os.environ, OMP_THREAD_LIMIT="1"),
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RecognitionFailed("timed_out") from None
    except OSError:
        raise RecognitionFailed("failed") from None
    if done.returncode:
        raise RecognitionFailed("failed")
    return done.stdout.decode("utf-8", "replace")


def parse_table(table: str) -> tuple[Word, ...]:
    """Return the words of Tesseract's TSV output; lines that are no words are left out."""
    words: list[Word] = []
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if row.get("level") != _WORD_LEVEL or not text:
            continue
        try:
            left, top, width, height, block, paragraph, line = (
                int(row[key])
                for key in ("left", "top", "width", "height", "block_num", "par_num", "line_num")
            )
            confidence = float(row["conf"])
        except (TypeError, ValueError, KeyError):
            continue
        where = (block, paragraph, line)
        words.append(Word(text, left, top, width, height, max(0.0, confidence), where))
    return tuple(words)


def _ask(program: str, option: str) -> str:
    try:
        done = subprocess.run(
            [program, option], capture_output=True, timeout=20, check=False, text=True
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return re.sub(r"\r", "", done.stdout or done.stderr)
