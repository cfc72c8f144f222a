from __future__ import annotations

import shutil
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from correspondence.errors import ConfigurationFault
from correspondence.states import Action
from correspondence.vocabulary import Role
from pipeline.bootstrap import House
from pipeline.postbox import read_address
from pipeline.reminding import remind, send_outbox
from registry.models import Case, OutboxMessage
from registry.transitions import take_action
from tests.conftest import SetClock
from tests.seeding import HEAD, Seed, employ, register, small_house
from tests.servers.smtp_sink import SmtpSink, running_sink

# Friday 20 November 2026, 12:00 in Bangkok.
DUE = date(2026, 11, 24)
SECRET_WORDS = Seed(subject="เรื่องลับเฉพาะตัว", text="ข้อความในจดหมาย", due=DUE)


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with running_sink() as running:
        yield running


@pytest.fixture
def house(tmp_path: Path, clock: SetClock, sink: SmtpSink) -> Iterator[House]:
    opened = small_house(tmp_path, clock, smtp_url=SecretStr(sink.url))
    yield opened
    opened.close()


def _alerts(house: House) -> list[tuple[str, str]]:
    with house.sessions.begin() as session:
        rows = session.query(OutboxMessage).order_by(OutboxMessage.id)
        return [(row.alert, row.recipient) for row in rows]


def _wednesday(clock: SetClock) -> None:
    """The day after the due date, 12:00 in Bangkok: overdue."""
    clock.now = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)


def test_an_overdue_case_reminds_officer_and_head_of_its_group_once(
    house: House, clock: SetClock, sink: SmtpSink
) -> None:
    register(house, SECRET_WORDS)
    employ(house, "officer", Role.OFFICER, "complaints")
    employ(house, "head", Role.GROUP_HEAD, "complaints")
    employ(house, "stranger", Role.OFFICER, "political")
    _wednesday(clock)
    assert remind(house).put == 2
    assert remind(house).put == 0
    assert send_outbox(house).sent == 2
    assert send_outbox(house).sent == 0
    assert sorted(mail["To"] for mail in sink.mails) == [
        "head@office.example",
        "officer@office.example",
    ]


def test_a_reminder_holds_number_date_and_group_but_no_word_of_the_letter(
    house: House, clock: SetClock, sink: SmtpSink
) -> None:
    register(house, SECRET_WORDS)
    employ(house, "officer", Role.OFFICER, "complaints")
    _wednesday(clock)
    remind(house)
    send_outbox(house)
    mail = sink.mails[0]
    whole = f"{mail['Subject']}\n{mail.get_content()}"
    assert "๑/๒๕๖๙" in mail["Subject"]
    assert "๒๔ พฤศจิกายน ๒๕๖๙" in whole
    assert "กลุ่มรับเรื่องราวร้องทุกข์" in whole
    assert mail["Auto-Submitted"] == "auto-generated"
    for word in (SECRET_WORDS.subject, SECRET_WORDS.text, SECRET_WORDS.sender):
        assert word not in whole


def test_missed_days_catch_up_with_the_highest_level_only(house: House, clock: SetClock) -> None:
    register(house, SECRET_WORDS)
    employ(house, "officer", Role.OFFICER, "complaints")
    _wednesday(clock)
    remind(house)
    assert [alert for alert, _ in _alerts(house)].count("near_due") == 0
    assert {alert for alert, _ in _alerts(house)} == {"overdue"}


def test_a_new_due_date_starts_the_levels_anew(house: House, clock: SetClock) -> None:
    case_id = register(house, SECRET_WORDS)
    employ(house, "officer", Role.OFFICER, "complaints")
    _wednesday(clock)
    remind(house)
    before = len(_alerts(house))
    with house.sessions.begin() as session:
        session.get_one(Case, case_id).due_date = date(2026, 11, 26)
    assert remind(house).put > 0
    assert len(_alerts(house)) > before


