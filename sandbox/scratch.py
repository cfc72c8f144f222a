"""Scratch folders of children, named for their parent so that a dead parent's can be removed."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import psutil

_PREFIX = "saraban-sandbox-"


def make_scratch() -> Path:
    """Return a new private folder for one child of this process."""
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))


def sweep_scratch() -> int:
    """Remove this user's scratch folders whose parent no longer lives; return how many.

    A parent killed with SIGKILL cannot clean up, and a scratch folder may hold parts of a letter.
    """
    removed = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if not owner.isdigit() or psutil.pid_exists(int(owner)):
            continue
        try:
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
        except FileNotFoundError:
            continue
        shutil.rmtree(folder, ignore_errors=True)
        removed += 1
    return removed
