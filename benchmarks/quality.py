"""Does a page's quality predict its error? Pages spoilt in many ways, text layers and scans apart.

    python -m benchmarks.quality [--layers] [--pages FILE]

The texts of `benchmarks/texts` become PDFs of LibreOffice, one file a page; what ours reads from
the sound page is its truth (within 0.05 % of the text, see `benchmarks.reading`). The pages are
then spoilt: ำ lost, glyphs of private use, letters mapped to other letters, another charset, marks
dropped, letters without a map; and scanned from clean to hardly legible. Prints Spearman's rank
correlation of `PageText.quality` and error, and how many bad layers are sent to recognition.
`--layers` leaves the scans out; `--pages` writes a line of JSON for every page.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import pypdf
import pypdfium2
from PIL import Image, ImageFilter
from scipy.stats import spearmanr

from benchmarks.pdf_makers import Scan, ascii_digits_pdf, lost_am_pdf, private_use_pdf, scan_pdf
from benchmarks.reading_scores import score_reading
from benchmarks.reading_texts import ReadingText, load_texts, write_document
from correspondence.reading import Extraction
from demo.samples.conversion import convert_to_pdf
from demo.samples.word_pdf import Spelling, respell_text_layer
from extractors.orthography import measure_quality
from extractors.reader import read_document
from extractors.request import ReadingRequest

BAD = 0.05
_FONTS = ("Laksaman", "Garuda", "Norasi", "Kinnari")
_LAYER_ONLY = ReadingRequest(ocr=False)
_NO_OCR = "no_ocr"
_CONSONANTS = "กขคงจฉชซญฐณดตถทธนบปผฝพฟภมยรลวศษสหอฮ"
_MARKS = "ัิีึืุู็่้๊๋์"
_OTHERS = "าะเแโใไ"
_ENGLISH = (
    "The Ministry of Examples presents its compliments to the Office of the Minister and has the "
    "honour to inform the Office that the annual meeting of the working group on the exchange of "
    "teachers will be held in Bangkok on 12 January 2027 at 09.30 hours. The Ministry would be "
    "grateful if the Office could name two participants not later than 20 December 2026."
)


@dataclass(frozen=True, slots=True)
class PageResult:
    """One page: how it was spoilt, what its quality says and what its error is.

    Attributes:
        spoiling: name of the way.
        scanned: whether it has no text layer.
        quality: of the page as read, 0 to 1.
        error: character error rate, 0 to 1 and more.
        sent: whether its layer is refused and recognition asked for.
    """

    spoiling: str
    scanned: bool
    quality: float
    error: float
    sent: bool


def shuffled(share: float, seed: int) -> Spelling:
    """Return a map that gives this share of the letters to other letters of their kind."""
    chance = random.Random(seed)
    other: dict[str, str] = {}
    for kind in (_CONSONANTS, _MARKS, _OTHERS):
        moved = chance.sample(kind, max(2, round(share * len(kind))))
        other |= dict(zip(moved, [*moved[1:], moved[0]], strict=True))
    return lambda _code, text: other.get(text, text)


def unmapped(share: float, seed: int) -> Spelling:
    """Return a map that gives no Unicode for this share of the letters."""
    chance = random.Random(seed)
    lost = set(chance.sample(_CONSONANTS, max(1, round(share * len(_CONSONANTS)))))
    return lambda _code, text: "\ufffd" if text in lost else text


def latin(_code: int, text: str) -> str:
    """Give every Thai letter as the Western one of the same byte."""
    return text.encode("cp874", "ignore").decode("latin-1") if text else text


def stripped(share: float, seed: int) -> Spelling:
    """Return a map that drops this share of the marks."""
    chance = random.Random(seed)
    lost = set(chance.sample(_MARKS, max(1, round(share * len(_MARKS)))))
    return lambda _code, text: " " if text in lost else text


def swapped_marks(_code: int, text: str) -> str:
    """Give every tone as a vowel and every vowel above as a tone."""
    return {"่": "ี", "ี": "่", "้": "ิ", "ิ": "้", "ื": "์", "์": "ื"}.get(text, text)


def spoilings() -> dict[str, Callable[[bytes], bytes]]:
    """Return every way to spoil a layer by its name; each takes and gives a PDF."""
    by_map: dict[str, Spelling] = {
        "charset": latin,
        "swapped marks": swapped_marks,
    }
    for number, share in enumerate((0.04, 0.1, 0.2, 0.5, 1.0)):
        by_map[f"shuffled {share:.0%}"] = shuffled(share, number)
        by_map[f"unmapped {share:.0%}"] = unmapped(share, number)
        by_map[f"stripped {share:.0%}"] = stripped(share, number)

    def by(spelling: Spelling) -> Callable[[bytes], bytes]:
        return lambda raw: respell_text_layer(raw, spelling)

    return {
        "sound": lambda raw: raw,
        "lost am": lost_am_pdf,
        "private use": private_use_pdf,
        "ascii digits": ascii_digits_pdf,
        **{name: by(spelling) for name, spelling in by_map.items()},
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layers", action="store_true")
    parser.add_argument("--pages", type=Path)
    options = parser.parse_args()
    pdfs = _documents(load_texts())
    results = [*layer_results(pdfs)]
    if not options.layers:
        results += scan_results(pdfs)
    if options.pages:
        lines = (json.dumps(asdict(result), ensure_ascii=False) for result in results)
        options.pages.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _print(results, _milliseconds(pdfs))


def _documents(texts: Sequence[ReadingText]) -> list[bytes]:
    made = convert_to_pdf(
        {
            text.name: write_document(text, font=_FONTS[number % len(_FONTS)], points=16)
            for number, text in enumerate(texts)
        },
        seconds=300,
    )
    return [made[text.name] for text in texts]


def layer_results(pdfs: Sequence[bytes]) -> Iterator[PageResult]:
    """Yield every page of every document in every spoiling of its layer."""
    for name, spoil in spoilings().items():
        for raw in pdfs:
            for sound, spoilt in zip(_pages(raw), _pages(spoil(raw)), strict=True):
                truth = read_document(sound, "page.pdf", _LAYER_ONLY).text
                found = read_document(spoilt, "page.pdf", _LAYER_ONLY)
                yield _result(name, truth, found, scanned=False)


def scans() -> dict[str, Callable[[bytes, int], bytes]]:
    """Return every kind of scan by its name; each takes a PDF and a seed and gives a PDF."""

    def by(scan: Scan) -> Callable[[bytes, int], bytes]:
        return lambda raw, seed: scan_pdf(raw, scan, seed=seed)

    def worn(blur: float, grain: float) -> Callable[[bytes, int], bytes]:
        return lambda raw, seed: worn_pdf(raw, blur=blur, grain=grain, seed=seed)

    known = (
        Scan(300), Scan(150), Scan(90), Scan(300, "noise"), Scan(120, "noise"), Scan(200, "fax"),
        Scan(100, "fax"), Scan(75, "fax"),
    )  # fmt: skip
    return {f"{scan.dpi} dpi {scan.damage}": by(scan) for scan in known} | {
        f"blur {blur:g} grain {grain:g}": worn(blur, grain)
        for blur, grain in ((1, 0), (2, 0), (2.6, 0), (3.2, 0), (0, 60), (0, 110), (1.5, 50))
    }


def worn_pdf(raw: bytes, *, blur: float, grain: float, seed: int) -> bytes:
    """Return the first page as a scan at 150 dpi, blurred (pixels) and grained (grey levels)."""
    chance = np.random.default_rng(seed)
    with pypdfium2.PdfDocument(raw) as document:
        drawn = document[0].render(scale=150 / 72).to_pil().convert("L")
    dots = np.asarray(drawn.filter(ImageFilter.GaussianBlur(blur)), dtype=np.float32)
    dots = dots * 0.8 + 25 + chance.normal(0, grain, dots.shape).astype(np.float32)
    out = io.BytesIO()
    Image.fromarray(np.clip(dots, 0, 255).astype(np.uint8)).save(out, "PDF", resolution=150)
    return out.getvalue()


def scan_results(pdfs: Sequence[bytes]) -> Iterator[PageResult]:
    """Yield two pages of each kind of scan."""
    for number, (name, scan) in enumerate(scans().items()):
        for step in range(2):
            sound = next(_pages(pdfs[(2 * number + step) % len(pdfs)]))
            truth = read_document(sound, "page.pdf", _LAYER_ONLY).text
            found = read_document(scan(sound, number), "page.pdf", ReadingRequest())
            yield _result(name, truth, found, scanned=True)


def _pages(raw: bytes) -> Iterator[bytes]:
    for page in pypdf.PdfReader(io.BytesIO(raw)).pages:
        writer = pypdf.PdfWriter()
        writer.add_page(page)
        out = io.BytesIO()
        writer.write(out)
        yield out.getvalue()


def _result(spoiling: str, truth: str, found: Extraction, *, scanned: bool) -> PageResult:
    return PageResult(
        spoiling=spoiling,
        scanned=scanned,
        quality=found.pages[0].quality if found.pages else 0.0,
        error=round(score_reading(truth, found.text).error_rate, 5),
        sent=scanned or _NO_OCR in found.warnings,
    )


def _milliseconds(pdfs: Sequence[bytes]) -> float:
    texts = [read_document(raw, "page.pdf", _LAYER_ONLY).pages[0].text for raw in pdfs]
    begun = time.process_time()
    for text in texts:
        measure_quality(text)
    return 1000 * (time.process_time() - begun) / len(texts)


def correlation(results: Sequence[PageResult]) -> float:
    """Return Spearman's rank correlation of quality and error: -1 where it predicts all."""
    found = spearmanr([one.quality for one in results], [one.error for one in results])
    return float(found.statistic)


