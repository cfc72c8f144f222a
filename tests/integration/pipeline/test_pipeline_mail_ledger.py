"""The rules of the ledger from a real mailbox to the register: nothing lost, nothing twice."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from imapclient import IMAPClient
from sqlalchemy import func, select

from correspondence.vocabulary import IntakeOutcome
from pipeline.admission import drain_items
from pipeline.bootstrap import House
from pipeline.pulling import pull_source
from registry.engine import Sessions
from registry.ledger import Ledger
from registry.models import IntakeItem, Letter
from registry.numbers import queue_for_register
from registry.polls import Polls
from registry.registration import find_same_item
from tests.conftest import NOON
from tests.integration.conftest import MailOffice
from tests.servers.flaky_proxy import running_proxy
from tests.servers.maildirs import write_maildir


def mail(number: int, *, message_id: str | None = "", body: str = "") -> bytes:
    shown = f"<l{number}@example.org>" if message_id == "" else message_id
    return (
        f"From: writer{number}@example.org\r\nSubject: letter {number}\r\n"
        + (f"Message-ID: {shown}\r\n" if shown else "")
        + "Content-Type: text/plain; charset=utf-8\r\n\r\n"
        + (body or f"เรียน รัฐมนตรี ขอให้ตรวจสอบโรงเรียนที่ {number} โดยเร็ว")
        + "\r\n"
    ).encode()


def append(office: MailOffice, *mails: bytes, folder: str = "INBOX") -> None:
    for number, raw in enumerate(mails):
        moment = NOON - timedelta(minutes=60 - number)
        office.server.append(office.user, raw, folder=folder, arrived_at=moment)


def poll(house: House) -> None:
    report = pull_source(house, "main", "tests")
    assert (report.fault, report.busy) == (None, False)


def register(house: House) -> list[IntakeItem]:
    drain_items(house, "tests")
    with house.sessions.begin() as session:
        return list(session.scalars(select(IntakeItem).order_by(IntakeItem.id)))


def letters(house: House) -> int:
    with house.sessions.begin() as session:
        return session.scalar(select(func.count()).select_from(Letter)) or 0


def client(office: MailOffice) -> IMAPClient:
    connection = IMAPClient(office.server.host, port=office.server.port, ssl=False)
    connection.login(office.user, office.server.password)
    return connection


def renumber(office: MailOffice, *mails: bytes) -> None:
    """Make the folder anew, so that it gets another UIDVALIDITY."""
    with client(office) as connection:
        if connection.folder_exists("Letters"):
            connection.delete_folder("Letters")
        connection.create_folder("Letters")
    append(office, *mails, folder="Letters")


@pytest.mark.parametrize("action", ["seen", "flag", "none", "move"])
def test_a_renumbered_mailbox_registers_nothing_twice(mail_office: MailOffice, action: str) -> None:
    plain, nameless = mail(1), mail(2, message_id=None)
    twin = mail(1, body="เนื้อความอื่น ไม่เหมือนเดิม ขอให้โอนเงิน")
    held = b"From: a@example.org\r\nSubject: empty\r\n\r\n"
    renumber(mail_office, plain, nameless, held)
    mail_office.write_sources(mail_office.mailbox(folder="Letters", post_action=action))
    house = mail_office.open()
    poll(house)
    first = register(house)
    assert len(first) == 3
    known = letters(house)
    # All three once more under other numbers, a copy of one, and a new body under a known name.
    renumber(mail_office, held, nameless, plain, twin, mail(3, message_id=None), plain)
    poll(house)
    rows = register(house)
    assert len(rows) == 6
    assert [row.id for row in rows[:3]] == [row.id for row in first]
    assert [row.outcome for row in rows[:3]] == [row.outcome for row in first]
    assert [row.sha256 for row in rows[:3]] == [row.sha256 for row in first]
    assert [(row.outcome, row.suspicious) for row in rows[3:]] == [
        ("registered", True), ("registered", False), ("duplicate", False),
    ]  # fmt: skip
    assert letters(house) == known + 2
    assert all(row.source_done_at is not None for row in rows)
    poll(house)
    assert len(register(house)) == 6


@pytest.mark.parametrize("message_id", ["", None])
def test_a_mail_moved_back_into_the_folder_is_one_letter(
    mail_office: MailOffice, message_id: str | None
) -> None:
    append(mail_office, mail(1, message_id=message_id))
    house = mail_office.open()
    poll(house)
    register(house)
    with client(mail_office) as connection:
        connection.select_folder("Saraban")
        connection.move(connection.search("ALL"), "INBOX")
    poll(house)
    first, again = register(house)
    assert (again.outcome, again.duplicate_of_id) == (IntakeOutcome.DUPLICATE.value, first.id)
    assert letters(house) == 1
    with client(mail_office) as connection:
        assert connection.select_folder("INBOX")[b"EXISTS"] == 0


def test_mails_without_message_id_are_not_seen_for_it(mail_office: MailOffice) -> None:
    append(mail_office, *(mail(number, message_id=None) for number in range(3)))
    house = mail_office.open()
    poll(house)
    assert {row.outcome for row in register(house)} == {"registered"}
    assert letters(house) == 3


def test_a_message_id_used_again_with_another_body_is_registered_and_suspicious(
    mail_office: MailOffice,
) -> None:
    append(mail_office, mail(1), mail(1, body="เรื่องอื่นโดยสิ้นเชิง ขอให้เปลี่ยนบัญชีรับเงิน"))
    house = mail_office.open()
    poll(house)
    assert [(row.outcome, row.suspicious) for row in register(house)] == [
        ("registered", False), ("registered", True),
    ]  # fmt: skip


@pytest.mark.parametrize("odd", [b"<a\x00b@example.org>", b"<a\x7fb@x>", b"<\xe0\xb8\x81@x>", b"<"])
def test_an_odd_message_id_stops_no_mailbox(mail_office: MailOffice, odd: bytes) -> None:
    raw = mail(1, message_id=None).replace(b"From:", b"Message-ID: " + odd + b"\r\nFrom:", 1)
    write_maildir(mail_office.server, mail_office.user, [raw, mail(2)])
    house = mail_office.open()
    poll(house)
    assert [row.outcome for row in register(house)] == ["registered", "registered"]


def test_two_pollers_at_once_store_every_mail_once(
    mail_office: MailOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 120
    write_maildir(mail_office.server, mail_office.user, (mail(n) for n in range(count)))
    with client(mail_office) as connection:
        # The server numbers what it finds.
        connection.select_folder("INBOX")
    mail_office.write_sources(mail_office.mailbox(batch=7))
    houses = [mail_office.open(), mail_office.open()]
    # Both believe to hold the lease, as when it ran out under a slow poller.
    monkeypatch.setattr(Polls, "lease", lambda *_given: True)
    faults: list[str | None] = []

    def pull(house: House) -> None:
        faults.append(pull_source(house, "main", f"poller {id(house)}").fault)

    threads = [threading.Thread(target=pull, args=(house,)) for house in houses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A server may also be short with one of two that move the same mails.
    assert set(faults) <= {None, "source_unavailable"}
    poll(houses[0])
    with houses[0].sessions.begin() as session:
        hashes = list(session.scalars(select(IntakeItem.sha256)))
    assert len(hashes) == len(set(hashes)) == count
    with client(mail_office) as connection:
        assert connection.select_folder("INBOX")[b"EXISTS"] == 0
        # Where two sessions move one mail at once, Dovecot may leave two copies of it there.
        assert connection.select_folder("Saraban")[b"EXISTS"] >= count


def test_of_two_workers_with_one_mail_each_of_the_same_bytes_one_registers(
    sessions: Sessions, ledger: Ledger
) -> None:
    from correspondence.vocabulary import Channel
    from registry.ledger import Arrival

    ids = [
        ledger.store(Arrival("main", str(n), Channel.EMAIL, "x.eml", None, b"one mail", NOON)).id
        for n in range(2)
    ]
    together = threading.Barrier(2)
    found: list[bool] = []

    def settle(item_id: int) -> None:
        together.wait()
        with sessions.begin() as session:
            item = session.get_one(IntakeItem, item_id, with_for_update=True)
            queue_for_register(session)
            same = find_same_item(session, item, None)
            found.append(same is not None)
            item.outcome = "duplicate" if same else "registered"

    threads = [threading.Thread(target=settle, args=(item_id,)) for item_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [False, True]


def test_a_second_poll_of_a_large_mailbox_moves_almost_nothing(
    mail_office: MailOffice, tmp_path: Path
) -> None:
    count = 3_000 if mail_office.database_url.startswith("sqlite") else 300
    write_maildir(mail_office.server, mail_office.user, (mail(n) for n in range(count)))
    with running_proxy("127.0.0.1", mail_office.server.port) as proxy:
        keys = {"port": proxy.port, "post_action": "none", "batch": 200}
        mail_office.write_sources(mail_office.mailbox(**keys))
        house = mail_office.open()
        assert pull_source(house, "main", "tests").received == count

        def bytes_of_a_poll() -> int:
            before = proxy.from_server + proxy.from_client
            poll(house)
            return proxy.from_server + proxy.from_client - before

        # A greeting, a sign-in and a SELECT: as much for 3,000 mails as for 40,000.
        assert bytes_of_a_poll() < 5_000
        append(mail_office, mail(count))
        assert bytes_of_a_poll() < 10_000
    with house.sessions.begin() as session:
        assert session.scalar(select(func.count()).select_from(IntakeItem)) == count + 1
