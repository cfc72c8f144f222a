"""Files of a drop folder after the commit: `done/`, and `held/` with a note that says why."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from correspondence.errors import SourceUnavailable, StorageFull
from intake.drop_folder import DONE, HELD, WaitingFile, look_at
from intake.part_names import safe_name

_MAX_TRIES = 1_000


def put_done(root: Path, file: WaitingFile, item_id: int) -> Path | None:
    """Move a committed file to `done/ITEM-NAME` and return where it is.

    None where it was taken away or replaced since it was read: a replacement is a new file,
    which the next pass takes.

    Raises:
        SourceUnavailable: the file may not be moved.
        StorageFull: no room for the move.
    """
    return _move(root, file, DONE, f"{item_id}-")


def put_held(root: Path, file: WaitingFile, item_id: int, thai: str, english: str) -> Path | None:
    """Move a file that cannot be taken to `held/ITEM-NAME` and write the reason beside it.

    Raises:
        SourceUnavailable: the file may not be moved.
        StorageFull: no room for the move.
    """
    held = _move(root, file, HELD, f"{item_id}-")
    if held is not None:
        _write_note(held, thai, english)
    return held


def hold_done(root: Path, item_id: int, thai: str, english: str) -> Path | None:
    """Move an item's file from `done/` to `held/` with the reason beside it.

    Called when the item ends in the holding pen; None where `done/` has no file of it.

    Raises:
        SourceUnavailable: the file may not be moved.
        StorageFull: no room for the move.
    """
    for path in sorted((root / DONE).glob(f"{item_id}-*")):
        held = _rename(path, root / HELD, path.name)
        _write_note(held, thai, english)
        return held
    return None


def release_held(root: Path, path: Path) -> Path:
    """Move a file from `held/` to `done/` when its item has left the holding pen; its note goes.

    Raises:
        SourceUnavailable: the file may not be moved.
        StorageFull: no room for the move.
    """
    note = _note_of(path)
    done = _rename(path, root / DONE, path.name)
    _remove(note)
    return done


def remove_secret(path: Path) -> None:
    """Take a file, and the note beside it in `held/`, away for good: its item is secret.

    Raises:
        SourceUnavailable: it may not be removed.
    """
    _remove(path)
    _remove(_note_of(path))


def renew_note(path: Path, thai: str, english: str) -> bool:
    """Write why a file still lies in `held/`, where the reason is another now; tells whether.

    Raises:
        SourceUnavailable: the note may not be written.
        StorageFull: no room for it.
    """
    try:
        if _note_of(path).read_text(encoding="utf-8") == _note_text(thai, english):
            return False
    except (OSError, UnicodeDecodeError):
        # Gone or written over: it is written anew.
        pass
    _write_note(path, thai, english)
    return True


def _move(root: Path, file: WaitingFile, folder: str, prefix: str) -> Path | None:
    try:
        if look_at(file.path.lstat()) != file.look:
            return None
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise _closed(fault) from None
    name = safe_name(file.file_name) or "file"
    return _rename(file.path, root / folder, prefix + name)


def _rename(path: Path, folder: Path, name: str) -> Path:
    try:
        folder.mkdir(exist_ok=True)
        target = _free_name(folder, name)
        try:
            path.rename(target)
        except OSError as fault:
            if fault.errno != errno.EXDEV:
                raise
            # A subfolder may be a mount of its own.
            shutil.move(path, target)
    except OSError as fault:
        raise _closed(fault) from None
    return target


def _free_name(folder: Path, name: str) -> Path:
    ending = Path(name).suffix[:20]
    # A Thai character takes three bytes and a file name holds 255.
    stem = name[: len(name) - len(ending)].encode()[:160].decode("utf-8", "ignore")
    for number in range(1, _MAX_TRIES):
        target = folder / (f"{stem}{ending}" if number == 1 else f"{stem}-{number}{ending}")
        if not os.path.lexists(target):
            return target
    raise FileExistsError(errno.EEXIST, "no free name")


def _write_note(held: Path, thai: str, english: str) -> None:
    note = _note_of(held)
    partial = note.with_name("." + note.name + ".part")
    try:
        partial.write_text(_note_text(thai, english), encoding="utf-8")
        partial.replace(note)
    except OSError as fault:
        raise _closed(fault) from None


def _note_of(held: Path) -> Path:
    return held.with_name(held.name + ".txt")


def _note_text(thai: str, english: str) -> str:
    return f"{thai}\n{english}\n"


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as fault:
        raise _closed(fault) from None


def _closed(fault: OSError) -> SourceUnavailable | StorageFull:
    if fault.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull(
            "The drop folder has no room.",
            thai="พื้นที่โฟลเดอร์รับแฟ้มเต็ม",
            remedy="Free disk space; the next pass goes on by itself.",
        )
    return SourceUnavailable(
        f"A file of the drop folder may not be moved ({type(fault).__name__}).",
        thai="ย้ายแฟ้มในโฟลเดอร์รับแฟ้มไม่ได้",
        remedy="Give the service the right to write in the folder.",
    )
