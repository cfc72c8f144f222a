"""A mix of different letters as an office gets them: digital PDF, scans of two pages, mail."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.varied_letters import document_samples, varied_mail, varied_text
from correspondence.thai_digits import thai_digits
from demo.samples.conversion import convert_to_pdf
from demo.samples.document import write_docx
from demo.samples.scanning import scan_pdf

FONTS = ("Laksaman", "Garuda", "Norasi")
# Of each ten letters: six digital PDFs, three scans, one mail (issue: 60, 30 and 10 in a hundred).
TEN = ("digital", "scan", "digital", "digital", "scan", "digital", "mail", "digital", "scan",
       "digital")  # fmt: skip
_AT_ONCE = 100
_SECOND_PAGE_LINES = 20


@dataclass(frozen=True, slots=True)
class MixedLetter:
    """A letter's kind, the name of its file and its bytes."""

    kind: str
    name: str
    data: bytes


def mixed_letters(
    count: int, *, kinds: Sequence[str] = TEN, seed: str = ""
) -> Iterator[MixedLetter]:
    """Yield letters of the kinds in turn, every one with numbers of its own.

    Args:
        count: how many.
        kinds: `digital`, `scan` or `mail`, repeated.
        seed: another seed gives other letters.
    """
    for begin in range(0, count, _AT_ONCE):
        numbers = range(begin, min(begin + _AT_ONCE, count))
        chosen = {number: kinds[number % len(kinds)] for number in numbers}
        documents = {
            f"{kind}-{number:05d}": _document(number, kind, seed)
            for number, kind in chosen.items()
            if kind != "mail"
        }
        pdfs: Mapping[str, bytes] = convert_to_pdf(documents) if documents else {}
        for number, kind in chosen.items():
            name = f"{kind}-{number:05d}"
            if kind == "mail":
                yield MixedLetter(kind, f"{name}.eml", varied_mail(number, seed=f"mix{seed}"))
            elif kind == "scan":
                yield MixedLetter(kind, f"{name}.pdf", scan_pdf(pdfs[name], seed=(number,)))
            else:
                yield MixedLetter(kind, f"{name}.pdf", pdfs[name])


def _document(number: int, kind: str, seed: str) -> bytes:
    samples = document_samples()
    sample = samples[number % len(samples)]
    text = varied_text(sample, number if not seed else number + 100_000 * (1 + len(seed)))
    if kind == "scan":
        text = f"{text}\n{_second_page(number)}"
    return write_docx(text, font=FONTS[number % len(FONTS)], language=sample.language)


def _second_page(number: int) -> str:
    """Return a list of things that fills what is left of a page and most of the next."""
    chance = random.Random(number)
    lines = [
        f"\tรายการที่ {thai_digits(line)} จำนวน {thai_digits(chance.randrange(10, 9000))} หน่วย "
        f"หน่วยละ {thai_digits(chance.randrange(100, 90000))} บาท"
        for line in range(1, _SECOND_PAGE_LINES + 1)
    ]
    return "\n".join(["สิ่งที่ส่งมาด้วย รายการประกอบ", *lines, ""])
