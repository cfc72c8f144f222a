"""Watching mailboxes: IDLE where the server has it, polling where not, through bad networks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from correspondence.errors import SourceUnavailable
from intake.mail_watch import MailWatch
from office.sources import Mailbox, MailboxTls
from pipeline.bootstrap import House
from pipeline.pulling import pull_source
from pipeline.watching import MailboxWatcher, mailboxes_to_watch, watch_mailboxes
from registry.models import Cycle, IntakeItem
from tests.integration.conftest import MailOffice
from tests.servers.flaky_proxy import FlakyProxy, running_proxy


def mail(number: int) -> bytes:
    return (
        f"From: a@example.org\r\nSubject: {number}\r\nMessage-ID: <w{number}@example.org>\r\n"
        f"\r\nletter {number}\r\n"
    ).encode()


def count(house: House) -> int:
    with house.sessions.begin() as session:
        return session.scalar(select(func.count()).select_from(IntakeItem)) or 0


def wait_for(look: Callable[[], bool], seconds: float = 15.0) -> float:
    """Wait until something holds; returns after how many seconds it did."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if look():
            return time.monotonic() - started
        time.sleep(0.02)
    pytest.fail("it did not happen in time")


def wait_for_count(house: House, wanted: int) -> float:
    return wait_for(lambda: count(house) == wanted)


