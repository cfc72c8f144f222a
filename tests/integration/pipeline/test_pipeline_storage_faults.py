"""A full disk, a locked database and one that is away: named, alerted, nothing lost."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text

import registry.engine
from correspondence.errors import StorageFull
from office.settings import Settings
from pipeline.bootstrap import House, open_house
from pipeline.doctor import diagnose
from pipeline.pulling import SourceReport, pull_source
from registry.engine import open_engine
from registry.faults import DATABASE_FAULTS, DatabaseAway, name_database_fault
from registry.leases import free_dead_leases
from registry.models import Alert, IntakeItem
from tests.integration.conftest import MailOffice
from tests.servers.flaky_proxy import running_proxy
from tests.servers.postgresql import PostgresqlMissing, PostgresqlServer, postgresql_server


def mail(number: int, size: int = 3_000) -> bytes:
    return (
        f"From: clerk{number}@example.org\r\nSubject: letter {number}\r\n"
        f"Message-ID: <s{number}@example.org>\r\n\r\n" + ("x" * 70 + "\r\n") * (size // 72)
    ).encode()


def fill(office: MailOffice, *mails: bytes) -> None:
    for raw in mails:
        office.server.append(office.user, raw)


def pull(house: House, owner: str = "tests") -> SourceReport:
    return pull_source(house, "main", owner)


def alerts(house: House) -> list[tuple[str, str, int, bool]]:
    with house.sessions.begin() as session:
        rows = session.scalars(select(Alert).order_by(Alert.id))
        return [(row.source, row.code, row.count, row.cleared_at is not None) for row in rows]


def stored(house: House) -> list[bytes]:
    with house.sessions.begin() as session:
        rows = session.scalars(select(IntakeItem).order_by(IntakeItem.id)).all()
    return sorted(house.blobs.get(row.sha256) for row in rows)


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "saraban-test", str(folder)],
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip("a small file system cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """No file of this process grows past `size` bytes, as on a disk with a quota."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_keeps_the_mail_on_the_server_until_there_is_room(
    mail_office: MailOffice, tmp_path: Path
) -> None:
    mails = [mail(number, 60_000) for number in range(6)]
    fill(mail_office, *mails)
    mail_office.write_sources(mail_office.mailbox(batch=1))
    with small_disk(tmp_path / "disk", 256) as disk:
        settings = Settings(
            home=mail_office.home,
            database_url=mail_office.database_url,
            blob_url=f"file://{disk}/blobs",
        )
        house = open_house(settings, clock=mail_office.clock)
        report = pull(house)
        assert (report.fault, report.retryable) == ("storage_full", True)
        assert 0 < len(stored(house)) < 6
        assert list(disk.rglob("*.part")) == []
        assert pull(house).fault == "storage_full"
        assert alerts(house) == [("main", "storage_full", 2, False)]
        subprocess.run(["mount", "-o", "remount,size=4m", str(disk)], check=True)
        assert pull(house).fault is None
        assert alerts(house) == [("main", "storage_full", 2, True)]
        assert stored(house) == sorted(mails)
        house.close()


def test_a_disk_quota_is_a_full_disk(mail_office: MailOffice) -> None:
    mails = [mail(1), mail(2, 6_000_000), mail(3)]
    fill(mail_office, *mails)
    mail_office.write_sources(mail_office.mailbox(batch=1))
    house = mail_office.open()
    with no_file_above(5_000_000):
        assert pull(house).fault == "storage_full"
    assert stored(house) == [mails[0]]
    assert pull(house).fault is None
    assert stored(house) == sorted(mails)


def test_a_blob_store_that_cannot_be_written_is_not_a_full_one(mail_office: MailOffice) -> None:
    fill(mail_office, mail(1))
    house = mail_office.open()
    blobs = mail_office.home / "blobs"
    blobs.write_bytes(b"a file stands where the folder should")
    assert pull(house).fault == "blob_store_away"
    blobs.unlink()
    assert pull(house).received == 1
    assert alerts(house) == [("main", "blob_store_away", 1, True)]


