"""What a mail claims to answer."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondence.mail_thread import MailThread
from intake.mime import take_apart
from intake.threads import MAX_NUMBERS, MAX_THREAD, read_thread


def thread_of(body: str, subject: str = "เรื่อง", **headers: str) -> MailThread:
    message = EmailMessage()
    message["From"] = "a@example.org"
    message["Subject"] = subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return read_thread(take_apart(bytes(message)))


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("ตามเลขรับที่ ๑๒๓/๒๕๖๙ นั้น", ("123/2569",)),
        ("เลขทะเบียนรับที่ 7/2569", ("7/2569",)),
        ("เลขที่รับ: 0045/2568", ("45/2568",)),
        ("Register No. 12/2569 and case number 13/2569", ("12/2569", "13/2569")),
        ("ที่ ศธ 0201/123/2569", ()),
        ("โทร 02/2569", ()),
        ("เลขรับ 123456789/2569", ()),
        ("เลขรับ 12/25699", ()),
    ],
)
def test_register_numbers_are_told_from_other_numbers(words: str, numbers: tuple[str, ...]) -> None:
    assert thread_of(f"ข้อความ\n{words}\n").numbers == numbers
    assert thread_of("ข้อความ", subject=words).numbers == numbers


def test_headers_are_claims_of_the_thread() -> None:
    found = thread_of("ก", In_Reply_To="<b@x>", References="<a@x> <b@x>")
    assert (found.answers, found.thread) == ("<b@x>", ("<a@x>", "<b@x>"))
    assert found and not thread_of("ก")


@given(st.lists(st.integers(1, 10**6), max_size=200))
def test_claims_are_bounded(numbers: list[int]) -> None:
    body = "\n".join(f"เลขรับ {number}/2569" for number in numbers)
    found = thread_of(body, References=" ".join(f"<{number}@x>" for number in numbers) or "<1@x>")
    assert len(found.numbers) <= MAX_NUMBERS
    assert len(found.thread) <= MAX_THREAD
