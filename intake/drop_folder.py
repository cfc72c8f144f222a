"""A drop folder: which files are whole, reading them safely, putting them away.

A file is taken when two looks, `still_seconds` apart, find the same size, times and inode, and
it can be opened. Links, pipes, devices and whatever resolves outside the folder are refused and
left where they are. The folder may be a network share: without locks, with coarse times, with
names in a Thai code page, away for a while.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path

from correspondence.errors import SourceUnavailable
from correspondence.vocabulary import Channel
from intake.errors import FileChanged, FileTooLarge
from office.sources import DropFolder

DONE = "done"
HELD = "held"
_MAX_DEPTH = 4
_MAX_FILES = 2_000
# Taken away, or replaced on the server of a share, between the listing and the look.
_GONE = frozenset({errno.ENOENT, errno.ESTALE})


@dataclass(frozen=True, slots=True)
class FileLook:
    """What tells whether a file changed between two looks."""

    size: int
    modified_ns: int
    changed_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A whole file that waits to be taken.

    `name` is relative to the folder, with `/`, as people read it: NFC, a name in a Thai code
    page decoded.
    """

    path: Path = field(repr=False)
    name: str = field(repr=False)
    channel: Channel
    look: FileLook

    @property
    def file_name(self) -> str:
        """Its name without folders, as people read it."""
        return self.name.rpartition("/")[2]

    @property
    def arrived_at(self) -> datetime:
        """When it appeared in the folder (its change time), aware, in UTC."""
        return datetime.fromtimestamp(self.look.changed_ns / 1e9, tz=UTC)


@dataclass(frozen=True, slots=True)
class FolderScan:
    """One full look at a folder: files to take, and how many still grow or were refused."""

    files: tuple[WaitingFile, ...]
    growing: int
    refused: int


def prepare_folder(root: Path, folder: DropFolder) -> None:
    """Make the folder's subfolders; the folder itself only where its parent stands.

    Raises:
        SourceUnavailable: it is missing (a share that is not mounted) or closed to us.
    """
    try:
        if not folder.path.is_absolute() or root.parent.is_dir():
            root.mkdir(parents=not folder.path.is_absolute(), exist_ok=True)
        for name in (*(entry.folder for entry in folder.subfolders), DONE, HELD):
            (root / name).mkdir(exist_ok=True)
    except OSError as fault:
        raise _away(folder, fault) from None


def scan_folder(
    root: Path, folder: DropFolder, *, wait: Callable[[float], None] = time.sleep
) -> FolderScan:
    """Return what may be taken now.

    Args:
        root: the folder as an absolute path.
        folder: its settings.
        wait: sleeps the given seconds between the two looks; not called for an empty folder.

    Raises:
        SourceUnavailable: the folder cannot be listed.
    """
    try:
        first = _look_around(root, folder)
        if not first.files:
            return FolderScan((), 0, first.refused)
        wait(folder.still_seconds)
        second = _look_around(root, folder)
    except OSError as fault:
        raise _away(folder, fault) from None
    # Times of a network share may run ahead or behind, so they are compared with each other,
    # never with our clock.
    before = {file.path: file.look for file in first.files}
    still = tuple(
        file for file in second.files if before.get(file.path) == file.look and _can_open(file.path)
    )
    return FolderScan(still, len(second.files) - len(still), second.refused)


def read_file(file: WaitingFile, max_bytes: int) -> bytes:
    """Return the bytes of a waiting file.

    Raises:
        FileTooLarge: bigger than `max_bytes`.
        FileChanged: gone, replaced or written to since it was looked at.
    """
    try:
        descriptor = os.open(file.path, _OPEN_FLAGS)
    except OSError:
        raise FileChanged from None
    try:
        with os.fdopen(descriptor, "rb") as opened:
            state = os.fstat(opened.fileno())
            if not stat.S_ISREG(state.st_mode) or look_at(state) != file.look:
                raise FileChanged
            if state.st_size > max_bytes:
                raise FileTooLarge(max_bytes)
            data = opened.read(state.st_size + 1)
            if len(data) != state.st_size or look_at(os.fstat(opened.fileno())) != file.look:
                raise FileChanged
    except OSError:
        # A share that goes away under an open file; the next pass finds it as it is then.
        raise FileChanged from None
    return data


def look_at(state: os.stat_result) -> FileLook:
    """Return what tells one state of a file from another."""
    return FileLook(state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)


# Without O_NONBLOCK opening a pipe that took a file's place would wait for ever.
_OPEN_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def _look_around(root: Path, folder: DropFolder) -> _Looks:
    channels = {entry.folder: entry.channel for entry in folder.subfolders}
    looks = _Looks([], 0)
    top = root.resolve(strict=True)
    for entry in sorted(os.scandir(top), key=lambda found: found.name):
        if entry.name in (DONE, HELD):
            continue
        _take_look(entry, top, channels.get(entry.name, folder.channel), folder, looks, 0)
    return looks


def _take_look(
    entry: os.DirEntry[str],
    top: Path,
    channel: Channel,
    folder: DropFolder,
    looks: _Looks,
    depth: int,
) -> None:
    if any(fnmatch(entry.name.lower(), pattern.lower()) for pattern in folder.ignore):
        return
    if len(looks.files) >= _MAX_FILES:
        return
    try:
        state = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(state.st_mode) and depth < _MAX_DEPTH:
            for below in sorted(os.scandir(entry.path), key=lambda found: found.name):
                _take_look(below, top, channel, folder, looks, depth + 1)
            return
        path = Path(entry.path)
        inside = path.resolve().is_relative_to(top)
    except PermissionError:
        # One folder closed to us must not keep the others waiting.
        looks.refused += 1
        return
    except OSError as fault:
        if fault.errno in _GONE:
            return
        raise
    if not stat.S_ISREG(state.st_mode) or not inside:
        looks.refused += 1
        return
    name = readable_name(path.relative_to(top).as_posix())
    looks.files.append(WaitingFile(path, name, channel, look_at(state)))


def readable_name(name: str) -> str:
    """Return a path as people read it, in NFC.

    Old shares hand over names in a Thai code page, which Python keeps as surrogates; no database
    takes those.
    """
    raw = os.fsencode(name)
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError:
        decoded = raw.decode("cp874", "replace")
    return unicodedata.normalize("NFC", decoded)


def _can_open(path: Path) -> bool:
    try:
        descriptor = os.open(path, _OPEN_FLAGS)
    except OSError:
        return False
    try:
        # A program that still writes often holds a lock.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # Some network shares know no locks.
        return True
    finally:
        os.close(descriptor)
    return True


def _away(folder: DropFolder, fault: OSError) -> SourceUnavailable:
    return SourceUnavailable(
        f"Drop folder {folder.name} is not available ({type(fault).__name__}).",
        thai=f"เข้าถึงโฟลเดอร์รับแฟ้ม {folder.name} ไม่ได้",
        remedy="Check that it exists, is mounted, and may be read and written.",
    )


@dataclass(slots=True)
class _Looks:
    """What one look found, while it is being collected."""

    files: list[WaitingFile]
    refused: int
