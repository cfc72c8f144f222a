"""Bombs in a real mailbox: each ends in the holding pen in time, the next mail is registered."""

from __future__ import annotations

import gzip
import imaplib
import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP

import hostile_pdfs as pdfs
import pytest
from hostile_files import vast_png
from sqlalchemy import select

from pipeline.admission import drain_items
from pipeline.pulling import pull_sources
from registry.ledger import NO_BYTES
from registry.models import IntakeItem, Letter
from tests.integration.conftest import MailOffice

pytestmark = pytest.mark.timeout(600)

SIDE = 35_000
# A bomb may not hold up the mails behind it for longer.
SECONDS = 60


def mail(name: str, *attached: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"] = "clerk@example.org"
    message["Subject"] = f"ส่งหนังสือ {name}"
    message["Message-ID"] = f"<{name.replace(' ', '-')}@example.org>"
    message.set_content("เรียนมาเพื่อโปรดพิจารณา รายละเอียดตามสิ่งที่ส่งมาด้วย")
    for file_name, data in attached:
        message.add_attachment(
            data, maintype="application", subtype="octet-stream", filename=file_name
        )
    return message.as_bytes(policy=SMTP)


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def zip_bomb() -> bytes:
    return mail("zip bomb", ("letter.zip", packed(letter=bytes(300_000_000))))


def lying_zip_bomb() -> bytes:
    size = 300_000_000
    raw = packed(letter=bytes(size)).replace(struct.pack("<I", size), struct.pack("<I", 4_000))
    return mail("lying zip bomb", ("letter.zip", raw))


def zip_in_zip_bomb() -> bytes:
    inner = packed(**{f"page{number}": bytes(15_000_000) for number in range(16)})
    for _ in range(4):
        inner = packed(**{f"book{number}.zip": inner for number in range(16)})
    return mail("zip in zip", ("letter.zip", inner))


def gzip_bomb() -> bytes:
    return mail("gzip bomb", ("letter.gz", gzip.compress(bytes(300_000_000))))


def nested_mails() -> bytes:
    body = mail("innermost")
    for _ in range(100):
        body = b"Subject: FW\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n" + body
    return b"From: clerk@example.org\r\n" + body


def nested_multiparts() -> bytes:
    levels = [
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(100)
    ]
    inner = b"Content-Type: text/plain\r\n\r\nhello\r\n"
    return b"From: clerk@example.org\r\nSubject: deep\r\n" + b"".join(levels) + inner


def sixty_megabytes() -> bytes:
    return mail("sixty megabytes", ("letter.pdf", b"%PDF-1.7\n" + bytes(60_000_000)))


def declared_picture() -> bytes:
    return mail("declared picture", ("page.png", vast_png(SIDE)))


def whole_picture() -> bytes:
    """A picture that does hold all its dots: 150 MB of them in 150 kB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        sealed = kind + data
        return struct.pack(">I", len(data)) + sealed + struct.pack(">I", zlib.crc32(sealed))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 1, 0, 0, 0, 0))
    dots = chunk(b"IDAT", zlib.compress(bytes(SIDE * (1 + (SIDE + 7) // 8)), 6))
    picture = b"\x89PNG\r\n\x1a\n" + head + dots + chunk(b"IEND", b"")
    return mail("whole picture", ("page.png", picture))


def many_parts() -> bytes:
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    head = b"From: clerk@example.org\r\nSubject: many\r\n"
    return (
        head + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 10_000 + b"--b--\r\n"
    )


def many_empty_parts() -> bytes:
    head = b"From: clerk@example.org\r\nSubject: bare\r\n"
    return head + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 10_000


# What each must be held for.
BOMBS: dict[Callable[[], bytes], str] = {
    zip_bomb: "mail_too_large",
    zip_in_zip_bomb: "mail_too_large",
    gzip_bomb: "mail_too_large",
    nested_mails: "mail_too_large",
    nested_multiparts: "mail_too_large",
    sixty_megabytes: "mail_too_large",
    declared_picture: "attachment_too_large",
    whole_picture: "attachment_too_large",
    many_parts: "mail_too_large",
    many_empty_parts: "mail_too_large",
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb.__name__)
def test_a_bomb_is_held_in_time_and_the_next_mail_registered(
    mail_office: MailOffice, bomb: Callable[[], bytes]
) -> None:
    server = mail_office.server
    # As wide as an office may set it: what is not refused here must be refused when it is read.
    mail_office.write_sources(mail_office.mailbox(max_bytes=200_000_000))
    with imaplib.IMAP4(server.host, server.port, timeout=60) as client:
        client.login(mail_office.user, server.password)
        for raw in (bomb(), mail("good one", ("letter.pdf", pdfs.letter_pdf()))):
            assert client.append("INBOX", "", "", raw)[0] == "OK"
    house = mail_office.open()
    started = time.monotonic()
    (report,) = pull_sources(house, "tests")
    assert (report.received, report.fault) == (2, None)
    drain_items(house, "tests")
    assert time.monotonic() - started < SECONDS
    with house.sessions.begin() as session:
        held, good = session.scalars(select(IntakeItem).order_by(IntakeItem.id)).all()
        letters = session.scalars(select(Letter)).all()
    assert (held.outcome, held.reason_code) == ("held", BOMBS[bomb])
    assert held.reason_thai and held.reason_english
    assert held.source_done_at is not None
    assert good.outcome == "registered"
    assert [letter.intake_item_id for letter in letters] == [good.id]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_zip_that_lies_about_its_size_is_never_unpacked_and_counts_as_damaged(
    mail_office: MailOffice,
) -> None:
    server = mail_office.server
    with imaplib.IMAP4(server.host, server.port, timeout=60) as client:
        client.login(mail_office.user, server.password)
        assert client.append("INBOX", "", "", lying_zip_bomb())[0] == "OK"
    house = mail_office.open()
    pull_sources(house, "tests")
    drain_items(house, "tests")
    with house.sessions.begin() as session:
        letter = session.scalars(select(Letter)).one()
        outcomes = [(one.size < 400_000, one.read_outcome) for one in letter.attachments]
    # Its covering note is a letter; what lay beside it is told to be unreadable.
    assert letter.read_outcome == "partial"
    assert set(outcomes) <= {(True, "damaged"), (True, "empty")}
    assert (True, "damaged") in outcomes


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_sixty_megabyte_mail_is_not_fetched_by_default(mail_office: MailOffice) -> None:
    server = mail_office.server
    raw = sixty_megabytes()
    with imaplib.IMAP4(server.host, server.port, timeout=60) as client:
        client.login(mail_office.user, server.password)
        for one in (raw, mail("good one", ("letter.pdf", pdfs.letter_pdf()))):
            assert client.append("INBOX", "", "", one)[0] == "OK"
    house = mail_office.open()
    pull_sources(house, "tests")
    drain_items(house, "tests")
    with house.sessions.begin() as session:
        held, good = session.scalars(select(IntakeItem).order_by(IntakeItem.id)).all()
    assert (held.outcome, held.reason_code) == ("held", "mail_too_large")
    assert held.sha256 != NO_BYTES and held.size < 2_000
    assert good.outcome == "registered"
