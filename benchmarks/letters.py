"""Letters for benchmarks: the sample letters, made different from each other in their bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from correspondence.vocabulary import IntakeOutcome
from demo.samples.catalogue import DOCUMENT_FORMS, SampleLetter, load_samples
from demo.samples.conversion import convert_to_pdf
from demo.samples.document import write_docx
from demo.samples.layout import plain_text
from demo.samples.scanning import scan_pdf

KINDS = ("digital_pdf", "scan", "docx", "mail")
FONTS = ("Laksaman", "Garuda", "Norasi")


@dataclass(frozen=True, slots=True)
class BenchmarkLetter:
    """A file's name, which tells its kind, and its bytes."""

    name: str
    data: bytes


def make_letters(count: int, *, kinds: tuple[str, ...] = KINDS) -> Iterator[BenchmarkLetter]:
    """Yield `count` letters of the kinds in turn; the same count gives the same letters."""
    samples = [
        sample
        for sample in load_samples()
        if sample.expected is IntakeOutcome.REGISTERED and sample.form in DOCUMENT_FORMS
    ]
    documents = {
        sample.id: write_docx(
            sample.text, font=FONTS[number % len(FONTS)], language=sample.language
        )
        for number, sample in enumerate(samples)
    }
    pdfs = convert_to_pdf(documents) if {"digital_pdf", "scan"} & set(kinds) else {}
    scans: dict[str, bytes] = {}
    for number in range(count):
        kind = kinds[number % len(kinds)]
        sample = samples[(number // len(kinds)) % len(samples)]
        if kind == "digital_pdf":
            data = pdfs[sample.id] + f"\n% {number}\n".encode()
        elif kind == "scan":
            if sample.id not in scans:
                scans[sample.id] = scan_pdf(pdfs[sample.id], seed=(number,))
            data = scans[sample.id] + f"\n% {number}\n".encode()
        elif kind == "docx":
            data = _commented(documents[sample.id], number)
        else:
            data = _mail(sample, number)
        suffix = {"docx": ".docx", "mail": ".eml"}.get(kind, ".pdf")
        yield BenchmarkLetter(f"{kind}-{number:05d}{suffix}", data)


def write_letters(folder: Path, count: int, *, kinds: tuple[str, ...] = KINDS) -> list[Path]:
    """Write letters into a folder and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for letter in make_letters(count, kinds=kinds):
        path = folder / letter.name
        path.write_bytes(letter.data)
        paths.append(path)
    return paths


def _commented(docx: bytes, number: int) -> bytes:
    raw = io.BytesIO(docx)
    with zipfile.ZipFile(raw, "a") as archive:
        archive.comment = str(number).encode()
    return raw.getvalue()


def _mail(sample: SampleLetter, number: int) -> bytes:
    head = (
        f"From: writer{number}@example.org\r\nTo: saraban@example.go.th\r\n"
        f"Subject: letter {number}\r\nDate: Fri, 20 Nov 2026 09:00:00 +0700\r\n"
        f"Message-ID: <benchmark-{number}@example.org>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return head.encode() + plain_text(sample.text).replace("\n", "\r\n").encode()
