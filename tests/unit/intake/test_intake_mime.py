from __future__ import annotations

import base64
import binascii
import quopri
import time
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pythainlp.corpus.common import thai_words
from pythainlp.tokenize import word_tokenize

from correspondence.errors import SarabanError
from extractors.orthography import count_violations
from intake.errors import MimeTooLarge, MimeUnreadable
from intake.gate import AutomaticKind
from intake.mail_parts import MailParts, MimeLimits, PartCondition
from intake.mime import take_apart

BODY = "เรียน ท่านรัฐมนตรี\n\nขอความอนุเคราะห์ข้อมูลน้ำท่วม"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"0" * 500


def simple(*headers: str, body: bytes = b"", charset: str = "utf-8") -> bytes:
    head = [
        "From: =?utf-8?B?" + base64.b64encode("สมชาย ใจดี".encode()).decode() + "?= <a@x.th>",
        "To: office@example.go.th",
        "Subject: test",
        *headers,
    ]
    if not any(line.lower().startswith("content-type") for line in headers):
        head.append(f"Content-Type: text/plain; charset={charset}")
    return "\r\n".join(head).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def composed(*files: tuple[str, str, bytes], text: str = BODY, html: str = "") -> bytes:
    message = EmailMessage()
    message["From"] = "Clerk <clerk@example.go.th>"
    message["To"] = "Office <office@example.go.th>, b@example.go.th"
    message["Subject"] = "ขอเชิญประชุม"
    message["Message-ID"] = "<one@example.go.th>"
    message["In-Reply-To"] = "<zero@example.go.th>"
    message["References"] = "<root@example.go.th> <zero@example.go.th>"
    message["Date"] = "Sat, 21 Nov 2569 08:30:00 +0700"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for name, kind, data in files:
        main, sub = kind.split("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def test_an_ordinary_mail() -> None:
    parts = take_apart(composed(("หนังสือ.pdf", "application/pdf", PDF)))
    assert parts.subject == "ขอเชิญประชุม"
    assert (parts.sender_name, parts.sender_address) == ("Clerk", "clerk@example.go.th")
    assert parts.to == ("office@example.go.th", "b@example.go.th")
    assert parts.sent_at is not None
    assert parts.sent_at.isoformat() == "2026-11-21T08:30:00+07:00"
    assert parts.message_id == "<one@example.go.th>"
    assert parts.in_reply_to == "<zero@example.go.th>"
    assert parts.references == ("<root@example.go.th>", "<zero@example.go.th>")
    assert parts.body_text == BODY
    assert not parts.body_html_used
    (attachment,) = parts.attachments
    assert (attachment.file_name, attachment.data) == ("หนังสือ.pdf", PDF)
    assert (attachment.declared_type, attachment.inline) == ("application/pdf", False)
    assert parts.defects == ()
    assert parts.automatic is None


@pytest.mark.parametrize("charset", ["utf-8", "tis-620", "windows-874", "iso-8859-11", "x-unknown"])
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable", "quoted printable"])
def test_the_body_in_every_charset_and_encoding(charset: str, encoding: str) -> None:
    octets = BODY.encode("cp874" if charset == "x-unknown" else charset.replace("windows-", "cp"))
    if encoding == "base64":
        octets = base64.encodebytes(octets)
    elif encoding.startswith("quoted"):
        octets = quopri.encodestring(octets)
    header = f"Content-Transfer-Encoding: {encoding}"
    assert take_apart(simple(header, body=octets, charset=charset)).body_text == BODY


def test_html_is_used_where_the_plain_text_says_nothing() -> None:
    html = "<html><head><style>p{}</style></head><body><p>" + BODY * 10 + "</p></body></html>"
    stub = take_apart(composed(text="Please use an HTML mailer.", html=html))
    assert stub.body_html_used
    assert "น้ำท่วม" in stub.body_text
    assert "p{}" not in stub.body_text
    assert not take_apart(composed(html="<p>x</p>")).body_html_used


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<",
        "<p>เรียน",
        "<div>" * 3000,
        "<table><tr><td>ก<td>ข",
        "\0<b>x",
        "<?xml version='1.0' encoding='tis-620'?><p>ก</p>",
    ],
)
def test_damaged_html_is_no_fault(html: str) -> None:
    raw = simple("Content-Type: text/html; charset=utf-8", body=html.encode())
    assert isinstance(take_apart(raw), MailParts)


def test_html_names_its_own_charset() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=tis-620"><p>น้ำท่วม</p>'
    raw = simple("Content-Type: text/html", body=page.encode("cp874"))
    assert take_apart(raw).body_text == "น้ำท่วม"


