from __future__ import annotations

import base64

import pytest

from intake.mail_parts import MailParts, Obstacle, PartCondition
from intake.mime import take_apart
from intake.part_names import mend_name

NAME = "หนังสือเชิญประชุม.pdf"
PDF = b"%PDF-1.7\n" + b"0" * 300


def part(*headers: str | bytes, body: bytes = PDF, encoded: bool = True) -> MailParts:
    lines = [line.encode() if isinstance(line, str) else line for line in headers]
    if encoded:
        lines.append(b"Content-Transfer-Encoding: base64")
        body = base64.encodebytes(body)
    return take_apart(
        b"From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        + b"\r\n".join(lines)
        + b"\r\n\r\n"
        + body
        + b"\r\n--b--\r\n"
    )


def word(text: bytes, charset: str = "utf-8") -> str:
    return f"=?{charset}?B?{base64.b64encode(text).decode()}?="


PERCENT = "".join(f"%{byte:02X}" for byte in NAME.encode())
PERCENT_874 = "".join(f"%{byte:02X}" for byte in NAME.encode("cp874"))


@pytest.mark.parametrize(
    "header",
    [
        f"Content-Disposition: attachment; filename*=UTF-8''{PERCENT}",
        f"Content-Disposition: attachment; filename*=windows-874''{PERCENT_874}",
        f"Content-Disposition: attachment; filename*0*=utf-8''{PERCENT[:60]};"
        f"\r\n filename*1*={PERCENT[60:]}",
        f'Content-Disposition: attachment; filename="{word(NAME.encode())}"',
        f'Content-Disposition: attachment; filename="{word(NAME.encode("cp874"), "tis-620")}"',
        b'Content-Disposition: attachment; filename="' + NAME.encode() + b'"',
        b'Content-Disposition: attachment; filename="' + NAME.encode("cp874") + b'"',
        f'Content-Disposition: attachment; filename="{word(word(NAME.encode()).encode())}"',
        f"Content-Disposition: attachment; filename*=utf-8''{word(NAME.encode())}",
        f'Content-Disposition: attachment; filename="{PERCENT}"',
        f'Content-Type: application/pdf; name="{word(NAME.encode())}"',
        'Content-Disposition: attachment; filename="'
        + word(NAME.encode().decode("latin-1").encode())
        + '"',
    ],
)
def test_a_thai_name_however_it_was_written(header: str | bytes) -> None:
    (found,) = part("Content-Type: application/octet-stream", header).attachments
    assert (found.file_name, found.data) == (NAME, PDF)


@pytest.mark.parametrize(
    "name", ["หนังสือ.pdf", "café.pdf", "เกก.pdf", "100%.pdf", "Ångström €.pdf", ""]
)
def test_a_right_name_is_not_mended(name: str) -> None:
    assert mend_name(name) == name


def test_a_file_elsewhere_is_listed() -> None:
    parts = part(
        'Content-Type: message/external-body; access-type=URL; name="a.pdf"',
        body=b"Content-Type: application/pdf\r\n\r\n",
        encoded=False,
    )
    assert [(a.file_name, a.condition) for a in parts.attachments] == [
        ("a.pdf", PartCondition.ELSEWHERE)
    ]
    assert "attachment_elsewhere" in parts.defects


@pytest.mark.parametrize(("total", "obstacles"), [("3", (Obstacle.MAIL_FRAGMENT,)), ("1", ())])
def test_a_fragment_is_an_obstacle_and_a_whole_is_none(
    total: str, obstacles: tuple[Obstacle, ...]
) -> None:
    raw = (
        f"From: a@example.org\nContent-Type: message/partial; id=x; number=1; total={total}\n\n"
        "Subject: inner\nContent-Type: text/plain\n\nhello\n"
    )
    parts = take_apart(raw.encode())
    assert parts.obstacles == obstacles
    assert obstacles or parts.body_text == "hello"


def test_a_mail_that_came_as_a_file_is_opened() -> None:
    inner = b"From: b@example.org\nTo: c@example.org\nSubject: x\n\nhello\n"
    (found,) = part('Content-Type: application/octet-stream; name="x.eml"', body=inner).attachments
    assert (found.text, found.condition) == ("hello", PartCondition.OPENED)


def test_a_resource_fork_is_an_accessory() -> None:
    raw = (
        b"From: a@example.org\nContent-Type: multipart/appledouble; boundary=b\n\n"
        b"--b\nContent-Type: application/applefile; name=a.pdf\n"
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(b"\0\5\x16\7" + b"0" * 90)
        + b"--b\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(PDF) + b"--b--\n"
    )  # fmt: skip
    assert [one.condition for one in take_apart(raw).attachments] == [
        PartCondition.ACCESSORY,
        PartCondition.WHOLE,
    ]


def test_a_report_of_a_machine_is_an_accessory() -> None:
    parts = part(
        "Content-Type: message/delivery-status",
        body=b"Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; q@x.th\n",
        encoded=False,
    )
    assert [one.condition for one in parts.attachments] == [PartCondition.ACCESSORY]
    assert b"q@x.th" in parts.attachments[0].data
