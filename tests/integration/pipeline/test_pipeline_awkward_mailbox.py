"""Awkward mails through a real mailbox: as many rows as mails, each with a true end."""

from __future__ import annotations

import base64
import imaplib
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from sqlalchemy import select

from correspondence.vocabulary import IntakeOutcome
from pipeline.admission import drain_items
from pipeline.bootstrap import House
from pipeline.pulling import pull_sources
from registry.models import IntakeItem, Letter
from tests.integration.conftest import MailOffice

pytestmark = pytest.mark.timeout(900)

BODY = (
    "เรื่อง ขอความอนุเคราะห์ข้อมูล\r\n\r\nเรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ\r\n\r\n"
    "ด้วยโรงเรียนบ้านน้ำใสจะจัดอบรมครู จึงขอความอนุเคราะห์ข้อมูลหลักสูตร\r\n\r\n"
    "ขอแสดงความนับถือ\r\n(นายทดสอบ ระบบดี)\r\n"
)
THAI_NAMES = (
    *("windows-874", "tis-620", "TIS620", "iso-8859-11", "x-windows-874", "cp874", "IBM874"),
    *("MS874", "dos-874", "iso-ir-166", "us-ascii", "x-unknown", "iso-8859-1", ""),
)
# Endings that say how the machine failed, not what the mail is.
FAILURES = ("sandbox", "reader", "unexpected", "mail_unreadable", "timed_out")


def append_all(office: MailOffice, mails: Iterable[bytes]) -> None:
    server = office.server
    with imaplib.IMAP4(server.host, server.port, timeout=30) as client:
        client.login(office.user, server.password)
        for raw in mails:
            assert client.append("INBOX", "", "", raw)[0] == "OK"


def take_all(house: House, expected: int) -> list[tuple[IntakeItem, str]]:
    """Pull and admit; return every row with the text of its letter, in order of arrival."""
    (report,) = pull_sources(house, "tests")
    assert (report.received, report.fault) == (expected, None)
    outcomes = drain_items(house, "tests")
    assert sum(outcomes.values()) == expected
    with house.sessions.begin() as session:
        items = session.scalars(select(IntakeItem).order_by(IntakeItem.id)).all()
        letters = session.scalars(select(Letter).order_by(Letter.register_number)).all()
        text = {one.intake_item_id: "\n".join(page.text for page in one.pages) for one in letters}
    assert [one.register_number for one in letters] == list(range(1, len(letters) + 1))
    assert {item.id for item in items if item.outcome == "registered"} == set(text)
    assert all(item.source_done_at is not None for item in items)
    return [(item, text.get(item.id, "")) for item in items]


def in_8_bit(name: str) -> bytes:
    declared = f"; charset={name}" if name else ""
    head = f"Subject: ขอข้อมูล {name}\r\nContent-Type: text/plain{declared}\r\n"
    return (head + "Content-Transfer-Encoding: 8bit\r\n\r\n" + BODY).encode("cp874")


def in_base64(name: str) -> bytes:
    word = base64.b64encode(f"ขอข้อมูล {name}".encode("cp874")).decode()
    subject = f"=?{name}?B?{word}?=" if name else "no charset"
    declared = f"; charset={name}" if name else ""
    head = f"Subject: {subject}\r\nContent-Type: text/html{declared}\r\n"
    page = "<html><body><p>" + BODY.replace("\r\n", "<br>\r\n") + "</p></body></html>"
    body = base64.encodebytes(page.encode("cp874"))
    return (head + "Content-Transfer-Encoding: base64\r\n\r\n").encode() + body


@pytest.mark.parametrize("write", [in_8_bit, in_base64])
def test_thai_mail_of_every_charset_name_is_read(
    mail_office: MailOffice, write: Callable[[str], bytes]
) -> None:
    head = "From: clerk@example.org\r\nMessage-ID: <{}@example.org>\r\n"
    append_all(
        mail_office,
        (head.format(number).encode() + write(name) for number, name in enumerate(THAI_NAMES)),
    )
    taken = take_all(mail_office.open(), len(THAI_NAMES))
    for name, (item, text) in zip(THAI_NAMES, taken, strict=True):
        assert item.outcome == IntakeOutcome.REGISTERED.value, name
        assert "โรงเรียนบ้านน้ำใสจะจัดอบรมครู" in text, name
        assert "\ufffd" not in text, name


@pytest.mark.shared
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_awkward_mail_has_a_row_and_a_true_outcome(
    mail_office: MailOffice, shared: Path
) -> None:
    files = sorted(path for path in (shared / "data" / "mail").iterdir() if path.is_file())
    assert len(files) >= 222
    append_all(mail_office, (path.read_bytes() or b"\r\n" for path in files))
    taken = take_all(mail_office.open(), len(files))
    ends = Counter(item.outcome for item, _ in taken)
    by_id = {item.id: item for item, _ in taken}
    for (item, _), path in zip(taken, files, strict=True):
        # A crash would stand as pending, to be tried again, or as held by its fault's code.
        assert item.outcome in ("registered", "held", "quarantined", "duplicate"), path.name
        if item.outcome == "registered":
            continue
        assert item.reason_code and item.reason_thai and item.reason_english
        assert not item.reason_code.startswith(FAILURES), path.name
        if item.outcome == "duplicate":
            assert item.duplicate_of_id is not None
            same = by_id[item.duplicate_of_id]
            assert same.sha256 == item.sha256 or same.message_id == item.message_id, path.name
    assert ends["registered"] >= 140
    assert ends["held"] <= 45