def test_quoted_chain_and_signature_stand_apart() -> None:
    text = (
        f"{BODY}\n\n-- \nสมชาย ใจดี\nโทร. 0 2000 0000\n\n"
        "On Fri, 20 Nov 2026 at 09:00, Office <office@example.go.th> wrote:\n> เรียน คุณสมชาย\n"
    )
    parts = take_apart(composed(text=text))
    assert parts.body_text == BODY
    assert parts.signature.startswith("--\nสมชาย") or parts.signature.startswith("-- \nสมชาย")
    assert "เรียน คุณสมชาย" in parts.quoted


def test_a_nested_mail_stands_before_what_it_carries() -> None:
    inner = EmailMessage()
    inner["Subject"] = "เรื่องเดิม"
    inner["From"] = "x@y.th"
    inner.set_content("เนื้อความเดิม")
    inner.add_attachment(PDF, maintype="application", subtype="pdf", filename="a.pdf")
    outer = EmailMessage()
    outer["Subject"] = "Fwd"
    outer["From"] = "z@y.th"
    outer.set_content("ส่งต่อ")
    outer.add_attachment(inner)
    parts = take_apart(outer.as_bytes())
    mail, pdf = parts.attachments
    assert (mail.declared_type, mail.file_name, mail.nested_in) == (
        "message/rfc822", "เรื่องเดิม.eml", None,
    )  # fmt: skip
    assert mail.text == "เนื้อความเดิม"
    assert (pdf.file_name, pdf.nested_in, pdf.data) == ("a.pdf", 0, PDF)
    assert take_apart(mail.data).body_text == "เนื้อความเดิม"


def test_an_inline_pdf_and_a_nameless_one_are_kept() -> None:
    raw = (
        b"From: a@x.th\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
        b"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: inline; filename=x.pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(PDF) + b"\r\n"
        b"--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        b"\r\n" + base64.encodebytes(PDF) + b"\r\n"
        b"--b\r\nContent-Type: application/pdf; name=empty.pdf\r\n\r\n\r\n--b--\r\n"
    )
    parts = take_apart(raw)
    assert [(a.file_name, len(a.data), a.inline) for a in parts.attachments] == [
        ("x.pdf", len(PDF), True),
        ("part-2.pdf", len(PDF), False),
        ("empty.pdf", 0, False),
    ]
    assert parts.defects == ("empty_part",)


def test_uuencoded_files_leave_the_text() -> None:
    lines = [binascii.b2a_uu(PDF[i : i + 45]).decode() for i in range(0, len(PDF), 45)]
    body = f"ดังแนบ\n\nbegin 644 letter.pdf\n{''.join(lines)}`\nend\nขอบคุณ"
    parts = take_apart(simple(body=body.encode()))
    assert "begin" not in parts.body_text
    assert parts.body_text.startswith("ดังแนบ")
    assert parts.body_text.endswith("ขอบคุณ")
    assert [(a.file_name, a.data) for a in parts.attachments] == [("letter.pdf", PDF)]


def test_a_sentence_that_begins_is_no_file() -> None:
    text = "begin 2026 with this\nplan\nend"
    assert take_apart(simple(body=text.encode())).body_text == text


def test_winmail_dat_is_named() -> None:
    parts = take_apart(composed(("winmail.dat", "application/ms-tnef", b"\x78\x9f\x3e\x22" * 9)))
    assert parts.defects == ("winmail_dat", "tnef_damaged")
    assert parts.attachments[0].condition is PartCondition.DAMAGED
    bare = take_apart(b"\x78\x9f\x3e\x22" * 9)
    assert bare.defects == ("winmail_dat", "tnef_damaged", "no_headers")
    assert [one.file_name for one in bare.attachments] == ["winmail.dat"]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\หนังสือ.pdf", "หนังสือ.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("ก" * 500 + ".pdf", "ก" * 176 + ".pdf"),
        ("..", "part-1.pdf"),
    ],
)
def test_a_file_name_is_never_a_path(given: str, name: str) -> None:
    quoted = given.replace("\\", "\\\\")
    raw = simple(f'Content-Type: application/pdf; name="{quoted}"', body=PDF)
    assert take_apart(raw).attachments[0].file_name == name


def test_the_content_hash_forgets_the_route() -> None:
    one = composed(("a.pdf", "application/pdf", PDF))
    other = b"Received: from x by y; 1 Jan 2026\r\nX-Spam: no\r\n" + one.replace(
        b"<one@example.go.th>", b"<two@example.go.th>"
    )
    assert take_apart(one).content_sha256 == take_apart(other).content_sha256
    for changed in (
        composed(("a.pdf", "application/pdf", PDF + b"1")),
        composed(("a.pdf", "application/pdf", PDF), text=BODY + "ๆ"),
        composed(),
        one.replace(b"clerk@", b"clark@"),
    ):
        assert take_apart(changed).content_sha256 != take_apart(one).content_sha256


