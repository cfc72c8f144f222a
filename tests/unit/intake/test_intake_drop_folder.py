from __future__ import annotations

import fcntl
import os
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from correspondence.errors import SourceUnavailable
from correspondence.vocabulary import Channel
from intake.drop_folder import prepare_folder, read_file, scan_folder
from intake.errors import FileChanged, FileTooLarge
from intake.mailbox_pull import find_message_id
from intake.pulling import Received
from intake.put_away import hold_done, put_done
from intake.receiving import receive_folder
from office.sources import DropFolder
from registry.blobs import BlobStore
from registry.engine import Sessions
from registry.ledger import NO_BYTES, Ledger
from registry.models import IntakeItem

FOLDER = DropFolder(name="drop", path=Path("drop"), still_seconds=3)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "drop"
    prepare_folder(path, FOLDER)
    return path


def no_wait(seconds: float) -> None:
    assert seconds == 3


def names(root: Path, wait: Callable[[float], None] = no_wait) -> list[str]:
    return [file.name for file in scan_folder(root, FOLDER, wait=wait).files]


def rows(sessions: Sessions) -> list[IntakeItem]:
    with sessions.begin() as session:
        return list(session.scalars(select(IntakeItem).order_by(IntakeItem.id)))


def receive(home: Path, ledger: Ledger, folder: DropFolder = FOLDER) -> Received:
    return receive_folder(folder, home, ledger, wait=no_wait)


def test_the_subfolder_tells_the_channel(root: Path) -> None:
    for place in ("a.pdf", "scan/b.pdf", "hand/c.pdf", "web/2569/d.pdf"):
        path = root / place
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"%PDF")
    found = {file.name: file.channel for file in scan_folder(root, FOLDER, wait=no_wait).files}
    assert found == {
        "a.pdf": Channel.SCAN,
        "scan/b.pdf": Channel.SCAN,
        "hand/c.pdf": Channel.HAND,
        "web/2569/d.pdf": Channel.WEB,
    }


def test_a_growing_file_waits(root: Path) -> None:
    (root / "still.pdf").write_bytes(b"%PDF")
    growing = root / "growing.pdf"
    growing.write_bytes(b"%PDF")
    scan = scan_folder(root, FOLDER, wait=lambda _: growing.write_bytes(b"%PDF more") and None)
    assert ([file.name for file in scan.files], scan.growing) == (["still.pdf"], 1)


