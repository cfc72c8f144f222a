"""A mail read: its own text, its attachments, a secrecy mark in any of them.

Runs in a child process; see `pipeline.reading_job`.
"""

from __future__ import annotations

from correspondence.errors import SarabanError
from correspondence.reading import Extraction, PageText, join_pages
from correspondence.vocabulary import READABLE, ReadMethod, ReadOutcome, Secrecy
from extractors.fields import (
    MailHead,
    distinct,
    read_fields,
    restrict_head,
    restrict_pages,
    restrict_words,
    secrecy_mark,
)
from extractors.media import media_type
from extractors.reader import read_document
from extractors.request import ReadingRequest
from intake.choice import choose_letter
from intake.mail_parts import MailAttachment, MailParts
from intake.mime import take_apart
from pipeline.item_reading import MAIL, Automatic, ItemReading, carry
from pipeline.mail_joining import join_mail

MAX_ATTACHMENTS_READ = 40
# Logos and trackers in signatures: too small to be a page of a letter.
SMALL_INLINE_IMAGE = 40_000


def read_mail(payload: bytes, name: str, request: ReadingRequest) -> ItemReading:
    """Read the bytes of a mail; never raises for what they say."""
    name, in_name = restrict_words(name)
    try:
        parts = take_apart(payload)
    except SarabanError as fault:
        outcome = ReadOutcome.TOO_LARGE if fault.code == "mail_too_large" else ReadOutcome.DAMAGED
        return ItemReading(
            extraction=Extraction(
                file=name, outcome=outcome, media_type=MAIL, warnings=(fault.code,)
            )
        )
    head, in_head = restrict_head(
        MailHead(
            subject=parts.subject,
            sender_name=parts.sender_name,
            sender_address=parts.sender_address,
            sent_at=parts.sent_at,
        )
    )
    body, in_body = restrict_pages(_body_pages(parts))
    grade = secrecy_mark(body, subject=parts.subject)
    attachments: list[Extraction] = []
    for attachment in parts.attachments[:MAX_ATTACHMENTS_READ]:
        if grade is not Secrecy.OPEN:
            break
        read = _read_attachment(attachment, request)
        if read.outcome is ReadOutcome.SECRET:
            grade = Secrecy(read.fields.secrecy.value or Secrecy.CONFIDENTIAL)
        attachments.append(read)
    if grade is not Secrecy.OPEN:
        empty = Extraction(file=name, outcome=ReadOutcome.SECRET, media_type=MAIL)
        return ItemReading(extraction=empty.withheld(grade))
    texts = {index: read.text for index, read in enumerate(attachments) if read.text}
    chosen = choose_letter(parts.attachments[: len(attachments)], texts)
    if chosen is not None and attachments[chosen].outcome not in READABLE:
        chosen = None
    note = Extraction(
        file=name,
        outcome=ReadOutcome.OK,
        media_type=MAIL,
        pages=body,
        restricted=(*in_body, *in_head, *in_name),
    )
    extraction = join_mail(note, head, attachments, chosen, request)
    if len(parts.attachments) > MAX_ATTACHMENTS_READ:
        extraction = extraction.model_copy(
            update={"warnings": (*extraction.warnings, "attachments_not_read")}
        )
    verdict = parts.automatic
    return ItemReading(
        extraction=extraction,
        carried=tuple(
            carry("letter" if index == chosen else "enclosure", attachment.data, read)
            for index, (attachment, read) in enumerate(
                zip(parts.attachments, attachments, strict=False)
            )
        ),
        sender_name=head.sender_name,
        sender_address=head.sender_address,
        message_id=parts.message_id,
        content_sha256=parts.content_sha256,
        automatic=Automatic(code=verdict.kind.value, thai=verdict.thai, english=verdict.english)
        if verdict
        else None,
        restricted=extraction.restricted,
    )


def _body_pages(parts: MailParts) -> tuple[PageText, ...]:
    text = "\n\n".join(filter(None, (parts.body_text, parts.signature, parts.quoted))).strip()
    if not text:
        return ()
    return (PageText(number=1, text=text, method=ReadMethod.NATIVE, quality=1.0),)


def _read_attachment(attachment: MailAttachment, request: ReadingRequest) -> Extraction:
    found = media_type(attachment.data, attachment.file_name)
    if attachment.text:
        return _read_nested_mail(attachment, request)
    if attachment.inline and found.startswith("image/"):
        small = len(attachment.data) < SMALL_INLINE_IMAGE
        if small:
            return Extraction(
                file=restrict_words(attachment.file_name)[0],
                outcome=ReadOutcome.EMPTY,
                media_type=found,
                warnings=("inline_image_not_read",),
            )
    return read_document(attachment.data, attachment.file_name, request)


def _read_nested_mail(attachment: MailAttachment, request: ReadingRequest) -> Extraction:
    """Read a forwarded mail's own text; what it carries stands beside it as attachments."""
    page = PageText(number=1, text=attachment.text, method=ReadMethod.NATIVE, quality=1.0)
    grade = secrecy_mark((page,), file_name=attachment.file_name)
    shown, in_name = restrict_words(attachment.file_name)
    blank = Extraction(file=shown, outcome=ReadOutcome.OK, media_type=MAIL)
    if grade is not Secrecy.OPEN:
        return blank.withheld(grade)
    pages, in_page = restrict_pages((page,))
    read = read_fields(pages, received_on=request.received_on)
    return blank.model_copy(
        update={
            "kind": read.kind,
            "language": read.language,
            "pages": pages,
            "text": join_pages(pages),
            "fields": read.fields,
            "restricted": distinct((*in_page, *in_name)),
        }
    )
