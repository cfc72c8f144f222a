"""Memos: key-fact recall against the first sentences, length, faithfulness, cost against docxtpl.

    python -m benchmarks.drafting [GOLD.jsonl]

GOLD.jsonl has a letter a line with `id`, `text`, `category`, `subcategory`, `key_facts` and
`fields.secrecy` (`../shared/data/letters/dev.jsonl` where it is there). Its letters become PDFs of
LibreOffice and are read as any other. Three ways of making form A stand side by side at the same
length, at most 60 % and 40 % of the letter: ours; the first sentences without formulas (lead-k);
the first sentences as they stand.
Recall counts a fact that stands in the memo word for word, blanks and the kind of digits aside;
"sentences" is the summary alone, "form A" the whole memo. The summary's share is of the letter's
letters, blanks not counted, for letters of more than 15 lines. "longer" counts the memos that
LibreOffice draws on more than one page, in the office's font or its kin at the same measure.

Cost is the processor time of a whole draft by that of docxtpl filling the same form; both without
PDF, each the median; OMP_NUM_THREADS=1 keeps it in one thread. Without a GOLD file the sample
letters are drafted for cost only.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate, product
from pathlib import Path
from unittest.mock import patch

import pypdfium2
from docx import Document
from docx.oxml.ns import qn

import drafting.memo
import drafting.summary
from correspondence.classification import Classification
from correspondence.clock import utc_now
from correspondence.reading import Extraction
from correspondence.thai_digits import fold_digits
from correspondence.vocabulary import Category, MemoForm
from demo.samples.catalogue import DOCUMENT_FORMS, load_samples
from demo.samples.conversion import convert_to_pdf
from demo.samples.document import write_docx
from demo.samples.layout import plain_text
from drafting import draft_memo
from drafting.content import MemoContent
from drafting.rendering import render
from drafting.request import DraftRequest
from drafting.summary import SHORT_LETTER_LINES, solid_length
from extractors.reader import read_document
from extractors.request import ReadingRequest
from office.configuration import Configuration, read_configuration
from office.places import find_folder
from pipeline.memo_request import memo_request
from pipeline.writing_pdf import with_font

GOLD = Path(__file__).resolve().parents[2] / "shared" / "data" / "letters" / "dev.jsonl"
FONT = "Laksaman"
WAYS = ("ours", "lead-k", "lead-k, as it stands")
# What the office is promised, and a summary of a long letter that must go on one page.
SHARES = (0.6, 0.4)
_SUMMARY = "สรุปประเด็นสำคัญ"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as read, with what its memo must tell."""

    id: str
    extraction: Extraction
    category: Category
    subcategory: str
    key_facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """One memo: recalls and share 0 to 1; `long` for letters over fifteen lines."""

    form: float
    sentences: float
    share: float
    long: bool
    docx: bytes


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor time: of a draft in the middle, at 95 of 100, at most; of docxtpl."""

    draft: float
    slow: float
    slowest: float
    filling: float


def main() -> None:
    """Measure and print."""
    asked = Path(sys.argv[1]) if len(sys.argv) > 1 else GOLD
    configuration = read_configuration(find_folder("config"))
    write = sys.stdout.write
    if asked.is_file():
        letters = read_gold(asked)
        write(f"{len(letters)} letters of {asked.name} as PDF, form A\n\n")
        write(f"{'at most':9}{'way':24}{'form A':>8}{'sentences':>11}{'share':>8}{'largest':>9}")
        write(f"{'longer':>8}\n")
        for most, way in product(SHARES, WAYS):
            with patch.object(drafting.summary, "MAX_SHARE", most):
                scores = [score(letter, configuration, way) for letter in letters]
            long = [s.share for s in scores if s.long]
            write(
                f"{most:<9.1f}{way:24}{statistics.mean(s.form for s in scores):8.3f}"
                f"{statistics.mean(s.sentences for s in scores):11.3f}"
                f"{statistics.mean(long):8.3f}{max(long):9.3f}{_longer(scores):8}\n"
            )
    else:
        letters = read_samples()
        write(f"{asked} is not there: cost only, on {len(letters)} sample letters\n")
    spent = cost([_request(letter, configuration) for letter in letters])
    write(
        f"\na draft {spent.draft * 1000:.0f} ms (19 of 20 within {spent.slow * 1000:.0f}, all"
        f" within {spent.slowest * 1000:.0f}), docxtpl alone {spent.filling * 1000:.0f} ms,"
        f" ratio {spent.draft / spent.filling:.1f}\n"
    )


def read_gold(path: Path) -> list[Letter]:
    """Return the open letters of a gold file, read from PDFs made of their texts."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    rows = [row for row in rows if row["fields"]["secrecy"] == "open"]
    documents = {row["id"]: write_docx(row["text"], font=FONT, language="th") for row in rows}
    pdfs = convert_to_pdf(documents, seconds=600)
    return [
        Letter(
            row["id"], _read(row["id"], pdfs[row["id"]]), Category(row["category"]),
            row["subcategory"], tuple(row["key_facts"]),
        )
        for row in rows
    ]  # fmt: skip