def test_outside_office_hours_nobody_is_reminded_and_nothing_leaves(
    house: House, clock: SetClock, sink: SmtpSink
) -> None:
    register(house, SECRET_WORDS)
    employ(house, "officer", Role.OFFICER, "complaints")
    _wednesday(clock)
    remind(house)
    clock.move(hours=8)
    assert not remind(house).office_open
    assert send_outbox(house).sent == 0
    clock.now = datetime(2026, 11, 28, 5, 0, tzinfo=UTC)  # a Saturday
    assert not remind(house).office_open
    clock.now = datetime(2026, 11, 30, 5, 0, tzinfo=UTC)
    assert send_outbox(house).sent == 1


def test_closed_and_resting_cases_are_left_alone(house: House, clock: SetClock) -> None:
    case_id = register(house, SECRET_WORDS)
    employ(house, "officer", Role.OFFICER, "complaints")
    with house.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        take_action(session, case, Action.HOLD, HEAD, at=clock(), reason="รอผล")
    _wednesday(clock)
    assert remind(house).watched == 0


def test_an_absent_officer_is_stood_in_for_by_the_deputy(house: House, clock: SetClock) -> None:
    register(house, SECRET_WORDS)
    deputy = employ(house, "deputy", Role.OFFICER, "political")
    employ(
        house,
        "officer",
        Role.OFFICER,
        "complaints",
        deputy_id=deputy,
        absent_from=date(2026, 11, 23),
        absent_until=date(2026, 11, 27),
    )
    _wednesday(clock)
    remind(house)
    assert ("overdue", "deputy@office.example") in _alerts(house)
    assert ("overdue", "officer@office.example") not in _alerts(house)


def test_without_an_officer_the_notice_climbs_and_without_anyone_it_is_counted(
    house: House, clock: SetClock
) -> None:
    register(house, SECRET_WORDS)
    _wednesday(clock)
    assert remind(house).unreachable == 2
    employ(house, "chief", Role.OFFICE_HEAD, None)
    again = remind(house)
    assert (again.put, again.unreachable) == (2, 0)


def test_a_date_beyond_the_calendar_keeps_nobody_else_from_being_reminded(
    house: House, clock: SetClock
) -> None:
    register(house, Seed(due=date(9000, 1, 4)))
    register(house, SECRET_WORDS)
    employ(house, "officer", Role.OFFICER, "complaints")
    _wednesday(clock)
    counts = remind(house)
    assert (counts.unclear, counts.put) == (1, 1)


def test_a_triage_case_reminds_the_registrar(house: House, clock: SetClock) -> None:
    register(house, Seed(abstained=True, due=DUE))
    employ(house, "desk", Role.REGISTRAR, None)
    _wednesday(clock)
    remind(house)
    assert {recipient for _, recipient in _alerts(house)} == {"desk@office.example"}


def test_a_refused_recipient_does_not_stop_the_others(
    house: House, clock: SetClock, sink: SmtpSink
) -> None:
    register(house, SECRET_WORDS)
    employ(house, "gone", Role.OFFICER, "complaints")
    employ(house, "busy", Role.OFFICER, "complaints")
    employ(house, "officer", Role.OFFICER, "complaints")
    sink.answers = {
        "gone@office.example": "550 no such person",
        "busy@office.example": "451 later",
    }
    _wednesday(clock)
    remind(house)
    counts = send_outbox(house)
    # The head's notice climbs to nobody: there is no head.
    assert (counts.sent, counts.refused, counts.waiting, counts.fault) == (1, 1, 2, None)
    sink.answers = {}
    clock.move(minutes=6)
    assert send_outbox(house).sent == 2


