"""Register files by hand through the same ledger as mailboxes and folders."""

from __future__ import annotations

import hashlib
import os
import stat
import uuid
from collections.abc import Sequence
from pathlib import Path

from correspondence.reading import Frozen
from correspondence.vocabulary import Channel, IntakeOutcome
from extractors.media import OUTLOOK, TNEF, media_type
from pipeline.admission import LEASE, admit_items
from pipeline.bootstrap import House
from pipeline.inspection import read_capped
from pipeline.item_reading import MAIL, MAX_FILE_BYTES
from registry.held import why
from registry.leases import lease_owner
from registry.ledger import Arrival
from registry.models import IntakeItem
from registry.numbers import numbers_of_items

SOURCE = "hand"


class IngestedFile(Frozen):
    """JSON of `ingest`: one file. `reason` is Thai then English; None where none is needed.

    `register_number` is the first letter's, `register_numbers` those of all letters in the file.
    """

    file: str
    outcome: IntakeOutcome
    register_number: str | None = None
    register_numbers: tuple[str, ...] = ()
    reason: str | None = None


def ingest_files(
    house: House, paths: Sequence[Path], *, channel: Channel | None = None
) -> list[IngestedFile]:
    """Store, read and register files; a mail is taken as mail whatever the channel says.

    Bytes and ledger row are committed for every file before the first is read, so a kill loses
    none: the next pass goes on with them.

    Args:
        house: where to register.
        paths: the files.
        channel: how they came; by default e-mail for a mail, else by hand.

    Returns:
        One result a file, in order.
    """
    owner = lease_owner()
    results: dict[int, IngestedFile] = {}
    items: dict[int, int] = {}
    for index, path in enumerate(paths):
        refusal = refuse_path(path)
        if refusal:
            results[index] = IngestedFile(
                file=str(path), outcome=IntakeOutcome.REJECTED, reason=refusal
            )
            continue
        items[index] = _store(house, path, channel)
    ids = list(items.values())
    with house.readers() as readers:
        while claimed := house.ledger.claim(owner, len(ids) or 1, LEASE, only=ids):
            admit_items(house, owner, claimed, readers)
    for index, item_id in items.items():
        results[index] = _result(house, str(paths[index]), item_id)
    return [results[index] for index in range(len(paths))]


def refuse_path(path: Path) -> str | None:
    """Return why a path cannot be taken at all, in Thai and English, or None."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return "ไม่พบแฟ้ม / No such file."
    if stat.S_ISLNK(mode) and path.is_file():
        mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        return "ไม่ใช่แฟ้มธรรมดา / Not a regular file."
    if not os.access(path, os.R_OK):
        return "ไม่มีสิทธิ์เปิดแฟ้ม / The file may not be read."
    if path.stat().st_size > MAX_FILE_BYTES:
        megabytes = MAX_FILE_BYTES // 2**20
        return f"แฟ้มใหญ่เกิน {megabytes} MB / The file is larger than {megabytes} MB."
    return None


def _store(house: House, path: Path, channel: Channel | None) -> int:
    data = read_capped(path)
    is_mail = media_type(data) in (MAIL, OUTLOOK, TNEF)
    digest = hashlib.sha256(data).hexdigest()
    stored = house.ledger.store(
        Arrival(
            source=SOURCE,
            # Every hand-over is an arrival of its own; the gate tells that it is a duplicate.
            source_key=f"{digest}:{uuid.uuid4().hex}",
            channel=channel or (Channel.EMAIL if is_mail else Channel.HAND),
            file_name=path.name,
            message_id=None,
            data=data,
            arrived_at=house.clock(),
        )
    )
    house.ledger.mark_source_done(stored.id)
    return stored.id


def _result(house: House, file: str, item_id: int) -> IngestedFile:
    with house.sessions.begin() as session:
        item = session.get_one(IntakeItem, item_id)
        wanted = item.duplicate_of_id or item.id
        numbers = numbers_of_items(session, [wanted]).get(wanted, ())
    outcome = IntakeOutcome(item.outcome)
    if outcome is IntakeOutcome.PENDING:
        # Postponed: it is safe in the ledger, and the next pass tries again.
        outcome = IntakeOutcome.HELD
    return IngestedFile(
        file=file,
        outcome=outcome,
        register_number=numbers[0] if numbers else None,
        register_numbers=numbers,
        reason=why(item),
    )