def test_a_full_database_is_told_from_one_that_is_away(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'small.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (x TEXT)"))
        connection.execute(text("PRAGMA max_page_count=3"))
        with pytest.raises(DATABASE_FAULTS) as caught:
            connection.execute(text("INSERT INTO t VALUES (:x)"), {"x": "x" * 100_000})
    assert isinstance(name_database_fault(caught.value), StorageFull)
    engine.dispose()
    nowhere = open_engine(f"postgresql+psycopg://saraban@/x?host={tmp_path}")
    with pytest.raises(DATABASE_FAULTS) as caught, nowhere.connect():
        pass
    assert isinstance(name_database_fault(caught.value), DatabaseAway)


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.readline()
connection.rollback()
"""


class Lock:
    """Another process that holds the SQLite file for itself."""

    def __init__(self, database_url: str) -> None:
        self._file = database_url.removeprefix("sqlite:///")
        self._process: subprocess.Popen[str] | None = None

    def take(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", HOLD, self._file],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "held\n"

    def leave(self) -> None:
        if self._process is not None:
            self._process.communicate("\n", timeout=10)
            self._process = None


@pytest.fixture
def away(
    mail_office: MailOffice, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[MailOffice, Callable[[], None], Callable[[], None]]]:
    """An office, and how to take its database away and bring it back."""
    with ExitStack() as stack:
        if mail_office.database_url.startswith("sqlite"):
            monkeypatch.setattr(registry.engine, "BUSY_SECONDS", 0.3)
            lock = Lock(mail_office.database_url)
            stack.callback(lock.leave)
            yield mail_office, lock.take, lock.leave
            return
        try:
            server: PostgresqlServer = stack.enter_context(postgresql_server())
        except PostgresqlMissing:
            pytest.skip("no PostgreSQL server")
        mail_office.database_url = server.url
        yield mail_office, server.stop, server.start
        for house in mail_office.opened:
            house.close()


def test_a_database_that_is_away_between_polls(
    away: tuple[MailOffice, Callable[[], None], Callable[[], None]],
) -> None:
    office, leave, come_back = away
    mails = [mail(1), mail(2)]
    fill(office, *mails)
    house = office.open()
    leave()
    report = pull(house)
    assert (report.fault, report.retryable) == ("database_away", True)
    office.clock.move(minutes=5)
    if house.engine.dialect.name == "postgresql":
        with pytest.raises(DatabaseAway):
            office.open()
    else:
        assert pull(house).fault == "database_away"
    come_back()
    office.clock.move(minutes=5)
    assert pull(house).received == 2
    assert stored(house) == sorted(mails)
    assert alerts(house) == [("database", "database_away", 2, True)]
    with house.sessions.begin() as session:
        alert = session.scalars(select(Alert)).one()
        assert (alert.last_seen - alert.since).total_seconds() == 300
    assert list(office.home.glob("alerts.waiting*")) == []


@pytest.mark.parametrize("moment", [b"* FLAGS", b"BODY[] {", b"* SEARCH", b"COPYUID"])
def test_a_database_that_goes_away_in_the_middle_of_a_poll(
    away: tuple[MailOffice, Callable[[], None], Callable[[], None]], moment: bytes
) -> None:
    office, leave, come_back = away
    mails = [mail(number) for number in range(5)]
    fill(office, *mails)
    with running_proxy("127.0.0.1", office.server.port) as proxy:
        office.write_sources(office.mailbox(port=proxy.port, batch=2))
        house = office.open()
        proxy.hook_at, proxy.hook = moment, leave
        dead_process = f"{os.uname().nodename}/1/0.00/gone"
        assert pull(house, dead_process).fault == "database_away"
        come_back()
        # The next run of the flow is another process: it frees what the dead one held.
        free_dead_leases(house.sessions)
        report = pull(house, "next")
        assert (report.fault, report.busy) == (None, False)
    assert stored(house) == sorted(mails)
    assert alerts(house) == [("database", "database_away", 1, True)]


def test_doctor_and_status_show_an_alert_until_it_is_cleared(
    mail_office: MailOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SARABAN_HOME", str(mail_office.home))
    monkeypatch.setenv("SARABAN_DATABASE_URL", mail_office.database_url)
    house = mail_office.open()
    house.ledger.polls.note("main", fault_code="source_unavailable")
    (shown,) = [check for check in diagnose().checks if check.name == "source main"]
    assert not shown.ok
    assert "source_unavailable since 2026-11-20 12:00, met 1 times" in shown.detail
    house.ledger.polls.note("main", fault_code=None)
    assert "source main" not in {check.name for check in diagnose().checks}


def test_the_alert_of_a_source_that_was_taken_out_is_cleared(mail_office: MailOffice) -> None:
    house = mail_office.open()
    house.ledger.polls.note("main", fault_code="source_unavailable")
    mail_office.write_sources("")
    assert alerts(mail_office.open()) == [("main", "source_unavailable", 1, True)]
