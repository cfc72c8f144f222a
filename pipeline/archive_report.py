"""What became of every file of an archive, as .csv that spreadsheets open."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final

from sqlalchemy import select

from correspondence.vocabulary import IntakeOutcome
from pipeline.bootstrap import House
from registry.chunks import chunks
from registry.held import why
from registry.ledger import ARCHIVE
from registry.models import IntakeItem
from registry.numbers import numbers_of_items

HEAD: Final = ("file", "sha256", "outcome", "ผล", "register_number", "reason")
_REPEATED: Final = ("repeated", "แฟ้มซ้ำในคลัง")
_AT_ONCE: Final = 500
# What a spreadsheet would take for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class ArchiveList:
    """Path and SHA-256 of every file as it is found; kept in a file, not in memory."""

    def __init__(self) -> None:
        """Nothing is listed yet."""
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115
        self._writer = csv.writer(self._file)

    def note_taken(self, path: str, sha256: str) -> None:
        """List a file that is in the ledger or will be."""
        self._writer.writerow((path, sha256, ""))

    def note_refused(self, path: str, reason: str) -> None:
        """List a file that cannot be taken; `reason` in Thai and English."""
        self._writer.writerow((path, "", reason))

    def lines(self) -> Iterator[tuple[str, str, str]]:
        """Yield path, SHA-256 and reason of every file in the order they were found."""
        self._file.seek(0)
        yield from ((path, sha256, reason) for path, sha256, reason in csv.reader(self._file))

    def __enter__(self) -> ArchiveList:
        """Return the list; its file goes with the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the file."""
        self._file.close()


def write_report(house: House, listed: ArchiveList, target: Path) -> int:
    """Write one line a file; returns how many. Readable by its owner only.

    A file that lies in the archive twice is `repeated` the second time. Of what is marked secret
    the line says nothing but the grade.

    Raises:
        OSError: the report cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    count = 0
    # With a mark of its coding, or spreadsheets garble the Thai.
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        seen: set[bytes] = set()
        for part in _parts(listed):
            told = _outcomes(house, [sha256 for _, sha256, _ in part if sha256])
            for path, sha256, reason in part:
                key = bytes.fromhex(sha256)
                if not sha256:
                    refused = IntakeOutcome.REJECTED
                    row = (refused.value, refused.thai, "", reason)
                elif key in seen:
                    row = (*_REPEATED, told.get(sha256, ("", "", ""))[2], "")
                else:
                    row = told.get(sha256, ("", "", "", ""))
                seen.add(key)
                writer.writerow([_harmless(cell) for cell in (path, sha256, *row)])
                count += 1
    return count


def _outcomes(house: House, keys: list[str]) -> dict[str, tuple[str, str, str, str]]:
    told: dict[str, tuple[str, str, str, str]] = {}
    with house.sessions() as session:
        for chunk in chunks(keys):
            items = session.scalars(
                select(IntakeItem).where(
                    IntakeItem.source == ARCHIVE, IntakeItem.source_key.in_(chunk)
                )
            ).all()
            numbers = numbers_of_items(session, [item.duplicate_of_id or item.id for item in items])
            for item in items:
                outcome = IntakeOutcome(item.outcome)
                told[item.source_key] = (
                    outcome.value,
                    outcome.thai,
                    ", ".join(numbers.get(item.duplicate_of_id or item.id, ())),
                    why(item) or "",
                )
    return told


def _parts(listed: ArchiveList) -> Iterator[list[tuple[str, str, str]]]:
    part: list[tuple[str, str, str]] = []
    for line in listed.lines():
        part.append(line)
        if len(part) == _AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