@contextmanager
def watching(house: House) -> Iterator[None]:
    """Run the watcher as the process does, with short pauses after faults."""
    stopping = threading.Event()
    threads = [
        threading.Thread(target=MailboxWatcher(house, box, stopping, first_pause=0.2).run)
        for box in mailboxes_to_watch(house.configuration.sources.mailbox)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join(10)
        assert not any(thread.is_alive() for thread in threads)


@pytest.fixture
def proxy(mail_office: MailOffice) -> Iterator[FlakyProxy]:
    with running_proxy("127.0.0.1", mail_office.server.port) as running:
        yield running


def test_mail_is_pulled_within_seconds_of_its_arrival(
    mail_office: MailOffice, proxy: FlakyProxy
) -> None:
    mail_office.write_sources(mail_office.mailbox(port=proxy.port))
    mail_office.server.append(mail_office.user, mail(0))
    house = mail_office.open()
    with watching(house):
        wait_for(lambda: count(house) == 1)
        wait_for(lambda: b"IDLE" in proxy.said_by_client)
        for number in (1, 2, 3):
            mail_office.server.append(mail_office.user, mail(number))
            # Dovecot itself gathers announcements for some tenths of a second.
            assert wait_for_count(house, number + 1) < 8
    with house.sessions.begin() as session:
        cycles = session.scalars(select(Cycle)).all()
    assert sum(cycle.counts["received"] for cycle in cycles) == 4


def test_a_quiet_mailbox_costs_neither_pulls_nor_time(
    mail_office: MailOffice, proxy: FlakyProxy
) -> None:
    mail_office.write_sources(mail_office.mailbox(port=proxy.port))
    house = mail_office.open()
    with watching(house):
        wait_for(lambda: b"IDLE" in proxy.said_by_client)
        before, connections = psutil.Process().cpu_times().user, proxy.connections
        time.sleep(3)
        spent = psutil.Process().cpu_times().user - before
    assert proxy.connections == connections
    assert spent < 0.5


def test_the_wait_is_renewed_without_a_pull(mail_office: MailOffice, proxy: FlakyProxy) -> None:
    mail_office.write_sources(mail_office.mailbox(port=proxy.port, idle_seconds=0.4))
    house = mail_office.open()
    with watching(house):
        wait_for(lambda: proxy.said_by_client.count(b"DONE\r\n") >= 3)
        # One connection to watch, one for the pull at the start.
        assert proxy.connections == 2
        mail_office.server.append(mail_office.user, mail(1))
        wait_for(lambda: count(house) == 1)


def test_a_dropped_connection_is_made_again_and_what_came_meanwhile_is_pulled(
    mail_office: MailOffice, proxy: FlakyProxy
) -> None:
    mail_office.write_sources(mail_office.mailbox(port=proxy.port))
    house = mail_office.open()
    with watching(house):
        wait_for(lambda: b"IDLE" in proxy.said_by_client)
        proxy.refuse = True
        proxy.cut()
        mail_office.server.append(mail_office.user, mail(1))
        time.sleep(1)
        assert count(house) == 0
        # It tries again after pauses that grow, not in a loop.
        assert proxy.connections < 12
        proxy.heal()
        wait_for(lambda: count(house) == 1)


def test_a_connection_that_died_in_silence_is_noticed_at_the_renewal(
    mail_office: MailOffice, proxy: FlakyProxy
) -> None:
    mail_office.write_sources(mail_office.mailbox(port=proxy.port, idle_seconds=0.5, timeout=1))
    house = mail_office.open()
    with watching(house):
        wait_for(lambda: b"IDLE" in proxy.said_by_client)
        proxy.mute = True
        mail_office.server.append(mail_office.user, mail(1))
        time.sleep(2.5)
        proxy.heal()
        wait_for(lambda: count(house) == 1)


def test_a_server_without_idle_is_polled(mail_office: MailOffice, proxy: FlakyProxy) -> None:
    proxy.replace = (b" IDLE", b" XDLE")
    mail_office.write_sources(mail_office.mailbox(port=proxy.port, poll_seconds=0.5))
    house = mail_office.open()
    with watching(house):
        for number in (1, 2):
            mail_office.server.append(mail_office.user, mail(number))
            wait_for_count(house, number)
    assert b" IDLE\r\n" not in proxy.said_by_client


def test_several_mailboxes_are_watched_side_by_side(mail_office: MailOffice) -> None:
    names = ["first", "second", "third"]
    mail_office.write_sources(
        *(mail_office.mailbox(name=name, user=f"{mail_office.user}{name}") for name in names),
        mail_office.mailbox(name="gone", port=9),
        mail_office.mailbox(name="not-watched", idle=0).replace("idle = 0", "idle = false"),
    )
    house = mail_office.open()
    with watching(house):
        for name in names:
            mail_office.server.append(f"{mail_office.user}{name}", mail(1))
        wait_for(lambda: count(house) == 3)


def test_a_watcher_beside_the_scheduled_pull_registers_nothing_twice(
    mail_office: MailOffice,
) -> None:
    house = mail_office.open()
    stop = threading.Event()

    def keep_pulling() -> None:
        while not stop.is_set():
            pull_source(house, "main", "schedule")

    schedule = threading.Thread(target=keep_pulling)
    with watching(house):
        schedule.start()
        for number in range(12):
            mail_office.server.append(mail_office.user, mail(number))
        wait_for(lambda: count(house) == 12, 30)
        stop.set()
        schedule.join()
    with house.sessions.begin() as session:
        assert session.scalar(select(func.count(func.distinct(IntakeItem.sha256)))) == 12
    assert count(house) == 12


def test_all_watches_end_when_told_to(mail_office: MailOffice) -> None:
    house = mail_office.open()
    stopping = threading.Event()
    thread = threading.Thread(target=watch_mailboxes, args=(house, stopping))
    thread.start()
    time.sleep(0.5)
    stopping.set()
    thread.join(8)
    assert not thread.is_alive()


def test_a_watch_knows_new_mail_from_moved_mail(
    mail_office: MailOffice, mail_server: object, tmp_path: Path
) -> None:
    server = mail_office.server
    box = Mailbox(
        name="m", host=server.host, port=server.port, tls=MailboxTls.OFF,
        user=mail_office.user, password_env="P", idle_seconds=5, timeout=5,
    )  # fmt: skip
    for number in (1, 2):
        server.append(box.user, mail(number))
    never = threading.Event()
    house = mail_office.open()
    with MailWatch(box, SecretStr(server.password)) as watch:
        assert watch.can_idle
        pull_source(house, "main", "tests")
        assert watch.wait(never) is False
        server.append(box.user, mail(3))
        assert watch.wait(never) is True
    with pytest.raises(SourceUnavailable):
        watch.wait(never)


@pytest.mark.parametrize("tls", [False, True])
def test_mail_that_arrives_between_the_last_look_and_the_wait_is_not_waited_for(
    mail_office: MailOffice, monkeypatch: pytest.MonkeyPatch, tls: bool
) -> None:
    server = mail_office.server
    box = Mailbox(
        name="between", host=server.host, port=server.tls_port if tls else server.port,
        tls=MailboxTls.ON if tls else MailboxTls.OFF,
        ca_file=server.certificate if tls else None,
        user=mail_office.user, password_env="P", idle_seconds=60, timeout=5,
    )  # fmt: skip
    with MailWatch(box, SecretStr(server.password)) as watch:
        begin = watch._client.idle

        def idle_too_late() -> None:
            server.append(mail_office.user, mail(1))
            begin()
            # The server's word of the mail now lies in the same bytes as its leave to wait.
            time.sleep(0.2)

        monkeypatch.setattr(watch._client, "idle", idle_too_late)
        started = time.monotonic()
        assert watch.wait(threading.Event())
        assert time.monotonic() - started < 20
