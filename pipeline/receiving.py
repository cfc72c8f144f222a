"""Put the files of drop folders away by how their items ended."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import select

from correspondence.vocabulary import IntakeOutcome
from intake.drop_folder import DONE
from intake.put_away import hold_done
from office.sources import DropFolder
from pipeline.bootstrap import House
from registry.models import IntakeItem

_ITEM_ID = re.compile(r"^(\d+)-")


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
