"""Look at files without the database: read, classify, draft (`extract`, `classify`, `draft`)."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from correspondence.classification import Classification, Evidence
from correspondence.clock import Clock, utc_now
from correspondence.errors import UsageFault
from correspondence.reading import Extraction, Frozen, LetterFields, PageText, join_pages
from correspondence.vocabulary import (
    READABLE,
    Category,
    Channel,
    MemoForm,
    ReadMethod,
    ReadOutcome,
)
from drafting.language_model import ModelUnusable
from drafting.memo import draft_memo
from drafting.request import DraftRequest, WordedSummary
from extractors.fields import read_fields, restrict_pages
from office.configuration import Configuration, read_configuration
from office.settings import Settings, read_settings
from pipeline.calendar_shelf import standing_calendar
from pipeline.item_reading import JOB, MAX_FILE_BYTES, READING_LIMITS, ItemReading
from pipeline.memo_request import memo_request
from pipeline.wording_model import summary_writer, word_letter
from routing.calendar import WorkingCalendar
from routing.due import decide_due
from routing.groups import assign_group
from routing.letters import build_request
from sandbox.faults import SandboxFault, SandboxOutOfMemory, SandboxTimedOut
from sandbox.order import in_order
from sandbox.pool import Request, SandboxPool

if TYPE_CHECKING:
    from classifiers.model import Classifier

_log = logging.getLogger(__name__)
UNKNOWN_MEDIA_TYPE = "application/octet-stream"


class FileClassification(Frozen):
    """JSON of `classify`: one file. Everything but `file` and `outcome` is None if unread."""

    file: str
    outcome: ReadOutcome
    category: Category | None = None
    subcategory: str | None = None
    probabilities: dict[str, float] | None = None
    abstained: bool | None = None
    evidence: tuple[Evidence, ...] | None = None
    model_version: str | None = None


class FileDraft(Frozen):
    """JSON of `draft`: one file and the memo made of it. Only `file`, `outcome` if unread."""

    file: str
    outcome: ReadOutcome
    fields: LetterFields | None = None
    category: Category | None = None
    subcategory: str | None = None
    abstained: bool | None = None
    group: str | None = None
    due_date: date | None = None
    form: MemoForm | None = None
    memo_path: str | None = None


@dataclass(frozen=True)
class Desk:
    """What looking at files needs: configuration, calendar and model, each loaded when used."""

    settings: Settings
    configuration: Configuration
    clock: Clock = utc_now

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The government's working days with the office's corrections."""
        return standing_calendar(self.settings, self.configuration.calendar)

    @cached_property
    def classifier(self) -> Classifier:
        """The classifier in force; trained from the shipped letters on first use."""
        # Loading numpy and the model takes a second that most commands need not spend.
        from classifiers.store import load_or_train

        return load_or_train(self.settings.models_folder)


def open_desk(settings: Settings | None = None, *, clock: Clock = utc_now) -> Desk:
    """Return the desk; raises ConfigurationFault for a wrong setting."""
    settings = settings or read_settings()
    return Desk(settings, read_configuration(settings.config_folder), clock)


def extract_files(desk: Desk, paths: Sequence[Path]) -> Iterator[Extraction]:
    """Yield what was read in each file, in order; a file that kills its reader fails alone.

    Raises:
        UsageFault: a path is no file, before anything is read.
    """
    for reading in _readings(desk, paths):
        yield reading.extraction


def classify_files(desk: Desk, paths: Sequence[Path]) -> list[FileClassification]:
    """Return category and evidence of each file, in order; raises as `extract_files`."""
    return _classified(desk, list(extract_files(desk, paths)))


def classify_text(desk: Desk, text: str) -> FileClassification:
    """Return category and evidence of a letter's text given on standard input."""
    if not text.strip():
        return FileClassification(file="-", outcome=ReadOutcome.EMPTY)
    page = PageText(number=1, text=text, method=ReadMethod.NATIVE, quality=1.0)
    pages, _ = restrict_pages((page,))
    read = read_fields(pages)
    extraction = Extraction(
        file="-",
        outcome=ReadOutcome.OK,
        media_type="text/plain",
        kind=read.kind,
        language=read.language,
        pages=pages,
        text=join_pages(pages),
        fields=read.fields,
    )
    if read.fields.secrecy.value not in (None, "open"):
        return FileClassification(file="-", outcome=ReadOutcome.SECRET)
    return _classified(desk, [extraction])[0]


