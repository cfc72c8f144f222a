"""Mails and files of all kinds, each with what must become of it; small, and without OCR."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import SMTP

from demo.samples.document import write_docx
from tests.letters_in_one import FIRST, SECOND, THIRD, mail_of

REGISTERED, DUPLICATE = "registered", "duplicate"
HELD, QUARANTINED, SECRET = "held", "quarantined", "secret"
SECRET_WORD = "ปัญจวัคคีย์สีครามทดลอง"


@dataclass(frozen=True, slots=True)
class Post:
    """Mails (or files, by their ending) that belong together, and how they must end.

    `letters` is how many letters each registered piece becomes.
    """

    pieces: tuple[bytes, ...]
    outcomes: tuple[str, ...]
    ending: str = ".eml"
    letters: int = 1


_tokens = itertools.count(1)


def letter_text(token: int) -> str:
    """Return an invented letter that no other letter equals."""
    return (
        f"ที่ ทส ๐๑๐๑/{token}\n\n|| กรมทดลองระบบ\n\n^^ ๑๐ พฤศจิกายน ๒๕๖๙\n\n"
        f"เรื่อง ขอความอนุเคราะห์วิทยากรครั้งที่ {token}\n\n"
        "เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ\n\n"
        f"\tด้วยกรมทดลองระบบจะจัดอบรมรุ่นที่ {token} จึงขอความอนุเคราะห์วิทยากร\n\n"
        "\tจึงเรียนมาเพื่อโปรดพิจารณา\n\n^^ (นายทดสอบ ระบบดี)\n"
    )


def letter_docx(text: str) -> bytes:
    return write_docx(text, font="Laksaman", language="th")


def blank_mail(token: int, subject: str = "") -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"หน่วยงาน {token} <unit{token}@example.org>"
    message["To"] = "saraban@office.example"
    message["Subject"] = subject or f"ส่งหนังสือฉบับที่ {token}"
    message["Message-ID"] = f"<storm{token}@example.org>"
    message["Date"] = "Fri, 20 Nov 2026 09:00:00 +0700"
    return message


def sealed(message: EmailMessage) -> bytes:
    return message.as_bytes(policy=SMTP)


def plain_mail(token: int) -> EmailMessage:
    message = blank_mail(token)
    message.set_content(letter_text(token).replace("|| ", "").replace("^^ ", ""))
    return message


def attach(message: EmailMessage, data: bytes, name: str) -> None:
    message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)


def plain() -> Post:
    return Post((sealed(plain_mail(next(_tokens))),), (REGISTERED,))


def windows_874() -> Post:
    token = next(_tokens)
    head = (
        f"From: unit{token}@example.org\r\nMessage-ID: <storm{token}@example.org>\r\n"
        f"Subject: ขอเรียนเชิญครั้งที่ {token}\r\n"
        "Content-Type: text/plain; charset=windows-874\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    body = letter_text(token).replace("|| ", "").replace("^^ ", "").replace("\n", "\r\n")
    return Post(((head + body).encode("cp874"),), (REGISTERED,))


def html() -> Post:
    token = next(_tokens)
    message = blank_mail(token)
    text = letter_text(token).replace("|| ", "").replace("^^ ", "").replace("\n", "<br>\n")
    message.set_content(f"<html><body><p>{text}</p></body></html>", subtype="html")
    return Post((sealed(message),), (REGISTERED,))


def with_docx() -> Post:
    token = next(_tokens)
    message = blank_mail(token)
    message.set_content("เรียนมาเพื่อทราบ")
    attach(message, letter_docx(letter_text(token)), f"หนังสือ {token}.docx")
    return Post((sealed(message),), (REGISTERED,))


def in_archive() -> Post:
    token = next(_tokens)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"หนังสือ {token}.docx", letter_docx(letter_text(token)))
    message = blank_mail(token)
    message.set_content("ส่งหนังสือมาด้วยแล้ว")
    attach(message, packed.getvalue(), f"หนังสือ {token}.zip")
    return Post((sealed(message),), (REGISTERED,))


def forwarded() -> Post:
    token = next(_tokens)
    message = blank_mail(token, f"FW: ขอความช่วยเหลือ {token}")
    message.set_content("ส่งต่อครับ")
    message.add_attachment(plain_mail(next(_tokens)))
    return Post((sealed(message),), (REGISTERED,))


def without_id() -> Post:
    """Two that say nearly the same and have no Message-ID: two letters."""
    token = next(_tokens)
    pieces = []
    for number in (1, 2):
        message = plain_mail(token)
        del message["Message-ID"]
        message["X-Copy"] = str(number)
        pieces.append(sealed(message))
    return Post(tuple(pieces), (REGISTERED, REGISTERED))


def twice() -> Post:
    raw = sealed(plain_mail(next(_tokens)))
    return Post((raw, raw), (DUPLICATE, REGISTERED))


def by_two_ways() -> Post:
    """The same mail with other trace headers, as through a mailing list."""
    message = plain_mail(next(_tokens))
    first = sealed(message)
    return Post((first, b"Received: from a by b\r\n" + first), (DUPLICATE, REGISTERED))


def same_id() -> Post:
    """One Message-ID, two bodies: two letters, one of them suspicious."""
    token = next(_tokens)
    other = plain_mail(next(_tokens))
    other.replace_header("Message-ID", f"<storm{token}@example.org>")
    return Post((sealed(plain_mail(token)), sealed(other)), (REGISTERED, REGISTERED))


def several() -> Post:
    """Three letters in one mail: three numbers, or none."""
    token = next(_tokens)
    samples = (FIRST, SECOND, THIRD)
    files = {
        f"{n}.txt": replace(sample, number=f"ศธ ๐๔{n}๒๓/{token}", more=f"ครั้งที่ {token}").text()
        for n, sample in enumerate(samples, 1)
    }
    raw = mail_of(files, message_id=f"<storm{token}@example.org>")
    return Post((raw.replace(b"\n", b"\r\n"),), (REGISTERED,), letters=3)


def automatic() -> Post:
    message = plain_mail(next(_tokens))
    message["Auto-Submitted"] = "auto-replied"
    return Post((sealed(message),), (QUARANTINED,))


def damaged() -> Post:
    token = next(_tokens)
    message = blank_mail(token)
    message.set_content("")
    attach(message, b"%%PDF-1.4\nbroken %d" % token, "a.pdf")
    return Post((sealed(message),), (HELD,))


def marked() -> Post:
    token = next(_tokens)
    message = blank_mail(token, f"[ลับมาก] เรื่องที่ {token}")
    message.set_content(f"{SECRET_WORD} {token}")
    return Post((sealed(message),), (SECRET,))


def dropped_text() -> Post:
    text = letter_text(next(_tokens)).replace("|| ", "").replace("^^ ", "")
    return Post((text.encode(),), (REGISTERED,), ".txt")


def dropped_docx() -> Post:
    return Post((letter_docx(letter_text(next(_tokens))),), (REGISTERED,), ".docx")


def dropped_twice() -> Post:
    raw = letter_docx(letter_text(next(_tokens)))
    return Post((raw, raw), (DUPLICATE, REGISTERED), ".docx")


def dropped_mail() -> Post:
    return Post((sealed(plain_mail(next(_tokens))),), (REGISTERED,))


def dropped_damaged() -> Post:
    return Post((b"%%PDF-1.4\nbroken %d" % next(_tokens),), (HELD,), ".pdf")


def dropped_marked() -> Post:
    text = f"ลับมาก\n\n{SECRET_WORD} {next(_tokens)}\n"
    return Post((letter_docx(text),), (SECRET,), ".docx")


MAILS: tuple[Callable[[], Post], ...] = (
    *(plain, windows_874, html, with_docx, in_archive, forwarded, without_id, twice),
    *(by_two_ways, same_id, several, automatic, damaged, marked),
)
FILES: tuple[Callable[[], Post], ...] = (
    *(dropped_text, dropped_docx, dropped_twice, dropped_mail, dropped_damaged, dropped_marked),
)
