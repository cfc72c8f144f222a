from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import MimeTooLarge, MimeUnreadable
from intake.gate import AutomaticKind
from intake.mail_parts import MailParts, MimeLimits, PartCondition
from intake.mime import take_apart
from intake.outlook.properties import Property as P
from intake.outlook.rich_text import read_rich_text, unpack_rich_text
from tests.mail_files.outlook import Item, packed_rtf, write_msg, write_tnef

SUBJECT = "ขอความอนุเคราะห์ข้อมูลน้ำท่วม"
BODY = "เรียน ท่านรัฐมนตรี\n\nขอทราบข้อมูลน้ำท่วมในพื้นที่ตำบลบ้านป่า"
PDF = b"%PDF-1.7\n" + b"0" * 6_000
SENT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HTML = f"<html><body><p>{BODY}</p></body></html>"
WRAPPED = (
    rb"{\rtf1\ansi\ansicpg874\fromhtml1 \deff0"
    rb"{\fonttbl{\f0\fswiss Arial;}{\f1\fnil\fcharset222 A;}}"
    rb"{\*\htmltag19 <html>}{\*\htmltag50 <body>}{\*\htmltag64 <p>}\htmlrtf {\f1\htmlrtf0 "
    + "".join(f"\\'{byte:02x}" for byte in "น้ำท่วม".encode("cp874")).encode()
    + rb" \u3585? \'a2\htmlrtf }\par\htmlrtf0 {\*\htmltag72 </p>}{\*\htmltag58 </body>}}"
)


def item(**more: object) -> Item:
    given = {
        P.MESSAGE_CLASS: "IPM.Note",
        P.SUBJECT: SUBJECT,
        P.BODY: BODY,
        P.SENT_REPRESENTING_NAME: "สมชาย ใจดี",
        P.SENT_REPRESENTING_SMTP: "Somchai@example.go.th",
        P.CLIENT_SUBMIT_TIME: SENT,
        P.MESSAGE_ID: "<m1@example.go.th>",
        P.IN_REPLY_TO: "<m0@example.go.th>",
    }
    return Item(**{"properties": given, **more})  # type: ignore[arg-type]


def file(name: str, data: bytes | Item) -> tuple[dict[P, str], bytes | Item]:
    return {P.ATTACH_LONG_NAME: name}, data


def assert_same_mail(parts: MailParts) -> None:
    assert (parts.subject, parts.body_text) == (SUBJECT, BODY)
    assert (parts.sender_name, parts.sender_address) == ("สมชาย ใจดี", "somchai@example.go.th")
    assert parts.sent_at == SENT
    assert parts.message_id == "<m1@example.go.th>"
    assert parts.in_reply_to == "<m0@example.go.th>"


WRITERS = pytest.mark.parametrize("write", [write_msg, write_tnef])


@WRITERS
def test_an_outlook_file_reads_like_a_mail(write) -> None:  # type: ignore[no-untyped-def]
    parts = take_apart(write(item(files=[file("หนังสือเชิญ.pdf", PDF)])))
    assert_same_mail(parts)
    assert [(a.file_name, a.data) for a in parts.attachments] == [("หนังสือเชิญ.pdf", PDF)]


@pytest.mark.parametrize("named", [874, 1252, 0])
@WRITERS
def test_strings_in_a_thai_code_page(write, named: int) -> None:  # type: ignore[no-untyped-def]
    source = item(files=[file("หนังสือเชิญ.pdf", PDF)], eight_bit="cp874")
    if named:
        source.properties[P.MESSAGE_CODEPAGE] = named
    parts = take_apart(write(source))
    assert_same_mail(parts)
    assert parts.attachments[0].file_name == "หนังสือเชิญ.pdf"


def test_recipients_of_both_kinds() -> None:
    people = [
        {P.RECIPIENT_TYPE: 1, P.SMTP_ADDRESS: "Office@example.go.th", P.DISPLAY_NAME: "สำนักงาน"},
        {P.RECIPIENT_TYPE: 2, P.ADDRESS_TYPE: "SMTP", P.EMAIL_ADDRESS: "b@example.go.th"},
        {P.RECIPIENT_TYPE: 1, P.ADDRESS_TYPE: "EX", P.EMAIL_ADDRESS: "/O=X/CN=Y"},
        {P.RECIPIENT_TYPE: 3, P.SMTP_ADDRESS: "hidden@example.go.th"},
    ]
    parts = take_apart(write_msg(item(recipients=people)))
    assert parts.to == ("office@example.go.th", "b@example.go.th")


def test_a_sender_known_by_its_directory_name_only_keeps_the_name() -> None:
    source = Item({P.SENDER_NAME: "ฝ่ายสารบรรณ", P.SENDER_TYPE: "EX", P.SENDER_ADDRESS: "/O=A/CN=B"})
    parts = take_apart(write_msg(source))
    assert (parts.sender_name, parts.sender_address) == ("ฝ่ายสารบรรณ", None)


