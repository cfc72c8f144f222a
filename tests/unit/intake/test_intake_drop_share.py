"""A drop folder on a network share: no locks, coarse times, odd names, away and back."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from correspondence.errors import SourceUnavailable
from intake.drop_folder import prepare_folder, read_file, readable_name, scan_folder
from intake.errors import FileChanged
from intake.pulling import Received
from intake.receiving import receive_folder
from office.sources import DropFolder
from registry.engine import Sessions
from registry.ledger import Ledger
from registry.models import IntakeItem

FOLDER = DropFolder(name="share", path=Path("share"), still_seconds=0)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "share"
    prepare_folder(path, FOLDER)
    return path


def no_wait(_: float) -> None:
    pass


def receive(home: Path, ledger: Ledger) -> Received:
    return receive_folder(FOLDER, home, ledger, wait=no_wait)


def names(sessions: Sessions) -> list[str]:
    with sessions.begin() as session:
        return list(session.scalars(select(IntakeItem.file_name).order_by(IntakeItem.id)))


@pytest.mark.parametrize("fault", [errno.ESTALE, errno.EIO, errno.EHOSTDOWN, errno.ETIMEDOUT])
def test_a_share_that_goes_away_is_named_and_comes_back_without_a_hand(
    root: Path, tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, fault: int
) -> None:
    (root / "scan" / "a.pdf").write_bytes(b"%PDF 1")

    def away(_: object) -> Iterator[os.DirEntry[str]]:
        raise OSError(fault, os.strerror(fault))

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", away)
        with pytest.raises(SourceUnavailable):
            receive(tmp_path, ledger)
    state = ledger.polls.state("share")
    assert state.fault_code == "source_unavailable"
    assert receive(tmp_path, ledger) == Received(new=1, put_away=1)
    assert ledger.polls.state("share").fault_code is None


def test_a_share_that_goes_away_between_the_looks_is_named(
    root: Path, tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "a.pdf").write_bytes(b"%PDF 1")
    hidden = root.with_name("elsewhere")

    def unmount(_: float) -> None:
        root.rename(hidden)

    with pytest.raises(SourceUnavailable):
        receive_folder(FOLDER, tmp_path, ledger, wait=unmount)
    hidden.rename(root)
    assert receive(tmp_path, ledger) == Received(new=1, put_away=1)


def test_one_stale_file_does_not_keep_the_others(
    root: Path, tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.pdf", "b.pdf"):
        (root / name).write_bytes(b"%PDF " + name.encode())
    real = Path.resolve

    def stale(path: Path, strict: bool = False) -> Path:
        if path.name == "a.pdf":
            raise OSError(errno.ESTALE, "stale")
        return real(path, strict)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "resolve", stale)
        assert receive(tmp_path, ledger) == Received(new=1, put_away=1)
    assert receive(tmp_path, ledger) == Received(new=1, put_away=1)


def test_one_closed_subfolder_does_not_keep_the_others(
    root: Path, tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "a.pdf").write_bytes(b"%PDF 1")
    closed = root / "hand" / "ปิด"
    closed.mkdir()
    real = os.scandir

    def listing(path: str | Path) -> Iterator[os.DirEntry[str]]:
        if Path(path) == closed:
            raise PermissionError(errno.EACCES, "closed")
        return real(path)

    monkeypatch.setattr(os, "scandir", listing)
    assert receive(tmp_path, ledger) == Received(new=1, put_away=1, refused=1)


@pytest.mark.parametrize("fault", [errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL])
def test_a_share_without_locks_is_read(
    root: Path, tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, fault: int
) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(fcntl, "flock", no_locks)
    (root / "a.pdf").write_bytes(b"%PDF 1")
    assert receive(tmp_path, ledger) == Received(new=1, put_away=1)


def test_coarse_times_do_not_hide_a_growing_file(root: Path) -> None:
    path = root / "a.pdf"
    path.write_bytes(b"%PDF 1")
    os.utime(path, (1_700_000_000, 1_700_000_000))

    def grow(_: float) -> None:
        with path.open("ab") as file:
            file.write(b"more")
        # FAT and old SMB servers count in steps of two seconds.
        os.utime(path, (1_700_000_000, 1_700_000_000))

    assert scan_folder(root, FOLDER, wait=grow).growing == 1


def test_a_time_ahead_of_our_clock_is_no_hindrance(
    root: Path, tmp_path: Path, ledger: Ledger
) -> None:
    (root / "a.pdf").write_bytes(b"%PDF 1")
    os.utime(root / "a.pdf", (4_000_000_000, 4_000_000_000))
    assert receive(tmp_path, ledger) == Received(new=1, put_away=1)


def test_a_share_that_fails_under_an_open_file_loses_nothing(
    root: Path, tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "a.pdf").write_bytes(b"%PDF 1")
    (file,) = scan_folder(root, FOLDER, wait=no_wait).files

    def broken(_: int) -> os.stat_result:
        raise OSError(errno.EIO, "gone")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fstat", broken)
        with pytest.raises(FileChanged):
            read_file(file, 1_000)
    assert receive(tmp_path, ledger) == Received(new=1, put_away=1)


def test_a_name_in_a_thai_code_page_is_readable(
    root: Path, tmp_path: Path, ledger: Ledger, sessions: Sessions
) -> None:
    (root / os.fsdecode("หนังสือรับ.pdf".encode("cp874"))).write_bytes(b"%PDF 1")
    assert receive(tmp_path, ledger) == Received(new=1, put_away=1)
    assert names(sessions) == ["หนังสือรับ.pdf"]
    assert [path.name for path in (root / "done").iterdir()] == ["1-หนังสือรับ.pdf"]
    assert receive(tmp_path, ledger) == Received()


def test_bytes_that_are_no_name_in_any_way_still_make_one() -> None:
    assert readable_name(os.fsdecode(b"\xff\xdb.pdf")).isprintable()