def test_a_server_away_keeps_everything_for_later(
    tmp_path: Path, clock: SetClock, sink: SmtpSink
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    house = small_house(tmp_path, clock, smtp_url=SecretStr(f"smtp://127.0.0.1:{port}"))
    register(house, SECRET_WORDS)
    employ(house, "officer", Role.OFFICER, "complaints")
    _wednesday(clock)
    remind(house)
    counts = send_outbox(house)
    assert (counts.sent, counts.waiting, counts.fault) == (0, 1, "source_unavailable")
    house.close()
    clock.move(hours=1)
    back = small_house(tmp_path, clock, smtp_url=SecretStr(sink.url))
    assert send_outbox(back).sent == 1
    back.close()


def test_a_connection_cut_in_the_middle_sends_the_rest_later_once(
    house: House, clock: SetClock, sink: SmtpSink
) -> None:
    register(house, SECRET_WORDS)
    employ(house, "officer", Role.OFFICER, "complaints")
    _wednesday(clock)
    remind(house)
    sink.hang_up = True
    assert send_outbox(house).fault == "source_unavailable"
    sink.hang_up = False
    clock.move(minutes=6)
    assert send_outbox(house).sent == 1
    assert len(sink.mails) == 1


def test_without_a_mail_server_messages_wait(tmp_path: Path, clock: SetClock) -> None:
    house = small_house(tmp_path, clock)
    register(house, SECRET_WORDS)
    employ(house, "officer", Role.OFFICER, "complaints")
    _wednesday(clock)
    remind(house)
    counts = send_outbox(house)
    assert (counts.sent, counts.waiting, counts.fault) == (0, 1, None)
    house.close()


def test_the_same_notice_keeps_its_message_id(
    house: House, clock: SetClock, sink: SmtpSink
) -> None:
    register(house, SECRET_WORDS)
    employ(house, "officer", Role.OFFICER, "complaints")
    _wednesday(clock)
    remind(house)
    send_outbox(house)
    with house.sessions.begin() as session:
        # As after a kill between sending and marking.
        session.query(OutboxMessage).one().sent_at = None
    clock.now += timedelta(hours=1)
    send_outbox(house)
    assert sink.mails[0]["Message-ID"] == sink.mails[1]["Message-ID"]


def test_sign_in_goes_in_clear_on_the_loopback_only(
    tmp_path: Path, clock: SetClock, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"smtp://clerk:word@127.0.0.1:{sink.port}/?sender=a@office.example"
    house = small_house(tmp_path, clock, smtp_url=SecretStr(url))
    register(house, SECRET_WORDS)
    employ(house, "officer", Role.OFFICER, "complaints")
    _wednesday(clock)
    remind(house)
    assert send_outbox(house).sent == 1
    assert sink.sign_ins == 1
    # Another name of this machine stands for a server across a network.
    far = socket.gethostname()
    monkeypatch.setattr(
        smtplib.SMTP,
        "_get_socket",
        lambda self, host, port, timeout: socket.create_connection(("127.0.0.1", port), timeout),
    )
    away = small_house(tmp_path / "far", clock, smtp_url=SecretStr(url.replace("127.0.0.1", far)))
    register(away, SECRET_WORDS)
    employ(away, "officer", Role.OFFICER, "complaints")
    remind_at = clock.now
    clock.now = remind_at + timedelta(days=2)
    remind(away)
    assert send_outbox(away).fault == "source_unavailable"
    assert sink.sign_ins == 1
    house.close()
    away.close()


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smtp://host:port", "smtp://h:99999999"])
def test_a_wrong_address_says_how_to_mend_it_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigurationFault) as fault:
        read_address(url)
    assert "SARABAN_SMTP_URL" in str(fault.value)
    assert url not in str(fault.value)


def test_smtps_speaks_tls_and_refuses_a_certificate_nobody_vouches_for(
    tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with running_sink(tls) as sink:
        url = sink.url.replace("smtp://", "smtps://clerk:word@")
        house = small_house(tmp_path, clock, smtp_url=SecretStr(url))
        register(house, SECRET_WORDS)
        employ(house, "officer", Role.OFFICER, "complaints")
        _wednesday(clock)
        remind(house)
        assert send_outbox(house).fault == "source_unavailable"
        assert sink.mails == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        clock.move(minutes=6)
        assert send_outbox(house).sent == 1
        assert sink.sign_ins == 1
        house.close()