def test_the_headers_it_came_with_are_the_ones_the_gate_sees() -> None:
    headers = (
        "Microsoft Mail Internet Headers Version 2.0\r\nReceived: from a by b\r\n"
        "From: Bot <bot@example.org>\r\nSubject: old\r\nAuto-Submitted: auto-replied\r\n"
        "Message-ID: <t@example.org>\r\nContent-Type: text/html; charset=x\r\n\r\n"
    )
    source = item()
    source.properties[P.TRANSPORT_HEADERS] = headers
    parts = take_apart(write_msg(source))
    assert parts.automatic is not None
    assert parts.automatic.kind is AutomaticKind.AUTO_REPLY
    assert (parts.sender_address, parts.message_id) == ("bot@example.org", "<t@example.org>")
    assert (parts.subject, parts.body_text) == (SUBJECT, BODY)


@pytest.mark.parametrize(
    ("kind", "automatic"),
    [
        ("REPORT.IPM.Note.NDR", AutomaticKind.BOUNCE),
        ("REPORT.IPM.Note.IPNRN", AutomaticKind.RECEIPT),
        ("IPM.Note.Rules.OofTemplate.Microsoft", AutomaticKind.AUTO_REPLY),
        ("IPM.Note", None),
    ],
)
def test_what_outlook_calls_automatic(kind: str, automatic: AutomaticKind | None) -> None:
    source = item()
    source.properties[P.MESSAGE_CLASS] = kind
    verdict = take_apart(write_msg(source)).automatic
    assert (verdict.kind if verdict else None) is automatic


@pytest.mark.parametrize("page", [874, 65001, 0])
@WRITERS
def test_html_in_its_code_page(write, page: int) -> None:  # type: ignore[no-untyped-def]
    codec = {874: "cp874", 65001: "utf-8", 0: "cp874"}[page]
    source = item()
    del source.properties[P.BODY]
    source.properties[P.HTML] = HTML.encode(codec)
    if page:
        source.properties[P.INTERNET_CODEPAGE] = page
    parts = take_apart(write(source))
    assert parts.body_text.split() == BODY.split()
    assert parts.body_html_used


@WRITERS
def test_html_inside_rich_text(write) -> None:  # type: ignore[no-untyped-def]
    source = item()
    del source.properties[P.BODY]
    source.properties[P.RTF_COMPRESSED] = packed_rtf(WRAPPED)
    assert take_apart(write(source)).body_text == "น้ำท่วม ก ข"


def test_plain_text_that_lost_its_thai_gives_way() -> None:
    source = item()
    source.properties[P.BODY] = "?????? ????????????\r\n????????"
    source.properties[P.RTF_COMPRESSED] = packed_rtf(WRAPPED)
    assert take_apart(write_msg(source)).body_text == "น้ำท่วม ก ข"


def test_rich_text_without_html_is_text() -> None:
    rtf = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 X;}{\f1\fcharset222 Y;}}"
        rb"{\colortbl;\red1;}"
        rb"{\*\generator Riched20;}\f1\'b9\'e9\'d3\par{\f0 caf\'e9}"
        rb"\line {\pict ffd8}\u3585?\bin3 {}}x}"
    )
    found = read_rich_text(rtf)
    assert (found.text, found.is_html) == ("น้ำ\ncafé\nกx", False)


def test_packed_rich_text_unpacks() -> None:
    for text in (WRAPPED, WRAPPED * 40, b"{\\rtf1 x}"):
        assert unpack_rich_text(packed_rtf(text)) == text
    damaged = bytearray(packed_rtf(WRAPPED))
    damaged[12] ^= 1
    assert unpack_rich_text(bytes(damaged)) == WRAPPED
    assert len(unpack_rich_text(packed_rtf(WRAPPED * 40), limit=500)) < 700


@pytest.mark.parametrize(
    "packed",
    [b"", b"LZFu", b"\xff" * 16, b"\0" * 8 + b"LZFu" + b"\0" * 50, packed_rtf(WRAPPED)[:90]],
)
def test_damaged_rich_text_is_no_fault(packed: bytes) -> None:
    read_rich_text(unpack_rich_text(packed))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 300))
def test_no_rich_text_makes_it_fail(noise: bytes, place: int) -> None:
    read_rich_text(WRAPPED[:place] + noise + WRAPPED[place:])


@WRITERS
def test_an_embedded_message_stands_before_what_it_carries(write) -> None:  # type: ignore[no-untyped-def]
    inner = item(files=[file("ก.pdf", PDF)])
    outer = Item({P.SUBJECT: "ส่งต่อ", P.BODY: "โปรดดู"}, files=[({P.DISPLAY_NAME: "เดิม"}, inner)])
    parts = take_apart(write(outer))
    mail, pdf = parts.attachments
    assert (mail.file_name, mail.text, mail.subject) == ("เดิม.eml", BODY, SUBJECT)
    assert (pdf.file_name, pdf.nested_in, pdf.data) == ("ก.pdf", 0, PDF)
    assert_same_mail(take_apart(mail.data))
    assert take_apart(write(outer)).content_sha256 == parts.content_sha256


