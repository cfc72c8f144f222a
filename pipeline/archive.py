"""Enter an archive of old scans (`import-archive`): taken in first, then read when there is time.

Every file is in the ledger once, by its SHA-256, before the first is read: a kill loses nothing,
and the same command goes on where it ended. Letters of the day go first.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import exists, func, or_, select

from classifiers.letter_input import letter_input
from correspondence.reading import Frozen
from correspondence.vocabulary import Channel, IntakeOutcome
from extractors.media import OUTLOOK, TNEF, media_type
from pipeline.admission import LEASE, admit_items
from pipeline.archive_report import ArchiveList
from pipeline.bootstrap import House
from pipeline.ingest import refuse_path
from pipeline.inspection import read_capped
from pipeline.item_reading import MAIL
from pipeline.verifying import Tell
from registry.casework import record_classification
from registry.ledger import ARCHIVE, Arrival
from registry.letter_file import letter_extraction
from registry.models import Case, ClassificationRow, IntakeItem
from routing.groups import assign_group
from sandbox.pool import SandboxPool

LOT: Final = 10
"""Files read between two looks at the letters of the day: a minute's work."""
_LOT_BYTES: Final = 64 << 20
_CLASSIFIED_AT_ONCE: Final = 50
NICENESS: Final = 10
"""What is urgent gets the processor: the import takes what is left."""


class ArchiveTaken(Frozen):
    """What was found in a folder: new in the ledger, there before, or not to be taken."""

    new: int = 0
    known: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Courtesy:
    """How the import gives way to letters of the day.

    Attributes:
        longest: seconds it waits before a lot, however many letters come.
        every: seconds between two looks.
        sleep: waits.
        clock: seconds that only grow.
    """

    longest: float = 600.0
    every: float = 5.0
    sleep: Callable[[float], None] = field(default=time.sleep)
    clock: Callable[[], float] = field(default=time.monotonic)


def take_in(house: House, folder: Path, listed: ArchiveList, tell: Tell) -> ArchiveTaken:
    """Put every file below a folder into the ledger, once; memory does not grow with the folder.

    Args:
        house: where to.
        folder: with the old scans; names that begin with a dot and links are passed over.
        listed: told path and SHA-256 of every file, for the report.
        tell: told how many files were taken.

    Raises:
        StorageFull: no room; what was taken is safe, and the same call goes on.
        BlobStoreAway: the same.
    """
    counts: Counter[str] = Counter()
    lot: list[Arrival] = []

    def flush() -> None:
        stored = house.ledger.store_many(lot)
        house.ledger.mark_source_done(*(item.id for item in stored if item.new))
        for item in stored:
            counts["new" if item.new else "known"] += 1
        lot.clear()
        tell("taking in", sum(counts.values()), 0)

    for path in _files_below(folder):
        shown = path.relative_to(folder).as_posix()
        refusal = refuse_path(path)
        if refusal is not None:
            counts["refused"] += 1
            listed.note_refused(shown, refusal)
            continue
        arrival = _arrival(house, path)
        listed.note_taken(shown, arrival.source_key)
        lot.append(arrival)
        if len(lot) >= LOT or sum(len(one.data) for one in lot) >= _LOT_BYTES:
            flush()
    if lot:
        flush()
    return ArchiveTaken(**counts)


def read_archive(
    house: House,
    owner: str,
    readers: SandboxPool,
    tell: Tell,
    *,
    courtesy: Courtesy | None = None,
    seconds: float | None = None,
) -> Counter[IntakeOutcome]:
    """Read what waits of the archive, lot by lot, and classify what was registered.

    Any number of processes and machines may do so at once: each lot is leased.

    Args:
        house: the office's house.
        owner: of the leases.
        readers: the children that read.
        tell: told how many are done.
        courtesy: how it gives way to letters of the day.
        seconds: no new lot is begun after this long; None goes on to the end.
    """
    manners = courtesy or Courtesy()
    outcomes: Counter[IntakeOutcome] = Counter()
    began = manners.clock()
    while seconds is None or manners.clock() - began < seconds:
        give_way(house, manners, tell)
        ids = house.ledger.claim(owner, LOT, LEASE, archive=True)
        if not ids:
            break
        outcomes += admit_items(house, owner, ids, readers)
        classify_archived(house)
        tell("reading", outcomes.total(), 0)
    classify_archived(house)
    return outcomes


