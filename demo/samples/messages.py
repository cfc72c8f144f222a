"""Sample letters as complete RFC 822 messages with Thai heads.

Subjects and names are RFC 2047 words, file names RFC 2231 parameters; Message-ID and Date are the
sample's own, so that a message is the same at each run.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage, Message, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime

from demo.samples.catalogue import MailHead, SampleForm, SampleLetter

OFFICE_NAME = "สำนักงานรัฐมนตรี กระทรวงศึกษาธิการ"
OFFICE_ADDRESS = "letters@minister.example"
# The mail's own name of Thai charsets that Python does not know (thai.md, Charsets).
_CODECS = {"windows-874": "cp874"}
_DOCX = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")
_PDF = ("application", "pdf")


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file to attach; its media type follows the ending of its name (.pdf or .docx)."""

    name: str
    content: bytes


def write_message(sample: SampleLetter, files: Sequence[MailFile] = ()) -> bytes:
    """Return a sample as the bytes of one message with CRLF line ends.

    Args:
        sample: a sample whose route is mail.
        files: the letter first, then its enclosure.

    Raises:
        ValueError: the sample is no mail.
    """
    if sample.mail is None:
        raise ValueError("a sample without a mail head is no message")
    message = EmailMessage(policy=SMTP)
    _set_head(message, sample, sample.mail)
    if sample.form is SampleForm.BOUNCE:
        _fill_bounce(message, sample)
    else:
        _fill_body(message, sample.mail, sample.mail.cover if files else sample.text)
        for file in files:
            main, sub = _DOCX if file.name.endswith(".docx") else _PDF
            message.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    _fix_boundaries(message, sample.id)
    return message.as_bytes()


def _set_head(message: EmailMessage, sample: SampleLetter, head: MailHead) -> None:
    bounced = sample.form is SampleForm.BOUNCE
    message["Return-Path"] = "<>" if bounced else f"<{head.from_address}>"
    message["From"] = Address(display_name=head.from_name, addr_spec=head.from_address)
    message["To"] = Address(display_name=OFFICE_NAME, addr_spec=OFFICE_ADDRESS)
    message["Subject"] = head.subject
    message["Date"] = format_datetime(head.sent_at)
    message["Message-ID"] = sample.message_id
    if sample.form in (SampleForm.AUTO_REPLY, SampleForm.BOUNCE):
        message["Auto-Submitted"] = "auto-replied"
    if sample.form is SampleForm.AUTO_REPLY:
        message["X-Auto-Response-Suppress"] = "All"
        message["In-Reply-To"] = "<outgoing-1042@minister.example>"


def _fill_body(message: EmailMessage, head: MailHead, text: str) -> None:
    if head.html:
        paragraphs = "".join(
            f"<p>{html.escape(part).replace(chr(10), '<br>')}</p>\n" for part in text.split("\n\n")
        )
        message.set_content(f"<html><body>\n{paragraphs}</body></html>\n", subtype="html")
        return
    codec = _CODECS.get(head.charset, head.charset)
    message.set_content(text + "\n", charset=codec, cte="base64")
    if codec != head.charset:
        message.set_param("charset", head.charset)


def _fill_bounce(message: EmailMessage, sample: SampleLetter) -> None:
    """Build a delivery report (RFC 3464): words, machine part, the head of what came back."""
    words = MIMEPart(policy=SMTP)
    words.set_content(sample.text + "\n")
    status = Message(policy=SMTP)
    status["Content-Type"] = "message/delivery-status"
    server, recipient = Message(policy=SMTP), Message(policy=SMTP)
    server["Reporting-MTA"] = "dns; mx.agency.example"
    recipient["Final-Recipient"] = "rfc822; closed-box@agency.example"
    recipient["Action"] = "failed"
    recipient["Status"] = "5.1.1"
    status.set_payload([server, recipient])
    returned = MIMEPart(policy=SMTP)
    returned["Content-Type"] = "text/rfc822-headers"
    returned.set_payload(
        f"From: {OFFICE_ADDRESS}\r\nTo: closed-box@agency.example\r\n"
        "Message-ID: <outgoing-1057@minister.example>\r\nSubject: Acknowledgement\r\n"
    )
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = 'multipart/report; report-type="delivery-status"'
    message.set_payload([words, status, returned])


def _fix_boundaries(message: EmailMessage, name: str) -> None:
    """Name each boundary after the sample: Python draws them by chance."""
    for number, part in enumerate(message.walk()):
        if part.get_content_maintype() == "multipart":
            part.set_boundary(f"=_{name}_{number}")
