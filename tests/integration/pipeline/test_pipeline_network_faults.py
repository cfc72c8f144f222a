"""A bad network between us and the mailbox: named, alerted, nothing lost, mended by itself."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from pipeline.bootstrap import House
from pipeline.pulling import SourceReport, pull_source
from pipeline.standing import office_standing
from registry.models import Alert, IntakeItem
from tests.conftest import NOON
from tests.integration.conftest import PASSWORD_ENV, MailOffice
from tests.servers.certificates import write_certificate
from tests.servers.flaky_proxy import FlakyProxy, running_proxy

MAILS = 5


def mail(number: int) -> bytes:
    body = "ขอให้ตรวจสอบ " * 400
    return (
        f"From: clerk{number}@example.org\r\nSubject: letter {number}\r\n"
        f"Message-ID: <n{number}@example.org>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        f"{body}\r\nEND-OF-{number}\r\n"
    ).encode()


def fill(office: MailOffice) -> list[bytes]:
    mails = [mail(number) for number in range(1, MAILS + 1)]
    for number, raw in enumerate(mails):
        office.server.append(office.user, raw, arrived_at=NOON - timedelta(minutes=MAILS - number))
    return mails


def pull(house: House, owner: str = "tests") -> SourceReport:
    return pull_source(house, "main", owner)


def alerts(house: House) -> list[tuple[str, str, int, bool]]:
    with house.sessions.begin() as session:
        rows = session.scalars(select(Alert).order_by(Alert.id))
        return [(row.source, row.code, row.count, row.cleared_at is not None) for row in rows]


def assert_nothing_lost(house: House, mails: list[bytes]) -> None:
    with house.sessions.begin() as session:
        stored = session.scalars(select(IntakeItem).order_by(IntakeItem.arrived_at)).all()
    assert [house.blobs.get(row.sha256) for row in stored] == mails
    assert all(row.source_done_at is not None for row in stored)


@pytest.fixture
def proxy(mail_office: MailOffice) -> Iterator[FlakyProxy]:
    with running_proxy("127.0.0.1", mail_office.server.port) as running:
        mail_office.write_sources(mail_office.mailbox(port=running.port, timeout=2, batch=2))
        yield running


FAULTS: dict[str, dict[str, object]] = {
    "refused at the door": {"refuse": True},
    "reset at the door": {"refuse": True, "reset": True},
    "dropped in the greeting": {"drop_after": 3},
    "dropped while signing in": {"drop_after": 200},
    "dropped in a literal": {"drop_at": b"BODY[] {"},
    "dropped in the middle of a body": {"drop_at": b"END-OF"},
    "reset in the middle of a body": {"drop_at": b"END-OF", "reset": True},
    "garbled from the start": {"garble": 0},
    "garbled in an answer": {"garble": 700},
    "no answer at all": {"mute": True},
    "BYE instead of a greeting": {"inject": b"* BYE too busy\r\n", "inject_at": b"* OK"},
    "BYE during FETCH": {"inject": b"* BYE shutting down\r\n", "inject_at": b"BODY[] {"},
    "BYE in the middle of a literal": {
        "inject": b"* 1 FETCH (UID 1 BODY[] {9000}\r\nFrom: x\r\n* BYE now\r\n",
        "inject_at": b"BODY[] {",
    },
    "a line without end": {"inject": b"* 1 FETCH (" + b"x" * 1_500_000, "inject_at": b"BODY[] {"},
    "unbalanced answers": {"inject": b"* 1 FETCH (UID ((((\r\n", "inject_at": b"BODY[] {"},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_network_is_named_alerted_and_mended_at_the_next_poll(
    mail_office: MailOffice, proxy: FlakyProxy, fault: str
) -> None:
    mails = fill(mail_office)
    house = mail_office.open()
    for name, value in FAULTS[fault].items():
        setattr(proxy, name, value)
    report = pull(house)
    assert (report.fault, report.retryable) == ("source_unavailable", True)
    mail_office.clock.move(minutes=5)
    assert pull(house).fault == "source_unavailable"
    assert alerts(house) == [("main", "source_unavailable", 2, False)]
    shown = office_standing(house)
    assert [(one.source, one.code) for one in shown.alerts] == [("main", "source_unavailable")]
    proxy.heal()
    # Another poller than the one that failed: no lease stands in its way.
    report = pull(house, "another")
    assert (report.fault, report.busy) == (None, False)
    assert alerts(house) == [("main", "source_unavailable", 2, True)]
    assert office_standing(house).alerts == ()
    assert_nothing_lost(house, mails)


def test_every_poll_of_a_line_that_drops_gets_further(
    mail_office: MailOffice, proxy: FlakyProxy
) -> None:
    mails = fill(mail_office)
    house = mail_office.open()
    proxy.drop_after = 2 * len(mails[0]) + 3_000
    polls = 0
    while pull(house).fault is not None:
        polls += 1
        assert polls < 10
    assert polls >= 1
    assert_nothing_lost(house, mails)


def test_a_slow_line_is_not_a_fault(mail_office: MailOffice, proxy: FlakyProxy) -> None:
    mails = fill(mail_office)
    house = mail_office.open()
    proxy.delay = 0.05
    assert pull(house).received == MAILS
    assert_nothing_lost(house, mails)


def test_nothing_is_asked_of_the_server_before_the_commit(
    mail_office: MailOffice, proxy: FlakyProxy
) -> None:
    fill(mail_office)
    house = mail_office.open()
    seen: list[tuple[int, bytes]] = []
    commit = house.ledger.store_many

    def watch_commit(arrivals: list[object]) -> object:
        seen.append((len(arrivals), proxy.said_by_client.upper()))
        return commit(arrivals)  # type: ignore[arg-type]

    # The ledger does all it does; only what the server was told until then is looked at.
    object.__setattr__(house.ledger, "store_many", watch_commit)
    assert pull(house).received == MAILS
    stores = [words for _, words in seen]
    assert not any(word in stores[0] for word in (b"STORE", b"MOVE", b"COPY", b"EXPUNGE"))
    # Of the second batch nothing was moved before its commit: one MOVE for the first.
    assert [words.count(b"UID MOVE") for words in stores] == [0, 1, 2]
    assert b"BODY.PEEK[]" in stores[0] and b"RFC822 " not in stores[0]


def test_a_wrong_password_is_not_tried_again_by_the_flow_and_is_alerted(
    mail_office: MailOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = fill(mail_office)
    house = mail_office.open()
    monkeypatch.setenv(PASSWORD_ENV, "wrong")
    report = pull(house)
    assert (report.fault, report.retryable) == ("sign_in_refused", False)
    assert alerts(house) == [("main", "sign_in_refused", 1, False)]
    monkeypatch.delenv(PASSWORD_ENV)
    assert pull(house).fault == "wrong_setting"
    monkeypatch.setenv(PASSWORD_ENV, mail_office.server.password)
    assert pull(house).received == MAILS
    assert {cleared for *_, cleared in alerts(house)} == {True}
    assert_nothing_lost(house, mails)


@contextmanager
def tls_server(certificate: Path) -> Iterator[int]:
    """A server that shows a certificate and hangs up; yields its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                context.wrap_socket(connection, server_side=True).close()
            except OSError:
                connection.close()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


