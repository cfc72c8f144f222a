"""One item through the reading child: files, mails, secrecy, hostile input."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from correspondence.reading import Extraction
from correspondence.vocabulary import READABLE, LetterKind, ReadOutcome, Secrecy
from demo.samples.document import write_docx
from pipeline.item_reading import JOB, MAIL, ItemReading
from sandbox.faults import SandboxFault, SandboxTimedOut
from sandbox.limits import Limits
from sandbox.order import in_order
from sandbox.pool import Request, SandboxPool

LETTER = """ที่ สผ ๐๐๑๔/๗๗

|| สำนักงานเลขาธิการสภาผู้แทนราษฎร

^^ ๑๐ พฤศจิกายน ๒๕๖๙

เรื่อง ขอเชิญประชุมคณะกรรมาธิการการศึกษา

เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ

\tด้วยคณะกรรมาธิการการศึกษาได้กำหนดประชุม ในวันพุธที่ ๒ ธันวาคม ๒๕๖๙ เวลา ๐๙.๓๐ นาฬิกา จึงขอเชิญท่านเข้าร่วมประชุม

\tจึงเรียนมาเพื่อโปรดพิจารณา

^^ (นายทดสอบ ระบบดี)
"""
DOCX = write_docx(LETTER, font="Laksaman", language="th")
SECRET = write_docx("ลับ\n\n" + LETTER, font="Laksaman", language="th")
DOCX_TYPE = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")


@pytest.fixture(scope="module")
def readers() -> Iterator[SandboxPool]:
    # The slowest of the odd files takes 21 s on an idle machine; these tests are seldom alone.
    with SandboxPool(JOB, workers=2, limits=Limits(wall_seconds=180)) as pool:
        yield pool


def read(pool: SandboxPool, data: bytes, name: str) -> ItemReading:
    return ItemReading.model_validate(pool.run(data, {"name": name}))


def mail(*, subject: str = "ส่งหนังสือเชิญประชุม", body: str = "เรียนมาเพื่อทราบ") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "ฝ่ายเลขานุการ <committee@parliament.example>"
    message["To"] = "saraban@office.example"
    message["Subject"] = subject
    message["Message-ID"] = "<1@parliament.example>"
    message["Date"] = "Fri, 20 Nov 2026 09:00:00 +0700"
    message.set_content(body)
    return message


def attach(message: EmailMessage, data: bytes, name: str) -> None:
    message.add_attachment(data, maintype=DOCX_TYPE[0], subtype=DOCX_TYPE[1], filename=name)


def test_a_file_carries_itself(readers: SandboxPool) -> None:
    found = read(readers, DOCX, "หนังสือ.docx")
    assert found.extraction.outcome is ReadOutcome.OK
    assert found.extraction.fields.document_number.value == "สผ 0014/77"
    assert [(part.role, part.size) for part in found.carried] == [("letter", len(DOCX))]


def test_the_letter_of_a_mail_comes_before_its_covering_note(readers: SandboxPool) -> None:
    message = mail()
    attach(message, DOCX, "หนังสือเชิญประชุม.docx")
    found = read(readers, bytes(message), "mail.eml")
    letter = found.extraction
    assert (letter.media_type, letter.kind) == (MAIL, LetterKind.EXTERNAL_LETTER)
    assert letter.fields.subject.value == "ขอเชิญประชุมคณะกรรมาธิการการศึกษา"
    assert letter.fields.contact_email.value == "committee@parliament.example"
    assert "คณะกรรมาธิการ" in letter.pages[0].text
    assert "เรียนมาเพื่อทราบ" in letter.pages[-1].text
    assert [part.role for part in found.carried] == ["letter"]
    assert (found.sender_address, found.message_id) == (
        "committee@parliament.example",
        "<1@parliament.example>",
    )


def test_a_forwarded_mail_is_read_with_its_own_text(readers: SandboxPool) -> None:
    message = mail(subject="FW: ขอความช่วยเหลือ", body="ส่งต่อครับ")
    message.add_attachment(mail(subject="ขอความช่วยเหลือ", body="หลานของข้าพเจ้าไม่มีทุนเรียนต่อ"))
    found = read(readers, bytes(message), "mail.eml")
    assert "ไม่มีทุนเรียนต่อ" in found.extraction.text
    assert "ส่งต่อครับ" in found.extraction.text


@pytest.mark.parametrize("where", ["file", "attachment", "subject", "body", "forwarded"])
def test_of_a_marked_item_only_the_grade_leaves_the_child(readers: SandboxPool, where: str) -> None:
    message = mail()
    match where:
        case "attachment":
            attach(message, SECRET, "a.docx")
        case "subject":
            message = mail(subject="[ลับ] ผลการประชุม")
        case "body":
            message = mail(body="ลับ\n\nผลการประชุมคณะกรรมการเป็นดังนี้")
        case "forwarded":
            message.add_attachment(mail(body="ลับ\n\nผลการประชุมเป็นดังนี้"))
    data = SECRET if where == "file" else bytes(message)
    reply = readers.run(data, {"name": "item"})
    found = ItemReading.model_validate(reply)
    assert found.extraction.outcome is ReadOutcome.SECRET
    assert found.extraction.fields.secrecy.value == Secrecy.CONFIDENTIAL
    assert (found.carried, found.sender_address, found.message_id) == ((), None, None)
    assert "ประชุม" not in str(reply)


def test_an_unreadable_attachment_leaves_the_mail_partly_read(readers: SandboxPool) -> None:
    message = mail()
    message.add_attachment(b"%PDF-1.4\nbroken", maintype="application", subtype="pdf", filename="a")
    found = read(readers, bytes(message), "mail.eml").extraction
    assert found.outcome is ReadOutcome.PARTIAL
    assert "attachment_damaged" in found.warnings


def test_a_mail_with_nothing_but_an_unreadable_file_is_not_read(readers: SandboxPool) -> None:
    message = mail(body="")
    message.add_attachment(b"%PDF-1.4\nbroken", maintype="application", subtype="pdf", filename="a")
    assert read(readers, bytes(message), "mail.eml").extraction.outcome is ReadOutcome.DAMAGED


def test_automatic_mail_is_told(readers: SandboxPool) -> None:
    message = mail()
    message["Auto-Submitted"] = "auto-replied"
    found = read(readers, bytes(message), "mail.eml")
    assert found.automatic is not None
    assert found.automatic.code == "auto_reply"


def test_a_mail_of_ten_thousand_parts_is_too_large(readers: SandboxPool) -> None:
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    head = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    found = read(readers, head + part * 10_000 + b"--b--\r\n", "mail.eml")
    assert found.extraction.outcome is ReadOutcome.TOO_LARGE


def test_an_item_that_takes_too_long_is_named() -> None:
    with (
        SandboxPool(JOB, workers=1, limits=Limits(wall_seconds=0.01)) as pool,
        pytest.raises(SandboxTimedOut),
    ):
        pool.run(DOCX, {"name": "letter.docx"})


def outcomes(pool: SandboxPool, files: list[Path]) -> list[ReadOutcome | str]:
    requests = (Request(path.read_bytes(), {"name": path.name}) for path in files)
    return [
        reply.code
        if isinstance(reply, SandboxFault)
        else Extraction.model_validate(reply["extraction"]).outcome
        for reply in in_order(pool.map(requests))
    ]


@pytest.mark.shared
def test_every_public_odd_pdf_ends_in_a_named_outcome(readers: SandboxPool, shared: Path) -> None:
    files = sorted((shared / "data" / "pdf").glob("*.pdf"))
    found = outcomes(readers, files)
    assert len(found) == len(files) >= 61
    assert sum(outcome is ReadOutcome.OK for outcome in found) >= 30
    assert all(isinstance(outcome, ReadOutcome) for outcome in found)
    assert ReadOutcome.TIMED_OUT not in found


@pytest.mark.shared
def test_every_public_odd_mail_ends_in_a_named_outcome(readers: SandboxPool, shared: Path) -> None:
    files = sorted(path for path in (shared / "data" / "mail").iterdir() if path.is_file())
    found = outcomes(readers, files)
    assert len(found) == len(files) >= 222
    assert all(isinstance(outcome, ReadOutcome) for outcome in found)
    assert sum(outcome in READABLE for outcome in found) >= 180
