from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.invitations import read_invitation
from intake.mime import take_apart


def calendar(*lines: str, method: str = "REQUEST") -> bytes:
    head = ("BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT")
    return "\r\n".join((*head, *lines, "END:VEVENT", "END:VCALENDAR", "")).encode()


def test_an_invitation_says_what_when_and_where() -> None:
    text = read_invitation(
        calendar(
            "SUMMARY:ประชุมคณะกรรมการ\\, ครั้งที่ 3",
            "DTSTART;TZID=SE Asia Standard Time:20261202T093000",
            "DTEND:20261202T050000Z",
            'ORGANIZER;CN="ฝ่ายเลขา: กลุ่ม 1":mailto:a@example.org',
            "LOCATION:ห้องประชุม 2 อาคาร",
            "  ราชวัลลภ",
            "DESCRIPTION:โปรดแจ้งผล\\nขอบคุณ",
            "BEGIN:VALARM",
            "DESCRIPTION:Reminder",
            "END:VALARM",
        )
    )
    assert text.split("\n") == [
        "เรื่อง ประชุมคณะกรรมการ, ครั้งที่ 3",
        "เริ่ม วันที่ 2 ธันวาคม 2569 เวลา 09.30 น.",
        "ถึงเวลา วันที่ 2 ธันวาคม 2569 เวลา 12.00 น.",
        "สถานที่ ห้องประชุม 2 อาคาร ราชวัลลภ",
        "ผู้จัด ฝ่ายเลขา: กลุ่ม 1",
        "รายละเอียด โปรดแจ้งผล",
        "ขอบคุณ",
    ]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("DTSTART;VALUE=DATE:25691202", "วันที่ 2 ธันวาคม 2569"),
        ("DTSTART;TZID=Europe/Berlin:20261202T033000", "วันที่ 2 ธันวาคม 2569 เวลา 09.30 น."),
        ("DTSTART:20261202T093000", "วันที่ 2 ธันวาคม 2569 เวลา 09.30 น."),
        ("DTSTART:20261399", "20261399"),
        ("DTSTART:soon", "soon"),
    ],
)
def test_every_way_to_write_a_moment(line: str, shown: str) -> None:
    assert read_invitation(calendar(line)) == f"เริ่ม {shown}"


def test_a_cancelled_meeting_says_so() -> None:
    text = read_invitation(calendar("SUMMARY:ประชุม", method="CANCEL"))
    assert text == "ยกเลิกนัดหมาย\n\nเรื่อง ประชุม"


def test_the_calendar_of_an_alternative_is_an_enclosure_that_can_be_read() -> None:
    raw = (
        b"From: a@example.org\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhello\r\n"
        b"--b\r\nContent-Type: text/calendar; charset=utf-8; method=REQUEST\r\n\r\n"
        + calendar("SUMMARY:ประชุม", "LOCATION:ห้อง 1")
        + b"\r\n--b--\r\n"
    )
    parts = take_apart(raw)
    (invitation,) = parts.attachments
    assert parts.body_text == "hello"
    assert (invitation.file_name, invitation.text) == ("invitation.ics", "เรื่อง ประชุม\nสถานที่ ห้อง 1")


@given(st.text(max_size=300))
def test_nothing_makes_it_fail(text: str) -> None:
    assert isinstance(read_invitation(calendar(*text.split("\n"))), str)
    assert isinstance(read_invitation(text.encode("utf-8", "replace")), str)
