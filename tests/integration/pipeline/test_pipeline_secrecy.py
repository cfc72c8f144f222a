"""A letter marked ลับมาก, however it comes: its words stand nowhere but in its blob."""

from __future__ import annotations

import io
import logging
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import docx
import pytest
from sqlalchemy import inspect, make_url, text

from demo.samples.conversion import convert_to_pdf
from demo.samples.document import write_docx
from demo.samples.scanning import scan_pdf
from intake.outlook.properties import Property
from office.sources import Mailbox
from pipeline.admission import drain_items
from pipeline.bootstrap import House
from pipeline.casework import drain_cases
from pipeline.cycle import run_cycle
from pipeline.pulling import pull_sources
from tests.integration.conftest import MailOffice
from tests.letters_in_one import FIRST, SECOND, THIRD
from tests.mail_files.outlook import Item, write_msg, write_tnef

pytestmark = pytest.mark.timeout(600)

MARK = "ลับมาก"
# Invented, and in no word list; Latin ones survive any reading of a scan.
WORDS = ("นกกระจอกแก้วมรกต", "หอคอยเชือกฟาง", "QUILLVERB", "Zanthorpe", "นายสมจิตนกกระจอก")
PLAIN = (
    f"เรื่อง {WORDS[0]}\n\nเรียน รัฐมนตรี\n\nด้วย {WORDS[1]} QUILLVERB ของ Zanthorpe\n\n({WORDS[4]})\n"
)
MARKED = f"{MARK}\n\n{PLAIN}\n{MARK}\n"
needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
needs_ocr = pytest.mark.skipif(not shutil.which("tesseract"), reason="needs Tesseract")


def letter(subject: str = "ส่งหนังสือ", body: str = "เรียนมาเพื่อทราบ") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Zanthorpe <zanthorpe@example.org>"
    message["To"] = "saraban@office.example"
    message["Subject"] = subject
    message["Message-ID"] = "<QUILLVERB@example.org>"
    message.set_content(body)
    return message


def sealed(message: EmailMessage) -> bytes:
    return message.as_bytes(policy=SMTP)


def with_file(name: str, data: bytes, subject: str = "ส่งหนังสือ") -> bytes:
    message = letter(subject, PLAIN)
    message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return sealed(message)


def marked_docx() -> bytes:
    return write_docx(MARKED, font="Laksaman", language="th")


