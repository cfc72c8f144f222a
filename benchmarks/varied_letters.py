"""The demo's sample letters with other numbers in them: as many different letters as wanted."""

from __future__ import annotations

import random
import re
from functools import cache

from correspondence.thai_digits import thai_digits
from correspondence.vocabulary import IntakeOutcome
from demo.samples.catalogue import DOCUMENT_FORMS, SampleForm, SampleLetter, load_samples
from demo.samples.layout import plain_text

_DIGITS = re.compile(r"[0-9]{3,}|[๐-๙]{3,}")
# Years and the hotline of the government stay, or dates and senders would make no sense.
_KEPT = re.compile(r"(?:25|20|๒๕|๒๐)..|1111|๑๑๑๑")
_MAILS = frozenset({SampleForm.MAIL_BODY, SampleForm.WEB_FORM})


@cache
def document_samples() -> tuple[SampleLetter, ...]:
    """Return the samples that are registered and written as a document."""
    return tuple(
        sample
        for sample in load_samples()
        if sample.expected is IntakeOutcome.REGISTERED and sample.form in DOCUMENT_FORMS
    )


@cache
def mail_samples() -> tuple[SampleLetter, ...]:
    """Return the samples that are registered and stand in a mail's own text."""
    return tuple(
        sample
        for sample in load_samples()
        if sample.expected is IntakeOutcome.REGISTERED and sample.form in _MAILS
    )


def varied_text(sample: SampleLetter, number: int) -> str:
    """Return a sample's text with other numbers; each `number` gives a letter of its own."""
    chance = random.Random(f"{sample.id} {number}")

    def other(found: re.Match[str]) -> str:
        word = found.group()
        if _KEPT.fullmatch(word):
            return word
        drawn = str(chance.randrange(10 ** (len(word) - 1), 10 ** len(word)))
        return drawn if word[0].isascii() else thai_digits(drawn)

    told = _DIGITS.sub(other, sample.text).rstrip()
    last = f"Our file {number}" if sample.language == "en" else f"เลขที่คำขอ {thai_digits(number)}"
    return f"{told}\n\n{last}\n"


def varied_mail(number: int, *, seed: str = "") -> bytes:
    """Return a plain text mail of its own for each number and seed."""
    samples = mail_samples()
    sample = samples[number % len(samples)]
    name = f"{seed}{number}"
    head = (
        f"From: writer{number % 997}@example.org\r\nTo: saraban@example.go.th\r\n"
        f"Subject: letter {name}\r\nDate: Fri, 20 Nov 2026 09:00:00 +0700\r\n"
        f"Message-ID: <varied-{name}@example.org>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n\r\n"
    )
    body = plain_text(varied_text(sample, number)).replace("\n", "\r\n")
    return head.encode() + body.encode()
