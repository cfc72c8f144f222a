"""Pull mailboxes and drop folders into the ledger, and put files away by how they ended."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import select

from correspondence.errors import SarabanError, UsageFault
from correspondence.reading import Frozen
from correspondence.vocabulary import IntakeOutcome
from intake.drop_folder import DONE
from intake.pulling import Received
from intake.put_away import hold_done
from intake.receiving import receive_folder, receive_mailbox
from office.sources import DropFolder, Mailbox
from pipeline.bootstrap import House
from registry.models import IntakeItem

_ITEM_ID = re.compile(r"^(\d+)-")


class SourceReport(Frozen):
    """How one pull ended: counts, the code of its fault, and whether the next try may do."""

    source: str
    received: int = 0
    refused: int = 0
    fault: str | None = None
    retryable: bool = False


def source_names(house: House) -> list[str]:
    """Return the names of the enabled mailboxes and folders."""
    return [source.name for source in _enabled(house)]


def pull_sources(house: House, owner: str) -> tuple[SourceReport, ...]:
    """Pull every enabled source; one that is away does not stop the others."""
    return tuple(pull_source(house, name, owner) for name in source_names(house))


def pull_source(house: House, name: str, owner: str) -> SourceReport:
    """Pull one source; a fault comes back as its code, noted in the ledger.

    Raises:
        UsageFault: `sources.toml` has no enabled source of that name.
    """
    source = next((one for one in _enabled(house) if one.name == name), None)
    if source is None:
        raise UsageFault(
            f"There is no enabled source {name}.", remedy="Look at config/sources.toml."
        )
    try:
        received = _pull(house, source, owner)
    except SarabanError as fault:
        house.ledger.note_poll(name, fault_code=fault.code)
        return SourceReport(source=name, fault=fault.code, retryable=fault.retryable)
    return SourceReport(source=name, received=received.new, refused=received.refused)


def put_files_away(house: House) -> int:
    """Move what was held to `held/` with its reason; take secret files out of reach.

    A secret file's only copy is then its blob. Looks at everything in `done/`, so that a kill
    between the verdict and the move is repaired at the next pass. Returns how many were moved.
    """
    moved = 0
    for folder in house.configuration.sources.drop_folder:
        root = folder.resolve(house.settings.home_folder)
        files = _done_files(root)
        if files:
            moved += _put_away(house, folder, root, files)
    return moved


def _pull(house: House, source: Mailbox | DropFolder, owner: str) -> Received:
    if isinstance(source, Mailbox):
        return receive_mailbox(
            source, source.read_password(), house.ledger, owner=owner, clock=house.clock
        )
    return receive_folder(
        source, house.settings.home_folder, house.ledger, owner=owner, clock=house.clock
    )


def _put_away(house: House, folder: DropFolder, root: Path, files: dict[int, Path]) -> int:
    with house.sessions.begin() as session:
        items = session.scalars(
            select(IntakeItem).where(
                IntakeItem.source == folder.name,
                IntakeItem.outcome.in_([IntakeOutcome.HELD.value, IntakeOutcome.SECRET.value]),
            )
        ).all()
    moved = 0
    for item in items:
        if item.id not in files:
            continue
        if item.outcome == IntakeOutcome.SECRET.value:
            files[item.id].unlink(missing_ok=True)
        else:
            hold_done(root, item.id, item.reason_thai, item.reason_english)
        moved += 1
    return moved


def _done_files(root: Path) -> dict[int, Path]:
    done = root / DONE
    if not done.is_dir():
        return {}
    return {
        int(match.group(1)): path for path in done.iterdir() if (match := _ITEM_ID.match(path.name))
    }


def _enabled(house: House) -> list[Mailbox | DropFolder]:
    sources = house.configuration.sources
    known: list[Mailbox | DropFolder] = [*sources.mailbox, *sources.drop_folder]
    return [source for source in known if source.enabled]