@pytest.mark.parametrize("fault", ["stranger", "plain", "expired", "other host", "no STARTTLS"])
def test_a_tls_fault_is_told_apart_and_mended(
    mail_office: MailOffice, tmp_path: Path, fault: str
) -> None:
    server = mail_office.server
    if server.tls_port is None:
        pytest.skip("OpenSSL is not installed")
    mails = fill(mail_office)
    good: dict[str, object] = {
        "host": "localhost", "port": server.tls_port, "tls": "on", "ca_file": server.certificate,
    }  # fmt: skip
    days, host = (-1, "localhost") if fault == "expired" else (2, "elsewhere.example")
    own = write_certificate(tmp_path / "own.pem", host=host, days=days)
    with tls_server(own) as own_port:
        bad: dict[str, dict[str, object]] = {
            "stranger": {"ca_file": None},
            "plain": {"port": server.port},
            "expired": {"port": own_port, "ca_file": own},
            "other host": {"port": own_port, "ca_file": own},
            "no STARTTLS": {"tls": "starttls", "port": server.tls_port, "timeout": 2},
        }
        mail_office.write_sources(mail_office.mailbox(**{**good, **bad[fault]}))
        house = mail_office.open()
        found = pull(house).fault
    # A server that speaks TLS at once says nothing to one that waits for a plain greeting.
    expected = "source_unavailable" if fault == "no STARTTLS" else "tls_failed"
    assert found == expected
    assert alerts(house) == [("main", expected, 1, False)]
    mail_office.write_sources(mail_office.mailbox(**good))
    house = mail_office.open()
    assert pull(house).received == MAILS
    assert alerts(house) == [("main", expected, 1, True)]
    assert_nothing_lost(house, mails)


def test_a_tls_line_that_is_garbled_or_cut_loses_nothing(mail_office: MailOffice) -> None:
    server = mail_office.server
    if server.tls_port is None:
        pytest.skip("OpenSSL is not installed")
    mails = fill(mail_office)
    with running_proxy("127.0.0.1", server.tls_port) as proxy:
        mail_office.write_sources(
            mail_office.mailbox(
                host="localhost", port=proxy.port, tls="on", ca_file=server.certificate, timeout=3
            )
        )
        house = mail_office.open()
        proxy.garble = 20_000
        assert pull(house).fault in ("tls_failed", "source_unavailable")
        proxy.heal()
        proxy.drop_after = 20_000
        assert pull(house).fault == "source_unavailable"
        proxy.heal()
        proxy.drop_after, proxy.reset = 900, True
        assert pull(house).fault == "source_unavailable"
        proxy.heal()
        assert pull(house).fault is None
    assert_nothing_lost(house, mails)
    assert {cleared for *_, cleared in alerts(house)} == {True}
