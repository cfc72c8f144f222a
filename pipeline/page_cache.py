"""Pictures of pages kept for the next look, in a folder of a bounded size."""

from __future__ import annotations

import contextlib
import itertools
import os
from pathlib import Path
from typing import Final

from office.settings import Settings

MOST_BYTES: Final = 512 * 2**20
_SWEEP_EVERY: Final = 100


class PageCache:
    """Files by name; the oldest go where there are too many. All methods are thread-safe.

    Nothing is lost with it: whoever misses a file makes it anew. A disk that is full or read-only
    keeps nothing.

    Args:
        folder: made when first needed.
        most_bytes: of all files together.
    """

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        """Remember the folder."""
        self._folder = folder
        self._most_bytes = most_bytes
        self._counted = itertools.count()

    def get(self, name: str) -> bytes | None:
        """Return a file's bytes, None where it is not kept."""
        try:
            return (self._folder / name).read_bytes()
        except OSError:
            return None

    def put(self, name: str, data: bytes) -> None:
        """Keep a file; a half-written one is never seen."""
        unfinished = self._folder / f".{name}.{os.getpid()}.{next(self._counted)}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            unfinished.write_bytes(data)
            unfinished.replace(self._folder / name)
        except OSError:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
            return
        if next(self._counted) % _SWEEP_EVERY == 0:
            self.sweep()

    def forget(self, sha256: str) -> None:
        """Remove everything that was kept of a file."""
        for path in self._folder.glob(f"{sha256}*"):
            with contextlib.suppress(OSError):
                path.unlink()

    def sweep(self) -> None:
        """Remove the oldest files until the rest keep to the limit."""
        found: list[tuple[float, int, Path]] = []
        for path in self._folder.glob("*"):
            with contextlib.suppress(OSError):
                state = path.stat()
                found.append((state.st_mtime, state.st_size, path))
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= self._most_bytes:
                return
            with contextlib.suppress(OSError):
                path.unlink()
            total -= size


def page_cache(settings: Settings) -> PageCache:
    """Return where the pictures of an office's letters are kept."""
    return PageCache(settings.home_folder / "cache" / "pages")


def converted_pages(cache: PageCache, sha256: str) -> int | None:
    """Return how many pages a document of the office program has, once it has been drawn."""
    kept = cache.get(f"{sha256}.pages")
    return int(kept) if kept is not None and kept.isdigit() else None