def test_a_file_written_in_place_with_its_old_time_waits(root: Path) -> None:
    copied = root / "copied.pdf"
    copied.write_bytes(b"0000")

    def write_on(_: float) -> None:
        before = copied.stat()
        copied.write_bytes(b"1111")
        os.utime(copied, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert names(root, write_on) == []
    assert names(root) == ["copied.pdf"]


def test_a_file_that_came_between_the_looks_waits(root: Path) -> None:
    (root / "a.pdf").write_bytes(b"x")
    assert names(root, lambda _: (root / "b.pdf").write_bytes(b"x") and None) == ["a.pdf"]


def test_an_empty_folder_is_not_waited_for(root: Path) -> None:
    assert names(root, lambda _: pytest.fail("waited")) == []


@pytest.mark.parametrize(
    "name", [".hidden", "~$letter.docx", "a.part", "A.PART", "Thumbs.db", ".DS_Store", "x.tmp"]
)
def test_what_programs_leave_is_ignored(root: Path, name: str) -> None:
    (root / name).write_bytes(b"x")
    assert names(root) == []


def test_done_and_held_are_not_taken_again(root: Path) -> None:
    (root / "done" / "1-a.pdf").write_bytes(b"x")
    (root / "held" / "2-a.pdf").write_bytes(b"x")
    assert names(root) == []


def test_links_and_pipes_are_refused_and_left(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "secret"
    outside.mkdir()
    (outside / "s.pdf").write_bytes(b"secret")
    (root / "link.pdf").symlink_to(outside / "s.pdf")
    (root / "folder").symlink_to(outside)
    (root / "dangling").symlink_to(root / "nothing")
    os.mkfifo(root / "pipe")
    (root / "a.pdf").write_bytes(b"x")
    scan = scan_folder(root, FOLDER, wait=no_wait)
    assert ([file.name for file in scan.files], scan.refused) == (["a.pdf"], 4)
    assert (root / "link.pdf").is_symlink()


def test_a_locked_file_waits(root: Path) -> None:
    path = root / "a.pdf"
    with path.open("wb") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        assert names(root) == []
    assert names(root) == ["a.pdf"]


def test_a_file_swapped_for_a_link_is_not_read(root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    path = root / "a.pdf"
    path.write_bytes(b"secret")
    (file,) = scan_folder(root, FOLDER, wait=no_wait).files
    path.unlink()
    path.symlink_to(tmp_path / "secret")
    with pytest.raises(FileChanged):
        read_file(file, 100)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(FileChanged):
        read_file(file, 100)
    path.unlink()
    with pytest.raises(FileChanged):
        read_file(file, 100)


def test_a_big_file_is_not_read(root: Path) -> None:
    (root / "a.pdf").write_bytes(b"x" * 101)
    (file,) = scan_folder(root, FOLDER, wait=no_wait).files
    with pytest.raises(FileTooLarge):
        read_file(file, 100)
    assert len(read_file(file, 101)) == 101


def test_a_missing_share_is_not_made(tmp_path: Path, ledger: Ledger) -> None:
    share = DropFolder(name="share", path=tmp_path / "mnt" / "share")
    with pytest.raises(SourceUnavailable):
        receive(tmp_path, ledger, share)
    assert not (tmp_path / "mnt").exists()
    assert ledger.polls.state("share").fault_code == "source_unavailable"


def test_a_file_is_stored_and_then_moved(
    root: Path, tmp_path: Path, ledger: Ledger, sessions: Sessions, blobs: BlobStore
) -> None:
    name = unicodedata.normalize("NFD", "หนังสือน้ำ.pdf")
    (root / "hand" / name).write_bytes(b"%PDF 1")
    assert receive(tmp_path, ledger) == Received(new=1, put_away=1)
    (row,) = rows(sessions)
    assert (row.file_name, row.channel, row.outcome) == ("หนังสือน้ำ.pdf", "hand", "pending")
    assert blobs.get(row.sha256) == b"%PDF 1"
    assert row.source_done_at is not None
    assert row.arrived_at <= datetime.now(UTC)
    assert [path.name for path in (root / "done").iterdir()] == [f"{row.id}-หนังสือน้ำ.pdf"]
    assert receive(tmp_path, ledger) == Received()


def test_the_same_name_twice_is_two_items(
    root: Path, tmp_path: Path, ledger: Ledger, sessions: Sessions
) -> None:
    for text in (b"one", b"two"):
        (root / "scan.pdf").write_bytes(text)
        receive(tmp_path, ledger)
    assert len(rows(sessions)) == 2
    assert len(list((root / "done").iterdir())) == 2


def test_killed_between_commit_and_move_the_next_pass_moves_it(
    root: Path, tmp_path: Path, ledger: Ledger, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        pass

    def die(*_: object) -> None:
        raise KilledError

    for step in ("put_done", "mark_source_done"):
        (root / f"{step}.pdf").write_bytes(step.encode())
        with monkeypatch.context() as patch, pytest.raises(KilledError):
            target = "intake.receiving.put_done" if step == "put_done" else Ledger
            if isinstance(target, str):
                patch.setattr(target, die)
            else:
                patch.setattr(target, "mark_source_done", die)
            receive(tmp_path, ledger)
        receive(tmp_path, ledger)
    stored = rows(sessions)
    assert len(stored) == 2
    assert all(row.source_done_at is not None for row in stored)
    assert len(list((root / "done").iterdir())) == 2


def test_a_file_above_the_limit_is_held_with_its_reason(
    root: Path, tmp_path: Path, ledger: Ledger, sessions: Sessions
) -> None:
    small = FOLDER.model_copy(update={"max_bytes": 1_000})
    (root / "big.pdf").write_bytes(b"x" * 1_001)
    (root / "ok.pdf").write_bytes(b"x")
    assert receive(tmp_path, ledger, small) == Received(new=1, put_away=1, refused=1)
    (big, _) = rows(sessions)
    assert (big.outcome, big.reason_code, big.sha256) == ("held", "file_too_large", NO_BYTES)
    assert (big.file_name, big.size) == ("big.pdf", 1_001)
    assert big.source_done_at is not None
    name = f"{big.id}-big.pdf"
    assert sorted(path.name for path in (root / "held").iterdir()) == [name, name + ".txt"]
    note = (root / "held" / (name + ".txt")).read_text(encoding="utf-8")
    assert "แฟ้มใหญ่เกิน" in note
    assert "limit" in note


def test_killed_before_a_big_file_is_moved_it_stays_one_item(
    root: Path, tmp_path: Path, ledger: Ledger, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        pass

    def die(*_: object) -> None:
        raise KilledError

    small = FOLDER.model_copy(update={"max_bytes": 1_000})
    (root / "big.pdf").write_bytes(b"x" * 1_001)
    with monkeypatch.context() as patch, pytest.raises(KilledError):
        patch.setattr("intake.receiving.put_held", die)
        receive(tmp_path, ledger, small)
    assert (root / "big.pdf").exists()
    assert receive(tmp_path, ledger, small).refused == 1
    (row,) = rows(sessions)
    assert (root / "held" / f"{row.id}-big.pdf").exists()
    assert row.source_done_at is not None


def test_a_replaced_file_is_not_moved(root: Path) -> None:
    path = root / "a.pdf"
    path.write_bytes(b"one")
    (file,) = scan_folder(root, FOLDER, wait=no_wait).files
    path.unlink()
    path.write_bytes(b"another")
    assert put_done(root, file, 1) is None
    assert path.read_bytes() == b"another"


def test_an_item_that_is_held_leaves_done(root: Path, tmp_path: Path, ledger: Ledger) -> None:
    (root / "a.pdf").write_bytes(b"one")
    receive(tmp_path, ledger)
    (done,) = (root / "done").iterdir()
    item_id = int(done.name.partition("-")[0])
    held = hold_done(root, item_id, "แฟ้มมีรหัสผ่าน", "The file is encrypted.")
    assert held is not None
    assert held.read_bytes() == b"one"
    note = held.with_name(held.name + ".txt").read_text(encoding="utf-8")
    assert note == "แฟ้มมีรหัสผ่าน\nThe file is encrypted.\n"
    assert hold_done(root, item_id, "x", "x") is None
    assert hold_done(root, 999, "x", "x") is None


def test_a_name_that_fills_the_file_system_still_finds_a_place(root: Path) -> None:
    path = root / ("ก" * 80 + ".pdf")
    for number in range(3):
        path.write_bytes(b"%d" % number)
        (file,) = scan_folder(root, FOLDER, wait=no_wait).files
        assert put_done(root, file, 7) is not None
    done = list((root / "done").iterdir())
    assert len(done) == 3
    assert {path.suffix for path in done} == {".pdf"}


def test_another_poller_waits(root: Path, tmp_path: Path, ledger: Ledger) -> None:
    (root / "a.pdf").write_bytes(b"one")
    assert ledger.polls.lease("drop", "somebody", 60)
    assert receive(tmp_path, ledger) == Received(busy=True)
    assert (root / "a.pdf").exists()


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"Message-ID: <a@b>\r\n\r\n", "<a@b>"),
        (b"Subject: x\nmessage-id:\n <a@b>\n\nx", "<a@b>"),
        (b"Subject: x\r\n\r\nMessage-ID: <a@b>\r\n", None),
        (b"Message-ID: none\r\n\r\n", None),
        (b"Message-ID: <\xff@b>\r\n\r\n", "<\ufffd@b>"),
        (b"", None),
    ],
)
def test_the_message_id_is_found_without_parsing(raw: bytes, found: str | None) -> None:
    assert find_message_id(raw) == found