def nested_parts(levels: int) -> bytes:
    head = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(levels)
    )
    return b"From: a@x.th\r\n" + head + b"Content-Type: text/plain\r\n\r\nx\r\n"


def nested_mails(levels: int) -> bytes:
    return b"From: a@x.th\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * levels + b"\r\nx"


def many_parts(count: int, part: bytes = b"Content-Type: text/plain\r\n\r\nx") -> bytes:
    head = b"From: a@x.th\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    return head + b"".join(b"--b\r\n" + part + b"\r\n" for _ in range(count)) + b"--b--\r\n"


@pytest.mark.parametrize(
    ("raw", "limit"),
    [
        (nested_parts(100), "depth"),
        (nested_parts(5_000), "parts"),
        (nested_mails(100), "depth"),
        (nested_mails(20_000), "parts"),
        (many_parts(10_000), "parts"),
        (many_parts(10_000, b"\r\nx"), "parts"),
        (many_parts(600), "parts"),
    ],
)
def test_bombs_end_in_a_named_limit_and_soon(raw: bytes, limit: str) -> None:
    started = time.monotonic()
    with pytest.raises(MimeTooLarge) as caught:
        take_apart(raw)
    assert caught.value.limit == limit
    assert time.monotonic() - started < 5


def test_a_mail_above_the_limit_is_refused_unparsed() -> None:
    with pytest.raises(MimeTooLarge) as caught:
        take_apart(composed(), MimeLimits(max_bytes=100))
    assert caught.value.limit == "bytes"
    assert "100" in caught.value.thai


def test_a_mail_known_by_its_headers_only_is_too_large() -> None:
    with pytest.raises(MimeTooLarge):
        take_apart(b"X-Saraban-Oversize: 99999999\r\nSubject: x\r\n\r\n")


def test_a_long_text_is_cut_and_says_so() -> None:
    parts = take_apart(simple(body=b"x" * 5_000), MimeLimits(max_text=1_000))
    assert (len(parts.body_text), parts.defects) == (1_000, ("text_cut",))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"Subject",
        b"From: =?x?B?=?= <@>\r\nTo: ;;;<<>>\r\nDate: x\r\n\r\n",
        b"Content-Type: multipart/related\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=\r\n\r\nx",
        b'Content-Type: text/plain; charset="\xff\xfe"\r\n\r\nx',
        b"Content-Type: \xe0\xb8\x81/\xe0\xb8\x82\r\n\r\nx",
        b"Content-Transfer-Encoding: base64\r\n\r\n=!=!=x",
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%%",
        b"From: " + b"<" * 50_000 + b"\r\n\r\nx",
        b"Subject: " + b"=?utf-8?B?" * 5_000 + b"\r\n\r\nx",
        b"Received: x\r\n" * 20_000 + b"\r\nx",
    ],
)
def test_awkward_mails_are_no_fault(raw: bytes) -> None:
    started = time.monotonic()
    assert len(take_apart(raw).content_sha256) == 64
    assert time.monotonic() - started < 5


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail_without_a_name(raw: bytes) -> None:
    with_head = b"From: a@x.th\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + raw
    for mail in (raw, with_head):
        try:
            take_apart(mail)
        except (MimeTooLarge, MimeUnreadable):
            pytest.fail("these bytes are within every limit")


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("X-Saraban: 1", AutomaticKind.LOOP),
        ("Auto-Submitted: auto-replied (vacation)", AutomaticKind.AUTO_REPLY),
        ("Auto-Submitted: no", None),
        ("Precedence: bulk", AutomaticKind.BULK),
        ("Precedence: auto_reply", AutomaticKind.AUTO_REPLY),
        ("Precedence: first-class", None),
        ("X-Auto-Response-Suppress: OOF, AutoReply", AutomaticKind.AUTO_REPLY),
        ("X-Auto-Response-Suppress: None", None),
        ("List-Id: <x.y>", AutomaticKind.MAILING_LIST),
        ("List-Unsubscribe: <mailto:x@y>", AutomaticKind.MAILING_LIST),
        ("Return-Path: <>", AutomaticKind.BOUNCE),
        ("Return-Path: <a@x.th>", None),
        ("X-Failed-Recipients: q@x.th", AutomaticKind.BOUNCE),
        ('Content-Type: multipart/report; report-type="delivery-status"; boundary=b',
         AutomaticKind.BOUNCE),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
         AutomaticKind.RECEIPT),
    ],
)  # fmt: skip
def test_automatic_mail_is_known_by_its_headers(header: str, kind: AutomaticKind | None) -> None:
    verdict = take_apart(simple(header, body=b"x")).automatic
    assert (verdict.kind if verdict else None) is kind
    if verdict:
        assert any("ก" <= character <= "๙" for character in verdict.thai)
        assert verdict.english.endswith(".")