def docx_marked_at(place: str) -> bytes:
    """Return a DOCX of three pages with its mark in one place only."""
    document = docx.Document()
    section = document.sections[0]
    if place == "header":
        section.header.paragraphs[0].text = MARK
    if place == "footer":
        section.footer.paragraphs[0].text = MARK
    for page in range(3):
        for number in range(12):
            document.add_paragraph(f"{PLAIN} {page} {number}")
        if page < 2:
            document.add_page_break()
    if place == "last page":
        document.add_paragraph(MARK)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def packed(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def outlook(subject: str, body: str, *files: tuple[str, bytes]) -> Item:
    return Item(
        {
            Property.MESSAGE_CLASS: "IPM.Note",
            Property.SUBJECT: subject,
            Property.BODY: body,
            Property.SENT_REPRESENTING_NAME: "Zanthorpe",
        },
        files=[({Property.ATTACH_LONG_NAME: name}, data) for name, data in files],
    )


def nested(inner: EmailMessage) -> bytes:
    message = letter("FW: ส่งต่อ", PLAIN)
    message.add_attachment(inner)
    return sealed(message)


def html_mail() -> bytes:
    message = letter()
    lines = MARKED.replace("\n", "<br>")
    message.set_content(f"<html><body><p>{lines}</p></body></html>", subtype="html")
    return sealed(message)


def nested_with_docx() -> bytes:
    inner = letter("ของเดิม", PLAIN)
    inner.add_attachment(
        marked_docx(), maintype="application", subtype="octet-stream", filename="a.docx"
    )
    return nested(inner)


def as_pdf(data: bytes) -> bytes:
    return convert_to_pdf({"letter": data})["letter"]


def one_of_several() -> bytes:
    first, second, third = (sample.text() for sample in (FIRST, SECOND, THIRD))
    message = letter("ส่งหนังสือ 3 ฉบับ", PLAIN)
    for name, said in {"1": first, "2": f"{MARK}\n{second}\n{WORDS[0]}", "3": third}.items():
        message.add_attachment(
            said.encode(), maintype="application", subtype="octet-stream", filename=f"{name}.txt"
        )
    return sealed(message)


MAILS: dict[str, Callable[[], bytes]] = {
    "subject": lambda: sealed(letter(f"[{MARK}] {WORDS[0]} QUILLVERB", PLAIN)),
    "body": lambda: sealed(letter(body=MARKED)),
    "last line of the body": lambda: sealed(letter(body=f"{PLAIN * 9}\n{MARK}\n")),
    "HTML body": html_mail,
    "DOCX": lambda: with_file("a.docx", marked_docx()),
    "last page of a DOCX": lambda: with_file("a.docx", docx_marked_at("last page")),
    "header of a DOCX": lambda: with_file("a.docx", docx_marked_at("header")),
    "footer of a DOCX": lambda: with_file("a.docx", docx_marked_at("footer")),
    "text file": lambda: with_file("a.txt", MARKED.encode("cp874")),
    "one of several letters": one_of_several,
    "ZIP": lambda: with_file("a.zip", packed("QUILLVERB.docx", marked_docx())),
    "name in a ZIP": lambda: with_file("a.zip", packed(f"[{MARK}] QUILLVERB.txt", PLAIN.encode())),
    "name of an attachment": lambda: with_file(f"{MARK} - {WORDS[0]}.txt", PLAIN.encode()),
    "nested mail": lambda: nested(letter("ของเดิม", MARKED)),
    "subject of a nested mail": lambda: nested(letter(f"[{MARK}] QUILLVERB", PLAIN)),
    "DOCX in a nested mail": nested_with_docx,
    "subject of a .msg": lambda: with_file("a.msg", write_msg(outlook(f"({MARK}) x", PLAIN))),
    "body of a .msg": lambda: with_file("a.msg", write_msg(outlook("QUILLVERB", MARKED))),
    "DOCX in a .msg": lambda: with_file(
        "a.msg", write_msg(outlook("x", PLAIN, ("a.docx", marked_docx())))
    ),
    "DOCX in winmail.dat": lambda: with_file(
        "winmail.dat", write_tnef(outlook("x", PLAIN, ("a.docx", marked_docx())))
    ),
}
PAGES: dict[str, Callable[[], bytes]] = {
    "PDF": lambda: with_file("a.pdf", as_pdf(marked_docx())),
    "last page of a PDF": lambda: with_file("a.pdf", as_pdf(docx_marked_at("last page"))),
    "footer of a PDF": lambda: with_file("a.pdf", as_pdf(docx_marked_at("footer"))),
    "scan": lambda: with_file("a.pdf", scan_pdf(as_pdf(marked_docx()), seed=(7,))),
}
FILES: dict[str, Callable[[], bytes]] = {
    f"{MARK} {WORDS[0]} QUILLVERB.txt": PLAIN.encode,
    f"Zanthorpe {WORDS[1]}.docx": marked_docx,
    "QUILLVERB.eml": lambda: sealed(letter(body=MARKED)),
}


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go during the test."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def send(office: MailOffice, raw: bytes) -> None:
    office.server.append(office.user, raw)


def office_with_folder(office: MailOffice) -> Path:
    folder = '[[drop_folder]]\nname = "drop"\npath = "drop"\nstill_seconds = 0\n'
    office.write_sources(office.mailbox(), folder)
    (office.home / "drop" / "hand").mkdir(parents=True)
    return office.home / "drop"


def told_by_tables(house: House) -> str:
    """Return every value of every table, also of those no model describes."""
    with house.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        assert {"intake_items", "page_texts", "audit_events", "cycles"} <= set(tables)
        rows = [
            str(tuple(row))
            for table in tables
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
        ]
    return "\n".join(rows)


def assert_told_nowhere(house: House, scratch: Path, said: str) -> None:
    told = {"tables": told_by_tables(house), "log": said}
    home = house.settings.home_folder
    for path in [*home.rglob("*"), *scratch.rglob("*")]:
        inner = path.is_relative_to(home) and path.relative_to(home).parts[0]
        assert not any(word in path.name for word in (*WORDS, MARK)), path.name
        # The database file and its journal, too, deleted rows among them.
        if path.is_file() and inner != "blobs":
            told[str(path)] = path.read_bytes().decode("utf-8", "replace")
    for place, words in told.items():
        for word in WORDS:
            assert word.casefold() not in words.casefold(), (word, place)


def assert_all_secret(house: House, count: int) -> None:
    with house.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT outcome, reason_code, file_name, message_id FROM intake_items")
        ).all()
    assert [tuple(row) for row in rows] == [("secret", "marked_secret", "", None)] * count


