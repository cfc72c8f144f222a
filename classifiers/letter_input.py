"""What the classifier sees of a letter: its text and the few fields that speak for a category."""

from __future__ import annotations

from correspondence.reading import Extraction, Frozen
from correspondence.vocabulary import LetterKind


class LetterInput(Frozen):
    """A letter as the classifier takes it; fields are None where the reader found none.

    `language` is "th", "en", "mixed" or "" where unknown. `sender_address` is the mail address
    of the sender, where the letter came by mail.
    """

    text: str
    subject: str | None = None
    agency: str | None = None
    addressee: str | None = None
    salutation: str | None = None
    kind: LetterKind = LetterKind.UNKNOWN
    language: str = "th"
    sender_address: str | None = None


def letter_input(extraction: Extraction) -> LetterInput:
    """Return what the classifier needs of a file as read.

    The text of attachments follows the letter's own only where the letter itself is nearly
    empty (a mail that says "see attached").
    """
    fields, text, kind = extraction.fields, extraction.text, extraction.kind
    covered = next((a for a in extraction.attachments if len(a.text) > len(text)), None)
    if covered is not None and len(text) < 400:
        text = f"{text}\n\n{covered.text}"
        kind = covered.kind if covered.kind is not LetterKind.UNKNOWN else kind
        fields = covered.fields if covered.fields.subject else fields
    return LetterInput(
        text=text,
        subject=fields.subject.value,
        agency=fields.agency.value,
        addressee=fields.addressee.value,
        salutation=fields.salutation.value,
        kind=kind,
        language=extraction.language,
        sender_address=extraction.fields.contact_email.value,
    )
