"""A mail read: its own text, its attachments, a secrecy mark in any of them.

Runs in a child process; see `pipeline.reading_job`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from correspondence.errors import SarabanError
from correspondence.letter_parts import LetterPart
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
from extractors.media import HTML, OUTLOOK, TEXT, TNEF, UNKNOWN, media_type
from extractors.reader import read_document
from extractors.request import ReadingRequest
from intake.choice import choose_letter
from intake.mail_parts import MailAttachment, MailParts, Obstacle, PartCondition
from intake.mime import take_apart
from intake.part_kinds import is_archive
from intake.several_letters import part_letters
from intake.threads import read_thread
from pipeline.item_reading import (
    ANOTHER_LETTER,
    MAIL,
    Automatic,
    ItemReading,
    Refusal,
    carry,
    refuse,
)
from pipeline.mail_joining import TEXT_OF_MAIL, join_mail

MAX_ATTACHMENTS_READ = 40
SMALL_INLINE_IMAGE = 40_000


def is_mail(payload: bytes, found: str, name: str) -> bool:
    """Tell whether bytes go the way of a mail: mails, Outlook files, archives.

    Args:
        payload: the bytes.
        found: their media type.
        name: what came as `.eml`, as everything from a mailbox does, is a mail even where its
            headers are too few to be known by.
    """
    if found in (TEXT, HTML, UNKNOWN):
        return name.lower().endswith(".eml")
    return found in (MAIL, OUTLOOK, TNEF) or is_archive(payload)


def _readable_letter(
    parts: MailParts, attachments: Sequence[Extraction], texts: Mapping[int, str]
) -> int | None:
    """Return the best of the attachments that could be read, None where none could."""
    readable = [at for at, read in enumerate(attachments) if read.outcome in READABLE]
    known = {place: texts[at] for place, at in enumerate(readable) if at in texts}
    place = choose_letter([parts.attachments[at] for at in readable], known, bare=True)
    if place is not None:
        return readable[place]
    return max(texts, key=lambda at: len(texts[at]), default=None)


def read_mail(payload: bytes, name: str, request: ReadingRequest) -> ItemReading:
    """Read the bytes of a mail; never raises for what they say."""
    shown, in_name = restrict_words(name)
    found = media_type(payload)
    kind = MAIL if found in (TEXT, HTML, UNKNOWN) else found
    blank = Extraction(file=shown, outcome=ReadOutcome.DAMAGED, media_type=kind, language="")
    try:
        parts = take_apart(payload, passwords=request.passwords)
    except SarabanError as fault:
        outcome = ReadOutcome.TOO_LARGE if fault.code == "mail_too_large" else ReadOutcome.DAMAGED
        return refuse(blank, Refusal.of(fault, outcome))
    head, in_head = restrict_head(
        MailHead(
            subject=parts.subject,
            sender_name=parts.sender_name,
            sender_address=parts.sender_address,
            sent_at=parts.sent_at,
        )
    )
    body, in_body = restrict_pages(_body_pages(parts))
    grade = secrecy_mark(body, subject=parts.subject, file_name=name)
    attachments: list[Extraction] = []
    for number, attachment in enumerate(parts.attachments):
        if grade is not Secrecy.OPEN:
            break
        read = read_attachment(attachment, request, within=number < MAX_ATTACHMENTS_READ)
        if read.outcome is ReadOutcome.SECRET:
            grade = Secrecy(read.fields.secrecy.value or Secrecy.CONFIDENTIAL)
        attachments.append(read)
    if grade is not Secrecy.OPEN:
        return ItemReading(extraction=blank.withheld(grade))
    verdict = parts.automatic
    automatic = (
        Automatic(code=verdict.kind.value, thai=verdict.thai, english=verdict.english)
        if verdict
        else None
    )
    refusal = _obstacle(parts, attachments)
    if refusal is not None:
        refused = refuse(blank, refusal)
        return refused.model_copy(update={"automatic": automatic, "message_id": parts.message_id})
    texts = {index: read.text for index, read in enumerate(attachments) if read.text}
    bare = not any(page.text.strip() for page in body)
    chosen = choose_letter(parts.attachments, texts, bare=bare)
    if chosen is not None and attachments[chosen].outcome not in READABLE:
        chosen = None
    if chosen is None and bare:
        chosen = _readable_letter(parts, attachments, texts)
    note = blank.model_copy(
        update={
            "outcome": ReadOutcome.OK,
            "pages": body,
            "restricted": (*in_body, *in_head, *in_name),
        }
    )
    parting = part_letters(parts.attachments, attachments, chosen)
    kept = [index for index in range(len(attachments)) if index not in parting.further]
    extraction = join_mail(
        note,
        head,
        [attachments[index] for index in kept],
        None if chosen is None else kept.index(chosen),
        request,
    )
    doubts = tuple(f"{ANOTHER_LETTER}:{kept.index(index) + 1}" for index in parting.doubtful)
    return ItemReading(
        extraction=extraction.model_copy(
            update={
                "attachments": tuple(attachments),
                "warnings": (*extraction.warnings, *doubts),
            }
        ),
        carried=tuple(
            carry(
                "letter" if index == chosen else "enclosure",
                parts.attachments[index].data,
                attachments[index],
            )
            for index in kept
        ),
        further=tuple(
            LetterPart(
                extraction=attachments[index],
                carried=(carry("letter", parts.attachments[index].data, attachments[index]),),
                restricted=attachments[index].restricted,
            )
            for index in parting.further
        ),
        sender_name=head.sender_name,
        sender_address=head.sender_address,
        message_id=parts.message_id,
        content_sha256=parts.content_sha256,
        automatic=automatic,
        thread=read_thread(parts),
        restricted=extraction.restricted,
    )


def _obstacle(parts: MailParts, attachments: list[Extraction]) -> Refusal | None:
    """Return why a person must look before this mail may be a letter, or None."""
    for obstacle in parts.obstacles:
        fragment = obstacle is Obstacle.MAIL_FRAGMENT
        return Refusal(
            code=obstacle.value,
            thai=obstacle.thai,
            english=obstacle.english,
            outcome=ReadOutcome.UNSUPPORTED if fragment else ReadOutcome.ENCRYPTED,
        )
    if any(read.outcome is ReadOutcome.TOO_LARGE for read in attachments):
        return Refusal(
            code="attachment_too_large",
            thai="แฟ้มแนบใหญ่เกินกำหนด (จำนวนจุดภาพ ขนาด หรือเนื้อหาเมื่อคลายออก)",
            english="An attachment passes the limits on pixels, bytes or what it unpacks to.",
            outcome=ReadOutcome.TOO_LARGE,
        )
    return None


def _body_pages(parts: MailParts) -> tuple[PageText, ...]:
    text = "\n\n".join(filter(None, (parts.body_text, parts.signature, parts.quoted))).strip()
    if not text:
        return ()
    return (PageText(number=1, text=text, method=ReadMethod.NATIVE, quality=1.0),)


def read_attachment(
    attachment: MailAttachment, request: ReadingRequest, *, within: bool = True
) -> Extraction:
    """Read one attachment by what there is to read in it.

    Args:
        attachment: as it came out of the mail.
        request: passed on to the reader.
        within: False for those beyond the number that is read; their names are looked at.
    """
    shown, in_name = restrict_words(attachment.file_name)
    found = media_type(attachment.data)
    blank = Extraction(
        file=shown, outcome=ReadOutcome.EMPTY, media_type=found, language="", restricted=in_name
    )
    if attachment.text:
        return _read_nested_mail(attachment, blank, request)
    unread = _unread(attachment, found, within=within)
    if unread is None:
        return read_document(attachment.data, attachment.file_name, request)
    grade = secrecy_mark((), subject=attachment.subject, file_name=attachment.file_name)
    if grade is not Secrecy.OPEN:
        return blank.withheld(grade)
    outcome, warning = unread
    return blank.model_copy(update={"outcome": outcome, "warnings": (warning,)})


def _unread(
    attachment: MailAttachment, found: str, *, within: bool
) -> tuple[ReadOutcome, str] | None:
    """Return outcome and warning of what is not for a reader, or None."""
    if attachment.condition in _CONDITIONS:
        return _CONDITIONS[attachment.condition]
    is_picture = attachment.inline and found.startswith("image/")
    # Logos and trackers in signatures: too small to be a page of a letter.
    if is_picture and len(attachment.data) < SMALL_INLINE_IMAGE:
        return ReadOutcome.EMPTY, "inline_image_not_read"
    return None if within else (ReadOutcome.EMPTY, "attachments_not_read")


_CONDITIONS = {
    PartCondition.OPENED: (ReadOutcome.EMPTY, "contents_beside"),
    PartCondition.ACCESSORY: (ReadOutcome.EMPTY, "accessory_not_read"),
    PartCondition.LOCKED: (ReadOutcome.ENCRYPTED, "attachment_locked"),
    PartCondition.ELSEWHERE: (ReadOutcome.UNSUPPORTED, "attachment_elsewhere"),
    PartCondition.UNOPENED: (ReadOutcome.UNSUPPORTED, "archive_not_opened"),
    PartCondition.DAMAGED: (ReadOutcome.DAMAGED, "container_damaged"),
}


def _read_nested_mail(
    attachment: MailAttachment, blank: Extraction, request: ReadingRequest
) -> Extraction:
    """Read a forwarded mail's own text; what it carries stands beside it as attachments."""
    page = PageText(number=1, text=attachment.text, method=ReadMethod.NATIVE, quality=1.0)
    grade = secrecy_mark((page,), subject=attachment.subject, file_name=attachment.file_name)
    if grade is not Secrecy.OPEN:
        return blank.withheld(grade)
    pages, in_page = restrict_pages((page,))
    read = read_fields(pages, received_on=request.received_on)
    return blank.model_copy(
        update={
            "outcome": ReadOutcome.OK,
            "kind": read.kind,
            "language": read.language,
            "pages": pages,
            "text": join_pages(pages),
            "fields": read.fields,
            "warnings": (TEXT_OF_MAIL,),
            "restricted": distinct((*in_page, *blank.restricted)),
        }
    )