def draft_files(desk: Desk, paths: Sequence[Path], folder: Path) -> Iterator[FileDraft]:
    """Draft the memo of each file into `folder`, as if received now; one object a file.

    Raises:
        UsageFault: a path is no file, or the folder cannot be made.
    """
    from classifiers.letter_input import letter_input

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise UsageFault(f"{folder} cannot be made.", remedy="Give another --out.") from None
    received_at = desk.clock()
    taken: set[str] = set()
    for path, reading in zip(paths, _readings(desk, paths), strict=True):
        extraction = reading.extraction
        if extraction.outcome not in READABLE:
            yield FileDraft(file=str(path), outcome=extraction.outcome)
            continue
        decided = desk.classifier.classify(letter_input(extraction))
        request, group = _draft_request(desk, reading, decided, received_at)
        memo = draft_memo(request)
        target = folder / _memo_name(path, taken)
        target.write_bytes(memo.docx)
        yield FileDraft(
            file=str(path),
            outcome=extraction.outcome,
            fields=extraction.fields,
            category=decided.category,
            subcategory=decided.subcategory,
            abstained=decided.abstained,
            group=group,
            due_date=request.due.due_date if request.due else None,
            form=memo.form,
            memo_path=str(target),
        )


def _classified(desk: Desk, extractions: list[Extraction]) -> list[FileClassification]:
    from classifiers.letter_input import letter_input

    readable = [letter_input(e) for e in extractions if e.outcome in READABLE]
    decisions = iter(desk.classifier.classify_many(readable) if readable else [])
    found = []
    for extraction in extractions:
        if extraction.outcome not in READABLE:
            found.append(FileClassification(file=extraction.file, outcome=extraction.outcome))
            continue
        decision = next(decisions)
        found.append(
            FileClassification(
                file=extraction.file,
                outcome=extraction.outcome,
                category=decision.category,
                subcategory=decision.subcategory,
                probabilities=decision.probabilities,
                abstained=decision.abstained,
                evidence=decision.evidence,
                model_version=decision.model_version,
            )
        )
    return found


def _draft_request(
    desk: Desk, reading: ItemReading, decided: Classification, received_at: datetime
) -> tuple[DraftRequest, str | None]:
    configuration = desk.configuration
    certain = None if decided.abstained else decided
    channel = Channel.EMAIL if reading.sender_address else None
    due = decide_due(
        build_request(received_at, channel, reading.extraction.fields, decided),
        configuration.deadlines,
        desk.calendar,
    )
    assignment = assign_group(
        certain.category if certain else None,
        certain.subcategory if certain else None,
        configuration.taxonomy,
        configuration.groups,
    )
    group = assignment.group if assignment else None
    request = memo_request(
        configuration,
        reading.extraction,
        decided,
        group_id=group,
        due=due,
        register_number=None,
        received_at=received_at,
        sender=reading.sender_name or reading.sender_address,
        worded=_worded(desk, reading.extraction),
    )
    return request, group


def _worded(desk: Desk, extraction: Extraction) -> WordedSummary | None:
    """Return what the office's language model wrote; None without one, or where it failed."""
    writer = summary_writer(desk.settings)
    try:
        return word_letter(writer, extraction) if writer else None
    except ModelUnusable as fault:
        _log.warning("language model: %s", fault.reason)
        return None


def _readings(desk: Desk, paths: Sequence[Path]) -> Iterator[ItemReading]:
    for path in paths:
        if not path.is_file():
            raise UsageFault(f"{path} is not a file.", thai=f"ไม่พบแฟ้ม {path}")
    workers = max(1, min(desk.settings.worker_count, len(paths)))
    # A file on a desk has no day of receipt, so "within 7 days" stays words.
    requests = (
        Request(read_capped(path), {"name": path.name, "passwords": list(desk.settings.passwords)})
        for path in paths
    )
    with SandboxPool(JOB, workers=workers, limits=READING_LIMITS) as pool:
        for path, reply in zip(paths, in_order(pool.map(requests)), strict=True):
            reading = (
                ItemReading(extraction=unread(reply))
                if isinstance(reply, SandboxFault)
                else ItemReading.model_validate(reply)
            )
            named = reading.extraction.model_copy(update={"file": str(path)})
            yield reading.model_copy(update={"extraction": named})


def read_capped(path: Path) -> bytes:
    """Return a file's bytes, or just more than the limit of them for one that is too large.

    Raises:
        UsageFault: the file may not be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as fault:
        raise UsageFault(
            f"{path} cannot be opened: {fault.strerror}.", thai=f"เปิดแฟ้ม {path} ไม่ได้"
        ) from None


def unread(fault: SandboxFault) -> Extraction:
    """Return what is told of a file whose reader failed; `file` is empty."""
    if isinstance(fault, SandboxTimedOut):
        outcome = ReadOutcome.TIMED_OUT
    elif isinstance(fault, SandboxOutOfMemory):
        outcome = ReadOutcome.TOO_LARGE
    else:
        outcome = ReadOutcome.DAMAGED
    return Extraction(
        file="", outcome=outcome, media_type=UNKNOWN_MEDIA_TYPE, warnings=(fault.code,)
    )


def _memo_name(path: Path, taken: set[str]) -> str:
    stem = re.sub(r"[^\w.\-\u0e00-\u0e7f]", "_", path.stem)[:80] or "letter"
    name, copy = f"{stem}-memo.docx", 2
    while name in taken:
        name, copy = f"{stem}-memo-{copy}.docx", copy + 1
    taken.add(name)
    return name