@pytest.mark.parametrize("where", MAILS)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_marked_mail_is_told_nowhere(
    mail_office: MailOffice,
    where: str,
    scratch: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    send(mail_office, MAILS[where]())
    house = mail_office.open()
    pull_sources(house, "tests")
    drain_items(house, "tests")
    assert_all_secret(house, 1)
    assert_told_nowhere(house, scratch, caplog.text + "".join(capfd.readouterr()))
    assert list(scratch.iterdir()) == []


@needs_office
@needs_ocr
@pytest.mark.parametrize("where", PAGES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_marked_page_is_told_nowhere(
    mail_office: MailOffice, where: str, scratch: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    raw = PAGES[where]()
    send(mail_office, raw)
    house = mail_office.open()
    pull_sources(house, "tests")
    drain_items(house, "tests")
    assert_all_secret(house, 1)
    assert_told_nowhere(house, scratch, caplog.text)
    assert list(scratch.iterdir()) == []


def test_everything_marked_at_once_is_told_nowhere_on_both_databases(
    mail_office: MailOffice,
    scratch: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    drop = office_with_folder(mail_office)
    for name, write in FILES.items():
        (drop / "hand" / name).write_bytes(write())
    for write in MAILS.values():
        send(mail_office, write())
    house = mail_office.open()
    counts = run_cycle(house, read_password=Mailbox.read_password)
    assert counts.intake == {"secret": len(FILES) + len(MAILS)}
    drain_cases(house, "tests")
    assert_all_secret(house, len(FILES) + len(MAILS))
    assert_told_nowhere(house, scratch, caplog.text + "".join(capfd.readouterr()))
    assert list(scratch.iterdir()) == []
    # The only copies are the blobs: none lies in the drop folder any more.
    assert [path for path in drop.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_prefect_learns_nothing_of_a_marked_letter(
    mail_office: MailOffice, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL
    from prefect.testing.utilities import prefect_test_harness

    from flows.process_letters import process_letters
    from flows.pull_letters import pull_letters

    drop = office_with_folder(mail_office)
    for name, write in FILES.items():
        (drop / "hand" / name).write_bytes(write())
    for where in ("subject", "DOCX", "nested mail"):
        send(mail_office, MAILS[where]())
    monkeypatch.setenv("SARABAN_HOME", str(mail_office.home))
    monkeypatch.setenv("SARABAN_DATABASE_URL", mail_office.database_url)
    monkeypatch.setenv("SARABAN_WORKERS", "1")
    with prefect_test_harness(server_startup_timeout=120):
        assert pull_letters(return_state=True).message == "6 new from 2 of 2 sources"
        said = process_letters(return_state=True).message
        assert said == "0 registered, 0 drafted; 6 secret wait for a person"
        database = make_url(str(PREFECT_API_DATABASE_CONNECTION_URL.value())).database
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            told = "\n".join(connection.iterdump())
    assert "process-letters" in told
    for word in (*WORDS, MARK):
        assert word not in told
    house = mail_office.open()
    assert_all_secret(house, 6)
