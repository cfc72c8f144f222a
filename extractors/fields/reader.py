"""All field readers joined: pages of text in, kind, language and letter fields out."""

from __future__ import annotations

from datetime import date

from correspondence.clock import bangkok_day, utc_now
from correspondence.reading import FieldValue, LetterFields, PageText, StatedDeadline
from correspondence.vocabulary import LetterKind, Secrecy
from extractors.fields.agency import read_agency
from extractors.fields.certainty import settle_fields
from extractors.fields.contacts import read_email, read_phone
from extractors.fields.deadlines import read_deadline
from extractors.fields.document_date import found_day, read_document_date
from extractors.fields.document_number import read_document_number
from extractors.fields.kind import read_kind, read_language
from extractors.fields.letter_lines import Letter, build_letter
from extractors.fields.listed import read_enclosures, read_references
from extractors.fields.marks import read_secrecy, read_urgency, secrecy_mark
from extractors.fields.meetings import read_meeting
from extractors.fields.reading import LetterReading, MailHead
from extractors.fields.requests import read_amounts, read_requested_action
from extractors.fields.signer import read_signature
from extractors.fields.subject import read_addressee, read_salutation, read_subject

# A mail may be forwarded late, its header's day wrong: what it states still is its matter.
_LATELY_DAYS = 183


def read_fields(
    pages: tuple[PageText, ...], *, mail: MailHead | None = None, received_on: date | None = None
) -> LetterReading:
    """Read kind, language and fields of a letter.

    Args:
        pages: text of its pages, in order.
        mail: the mail's head where the letter is a mail's body.
        received_on: day of receipt (Asia/Bangkok); with it a relative deadline gets a value.

    Returns:
        Every field of the JSON contract. Urgency and secrecy always have a value; what the
        letter lacks has none. Values a person must look at carry `needs_check`.
    """
    letter = build_letter(pages, mail)
    grade = secrecy_mark(pages, subject=mail.subject if mail else None)
    if not letter.lines:
        return LetterReading(
            kind=read_kind(letter, None), language="th", fields=_empty(letter, grade)
        )
    number = read_document_number(letter)
    kind = read_kind(letter, number.value)
    written = read_document_date(letter)
    day = found_day(written)
    sent = mail.sent_at.date() if mail and mail.sent_at and day is None else None
    signature = read_signature(letter, kind)
    fields = LetterFields(
        document_number=number,
        document_date=written,
        agency=read_agency(letter, kind),
        subject=read_subject(letter, kind),
        addressee=read_addressee(letter, kind),
        salutation=read_salutation(letter),
        references=read_references(letter),
        enclosures=read_enclosures(letter),
        urgency=read_urgency(letter),
        secrecy=read_secrecy(letter, grade),
        signer=signature.signer,
        signer_position=signature.position,
        contact_phone=read_phone(letter),
        contact_email=read_email(letter),
        stated_deadline=_deadline(letter, day, sent, received_on),
        meeting_at=_meeting(letter, kind, day, sent),
        requested_action=read_requested_action(letter),
        amounts=read_amounts(letter),
    )
    today = received_on or bangkok_day(utc_now())
    return LetterReading(
        kind=kind,
        language=read_language(letter),
        fields=settle_fields(fields, pages, today),
    )


def _deadline(
    letter: Letter, day: date | None, sent: date | None, received_on: date | None
) -> StatedDeadline:
    """Return the deadline; one that had passed when its mail was sent is to be checked."""
    found = read_deadline(letter, written_on=day or sent, received_on=received_on)
    if sent is None or found.value or found.phrase:
        return found
    passed = read_deadline(letter, written_on=None, received_on=received_on)
    return passed.model_copy(update={"needs_check": True}) if _lately(passed, sent) else found


def _meeting(letter: Letter, kind: LetterKind, day: date | None, sent: date | None) -> FieldValue:
    """Return the meeting; one before the day its mail was sent is to be checked."""
    found = read_meeting(letter, kind, written_on=day or sent)
    if sent is None or found.value:
        return found
    passed = read_meeting(letter, kind, written_on=None)
    return passed.model_copy(update={"needs_check": True}) if _lately(passed, sent) else found


def _lately(field: FieldValue, sent: date) -> bool:
    """Tell whether a value's day lies in the half year before a mail's."""
    if field.value is None:
        return False
    return 0 <= (sent - date.fromisoformat(field.value[:10])).days <= _LATELY_DAYS


def _empty(letter: Letter, grade: Secrecy) -> LetterFields:
    mail = letter.mail
    subject = FieldValue()
    if mail and mail.subject:
        from_mail = read_subject(letter, read_kind(letter, None))
        subject = from_mail
    return LetterFields(
        subject=subject, urgency=read_urgency(letter), secrecy=read_secrecy(letter, grade)
    )
