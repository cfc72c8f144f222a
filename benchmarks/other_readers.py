"""Readers of PDFs side by side, each in a process of its own so that its memory is its own.

    python -m benchmarks.other_readers READER < task.json > result.json

`benchmarks.reading` starts this. Time is processor time of the process and its children: what a
page costs on one core, whatever else the machine does meanwhile. Readers are imported where they
are used, so that none carries the memory of another.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pypdfium2

if TYPE_CHECKING:
    from PIL import Image

    from correspondence.reading import Extraction

OURS = "ours"
_SECONDS = 300
_LOOK_SECONDS = 0.03


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader made of one file.

    Attributes:
        text: all pages.
        pages: their number.
        seconds: processor time.
        claims: texts of the fields it gives as sure; readers without fields have none.
    """

    text: str
    pages: int
    seconds: float
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReaderRun:
    """All readings of one process in the order of the files, and its peak memory in MB."""

    readings: tuple[Reading, ...]
    peak_mb: float


def text_readers() -> tuple[str, ...]:
    """Return the readers of text layers that are here, ours first."""
    return (OURS, *_READERS, *(("pdftotext",) if shutil.which("pdftotext") else ()))


def scan_readers() -> tuple[str, ...]:
    """Return the readers of page images that are here, ours first."""
    programs = ("tesseract", "ocrmypdf")
    return (OURS, *(program for program in programs if shutil.which(program)))


def missing_readers() -> tuple[str, ...]:
    """Return the programs of other readers that are not installed."""
    missing = [name for name in ("pdftotext", "tesseract") if not shutil.which(name)]
    if not shutil.which("ocrmypdf") and importlib.util.find_spec("ocrmypdf") is None:
        missing.append("ocrmypdf")
    return tuple(missing)


def run_reader(reader: str, paths: list[Path], warm_up: Path) -> ReaderRun:
    """Read the files in a new process.

    Args:
        reader: one of `text_readers` or `scan_readers`.
        paths: PDF files.
        warm_up: read once before, untimed, so that no reader pays its start per page.

    Raises:
        subprocess.CalledProcessError: the reader failed.
    """
    command = [sys.executable, "-m", "benchmarks.other_readers", reader]
    with tempfile.TemporaryFile("w+") as task, tempfile.TemporaryFile("w+") as told:
        json.dump([str(warm_up), *map(str, paths)], task)
        task.seek(0)
        child = subprocess.Popen(
            command, stdin=task, stdout=told, env=os.environ | {"OMP_THREAD_LIMIT": "1"}
        )
        peak = _watch(child)
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, command)
        told.seek(0)
        raw = json.load(told)
    readings = tuple(Reading(**reading) for reading in raw["readings"])
    return ReaderRun(readings, max(peak, raw["peak_mb"]))


def _watch(child: subprocess.Popen[bytes]) -> float:
    """Wait for a process and return the peak memory of it and its children in MB."""
    peak = 0
    process = psutil.Process(child.pid)
    while child.poll() is None:
        with contextlib.suppress(psutil.Error):
            family = [process, *process.children(recursive=True)]
            peak = max(peak, sum(member.memory_info().rss for member in family))
        time.sleep(_LOOK_SECONDS)
    return peak / 2**20


def main() -> None:
    """Read the files named on standard input and write the run to standard output."""
    reader = sys.argv[1]
    warm_up, *paths = (Path(name) for name in json.load(sys.stdin))
    _read(reader, warm_up)
    readings = tuple(_read(reader, path) for path in paths)
    json.dump(asdict(ReaderRun(readings, _own_peak())), sys.stdout)


def _own_peak() -> float:
    """Return this process's peak in MB; getrusage would count what it was forked from."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _read(reader: str, path: Path) -> Reading:
    data = path.read_bytes()
    with pypdfium2.PdfDocument(data) as document:
        pages = len(document)
    if reader == OURS:
        return _read_ours(data, pages)
    read = _READERS.get(reader) or _PROGRAMS[reader]
    begun = _processor_seconds()
    text = read(data)
    return Reading(text, pages, _processor_seconds() - begun)


def _read_ours(data: bytes, pages: int) -> Reading:
    """Time the reading of the pages; a text layer is cheap enough to be read again for fields."""
    from extractors.formats import pdf
    from extractors.reader import read_document
    from extractors.request import ReadingRequest

    request = ReadingRequest()
    with pypdfium2.PdfDocument(data) as document:
        has_text = document[0].get_textpage().count_chars() > 0
    begun = _processor_seconds()
    found = None if has_text else read_document(data, "page.pdf", request)
    if found is None:
        pdf.read(data, request)
    spent = _processor_seconds() - begun
    found = found or read_document(data, "page.pdf", request)
    return Reading(found.text, pages, spent, tuple(_claims(found)))


def _claims(found: Extraction) -> Iterator[str]:
    from correspondence.reading import FieldValue

    for name in type(found.fields).model_fields:
        value = getattr(found.fields, name)
        for field in value if isinstance(value, tuple) else (value,):
            if isinstance(field, FieldValue) and field and not field.needs_check:
                yield field.raw or field.value or ""


def _read_pdfplumber(data: bytes) -> str:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        return "\n".join(page.extract_text() for page in document.pages)


def _read_pdfium(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def _read_pypdf(data: bytes) -> str:
    import pypdf

    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def _read_pdftotext(data: bytes) -> str:
    return _run(["pdftotext", "-enc", "UTF-8", "-", "-"], data)


def _read_tesseract(data: bytes) -> str:
    """Plain Tesseract as it comes: its Thai model, its own layout, the scan as it is."""
    texts = []
    with tempfile.TemporaryDirectory() as folder:
        for number, image in enumerate(_images(data)):
            path = Path(folder) / f"{number}.png"
            image.save(path)
            texts.append(_run(["tesseract", str(path), "stdout", "-l", "tha"], b""))
    return "\n".join(texts)


def _read_ocrmypdf(data: bytes) -> str:
    with tempfile.TemporaryDirectory() as folder:
        told, made = Path(folder) / "told.txt", Path(folder) / "made.pdf"
        command = ["ocrmypdf", "-l", "tha", "--force-ocr", "--jobs", "1", "--sidecar"]
        _run([*command, str(told), "-", str(made)], data)
        return told.read_text(encoding="utf-8")


def _images(data: bytes) -> Iterator[Image.Image]:
    """Yield the page images of a scan as they lie in the file."""
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            for drawn in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]):
                image = drawn.get_bitmap().to_pil()
                dpi = image.width / page.get_width() * 72
                image.info["dpi"] = (dpi, dpi)
                yield image


def _run(command: list[str], data: bytes) -> str:
    done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, check=True)
    return done.stdout.decode("utf-8", errors="replace")


def _processor_seconds() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + spent.ru_utime + spent.ru_stime


_READERS: dict[str, Callable[[bytes], str]] = {
    "pdfplumber": _read_pdfplumber,
    "pypdfium2": _read_pdfium,
    "pypdf": _read_pypdf,
}
_PROGRAMS: dict[str, Callable[[bytes], str]] = {
    "pdftotext": _read_pdftotext,
    "tesseract": _read_tesseract,
    "ocrmypdf": _read_ocrmypdf,
}

if __name__ == "__main__":
    main()