@WRITERS
def test_an_outlook_file_attached_to_a_mail(write) -> None:  # type: ignore[no-untyped-def]
    from email.message import EmailMessage

    data = write(item(files=[file("ก.pdf", PDF)]))
    mail = EmailMessage()
    mail["From"] = "a@example.org"
    mail.add_attachment(data, maintype="application", subtype="octet-stream", filename="x.dat")
    parts = take_apart(mail.as_bytes())
    outer, pdf = parts.attachments
    assert outer.data == data
    assert outer.condition is PartCondition.OPENED
    assert (pdf.file_name, pdf.nested_in) == ("ก.pdf", 0)
    assert BODY in (outer.text, parts.body_text)


@pytest.mark.parametrize(("outside", "whole"), [("", True), (BODY, False), ("แนบ", True)])
def test_the_text_of_winmail_dat_is_used_once(outside: str, whole: bool) -> None:
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["From"] = "a@example.org"
    mail.set_content(outside)
    mail.add_attachment(
        write_tnef(item()), maintype="application", subtype="ms-tnef", filename="winmail.dat"
    )
    parts = take_apart(mail.as_bytes())
    assert parts.body_text == (f"{outside}\n\n{BODY}".strip() if whole else outside)


def test_an_invitation_says_when() -> None:
    source = item()
    source.properties[P.MESSAGE_CLASS] = "IPM.Schedule.Meeting.Request"
    source.properties[P.START_DATE] = datetime(2026, 12, 2, 2, 30, tzinfo=UTC)
    (calendar,) = take_apart(write_msg(source)).attachments
    assert "เริ่ม วันที่ 2 ธันวาคม 2569 เวลา 09.30 น." in calendar.text


def test_a_signed_mail_kept_in_one_file() -> None:
    entity = (
        b"Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\nContent-Type: text/plain;"
        b" charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + BODY.encode()
        + b"\r\n--s\r\n"
        b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nx\r\n--s--\r\n"
    )
    source = Item(
        {P.MESSAGE_CLASS: "IPM.Note.SMIME.MultipartSigned", P.SUBJECT: SUBJECT},
        files=[file("smime.p7m", entity)],
    )
    parts = take_apart(write_msg(source))
    assert parts.body_text == BODY
    assert [a.condition for a in parts.attachments] == [PartCondition.ACCESSORY]


def nested(levels: int) -> Item:
    one = item()
    for _ in range(levels):
        one = Item({P.SUBJECT: "x"}, files=[({P.DISPLAY_NAME: "y"}, one)])
    return one


@WRITERS
def test_bombs_of_outlook_end_in_a_named_limit_and_soon(write) -> None:  # type: ignore[no-untyped-def]
    started = time.monotonic()
    for source in (nested(100), Item(files=[file(f"{n}.txt", b"x") for n in range(600)])):
        with pytest.raises(MimeTooLarge):
            take_apart(write(source))
    assert time.monotonic() - started < 10


def test_streams_that_share_their_sectors_do_not_swell() -> None:
    data = write_msg(Item(files=[file(f"{n}.bin", bytes([n]) * 100_000) for n in range(9)]))
    # Every attachment's stream is pointed at the first one's sectors, with a size of its own.
    marker = "__substg1.0_37010102".encode("utf-16-le")
    places = [n for n in range(len(data)) if data.startswith(marker, n)]
    assert len(places) == 9
    swollen = bytearray(data)
    for place in places:
        swollen[place + 120 : place + 124] = (800_000).to_bytes(4, "little")
    try:
        parts = take_apart(bytes(swollen), MimeLimits(max_bytes=2_000_000))
    except MimeTooLarge:
        return
    assert sum(len(one.data) for one in parts.attachments) <= 3 * len(data)


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 20_000), st.binary(min_size=1, max_size=8))
def test_no_damage_makes_an_outlook_file_fail_without_a_name(place: int, noise: bytes) -> None:
    for data in (MSG, TNEF):
        at = place % len(data)
        for broken in (data[:at] + noise + data[at + len(noise) :], data[:at]):
            try:
                take_apart(broken)
            except MimeTooLarge:
                pass
            except MimeUnreadable:
                pytest.fail("every damage is within what is read by hand")


MSG = write_msg(item(files=[file("ก.pdf", PDF[:900]), ({P.DISPLAY_NAME: "เดิม"}, item())]))
TNEF = write_tnef(item(files=[file("ก.pdf", PDF[:900]), ({P.DISPLAY_NAME: "เดิม"}, item())]))
