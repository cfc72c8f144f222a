"""Does memory stay flat however many pages are read?

    python -m benchmarks.reading_memory [--pages 1000] [--times 5]

In the reading child, as in production: a PDF of 1,000 pages of Thai is read in files of 100 pages
and as one file, and the same file of 200 pages is read again and again. Prints the child's peak
after 100 pages, after all, and their ratio; and one line of JSON.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import pypdf
from pydantic import JsonValue

from benchmarks.reading_texts import load_texts, write_document
from demo.samples.conversion import convert_to_pdf
from extractors.reader import read_document
from extractors.request import ReadingLimits, ReadingRequest
from sandbox.limits import Limits
from sandbox.pool import SandboxPool

JOB = "benchmarks.reading_memory:read_and_weigh"
_LIMITS = Limits(wall_seconds=600, cpu_seconds=600, recycle_after=10_000)
_PIECE = 100
_EVERY_PAGE = ReadingLimits(bytes=500 << 20, pages=100_000)


@dataclass(frozen=True, slots=True)
class MemoryResult:
    """Peaks of one child in MB.

    Attributes:
        pages: of the large reading.
        start_mb: before anything is read.
        first_mb: after 100 pages.
        pieces_mb: after all pages in files of 100.
        whole_mb: after all pages in one file.
        again_mb: after each reading of the same 200 pages.
        pieces_ratio: `pieces_mb` to `first_mb`.
        whole_ratio: `whole_mb` to `first_mb`.
        again_ratio: the last of `again_mb` to the first.
    """

    pages: int
    start_mb: float
    first_mb: float
    pieces_mb: float
    whole_mb: float
    again_mb: tuple[float, ...]
    pieces_ratio: float
    whole_ratio: float
    again_ratio: float


def read_and_weigh(payload: bytes, params: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Read a file, or nothing at all, and return pages, characters and the child's peak in MB."""
    pages = characters = 0
    if payload:
        request = ReadingRequest(limits=_EVERY_PAGE, ocr=params.get("ocr") is True)
        found = read_document(payload, "pages.pdf", request)
        pages, characters = len(found.pages), len(found.text)
    return {"pages": pages, "characters": characters, "peak_mb": _peak()}


def _peak() -> float:
    """Return this process's peak in MB since its start."""
    lines = Path("/proc/self/status").read_text().splitlines()
    line = next(line for line in lines if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def make_pages(count: int) -> bytes:
    """Return a PDF of so many pages of the benchmark's texts, no two of them one object."""
    made = convert_to_pdf(
        {text.name: write_document(text, font="Laksaman", points=16) for text in load_texts()[:6]},
        seconds=300,
    )
    writer = pypdf.PdfWriter()
    while len(writer.pages) < count:
        for raw in made.values():
            writer.append(io.BytesIO(raw))
    return _first(writer, 0, count)


def measure_memory(whole: bytes, times: int) -> MemoryResult:
    """Read a PDF piece by piece, as one, and its first 200 pages again and again.

    Args:
        whole: a PDF of at least 100 pages.
        times: readings of the same pages.
    """
    source = pypdf.PdfReader(io.BytesIO(whole))
    pages = len(source.pages)
    pieces = [_first(source, at, at + _PIECE) for at in range(0, pages, _PIECE)]
    with _child() as pool:
        start = _ask(pool, b"", 0)
        peaks = [_ask(pool, piece, _PIECE) for piece in pieces]
    with _child() as pool:
        at_once = _ask(pool, whole, pages)
    with _child() as pool:
        same = _first(source, 0, min(200, pages))
        again = tuple(_ask(pool, same, min(200, pages)) for _ in range(times))
    return MemoryResult(
        pages=pages,
        start_mb=round(start, 1),
        first_mb=round(peaks[0], 1),
        pieces_mb=round(peaks[-1], 1),
        whole_mb=round(at_once, 1),
        again_mb=tuple(round(peak, 1) for peak in again),
        pieces_ratio=round(peaks[-1] / peaks[0], 3),
        whole_ratio=round(at_once / peaks[0], 3),
        again_ratio=round(again[-1] / again[0], 3),
    )


@contextmanager
def _child() -> Iterator[SandboxPool]:
    with SandboxPool(JOB, workers=1, limits=_LIMITS) as pool:
        yield pool


def _ask(pool: SandboxPool, data: bytes, pages: int) -> float:
    """Return the child's peak in MB after a reading of all those pages."""
    reply = pool.run(data)
    if reply["pages"] != pages:
        raise RuntimeError(f"{reply['pages']} of {pages} pages were read")
    peak = reply["peak_mb"]
    assert isinstance(peak, float)
    return peak


def _first(source: pypdf.PdfReader | pypdf.PdfWriter, begin: int, end: int) -> bytes:
    writer = pypdf.PdfWriter()
    for page in source.pages[begin:end]:
        writer.add_page(page)
    with tempfile.TemporaryFile() as out:
        writer.write(out)
        out.seek(0)
        return out.read()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    result = measure_memory(make_pages(options.pages), options.times)
    lines = [f"{name:14} {figure}" for name, figure in asdict(result).items()]
    sys.stdout.write("\n".join(lines) + "\n" + json.dumps(asdict(result)) + "\n")


if __name__ == "__main__":
    main()