def read_samples() -> list[Letter]:
    """Return the project's own letters; they have no key facts."""
    samples = [s for s in load_samples() if s.form in DOCUMENT_FORMS]
    found = []
    for sample in samples:
        docx = write_docx(plain_text(sample.text), font=FONT, language=sample.language)
        extraction = _read(sample.id, docx, ".docx")
        if extraction.text:
            found.append(Letter(sample.id, extraction, Category.GENERAL, "other", ()))
    return found


def _read(name: str, data: bytes, suffix: str = ".pdf") -> Extraction:
    return read_document(data, name + suffix, ReadingRequest(ocr=False))


def score(letter: Letter, configuration: Configuration, way: str) -> Score:
    """Return how much of a letter's key facts its form A tells, made one of the WAYS."""
    with _way(way):
        draft = draft_memo(_request(letter, configuration))
    told = next(s.text for s in draft.sections if s.label == _SUMMARY)
    wanted = [_squeeze(fact) for fact in letter.key_facts]
    memo, summary = _squeeze(_document_text(draft.docx)), _squeeze(told)
    return Score(
        form=sum(fact in memo for fact in wanted) / len(wanted),
        sentences=sum(fact in summary for fact in wanted) / len(wanted),
        share=solid_length(told) / solid_length(letter.extraction.text),
        long=letter.extraction.text.count("\n") > SHORT_LETTER_LINES,
        docx=draft.docx,
    )


def _longer(scores: Sequence[Score]) -> int:
    """Return how many memos take more than one page."""
    documents = {str(number): with_font(s.docx) for number, s in enumerate(scores)}
    count = 0
    for pdf in convert_to_pdf(documents, seconds=600).values():
        with pypdfium2.PdfDocument(pdf) as document:
            count += len(document) > 1
    return count


def cost(requests: Sequence[DraftRequest]) -> Cost:
    """Return what drafts cost, and docxtpl filling their forms."""
    contents: list[tuple[MemoContent, bytes | None]] = []

    def keep(content: MemoContent, garuda: bytes | None) -> bytes:
        contents.append((content, garuda))
        return render(content, garuda)

    draft_memo(requests[0])  # the dictionary is loaded once a process
    drafts = []
    with patch.object(drafting.memo, "render", keep):
        for request in requests:
            begun = time.process_time()
            draft_memo(request)
            drafts.append(time.process_time() - begun)
    filling = []
    for content, garuda in contents:
        begun = time.process_time()
        render(content, garuda)
        filling.append(time.process_time() - begun)
    ordered = sorted(drafts)
    return Cost(
        draft=statistics.median(drafts),
        slow=ordered[int(0.95 * (len(ordered) - 1))],
        slowest=ordered[-1],
        filling=statistics.median(filling),
    )


@contextmanager
def _way(way: str) -> Iterator[None]:
    """Draft form A only, its sentences chosen as `way` says."""
    with patch.object(drafting.memo, "choose_form", lambda _: MemoForm.SUMMARY_MEMO):
        if way == WAYS[0]:
            yield
            return
        with patch.object(drafting.summary, "Selection", _Lead):
            if way == WAYS[1]:
                yield
                return
            with (
                patch.object(drafting.summary, "is_formula", lambda *_: False),
                patch.object(drafting.summary, "without_formulas", lambda text: text),
            ):
                yield


class _Lead:
    """The first sentences, as many as the room holds."""

    def __init__(self, lengths: Sequence[int], **_weights: object) -> None:
        self._lengths = lengths

    def within(self, room: int) -> list[int]:
        ends = accumulate(self._lengths)
        return [place for place, end in enumerate(ends) if end <= room]


def _request(letter: Letter, configuration: Configuration) -> DraftRequest:
    decided = Classification(
        category=letter.category, subcategory=letter.subcategory, abstained=False,
        probabilities={letter.category.value: 1.0}, model_version="gold",
    )  # fmt: skip
    return memo_request(
        configuration, letter.extraction, decided, group_id=None, due=None,
        register_number=None, received_at=utc_now(), sender=None,
    )  # fmt: skip


def _document_text(docx: bytes) -> str:
    body = Document(BytesIO(docx)).element.body
    return "\n".join(
        "".join(node.text or "" for node in paragraph.iter(qn("w:t")))
        for paragraph in body.iter(qn("w:p"))
    )


def _squeeze(text: str) -> str:
    folded = fold_digits(unicodedata.normalize("NFC", text))
    return re.sub(r"[\s\u200b-\u200d\ufeff]+", "", folded)


if __name__ == "__main__":
    main()