def give_way(house: House, manners: Courtesy, tell: Tell) -> float:
    """Wait while letters of the day wait to be read; returns how many seconds."""
    began = manners.clock()
    while manners.clock() - began < manners.longest and daily_letters_wait(house):
        tell("waiting for letters of the day", 0, 0)
        manners.sleep(manners.every)
    return manners.clock() - began


def daily_letters_wait(house: House) -> bool:
    """Tell whether a letter of the day waits, or is being read."""
    now = house.clock()
    waits = exists().where(
        IntakeItem.outcome == IntakeOutcome.PENDING.value,
        IntakeItem.source != ARCHIVE,
        or_(IntakeItem.next_attempt_at.is_(None), IntakeItem.next_attempt_at <= now),
    )
    with house.sessions() as session:
        return bool(session.scalar(select(waits)))


def classify_archived(house: House) -> int:
    """Give old papers a category and its group where the model is sure; returns how many were seen.

    Where it is not, they have neither, and only those who see every group find them.
    """
    seen = 0
    while ids := _unclassified(house):
        seen += _classify(house, ids)
    return seen


def _unclassified(house: House) -> list[int]:
    classified = exists().where(ClassificationRow.case_id == Case.id)
    with house.sessions() as session:
        return list(
            session.scalars(
                select(Case.id)
                .where(Case.archived, ~classified)
                .order_by(Case.id)
                .limit(_CLASSIFIED_AT_ONCE)
            )
        )


def _classify(house: House, ids: list[int]) -> int:
    with house.sessions() as session:
        cases = session.scalars(select(Case).where(Case.id.in_(ids)).order_by(Case.id)).all()
        inputs = {
            case.id: letter_input(letter_extraction(case.letters[0], f"letter-{case.id}"))
            for case in cases
        }
    found = house.classifier.classify_many(list(inputs.values()))
    configuration = house.configuration
    with house.sessions.begin() as session:
        for case_id, decided in zip(inputs, found, strict=True):
            case = session.get_one(Case, case_id, with_for_update=True)
            done = exists().where(ClassificationRow.case_id == case_id)
            if session.scalar(select(done)):
                # Another process was faster.
                continue
            record_classification(session, case, decided, at=house.clock())
            if decided.abstained:
                continue
            group = assign_group(
                decided.category, decided.subcategory, configuration.taxonomy, configuration.groups
            )
            if group is not None:
                case.category, case.subcategory = decided.category.value, decided.subcategory
                case.group_id = group.group
    return len(inputs)


def _arrival(house: House, path: Path) -> Arrival:
    data = read_capped(path)
    is_mail = media_type(data) in (MAIL, OUTLOOK, TNEF)
    written = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    return Arrival(
        source=ARCHIVE,
        source_key=house.blobs.name_of(data),
        channel=Channel.EMAIL if is_mail else Channel.SCAN,
        file_name=path.name,
        message_id=None,
        data=data,
        # A clock that stood wrong when the file was made.
        arrived_at=min(max(written, datetime(1990, 1, 1, tzinfo=UTC)), house.clock()),
    )


def _files_below(folder: Path) -> Iterator[Path]:
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(where, name)
            if not name.startswith(".") and not path.is_symlink():
                yield path


def archive_waits(house: House) -> int:
    """Return how many old papers wait for their next try."""
    with house.sessions() as session:
        return (
            session.scalar(
                select(func.count())
                .select_from(IntakeItem)
                .where(
                    IntakeItem.source == ARCHIVE,
                    IntakeItem.outcome == IntakeOutcome.PENDING.value,
                )
            )
            or 0
        )
