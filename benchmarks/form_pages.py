"""Every form for five letters of each category, as pages to look at.

    python -m benchmarks.form_pages --out FOLDER [--letters 5] [--forms summary_memo,request]

Draws form A and B and the seven letters of the office for training letters of each category, by one
start of LibreOffice a form, as PNG. Counts what a person would otherwise have to look for: pages,
text of the document that the page lost, and labels that left the margin. Prints a table and one
line of JSON.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from unittest import mock

import pdfplumber
import pypdfium2
from docx import Document
from docx.oxml.ns import qn

from classifiers.training_letters import LETTERS_FOLDER, TrainingLetter, read_letters
from correspondence.classification import Classification
from correspondence.reading import Extraction
from correspondence.vocabulary import READABLE, Category, MemoForm
from demo.samples.conversion import convert_to_pdf
from drafting.letters import LetterRequest, OwnLetter, compose_letter
from drafting.memo import draft_memo
from extractors.reader import read_document
from extractors.request import ReadingRequest
from office.configuration import Configuration, read_configuration
from office.letters import OutgoingKind
from office.places import find_folder
from pipeline.memo_request import memo_request
from pipeline.writing_pdf import with_font

_RECEIVED = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
_DOTS = 80
# Signs that PDF makers place apart from their consonant, and what a layer writes otherwise.
_LOOSE = re.compile(r"[\s\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0e33\u0e32.⟦⟧…\-–\u00ad\ufffe\x02]+")
_MARGIN = (2.5 / 2.54 * 72, (21.0 - 1.9) / 2.54 * 72)


@dataclass(frozen=True, slots=True)
class FormResult:
    """One form: documents, their pages, and documents where something is lost or outside."""

    form: str
    documents: int
    pages: int
    longest: int
    text_lost: int
    outside_margins: int
    seconds: float


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--letters", type=int, default=5)
    parser.add_argument("--forms", default="")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    results = measure(given.out, given.letters, tuple(filter(None, given.forms.split(","))))
    for line in results:
        sys.stdout.write(
            f"{line.form:16} {line.documents:4} documents {line.pages:4} pages "
            f"(most {line.longest}) "
            f"lost {line.text_lost} outside {line.outside_margins} {line.seconds:6.1f} s\n"
        )
    sys.stdout.write(json.dumps([asdict(line) for line in results]) + "\n")


def measure(out: Path, letters: int, forms: tuple[str, ...] = ()) -> list[FormResult]:
    """Return the result of each form; PNGs go into a folder.

    Args:
        out: the folder.
        letters: of each category.
        forms: names of forms or kinds of letters; () for all.
    """
    configuration = read_configuration(find_folder("config"))
    chosen = list(_chosen(letters))
    wanted = forms or (*MemoForm, *OutgoingKind)
    results = []
    for form in wanted:
        begun = time.perf_counter()
        documents = {
            f"{form}-{letter.id}": _document(str(form), letter, read, configuration)
            for letter, read in chosen
        }
        pdfs = convert_to_pdf({name: with_font(docx) for name, docx in documents.items()})
        pages = {name: _draw(name, pdf, out) for name, pdf in pdfs.items()}
        results.append(
            FormResult(
                form=str(form),
                documents=len(documents),
                pages=sum(pages.values()),
                longest=max(pages.values()),
                text_lost=sum(_lost(documents[name], pdf) for name, pdf in pdfs.items()),
                outside_margins=sum(map(_outside, pdfs.values())),
                seconds=round(time.perf_counter() - begun, 1),
            )
        )
    return results


def _chosen(count: int) -> Iterator[tuple[TrainingLetter, Extraction]]:
    """Yield letters of each category, spread over its sub-categories."""
    found = read_letters(sorted(LETTERS_FOLDER.glob("*.jsonl")))
    for category in Category:
        mine = [letter for letter in found if letter.category is category]
        step = max(1, len(mine) // (count * 3))
        taken = 0
        for letter in mine[::step]:
            read = read_document(
                letter.text.encode(),
                f"{letter.id}.txt",
                ReadingRequest(received_on=date(2026, 11, 20)),
            )
            if read.outcome in READABLE and taken < count:
                taken += 1
                yield letter, read


def _document(
    form: str, letter: TrainingLetter, read: Extraction, configuration: Configuration
) -> bytes:
    if form in set(OutgoingKind):
        return _letter(OutgoingKind(form), letter, read, configuration)
    decided = Classification(
        category=letter.category, subcategory=letter.subcategory, abstained=False,
        probabilities={letter.category.value: 0.9}, model_version="given",
    )  # fmt: skip
    request = memo_request(
        configuration, read, decided, group_id=configuration.groups.group[0].id, due=None,
        register_number="123/2569", received_at=_RECEIVED, sender=letter.sender,
    )  # fmt: skip
    with mock.patch("drafting.memo.choose_form", return_value=MemoForm(form)):
        return draft_memo(request).docx


def _letter(
    kind: OutgoingKind, letter: TrainingLetter, read: Extraction, configuration: Configuration
) -> bytes:
    request = LetterRequest(
        kind=kind, extraction=read, category=letter.category, subcategory=letter.subcategory,
        group_thai=configuration.groups.group[0].thai, register_number="123/2569",
        received_at=_RECEIVED, sender=letter.sender or "",
        asks=("ชื่อผู้ร้อง", "พยานหลักฐาน") if kind is OutgoingKind.MORE_NEEDED else (),
        reply_by=date(2026, 12, 1), own=OwnLetter(number="ศธ 0100/45", day=date(2026, 7, 1)),
        names=configuration.wording.names, wording=configuration.letters,
        phrases=configuration.wording.phrases,
    )  # fmt: skip
    return compose_letter(request).docx


def _draw(name: str, pdf: bytes, out: Path) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, 1):
            page.render(scale=_DOTS / 72).to_pil().save(out / f"{name}-{number}.png")
        return len(document)


def _lost(docx: bytes, pdf: bytes) -> bool:
    """Tell whether a paragraph of the document is not on its pages."""
    with pypdfium2.PdfDocument(pdf) as document:
        whole = "".join(page.get_textpage().get_text_range() for page in document)
    shown = _LOOSE.sub("", whole)
    body = Document(io.BytesIO(docx)).element.body
    for paragraph in body.iter(qn("w:p")):
        text = "".join(node.text or "" for node in paragraph.iter(qn("w:t")))
        words = [_LOOSE.sub("", word) for word in text.split()]
        if any(word and word not in shown for word in words):
            return True
    return False


def _outside(pdf: bytes) -> bool:
    """Tell whether a word stands outside the margins."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return any(
            word["x0"] < _MARGIN[0] or word["x1"] > _MARGIN[1]
            for page in document.pages
            for word in page.extract_words()
        )


if __name__ == "__main__":
    main()
