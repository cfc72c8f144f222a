"""How well and how fast Thai letters are read: ours beside every other reader, in one run.

    python -m benchmarks.reading [--quick] [--digital] [--show FOLDER]

The texts of `benchmarks/texts` become PDFs of LibreOffice in eight Thai fonts and sizes 14 to 18,
PDFs with the text layers of other writers, and scans. `--digital` leaves the scans out; `--show`
keeps the files with what ours read of them. Prints a table and one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

from benchmarks.fonts import SARABUN, sarabun_installed
from benchmarks.other_readers import (
    OURS,
    ReaderRun,
    missing_readers,
    run_reader,
    scan_readers,
    text_readers,
)
from benchmarks.pdf_makers import Scan, ascii_digits_pdf, lost_am_pdf, private_use_pdf, scan_pdf
from benchmarks.reading_scores import Score, score_reading
from benchmarks.reading_texts import ReadingText, load_texts, write_document
from demo.samples.conversion import convert_to_pdf

FONTS = ("Laksaman", "Garuda", "Norasi", "Loma", "Waree", "Kinnari", "Umpush")
SIZES = (14, 16, 18, 15, 17)
SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "lost_am": lost_am_pdf,
    "private_use": private_use_pdf,
    "ascii_digits": ascii_digits_pdf,
}
SCANS = {
    "scan_300": Scan(300),
    "scan_200": Scan(200),
    "scan_150": Scan(150),
    "scan_noisy": Scan(300, "noise"),
    "scan_stamped": Scan(300, "stamp"),
    "scan_fax": Scan(200, "fax"),
    "scan_photo": Scan(300, "photo"),
}
# Two processes at a time: the machine of the office has two cores.
_WORKERS = 2


@dataclass(frozen=True, slots=True)
class Sample:
    """One PDF: the text it shows, its font, the row of the table it belongs to."""

    text: ReadingText
    font: str
    condition: str
    path: Path

    @property
    def scanned(self) -> bool:
        """Whether it has no text layer."""
        return self.condition in SCANS


@dataclass(frozen=True, slots=True)
class Row:
    """One reader under one condition; rates in per cent, `ms` and `pages` of a page."""

    condition: str
    reader: str
    pages: int
    error_rate: float
    worst_font: str
    worst_rate: float
    numbers_right: float
    claims: int
    claims_wrong: int
    ms: float
    peak_mb: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--digital", action="store_true")
    parser.add_argument("--show", type=Path)
    options = parser.parse_args()
    begun = time.monotonic()
    with _folder(options.show) as folder:
        samples = make_samples(folder, quick=options.quick, scans=not options.digital)
        rows = measure(samples, folder, show=options.show is not None)
    _print(rows, time.monotonic() - begun)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="saraban-reading-") as name:
        yield Path(name)


def make_samples(folder: Path, *, quick: bool, scans: bool) -> list[Sample]:
    """Write all PDFs into a folder.

    Every text stands in every font as LibreOffice writes it and in one font in each spoilt layer;
    scans are some of the texts, clean ones at 300 dpi in every font.
    """
    texts = load_texts()
    fonts = FONTS
    if quick:
        texts, fonts = texts[:4], FONTS[:3]
    documents = {
        f"{text.name}_{font}": write_document(
            text, font=font, points=SIZES[(number + shift) % len(SIZES)]
        )
        for number, text in enumerate(texts)
        for shift, font in enumerate(fonts)
    }
    with sarabun_installed(folder) as has_sarabun:
        if has_sarabun:
            documents |= {
                f"{text.name}_{SARABUN}": write_document(
                    text, font=SARABUN, points=SIZES[number % len(SIZES)]
                )
                for number, text in enumerate(texts)
            }
            fonts = (*fonts, SARABUN)
        pdfs = convert_to_pdf(documents, seconds=300)
    samples: list[Sample] = []

    def keep(text: ReadingText, font: str, condition: str, data: bytes) -> None:
        path = folder / f"{condition}_{text.name}_{font}.pdf"
        path.write_bytes(data)
        samples.append(Sample(text, font, condition, path))

    for number, text in enumerate(texts):
        for font in fonts:
            keep(text, font, f"libreoffice {font}", pdfs[f"{text.name}_{font}"])
        for shift, (condition, spoil) in enumerate(SPOILT.items()):
            for step in (0,) if quick else (0, 3):
                font = fonts[(number + shift + step) % len(fonts)]
                keep(text, font, condition, spoil(pdfs[f"{text.name}_{font}"]))
    if scans:
        for text, font, condition in _scan_plan(texts, fonts, quick=quick):
            raw = pdfs[f"{text.name}_{font}"]
            keep(text, font, condition, scan_pdf(raw, SCANS[condition], seed=len(samples)))
    return samples


def _scan_plan(
    texts: Sequence[ReadingText], fonts: Sequence[str], *, quick: bool
) -> Iterator[tuple[ReadingText, str, str]]:
    if quick:
        for shift, condition in enumerate(("scan_300", "scan_fax")):
            yield texts[shift], fonts[shift], condition
        return
    for shift, font in enumerate(fonts):
        for step in range(2):
            yield texts[(2 * shift + step) % len(texts)], font, "scan_300"
    for shift, condition in enumerate(list(SCANS)[1:]):
        for step in range(4):
            number = shift * 3 + step
            yield texts[number % len(texts)], fonts[number % len(fonts)], condition


def measure(samples: Sequence[Sample], folder: Path, *, show: bool = False) -> list[Row]:
    """Let every reader read its samples, a process for each reader and condition."""
    by_condition = {
        condition: list(found)
        for condition, found in groupby(
            sorted(samples, key=lambda s: (s.scanned, s.condition)), key=lambda s: s.condition
        )
    }
    jobs = [
        (reader, condition, found)
        for condition, found in by_condition.items()
        for reader in (scan_readers() if found[0].scanned else text_readers())
    ]
    # The long ones first.
    jobs.reverse()
    warm_up = next(sample.path for sample in samples if not sample.scanned)

    def run(job: tuple[str, str, list[Sample]]) -> Row:
        reader, condition, found = job
        done = run_reader(reader, [sample.path for sample in found], warm_up)
        if show and reader == OURS:
            for sample, reading in zip(found, done.readings, strict=True):
                sample.path.with_suffix(".txt").write_text(reading.text, encoding="utf-8")
        return _score(reader, condition, found, done)

    with ThreadPoolExecutor(_WORKERS) as pool:
        return list(pool.map(run, jobs))[::-1]


def _score(reader: str, condition: str, samples: Sequence[Sample], done: ReaderRun) -> Row:
    total = Score()
    fonts: dict[str, Score] = {}
    for sample, reading in zip(samples, done.readings, strict=True):
        score = score_reading(sample.text.truth, reading.text, reading.claims)
        total += score
        fonts[sample.font] = fonts.get(sample.font, Score()) + score
    worst = max(fonts, key=lambda font: fonts[font].error_rate)
    pages = sum(reading.pages for reading in done.readings)
    return Row(
        condition=condition,
        reader=reader,
        pages=pages,
        error_rate=round(100 * total.error_rate, 3),
        worst_font=worst,
        worst_rate=round(100 * fonts[worst].error_rate, 3),
        numbers_right=round(100 * total.right_share, 2),
        claims=total.claims,
        claims_wrong=total.claims_wrong,
        ms=round(1000 * sum(reading.seconds for reading in done.readings) / max(1, pages), 2),
        peak_mb=round(done.peak_mb, 1),
    )


def _print(rows: Sequence[Row], seconds: float) -> None:
    lines = [
        f"{'condition':22} {'reader':11} {'pages':>5} {'CER %':>8} {'worst font':>19} "
        f"{'numbers %':>9} {'wrong/sure':>10} {'ms/page':>9} {'MB':>6}"
    ]
    for condition, found in groupby(rows, key=lambda row: row.condition):
        for row in found:
            sure = f"{row.claims_wrong}/{row.claims}" if row.reader == OURS else "-"
            lines.append(
                f"{condition:22} {row.reader:11} {row.pages:5} {row.error_rate:8.3f} "
                f"{row.worst_font:>10} {row.worst_rate:8.3f} {row.numbers_right:9.2f} "
                f"{sure:>10} {row.ms:9.2f} {row.peak_mb:6.0f}"
            )
    missing = ", ".join(missing_readers()) or "none"
    digital = {
        reader: sum(row.ms * row.pages for row in rows if row.reader == reader and _plain(row))
        for reader in (OURS, "pdfplumber")
    }
    ratio = digital[OURS] / digital["pdfplumber"] if digital["pdfplumber"] else 0.0
    lines.append(f"not installed: {missing}; {seconds:.0f} s in all")
    lines.append(f"time of ours on LibreOffice's PDFs: {ratio:.3f} of pdfplumber's")
    result = {
        "rows": [asdict(row) for row in rows],
        "not_installed": missing_readers(),
        "ours_to_pdfplumber": round(ratio, 4),
        "seconds": round(seconds, 1),
    }
    sys.stdout.write("\n".join(lines) + "\n" + json.dumps(result, ensure_ascii=False) + "\n")


def _plain(row: Row) -> bool:
    return row.condition.startswith("libreoffice")


if __name__ == "__main__":
    main()