@pytest.mark.parametrize(
    "sender", ["MAILER-DAEMON@x.th", "Mail Delivery <postmaster@x.th>", "MAILER-DAEMON"]
)
def test_a_daemon_is_no_correspondent(sender: str) -> None:
    verdict = take_apart(f"From: {sender}\r\n\r\nx".encode()).automatic
    assert verdict is not None
    assert verdict.kind is AutomaticKind.BOUNCE


def test_a_postmaster_in_a_name_is_a_person() -> None:
    assert take_apart(b"From: Post Master <postmaster.ral@x.th>\r\n\r\nx").automatic is None


@pytest.mark.shared
def test_every_awkward_mail_ends_in_parts_or_a_name(shared: Path) -> None:
    files = [p for p in sorted((shared / "data" / "mail").iterdir()) if p.name != "MANIFEST.json"]
    assert len(files) == 222
    read = 0
    for path in files:
        started = time.monotonic()
        try:
            parts = take_apart(path.read_bytes())
        except SarabanError as fault:
            assert fault.code in {"mail_too_large", "mail_unreadable"}
        else:
            read += 1
            assert parts.subject == parts.subject.strip()
            for attachment in parts.attachments:
                assert attachment.file_name
                assert "/" not in attachment.file_name
        assert time.monotonic() - started < 5
    assert read == 222


@pytest.mark.shared
def test_thai_letters_of_awkward_mails_are_thai(shared: Path) -> None:
    for path in sorted((shared / "data" / "mail").iterdir()):
        parts = take_apart(path.read_bytes())
        pieces = (parts.subject, parts.body_text, parts.quoted, parts.signature)
        for text in pieces:
            thai = sum("\u0e01" <= letter <= "\u0e5b" for letter in text)
            if thai:
                assert count_violations(text) * 20 <= thai, path.name
                assert is_thai(text), path.name


WRONG = (
    None, "", "us-ascii", "iso-8859-1", "windows-1252", "x-unknown", "unknown-8bit", "utf-8",
    "windows-874", "tis-620", "iso-8859-11", "x-windows-874", "tis-620-2533", "binary",
)  # fmt: skip


@pytest.mark.parametrize("declared", WRONG)
@pytest.mark.parametrize("codec", ["cp874", "utf-8"])
def test_thai_is_thai_in_every_place_whatever_was_declared(
    declared: str | None, codec: str
) -> None:
    said = BODY.replace("\n\n", " ").encode(codec)
    encoded = base64.b64encode(said).decode()
    word = f"=?{declared or 'unknown'}?B?{encoded}?=".encode()
    kind = f"; charset={declared}".encode() if declared is not None else b""
    raw = (
        b"From: " + word + b" <a@example.org>\r\nSubject: " + said + b"\r\nX-Subject: " + word
        + b"\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain" + kind + b"\r\n\r\n" + said
        + b"\r\n--b\r\nContent-Type: text/html" + kind + b"\r\n\r\n<p>" + said + b"</p>"
        b"\r\n--b\r\nContent-Type: application/pdf; name=\"" + said + b".pdf\"\r\n\r\n%PDF-"
        b"\r\n--b--\r\n"
    )  # fmt: skip
    parts = take_apart(raw)
    expected = BODY.replace("\n\n", " ")
    assert (parts.subject, parts.sender_name) == (expected, expected)
    assert parts.body_text == f"{expected}\n\n{expected}"
    assert parts.attachments[0].file_name == f"{expected}.pdf"


def is_thai(text: str) -> bool:
    """Tell whether at least half of the Thai letters stand in words of the dictionary."""
    words = [word for word in word_tokenize(text, engine="newmm-safe") if is_thai_letter(word[0])]
    known = sum(len(word) for word in words if word in thai_words())
    return known * 2 >= sum(map(len, words))


def is_thai_letter(letter: str) -> bool:
    return "\u0e01" <= letter <= "\u0e5b"


def test_the_measure_of_thai_knows_garbled_text() -> None:
    assert is_thai(BODY)
    assert not is_thai("Просьба ознакомиться".encode().decode("cp874", "ignore"))
