"""Mails in every form through the reading child and the gate; bombs end by name within limits."""

from __future__ import annotations

import base64
import io
import resource
import time
import zipfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import hostile_files as files
import pytest
from sqlalchemy import select

from correspondence.vocabulary import IntakeOutcome, ReadOutcome, Secrecy
from extractors.media import OUTLOOK
from intake.outlook.properties import Property as P
from pipeline.bootstrap import House
from pipeline.ingest import ingest_files
from pipeline.item_reading import JOB, READING_LIMITS, ItemReading
from registry.models import IntakeItem
from sandbox.limits import Limits
from sandbox.pool import SandboxPool
from tests.mail_files.outlook import Item, write_msg, write_tnef

SUBJECT = "ขอความอนุเคราะห์ข้อมูลน้ำท่วม"
BODY = "เรียน ท่านรัฐมนตรี\n\nขอทราบข้อมูลน้ำท่วมในพื้นที่ตำบลบ้านป่า"
LETTER = files.good_docx()
TIGHT = Limits(wall_seconds=25, cpu_seconds=20, memory_bytes=2 << 30)


@pytest.fixture(scope="module")
def readers() -> Iterator[SandboxPool]:
    with SandboxPool(JOB, workers=1, limits=TIGHT) as pool:
        yield pool


def read(pool: SandboxPool, data: bytes, name: str = "item", **params: list[str]) -> ItemReading:
    return ItemReading.model_validate(pool.run(data, {"name": name, **params}))


def outlook(subject: str = SUBJECT, **more: object) -> Item:
    given = {P.SUBJECT: subject, P.BODY: BODY, P.SENDER_SMTP: "a@example.go.th"}
    return Item(given, **more)  # type: ignore[arg-type]


