"""The job that runs in a child process: one item's bytes to what may leave the child.

For a letter with a secrecy mark only the verdict leaves: its text is never seen outside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import JsonValue

from correspondence.errors import SarabanError
from correspondence.reading import (
    Extraction,
    FieldValue,
    LetterFields,
    PageText,
    RestrictedValue,
    join_pages,
)
from correspondence.vocabulary import (
    READABLE,
    LetterKind,
    ReadMethod,
    ReadOutcome,
    Secrecy,
)
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
from pipeline.item_reading import MAIL, Automatic, CarriedPart, ItemReading

MAX_ATTACHMENTS_READ = 40
# Logos and trackers in signatures: too small to be a page of a letter.
SMALL_INLINE_IMAGE = 40_000


def read_item(payload: bytes, params: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Read one file or mail.

    Args:
        payload: the bytes as they arrived.
        params: `name` (file name), `received_on` (ISO date in Bangkok, or None) and
            `passwords` (list, tried on encrypted PDFs).

    Returns:
        An `ItemReading` as JSON.
    """
    name = str(params["name"])
    received = params.get("received_on")
    passwords = params.get("passwords")
    request = ReadingRequest(
        received_on=date.fromisoformat(received) if isinstance(received, str) else None,
        passwords=tuple(str(p) for p in passwords) if isinstance(passwords, list) else (),
    )
    found = media_type(payload, name)
    reading = (
        _read_mail(payload, name, request) if found == MAIL else _read_file(payload, name, request)
    )
    return reading.model_dump(mode="json")


def _read_file(payload: bytes, name: str, request: ReadingRequest) -> ItemReading:
    extraction = read_document(payload, name, request)
    if extraction.outcome is ReadOutcome.SECRET:
        return ItemReading(extraction=extraction)
    return ItemReading(
        extraction=extraction,
        carried=(_carried("letter", payload, extraction),),
        restricted=extraction.restricted,
    )


def _read_mail(payload: bytes, name: str, request: ReadingRequest) -> ItemReading:
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
    extraction = _join(note, head, attachments, chosen, request)
    if len(parts.attachments) > MAX_ATTACHMENTS_READ:
        extraction = extraction.model_copy(
            update={"warnings": (*extraction.warnings, "attachments_not_read")}
        )
    verdict = parts.automatic
    return ItemReading(
        extraction=extraction,
        carried=tuple(
            _carried("letter" if index == chosen else "enclosure", attachment.data, read)
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


def _join(
    note: Extraction,
    head: MailHead,
    attachments: list[Extraction],
    chosen: int | None,
    request: ReadingRequest,
) -> Extraction:
    """Return the mail as one letter; `note` has what the sender wrote in it."""
    letter = attachments[chosen] if chosen is not None else None
    forwarded = [a for a in attachments if a.media_type == MAIL and a is not letter]
    cover = (note, *forwarded)
    # A covering note must not out-shout the letter it brings: the letter's pages come first.
    parts = (letter, *cover) if letter else cover
    pages = tuple(
        page.model_copy(update={"number": number})
        for number, page in enumerate((page for part in parts for page in part.pages), start=1)
    )
    covering = read_fields(
        tuple(page for part in cover for page in part.pages),
        mail=head,
        received_on=request.received_on,
    )
    kind, language, fields = covering.kind, covering.language, covering.fields
    if letter is not None:
        kind = letter.kind if letter.kind is not LetterKind.UNKNOWN else kind
        language = letter.language
        fields = _complete(letter.fields, covering.fields, len(letter.pages))
    unread = [a for a in attachments if a.outcome not in READABLE]
    failed = [a for a in unread if "inline_image_not_read" not in a.warnings]
    if pages:
        outcome = ReadOutcome.PARTIAL if failed else ReadOutcome.OK
    else:
        outcome = failed[0].outcome if failed else ReadOutcome.EMPTY
    if letter is not None and letter.outcome is ReadOutcome.PARTIAL:
        outcome = ReadOutcome.PARTIAL
    warnings = [f"attachment_{a.outcome.value}" for a in failed]
    warnings += [w for a in attachments for w in a.warnings]
    return Extraction(
        file=note.file,
        outcome=outcome,
        media_type=MAIL,
        kind=kind,
        language=language,
        pages=pages,
        text=join_pages(pages),
        fields=fields,
        attachments=tuple(attachments),
        warnings=tuple(dict.fromkeys(warnings)),
        restricted=_restricted(parts, attachments),
    )


def _restricted(
    parts: Sequence[Extraction], attachments: Sequence[Extraction]
) -> tuple[RestrictedValue, ...]:
    """Return the restricted values by the joined pages; those of enclosures stand on none."""
    values: list[RestrictedValue] = []
    before = 0
    for part in parts:
        places = {page.number: before + place for place, page in enumerate(part.pages, start=1)}
        values += [
            value.model_copy(update={"page": places.get(value.page) if value.page else None})
            for value in part.restricted
        ]
        before += len(part.pages)
    joined = {id(part) for part in parts}
    values += [
        value.model_copy(update={"page": None})
        for attachment in attachments
        if id(attachment) not in joined
        for value in attachment.restricted
    ]
    return distinct(values)


# What the covering mail knows better than nothing, where the letter itself does not say.
_FROM_COVER = ("subject", "signer", "contact_email", "contact_phone", "stated_deadline")


def _complete(letter: LetterFields, cover: LetterFields, shift: int) -> LetterFields:
    """Fill what the letter lacks from the covering mail; its pages stand after the letter's."""
    update: dict[str, FieldValue] = {}
    for name in _FROM_COVER:
        own: FieldValue = getattr(letter, name)
        other: FieldValue = getattr(cover, name)
        if not own and other:
            page = other.page + shift if other.page else None
            update[name] = other.model_copy(update={"page": page, "needs_check": True})
    return letter.model_copy(update=update)


def _carried(role: str, data: bytes, read: Extraction) -> CarriedPart:
    return CarriedPart(
        role=role,
        file_name=read.file,
        media_type=read.media_type,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        read_outcome=read.outcome.value,
    )
