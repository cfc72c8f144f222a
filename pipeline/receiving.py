"""Put the files of drop folders away by how their items ended."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from sqlalchemy import select

from correspondence.vocabulary import IntakeOutcome
from intake.drop_folder import DONE, HELD
from intake.put_away import hold_done, release_held, remove_secret, renew_note
from office.sources import DropFolder
from pipeline.bootstrap import House
from registry.ledger import NO_BYTES
from registry.models import IntakeItem

_ITEM_ID = re.compile(r"^(\d+)-")


def put_files_away(house: House) -> int:
    """Let every file of a drop folder follow its item; returns how many were moved.

    What was held goes to `held/` with its reason, and back to `done/` once it has left the
    holding pen; a secret file is removed: its only copy is then its blob. Looks at everything in
    `done/` and `held/`, so that a kill between the verdict and the move is repaired at the next
    pass.
    """
    moved = 0
    for folder in house.configuration.sources.drop_folder:
        root = folder.resolve(house.settings.home_folder)
        files = item_files(root / DONE)
        if files:
            moved += _put_away(house, folder, root, files)
        kept = item_files(root / HELD)
        if kept:
            moved += _follow_held(house, folder, root, kept)
    return moved


def item_files(folder: Path) -> dict[int, Path]:
    """Return the files of a folder by their item's id, without the notes beside them.

    Empty where it cannot be listed: a share that is away is looked at again at the next pass.
    """
    try:
        names = {path.name for path in folder.iterdir()}
    except OSError:
        return {}
    return {
        int(match.group(1)): folder / name
        for name in names
        if (match := _ITEM_ID.match(name))
        and not (folder.name == HELD and name.removesuffix(".txt") in names - {name})
    }


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
            remove_secret(files[item.id])
        else:
            hold_done(root, item.id, item.reason_thai, item.reason_english)
        moved += 1
    return moved


def _follow_held(house: House, folder: DropFolder, root: Path, files: dict[int, Path]) -> int:
    with house.sessions.begin() as session:
        items = session.scalars(
            select(IntakeItem).where(
                IntakeItem.source == folder.name, IntakeItem.id.in_(list(files))
            )
        ).all()
    moved = 0
    for item in items:
        path = files[item.id]
        if item.outcome == IntakeOutcome.PENDING.value or not _is_file_of(path, item):
            continue
        if item.outcome == IntakeOutcome.HELD.value:
            renew_note(path, item.reason_thai, item.reason_english)
            continue
        if item.outcome == IntakeOutcome.SECRET.value:
            remove_secret(path)
        else:
            release_held(root, path)
        moved += 1
    return moved


def _is_file_of(path: Path, item: IntakeItem) -> bool:
    """Tell whether a file that bears an item's number is its own: people put files there, too."""
    try:
        if path.is_symlink() or path.stat().st_size != item.size:
            return False
        if item.sha256 == NO_BYTES:
            return True
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == item.sha256
    except OSError:
        return False