def mail(*attached: tuple[str, bytes], body: str = BODY, subject: str = SUBJECT) -> bytes:
    message = EmailMessage()
    message["From"] = "a@example.go.th"
    message["Subject"] = subject
    message["Message-ID"] = "<1@example.go.th>"
    message.set_content(body)
    for name, data in attached:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def zipped(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


WRITERS = pytest.mark.parametrize("write", [write_msg, write_tnef])


@WRITERS
def test_an_outlook_file_is_read_as_a_mail(readers: SandboxPool, write) -> None:  # type: ignore[no-untyped-def]
    source = outlook(files=[({P.ATTACH_LONG_NAME: "หนังสือ.docx"}, LETTER)])
    found = read(readers, write(source), "x.msg")
    assert found.extraction.outcome is ReadOutcome.OK
    assert files.SAID in found.extraction.text
    assert "ตำบลบ้านป่า" in found.extraction.text
    assert found.sender_address == "a@example.go.th"
    assert [(one.role, one.file_name) for one in found.carried] == [("letter", "หนังสือ.docx")]


@WRITERS
@pytest.mark.parametrize("where", ["itself", "attached", "zipped", "inner"])
def test_a_mark_in_an_outlook_subject_stops_it(readers: SandboxPool, write, where: str) -> None:  # type: ignore[no-untyped-def]
    data = write(outlook("ลับมาก: ผลการประชุม"))
    match where:
        case "attached":
            data = mail(("x.msg", data))
        case "zipped":
            data = zipped(("x.msg", data))
        case "inner":
            data = write(outlook(files=[({P.DISPLAY_NAME: "y"}, outlook("ลับมาก: ผลการประชุม"))]))
    reply = readers.run(data, {"name": "item"})
    found = ItemReading.model_validate(reply)
    assert found.extraction.outcome is ReadOutcome.SECRET
    assert found.extraction.fields.secrecy.value == Secrecy.SECRET
    assert "น้ำท่วม" not in str(reply)


def test_an_automatic_outlook_mail_is_told(readers: SandboxPool) -> None:
    source = outlook()
    source.properties[P.MESSAGE_CLASS] = "REPORT.IPM.Note.NDR"
    found = read(readers, write_msg(source))
    assert found.automatic is not None
    assert found.automatic.code == "bounce"


def test_a_zip_reads_its_letter(readers: SandboxPool) -> None:
    data = zipped(("หนังสือ.docx", LETTER), ("รูป.txt", "แนบ".encode()))
    for item in (data, mail(("a.zip", data), body="")):
        found = read(readers, item)
        assert found.extraction.outcome is ReadOutcome.OK
        assert found.extraction.text.startswith(files.SAID)
        assert [one.role for one in found.carried] == ["enclosure", "letter", "enclosure"]


def test_an_archive_that_is_not_opened_is_a_visible_warning(readers: SandboxPool) -> None:
    found = read(readers, mail(("a.7z", b"7z\xbc\xaf\x27\x1c" + b"0" * 90))).extraction
    assert found.outcome is ReadOutcome.PARTIAL
    assert set(found.warnings) >= {"attachment_unsupported", "archive_not_opened"}


def test_a_signature_leaves_the_mail_whole(readers: SandboxPool) -> None:
    message = EmailMessage()
    message["From"] = "a@example.go.th"
    message["Subject"] = SUBJECT
    message.set_content(BODY)
    message.add_attachment(b"0" * 90, maintype="application", subtype="pkcs7-signature")
    found = read(readers, message.as_bytes()).extraction
    assert (found.outcome, found.warnings) == (ReadOutcome.OK, ())


def test_an_invitation_can_be_read(readers: SandboxPool) -> None:
    event = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:ประชุม\r\nLOCATION:ห้องประชุม 2\r\n"
        "DTSTART:20261202T023000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    found = read(readers, mail(("invite.ics", event.encode())))
    assert "วันที่ 2 ธันวาคม 2569 เวลา 09.30 น." in found.extraction.text
    assert [one.role for one in found.carried] == ["enclosure"]


def test_a_mark_beyond_the_attachments_that_are_read_still_stops(readers: SandboxPool) -> None:
    many = [(f"{number}.txt", b"x") for number in range(60)]
    found = read(readers, zipped(*many, ("ลับ.txt", b"y")))
    assert found.extraction.outcome is ReadOutcome.SECRET
    plain = read(readers, mail(("a.zip", zipped(*many))))
    assert "attachments_not_read" in plain.extraction.warnings
    assert len(plain.carried) == 61


PGP = "-----BEGIN PGP MESSAGE-----\n\nx\n-----END PGP MESSAGE-----\n"
PARTIAL = "From: a@b.th\nMime-Version: 1.0\nContent-Type: message/partial; total=2; number=1\n\nx"


def locked_zip() -> bytes:
    data = bytearray(zipped(("a.docx", LETTER[:50])))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def nested(levels: int) -> bytes:
    return (
        b"From: a@b.th\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * levels + b"To: x\r\n\r\nx"
    )


def many_parts(count: int) -> bytes:
    head = b"From: a@b.th\r\nTo: b@c.th\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    return head + b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * count + b"--b--\r\n"


def large_mail() -> bytes:
    return mail() + b"\r\n" + base64.b64encode(b"0" * 300) * 150_000


def nested_outlook(levels: int) -> bytes:
    source = outlook()
    for _ in range(levels):
        source = outlook(files=[({P.DISPLAY_NAME: "y"}, source)])
    return write_msg(source)


def nested_zip(levels: int) -> bytes:
    data = zipped(("a.txt", b"0" * 1_000))
    for _ in range(levels):
        data = zipped(*((f"{number}.zip", data) for number in range(8)))
    return data


TOO_LARGE, ENCRYPTED = ReadOutcome.TOO_LARGE, ReadOutcome.ENCRYPTED
HELD: dict[str, tuple[Callable[[], bytes], str, ReadOutcome]] = {
    "message of 100 levels": (lambda: nested(100), "mail_too_large", TOO_LARGE),
    "outlook mail of 100 levels": (lambda: nested_outlook(100), "mail_too_large", TOO_LARGE),
    "mail of 10 000 parts": (lambda: many_parts(10_000), "mail_too_large", TOO_LARGE),
    "attachment of 60 MB": (large_mail, "mail_too_large", TOO_LARGE),
    "ZIP bomb": (
        lambda: mail(("a.zip", zipped(("a.txt", b"0" * 100_000_000)))),
        "mail_too_large",
        TOO_LARGE,
    ),
    "ZIP bomb by itself": (
        lambda: zipped(("a.txt", b"0" * 100_000_000)),
        "mail_too_large",
        TOO_LARGE,
    ),
    "ZIPs in ZIPs": (lambda: mail(("a.zip", nested_zip(5))), "mail_too_large", TOO_LARGE),
    "picture of 35 000 by 35 000": (
        lambda: mail(("แผนที่.png", files.vast_png(35_000))),
        "attachment_too_large",
        TOO_LARGE,
    ),
    "encrypted ZIP": (lambda: mail(("a.zip", locked_zip())), "archive_encrypted", ENCRYPTED),
    "PGP": (lambda: mail(body=PGP), "mail_encrypted", ENCRYPTED),
    "fragment": (lambda: PARTIAL.encode(), "mail_fragment", ReadOutcome.UNSUPPORTED),
}  # fmt: skip


@pytest.mark.parametrize("name", HELD)
def test_what_is_no_letter_ends_by_name_within_limits(readers: SandboxPool, name: str) -> None:
    make, code, outcome = HELD[name]
    data = make()
    began = time.monotonic()
    found = read(readers, data)
    assert time.monotonic() - began < 10
    assert (found.extraction.outcome, found.extraction.text) == (outcome, "")
    assert found.refusal is not None
    assert found.refusal.code == code
    assert any("ก" <= letter <= "๙" for letter in found.refusal.thai)
    assert read(readers, LETTER).extraction.text == files.SAID


@pytest.mark.parametrize("where", ["subject", "name"])
def test_a_mark_outside_comes_before_every_obstacle(readers: SandboxPool, where: str) -> None:
    attached = ("ลับ.zip" if where == "name" else "a.zip", locked_zip())
    subject = "[ลับ] ผลการประชุม" if where == "subject" else SUBJECT
    found = read(readers, mail(attached, subject=subject))
    assert found.extraction.outcome is ReadOutcome.SECRET
    assert found.refusal is None


def test_held_and_taken_in_one_pass(house: House, tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    makers = {
        "bomb.zip": HELD["ZIP bomb by itself"][0](),
        "map.eml": HELD["picture of 35 000 by 35 000"][0](),
        "parts.eml": many_parts(10_000),
        "locked.eml": HELD["encrypted ZIP"][0](),
        "letter.msg": write_msg(outlook(files=[({P.ATTACH_LONG_NAME: "ก.docx"}, LETTER)])),
        "letter.zip": zipped(("หนังสือ.docx", files.good_docx("ขอเชิญประชุม"))),
    }
    paths = []
    for name, data in makers.items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(data)
    results = ingest_files(house, paths)
    assert [one.outcome for one in results] == [IntakeOutcome.HELD] * 4 + [
        IntakeOutcome.REGISTERED
    ] * 2
    with house.sessions.begin() as session:
        items = list(session.scalars(select(IntakeItem).order_by(IntakeItem.id)))
        codes = [one.reason_code for one in items]
        channels = [one.channel for one in items]
    assert codes[:4] == [
        "mail_too_large", "attachment_too_large", "mail_too_large", "archive_encrypted",
    ]  # fmt: skip
    assert channels[4:] == ["email", "hand"]
    # Kilobytes: bombs go off in the child, or nowhere.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_a_password_of_the_office_opens_a_locked_zip(readers: SandboxPool) -> None:
    from tests.unit.intake.test_intake_archives import LOCKED

    assert read(readers, LOCKED).refusal is not None
    opened = read(readers, LOCKED, passwords=["secret"])
    assert opened.refusal is None
    assert [one.read_outcome for one in opened.carried] == ["empty", "ok"]


def test_the_limits_of_these_tests_are_no_wider_than_those_in_force() -> None:
    assert TIGHT.memory_bytes <= READING_LIMITS.memory_bytes
    assert OUTLOOK.startswith("application/")