def _print(results: Sequence[PageResult], milliseconds: float) -> None:
    lines = [f"{'spoiling':18} {'pages':>5} {'error %':>8} {'quality':>8} {'worst':>6} {'sent':>5}"]
    for (_, name), group in groupby(results, key=lambda one: (one.scanned, one.spoiling)):
        found = list(group)
        lines.append(
            f"{name:18} {len(found):5} {100 * np.mean([one.error for one in found]):8.2f} "
            f"{np.mean([one.quality for one in found]):8.3f} "
            f"{min(one.quality for one in found):6.3f} {sum(one.sent for one in found):5}"
        )
    layers = [one for one in results if not one.scanned]
    bad = [one for one in layers if one.error > BAD]
    good = [one for one in layers if one.error <= 0.005]
    figures: dict[str, float] = {
        "layers_rho": correlation(layers),
        "layers_bad": len(bad),
        "layers_bad_sent": sum(one.sent for one in bad) / max(1, len(bad)),
        "layers_good": len(good),
        "layers_good_sent": sum(one.sent for one in good) / max(1, len(good)),
        "english_quality": measure_quality(_ENGLISH),
        "ms_a_page": milliseconds,
    }
    if scans := [one for one in results if one.scanned]:
        figures["scans_rho"] = correlation(scans)
    lines += [f"{name:18} {figure:.3f}" for name, figure in figures.items()]
    sys.stdout.write("\n".join(lines) + "\n" + json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
