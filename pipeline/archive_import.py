"""The whole import of an archive in one process: taken in, read, reported."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from pathlib import Path

from correspondence.errors import UsageFault
from correspondence.reading import Frozen
from correspondence.vocabulary import IntakeOutcome
from pipeline.archive import NICENESS, ArchiveTaken, archive_waits, read_archive, take_in
from pipeline.archive_report import ArchiveList, write_report
from pipeline.bootstrap import House
from pipeline.item_reading import JOB, READING_LIMITS
from pipeline.verifying import Tell
from registry.leases import free_dead_leases, lease_owner
from sandbox.pool import SandboxPool


class ArchiveImported(Frozen):
    """JSON of `import-archive`: what was found, what became of it, what still waits."""

    taken: ArchiveTaken
    outcomes: dict[str, int]
    waiting: int
    report: str


def import_archive(house: House, folder: Path, report: Path, tell: Tell) -> ArchiveImported:
    """Enter every file below a folder and write the report; begun again it goes on.

    Args:
        house: the office's house.
        folder: with the old scans.
        report: the .csv to write.
        tell: told how far it is.

    Raises:
        UsageFault: there is no such folder, or the report would lie in it or cannot be written.
        StorageFull: no room.
        BlobStoreAway: the blob store cannot be reached.
    """
    check_places(folder, report)
    free_dead_leases(house.sessions)
    with ArchiveList() as listed:
        taken = take_in(house, folder, listed, tell)
        with house.readers() as readers:
            outcomes = read_archive(house, lease_owner(), readers, tell)
        tell("report", 0, 1)
        put_report(house, listed, report)
    return ArchiveImported(
        taken=taken,
        outcomes=named(outcomes),
        waiting=archive_waits(house),
        report=str(report),
    )


def read_part(house: House, *, readers: int, seconds: float) -> dict[str, int]:
    """Read of the archive for some time, in a process beside others; counts by outcome."""

    def tell(_part: str, _done: int, _total: int) -> None:
        return None

    with SandboxPool(JOB, workers=readers, limits=READING_LIMITS) as pool:
        return named(read_archive(house, lease_owner(), pool, tell, seconds=seconds))


def check_places(folder: Path, report: Path) -> None:
    """Look at the folder and where the report goes.

    Raises:
        UsageFault: there is no such folder, or the report would be taken for an old paper.
    """
    if not folder.is_dir():
        raise UsageFault("There is no such folder.", thai="ไม่พบโฟลเดอร์นี้")
    if report.resolve().is_relative_to(folder.resolve()):
        raise UsageFault("The report may not lie in the archive.", thai="รายงานต้องอยู่นอกโฟลเดอร์คลัง")


def put_report(house: House, listed: ArchiveList, report: Path) -> None:
    """Write the report.

    Raises:
        UsageFault: it cannot be written there.
    """
    try:
        write_report(house, listed, report)
    except OSError as fault:
        raise UsageFault(f"The report cannot be written: {fault.strerror}.") from None


def be_nice() -> None:
    """Leave the processor to what is urgent; the children inherit it."""
    with suppress(OSError):
        os.nice(max(0, NICENESS - os.nice(0)))


def named(outcomes: Counter[IntakeOutcome]) -> dict[str, int]:
    """Return counts with plain string keys."""
    return {outcome.value: count for outcome, count in sorted(outcomes.items())}
