from __future__ import annotations

import os
from pathlib import Path

from pipeline.page_cache import PageCache, converted_pages


def test_what_is_kept_is_found_again_and_nothing_else(tmp_path: Path) -> None:
    cache = PageCache(tmp_path / "pages")
    assert cache.get("a.png") is None
    cache.put("a.png", b"one")
    cache.put("a.png", b"two")
    assert cache.get("a.png") == b"two"
    assert [path.name for path in (tmp_path / "pages").iterdir()] == ["a.png"]
    assert (tmp_path / "pages").stat().st_mode & 0o077 == 0


def test_the_oldest_go_where_there_are_too_many(tmp_path: Path) -> None:
    cache = PageCache(tmp_path, most_bytes=25)
    for age, name in enumerate(("new", "middle", "old")):
        cache.put(name, b"x" * 10)
        os.utime(tmp_path / name, (1_000_000 - age, 1_000_000 - age))
    cache.sweep()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["middle", "new"]


def test_what_was_kept_of_a_file_is_forgotten(tmp_path: Path) -> None:
    cache = PageCache(tmp_path)
    for name in ("ab-1.png", "ab.pdf", "cd-1.png"):
        cache.put(name, b"x")
    cache.forget("ab")
    assert [path.name for path in tmp_path.iterdir()] == ["cd-1.png"]


def test_a_folder_that_cannot_be_made_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = PageCache(tmp_path / "file" / "pages")
    cache.put("a.png", b"one")
    assert cache.get("a.png") is None


def test_the_pages_of_a_converted_document_are_counted_once_known(tmp_path: Path) -> None:
    cache = PageCache(tmp_path)
    assert converted_pages(cache, "ab") is None
    cache.put("ab.pages", b"3")
    assert converted_pages(cache, "ab") == 3
    cache.put("ab.pages", b"x")
    assert converted_pages(cache, "ab") is None
