"""The outbox against real mail servers: TLS, sign-in, timeouts, a day without a server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

import pipeline.postbox
from correspondence.errors import ConfigurationFault
from correspondence.vocabulary import Role
from pipeline.bootstrap import House
from pipeline.postbox import read_address
from pipeline.posting import BATCH, send_outbox
from pipeline.reminding import remind
from registry.alerts import open_alerts
from registry.models import OutboxMessage
from registry.outbox import MessageKey, NewMessage, put_message
from tests.conftest import SetClock
from tests.seeding import Seed, employ, register, small_house
from tests.servers.certificates import write_certificate
from tests.servers.smtp_server import MailServer, running_server

# Wednesday 25 November 2026, 12:00 in Bangkok.
WEDNESDAY = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running_server() as running:
        yield running


def office(home: Path, clock: SetClock, url: str) -> House:
    clock.now = WEDNESDAY
    return small_house(home, clock, smtp_url=SecretStr(url))


@pytest.fixture
def house(tmp_path: Path, clock: SetClock, server: MailServer) -> Iterator[House]:
    opened = office(tmp_path, clock, server.url())
    yield opened
    opened.close()


def put(house: House, *names: str, alert: str = "overdue") -> None:
    with house.sessions.begin() as session:
        for name in names:
            key = MessageKey(alert, "1:2026-11-24", None, f"{name}@office.example")
            put_message(session, NewMessage(key, "เรื่อง", "ข้อความ"), at=house.clock())


def alerts(house: House) -> list[tuple[str, str]]:
    with house.sessions.begin() as session:
        return [(alert.source, alert.code) for alert in open_alerts(session)]


def test_what_is_put_leaves_once(house: House, server: MailServer) -> None:
    put(house, "a", "b")
    assert send_outbox(house).sent == 2
    assert send_outbox(house).sent == 0
    assert sorted(mail["To"] for mail in server.mails) == ["a@office.example", "b@office.example"]
    mail = server.mails[0]
    assert (mail["Subject"], mail.get_content().strip()) == ("เรื่อง", "ข้อความ")
    assert mail["Auto-Submitted"] == "auto-generated"


def test_a_server_down_for_a_day_loses_nothing_and_sends_nothing_twice(
    tmp_path: Path, clock: SetClock
) -> None:
    kept = MailServer()
    with running_server(kept):
        pass
    house = office(tmp_path, clock, kept.url())
    clock.now = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
    employ(house, "officer", Role.OFFICER, "complaints")
    employ(house, "head", Role.GROUP_HEAD, "complaints")
    employ(house, "chief", Role.OFFICE_HEAD, None)
    register(house, Seed(due=date(2026, 11, 24)))
    clock.now = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    put_so_far = 0
    # From half past eight on Tuesday, every half hour, to the same time on Wednesday.
    for _ in range(48):
        put_so_far += remind(house).put
        assert send_outbox(house).sent == 0
        clock.move(minutes=30)
    assert put_so_far == 2
    assert alerts(house) == [("outbox", "source_unavailable")]
    with running_server(kept):
        for _ in range(4):
            put_so_far += remind(house).put
            send_outbox(house)
            clock.move(minutes=30)
    assert alerts(house) == []
    with house.sessions.begin() as session:
        rows = session.scalars(select(OutboxMessage)).all()
        assert all(row.sent_at is not None for row in rows)
        assert sorted(row.recipient for row in rows) == sorted(mail["To"] for mail in kept.mails)
    assert put_so_far == len(rows) == len({mail["Message-ID"] for mail in kept.mails})
    house.close()


def test_the_pause_grows_with_the_age_of_a_message(tmp_path: Path, clock: SetClock) -> None:
    kept = MailServer()
    with running_server(kept):
        pass
    house = office(tmp_path, clock, kept.url())
    put(house, "a", alert="house_alert")
    pauses = []
    for _ in range(16):
        send_outbox(house)
        with house.sessions.begin() as session:
            later = session.scalars(select(OutboxMessage.next_attempt_at)).one()
        assert later is not None
        pauses.append(later - clock.now)
        clock.now = later
    assert pauses[0] == timedelta(minutes=5) and pauses[-1] == timedelta(hours=1)
    assert pauses == sorted(pauses)
    house.close()


def test_a_refused_recipient_is_given_up_after_five_times_and_shown(
    house: House, server: MailServer, clock: SetClock
) -> None:
    server.answers = {"gone@office.example": "550 no such", "busy@office.example": "451 later"}
    put(house, "gone", "busy", "officer", alert="house_alert")
    counts = send_outbox(house)
    assert (counts.sent, counts.refused, counts.waiting, counts.fault) == (1, 1, 2, None)
    for _ in range(6):
        clock.move(hours=2)
        counts = send_outbox(house)
    assert (counts.waiting, counts.given_up) == (1, 1)
    assert alerts(house) == [("outbox", "message_refused")]
    server.answers = {}
    clock.move(hours=2)
    assert send_outbox(house).sent == 1


def test_reminders_and_digests_leave_in_office_hours_only_and_alerts_at_any(
    house: House, server: MailServer, clock: SetClock
) -> None:
    put(house, "a", alert="digest")
    put(house, "b", alert="not_accepted")
    put(house, "c", alert="house_alert")
    clock.move(hours=9)
    assert send_outbox(house).sent == 1
    assert server.mails[0]["To"] == "c@office.example"
    clock.now = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
    assert send_outbox(house).sent == 2


def test_starttls_is_used_and_the_password_goes_under_it(
    tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = write_certificate(tmp_path / "tls.pem", host="localhost", days=3650)
    with running_server(certificate=certificate, sign_in=True) as server:
        house = office(tmp_path / "home", clock, server.url(user="clerk:word"))
        put(house, "a", alert="house_alert")
        # Nobody vouches for the certificate yet.
        assert send_outbox(house).fault == "source_unavailable"
        assert (server.mails, server.sign_ins) == ([], 0)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        clock.move(minutes=6)
        assert send_outbox(house).sent == 1
        assert (server.secured, server.sign_ins) == ([True], 1)
        house.close()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
def test_tls_from_the_first_byte(
    tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = write_certificate(tmp_path / "tls.pem", host="localhost", days=3650)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running_server(certificate=certificate, implicit=True, sign_in=True) as server:
        house = office(tmp_path / "home", clock, server.url(scheme="smtps", user="clerk:word"))
        put(house, "a", alert="house_alert")
        assert send_outbox(house).sent == 1
        assert (server.sign_ins, len(server.mails)) == (1, 1)
        house.close()


def test_a_wrong_password_keeps_everything_and_is_shown(
    tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = write_certificate(tmp_path / "tls.pem", host="localhost", days=3650)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running_server(certificate=certificate, sign_in=True) as server:
        house = office(tmp_path / "home", clock, server.url(user="clerk:wrong"))
        put(house, "a", alert="house_alert")
        counts = send_outbox(house)
        assert (counts.sent, counts.waiting, counts.refused) == (0, 1, 0)
        assert alerts(house) == [("outbox", "source_unavailable")]
        house.close()


def test_where_tls_is_required_nothing_goes_in_clear(
    tmp_path: Path, clock: SetClock, server: MailServer
) -> None:
    house = office(tmp_path, clock, server.url(query="&starttls=required"))
    put(house, "a", alert="house_alert")
    assert send_outbox(house).fault == "source_unavailable"
    assert server.mails == []
    house.close()


def test_a_server_that_does_not_answer_is_left_after_a_while(
    house: House, server: MailServer, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline.postbox, "SECONDS", 0.3)
    server.seconds = 3.0
    put(house, "a", alert="house_alert")
    assert send_outbox(house).fault == "source_unavailable"
    server.seconds = 0.0
    clock.move(minutes=6)
    assert send_outbox(house).sent == 1


def test_a_slow_server_gets_no_message_past_its_lease(
    house: House, server: MailServer, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(house, *(f"p{n}" for n in range(BATCH)), alert="house_alert")
    send = pipeline.postbox.Postbox.send

    def slowly(self: pipeline.postbox.Postbox, message: object) -> None:
        clock.move(minutes=2)
        send(self, message)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline.postbox.Postbox, "send", slowly)
    counts = send_outbox(house)
    assert 0 < counts.sent < BATCH and counts.waiting == BATCH - counts.sent
    monkeypatch.undo()
    clock.move(minutes=20)
    assert send_outbox(house).waiting == 0
    assert len({mail["Message-ID"] for mail in server.mails}) == BATCH == len(server.mails)


def test_a_kill_between_sending_and_marking_keeps_the_message_id(
    house: House, server: MailServer, clock: SetClock
) -> None:
    put(house, "a", alert="house_alert")
    send_outbox(house)
    with house.sessions.begin() as session:
        session.scalars(select(OutboxMessage)).one().sent_at = None
    clock.move(hours=1)
    send_outbox(house)
    assert server.mails[0]["Message-ID"] == server.mails[1]["Message-ID"]


def test_without_a_mail_server_messages_wait(tmp_path: Path, clock: SetClock) -> None:
    house = office(tmp_path, clock, "")
    put(house, "a")
    counts = send_outbox(house)
    assert (counts.sent, counts.waiting, counts.fault) == (0, 1, None)
    house.close()


@pytest.mark.parametrize(
    "url",
    [
        "http://x",
        "smtp://",
        "smtp://host:port",
        "smtp://h:99999999",
        "smtp://h/?starttls=perhaps",
        "smtp://h/?sender=a%0d%0aBcc:b",
    ],
)
def test_a_wrong_address_says_how_to_mend_it_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigurationFault) as fault:
        read_address(url)
    assert "SARABAN_SMTP_URL" in str(fault.value)
    assert url not in str(fault.value)
