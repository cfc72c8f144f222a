"""Keep the log files of `saraban serve` from filling the disk.

Children hold their files open and append to them, so a file is copied and emptied in place:
what a child writes in the instant between the two is lost, and nothing else.
"""

from __future__ import annotations

import gzip
import os
import shutil
from pathlib import Path

from office.logs import get_log

_log = get_log(__name__)


def rotate_logs(folder: Path, *, limit: int, kept: int) -> int:
    """Put aside every `*.log` of a folder that has grown past a limit; returns how many.

    Args:
        folder: where the log files lie.
        limit: size in bytes.
        kept: how many older files stay of each, packed: `NAME.log.1.gz` is the newest.
    """
    rotated = 0
    for log in sorted(folder.glob("*.log")):
        try:
            size = log.stat().st_size
            if size > limit:
                _rotate(log, kept)
                rotated += 1
                _log.info("a log file was rotated", bytes=size)
        except OSError as fault:
            # A full disk must not stop what is being logged.
            _log.warning("a log file was not rotated", fault=fault)
    return rotated


def _rotate(log: Path, kept: int) -> None:
    coming = _older(log, 0)
    try:
        with log.open("rb") as source, gzip.open(coming, "wb") as packed:
            shutil.copyfileobj(source, packed)
    except OSError:
        coming.unlink(missing_ok=True)
        raise
    os.truncate(log, 0)
    for number in range(kept, 0, -1):
        before = _older(log, number - 1)
        if before.exists():
            before.rename(_older(log, number))


def _older(log: Path, number: int) -> Path:
    return log.with_name(f"{log.name}.{number}.gz")
